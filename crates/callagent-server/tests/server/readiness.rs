//! Readiness follows the store, and a stop answers what is being served.

use std::time::{Duration, Instant};

use callagent_server::{ServerOptions, Store};
use serde_json::json;

use crate::{
    client::{Answer, Request},
    common::{self, TestResult},
    serving::{Serving, get},
};
#[cfg(feature = "postgres")]
use crate::{
    cluster::{self, Open},
    databases::postgres_databases,
    proxy::{Proxy, When},
};

fn detail(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.outcome().as_str()), (503, "unavailable"), "{answer:?}");
    assert!(answer.header("retry-after").is_some());
    answer.problem().detail.expect("a reason")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_store_is_not_ready() -> TestResult {
    let store = common::open(None);
    let server = Serving::start(store.clone(), ServerOptions::new()).await;
    assert_eq!(server.get("/readyz").status, 204);
    let mut connection = server.connect();
    // The rest of a request that has begun arrives after the store has closed and the server has stopped.
    let ready = get("/readyz").to_bytes();
    connection.write(&ready[..10]);
    tokio::time::sleep(Duration::from_millis(100)).await;
    store.close().await?;
    while server.is_listening() {}
    connection.write(&ready[10..]);
    assert_eq!(detail(&connection.answer(false)), "the store is closed");
    server.stopped().await?;
    Ok(())
}

/// The number of queries of readiness that the database works on.
#[cfg(feature = "postgres")]
const QUERIES: &str = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
                       AND query LIKE 'SELECT 1 FROM agents%' AND pid <> pg_backend_pid()";

/// A database that hangs is noticed in time, and gets no more queries from further probes.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_hangs_is_not_ready() -> TestResult {
    for database in postgres_databases() {
        let url = database.url.as_deref().expect("a URL");
        let server = Serving::start(database.open(), ServerOptions::new()).await;
        assert_eq!(server.get("/readyz").status, 204, "{}", database.name);
        let lock = Open::begin(url, "LOCK TABLE agents IN ACCESS EXCLUSIVE MODE");
        let start = Instant::now();
        let mut probes: Vec<_> = (0..50).map(|_| server.connect()).collect();
        for probe in &mut probes {
            probe.write(&get("/readyz").to_bytes());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(cluster::execute(url, QUERIES)?.len(), 1, "{}: probes pile up", database.name);
        for probe in &mut probes {
            assert_eq!(
                detail(&probe.answer(false)),
                "the database cannot be used: no answer within 2 seconds",
                "{}",
                database.name
            );
        }
        assert!((1900..4000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
        assert_eq!(server.get("/healthz").status, 204);
        lock.commit();
        while server.get("/readyz").status != 204 {
            assert!(start.elapsed() < Duration::from_secs(20), "it does not recover");
        }
    }
    Ok(())
}

/// Ends the connections of others.
#[cfg(feature = "postgres")]
const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn readiness_follows_postgresql() -> TestResult {
    let Some(database) = postgres_databases().next() else { return Ok(()) };
    let url = database.url.as_deref().expect("a URL");
    let proxy = Proxy::start(url);
    let config = proxy.url().parse()?;
    let store = Store::open(&callagent_server::Database::Postgres(config), &database.keys)?;
    common::import(&store, &json!([{"_id": "agent_1"}]));
    let server = Serving::start(store, ServerOptions::new()).await;
    for _ in 0..2 {
        assert_eq!(server.get("/readyz").status, 204);
        proxy.cut("needle", When::ForGood);
        let update = Request::valid().body(json!({"llmModel": "gpt-5", "name": "needle"}).to_string());
        let mut connection = server.connect();
        connection.write(&update.to_bytes());
        let start = Instant::now();
        while proxy.is_armed() {
            assert!(start.elapsed() < Duration::from_secs(10), "the update does not arrive");
        }
        // Other connections of the pool are open still.
        cluster::execute(url, END)?;
        while server.get("/readyz").status == 204 {
            assert!(start.elapsed() < Duration::from_secs(10), "it is ready without a database");
        }
        assert!(detail(&server.get("/readyz")).starts_with("the database cannot be used: "));
        proxy.restore();
        assert_eq!(server.get("/readyz").status, 204, "it recovers at once");
        assert_eq!(connection.answer(false).status, 200, "the outcome is found out");
        let back = Request::valid().body(json!({"llmModel": "gpt-5", "name": "other"}).to_string());
        assert_eq!(server.send(&back).status, 200);
    }
    Ok(())
}

/// Updates that wait for the database when the server stops are answered and committed.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_commits_in_postgresql() -> TestResult {
    for database in postgres_databases() {
        let url = database.url.as_deref().expect("a URL");
        let store = database.open();
        common::import(&store, &json!([{"_id": "agent_1"}]));
        let server = Serving::start(store, ServerOptions::new()).await;
        let mut idle = server.connect();
        assert_eq!(idle.send(&get("/readyz")).status, 204);
        let lock = Open::begin(url, "SELECT 1 FROM agents WHERE id = 'agent_1' FOR UPDATE");
        let mut connections: Vec<_> = (0..20).map(|_| server.connect()).collect();
        for (number, connection) in connections.iter_mut().enumerate() {
            let body = json!({"llmModel": "gpt-5", "settings": {format!("client-{number}"): 1}});
            connection.write(&Request::valid().body(body.to_string()).to_bytes());
        }
        let mut ready = server.connect();
        ready.write(&get("/readyz").to_bytes()[..10]);
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.stop();
        while server.is_listening() {}
        ready.write(&get("/readyz").to_bytes()[10..]);
        assert_eq!(detail(&ready.answer(false)), "the server is stopping");
        assert!(idle.is_closed_by_the_server());
        lock.commit();
        for connection in &mut connections {
            let answer = connection.answer(false);
            assert_eq!((answer.status, answer.header("connection")), (200, Some("close")), "{answer:?}");
        }
        server.stopped().await?;
        let agent = serde_json::to_string(&database.exported())?;
        assert!((0..20).all(|number| agent.contains(&format!("client-{number}"))), "{}: {agent}", database.name);
    }
    Ok(())
}

/// A database that does not answer does not hold a stop beyond its deadline by much.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_row_does_not_hold_a_stop() -> TestResult {
    let Some(database) = postgres_databases().next() else { return Ok(()) };
    let store = database.open();
    common::import(&store, &json!([{"_id": "agent_1"}]));
    let server = Serving::start(store, ServerOptions::new().drain(Duration::from_millis(300))).await;
    let lock = Open::begin(database.url.as_deref().expect("a URL"), "SELECT 1 FROM agents FOR UPDATE");
    let mut connection = server.connect();
    connection.write(&Request::valid().body(r#"{"llmModel": "gpt-5", "name": "late"}"#).to_bytes());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let start = Instant::now();
    server.stop();
    server.stopped().await?;
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    lock.commit();
    assert!(connection.try_answer(false).is_none(), "it is closed");
    Ok(())
}
