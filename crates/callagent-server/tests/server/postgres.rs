//! PostgreSQL: opening, limits, lost connections.

use std::time::{Duration, Instant};

use callagent::{LlmModel, UpdateAgent};
use callagent_server::{Database, ImportOptions, KeyRing, KeySource, Outcome, Store, StoreError, StoreOptions};
use serde_json::json;

use crate::{
    cluster::{self, Cluster, Open, Options, cluster},
    common::{TestResult, changed, id, import, put, update, workspace},
    databases::{SERIALIZABLE, postgres_databases},
    proxy::{Proxy, When},
};

fn config(url: &str) -> Database {
    Database::Postgres(url.parse().expect("a URL"))
}

/// The error of opening a database, without its port.
fn error(url: &str, keys: &KeySource) -> String {
    let error = Store::open(&config(url), keys).expect_err("an error").to_string();
    assert!(!error.contains(cluster::PASSWORD), "{error}");
    let port = url.rsplit(':').next().and_then(|rest| rest.split('/').next()).unwrap_or_default();
    error.replace(port, "PORT")
}

/// Certificates are always verified.
#[test]
fn tls() -> TestResult {
    if cluster().is_none() {
        return Ok(());
    }
    let cluster = Cluster::start(Options { tls: true, ..Options::default() })?;
    let url = cluster.create(&[]);
    let folder = tempfile::tempdir()?;
    let (authority, garbage) = (folder.path().join("ca.pem"), folder.path().join("garbage.pem"));
    std::fs::write(&authority, cluster::AUTHORITY)?;
    std::fs::write(&garbage, "no certificate")?;
    let keys = KeySource::Ring(KeyRing::generate()?);
    let (authority, garbage) = (authority.display(), garbage.display());
    for mode in ["verify-full", "require", "prefer"] {
        let store = Store::open(&config(&format!("{url}?sslmode={mode}&sslrootcert={authority}")), &keys)?;
        let encrypted =
            "SELECT 1 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND datname = current_database()";
        assert!(!cluster::execute(&url, encrypted)?.is_empty(), "{mode}");
        drop(store);
    }
    drop(Store::open(&config(&format!("{url}?sslmode=disable")), &keys)?);
    for (parameters, expected) in [
        ("sslmode=verify-full".to_owned(), "invalid peer certificate: UnknownIssuer"),
        ("sslmode=prefer".to_owned(), "invalid peer certificate: UnknownIssuer"),
        (format!("sslrootcert={garbage}"), "expected a certificate in PEM, `-----BEGIN CERTIFICATE-----`"),
        ("sslrootcert=/nowhere/ca.pem".to_owned(), "No such file or directory (os error 2)"),
    ] {
        let message = error(&format!("{url}?{parameters}"), &keys);
        assert!(message.ends_with(expected), "{message}");
    }
    Ok(())
}

/// Several processes may start at once.
#[test]
fn migrations_race_safely() -> TestResult {
    for settings in [&[], SERIALIZABLE] {
        let Some(cluster) = cluster() else { return Ok(()) };
        let database = config(&cluster.create(settings));
        let keys = KeySource::Ring(KeyRing::generate()?);
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| Store::open(&database, &keys).map(drop))).collect();
            threads.into_iter().try_for_each(|thread| thread.join().expect("a store"))
        })?;
    }
    Ok(())
}

#[test]
fn databases_that_do_not_fit_are_refused() -> TestResult {
    let Some(cluster) = cluster() else { return Ok(()) };
    let keys = KeySource::Ring(KeyRing::generate()?);
    let foreign = cluster.create(&[]);
    cluster::execute(&foreign, "CREATE TABLE access_keys (id int)")?;
    let name = foreign.rsplit('/').next().unwrap_or_default();
    let expected = format!("`postgres://callagent@127.0.0.1:PORT/{name}` is not a database of callagent");
    assert_eq!(error(&foreign, &keys), expected);
    assert!(cluster::execute(&foreign, "SELECT 1 FROM callagent_schema").is_err(), "it stays as it is");

    let newer = cluster.create(&[]);
    drop(Store::open(&config(&newer), &keys)?);
    assert!(Store::open(&config(&newer), &keys).is_ok());
    cluster::execute(&newer, "UPDATE callagent_schema SET version = 99")?;
    let message = error(&newer, &keys);
    assert!(message.ends_with("has schema version 99, written by a newer version of callagent"), "{message}");
    let exported = callagent_server::export_postgres(
        &newer.parse()?,
        &callagent_server::ExportOptions::new(),
        std::io::sink(),
        |_| {},
    );
    assert!(exported.is_err_and(|error| error.to_string().contains("schema version 99")));

    let message = error(&foreign, &KeySource::NextToDatabase);
    assert!(message.starts_with("expected the encryption keys of the database `"), "{message}");
    let nowhere = foreign.replace(name, "nowhere");
    let message = error(&nowhere, &keys);
    assert!(message.ends_with("database \"nowhere\" does not exist (3D000)"), "{message}");
    let message = error(&foreign.replace(cluster::PASSWORD, "needle-wrong"), &keys);
    assert!(message.ends_with("password authentication failed for user \"callagent\" (28P01)"), "{message}");
    let message = error("postgres://callagent:needle-password@127.0.0.1:1/agents?sslmode=disable", &keys);
    assert!(message.contains("Connection refused"), "{message}");
    let message = error(&format!("{foreign}?sslmode=verify-full"), &keys);
    assert!(message.contains("TLS"), "{message}");
    Ok(())
}

#[tokio::test]
async fn keys_that_do_not_fit_are_found() -> TestResult {
    for database in postgres_databases() {
        let store = database.open();
        import(&store, &json!({"_id": "a1", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "sk-1"}}));
        let key = store.keys().ids().next().expect("a key").to_owned();
        let other = KeySource::Ring(KeyRing::generate()?);
        let url = database.url.as_deref().expect("a URL");
        let message = error(url, &other);
        assert!(
            message.contains(&format!("has values encrypted with the key `{key}`, which is not among")),
            "{message}"
        );
        drop(database.open());
    }
    Ok(())
}

/// While another transaction holds the row, the queue fills, and further updates are refused at once.
#[tokio::test]
async fn a_full_queue_refuses_and_a_locked_row_is_given_up() -> TestResult {
    for database in postgres_databases().take(1) {
        let store = database.open_with(StoreOptions::default().queue(2).batch(1));
        import(&store, &json!([{"_id": "a1"}, {"_id": "a2"}]));
        let lock =
            Open::begin(database.url.as_deref().expect("a URL"), "SELECT 1 FROM agents WHERE id = 'a1' FOR UPDATE");
        let start = Instant::now();
        let rename = |name: &str| update(&json!({"llmModel": "gpt-5", "name": name}));
        let spawn = |name: &str| {
            let (store, change) = (store.clone(), rename(name));
            tokio::spawn(async move { store.update(workspace(), id("a1"), change, None).await })
        };
        let locked = spawn("waits for the row");
        tokio::time::sleep(Duration::from_millis(500)).await;
        let waiting = [spawn("waits"), spawn("last")];
        tokio::time::sleep(Duration::from_millis(100)).await;
        let refused = store.update(workspace(), id("a1"), rename("refused"), None).await;
        assert!(matches!(refused, Err(StoreError::Overloaded)), "{refused:?}");
        store.check().await?;
        assert!(matches!(locked.await?, Err(StoreError::Overloaded)), "the lock is waited for without end");
        assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
        lock.commit();
        for update in waiting {
            changed(update.await??);
        }
        store.close().await?;
        assert_eq!(database.exported()[0].name.as_deref(), Some("last"));
    }
    Ok(())
}

/// Counts the writes of agents in a table.
const COUNT_WRITES: &str = "
    CREATE TABLE writes (name text);
    CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO writes VALUES (new.id); RETURN new; END $$;
    CREATE TRIGGER count_writes BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION count_write();
";

fn writes(url: &str) -> usize {
    cluster::execute(url, "SELECT 1 FROM writes").expect("the writes").len()
}

/// Updates that wait in a process are written at once.
#[tokio::test]
async fn updates_of_an_agent_are_coalesced() -> TestResult {
    for database in postgres_databases() {
        let url = database.url.as_deref().expect("a URL");
        let store = database.open();
        import(&store, &json!([{"_id": "a1"}]));
        database.execute(COUNT_WRITES);
        let lock = Open::begin(url, "SELECT 1 FROM agents WHERE id = 'a1' FOR UPDATE");
        let updates: Vec<_> = (0..100)
            .map(|number| {
                let (store, change) =
                    (store.clone(), json!({"llmModel": "gpt-5", "settings": {number.to_string(): 1}}));
                tokio::spawn(async move { changed(put(&store, "a1", &change).await).version })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        lock.commit();
        let mut versions = Vec::new();
        for update in updates {
            versions.push(update.await?);
        }
        versions.sort_unstable();
        versions.dedup();
        assert_eq!(versions.len(), 100, "each update has a version");
        assert!(writes(url) <= 3, "{} writes", writes(url));
    }
    Ok(())
}

/// A connection that is lost during a commit leaves the outcome open, so that it is read again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_outcome_is_found_out() -> TestResult {
    for database in postgres_databases() {
        let url = database.url.as_deref().expect("a URL");
        let proxy = Proxy::start(url);
        let pooled = if database.name == "pooler" { "?pooler=transaction" } else { "" };
        let proxied = config(&format!("{}{pooled}", proxy.url()));
        let store = Store::open(&proxied, &database.keys)?;
        import(&store, &json!([{"_id": "a1"}]));
        database.execute(COUNT_WRITES);
        for (number, when) in [When::Before, When::After, When::Before, When::After].into_iter().enumerate() {
            let name = format!("needle-{number}");
            proxy.cut(&name, when);
            let change = json!({"llmModel": "gpt-5", "name": name});
            let agent = changed(put(&store, "a1", &change).await);
            assert!(!proxy.is_armed(), "{}: the connection was cut", database.name);
            assert_eq!(writes(url), number + 1, "{}: {when:?}", database.name);
            assert_eq!(put(&store, "a1", &change).await, Outcome::Unchanged(agent));
        }
    }
    Ok(())
}

/// Nobody can find out the outcome where the database is gone. The store recovers once it is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_recovers() -> TestResult {
    let Some(database) = postgres_databases().next() else { return Ok(()) };
    let proxy = Proxy::start(database.url.as_deref().expect("a URL"));
    let store = Store::open(&config(&proxy.url()), &database.keys)?;
    import(&store, &json!([{"_id": "a1"}]));
    proxy.cut("needle", When::ForGood);
    let change = update(&json!({"llmModel": "gpt-5", "name": "needle"}));
    let unknown = store.update(workspace(), id("a1"), change, None).await;
    assert!(matches!(unknown, Err(StoreError::OutcomeUnknown(_))), "{unknown:?}");
    assert!(matches!(store.check().await, Err(StoreError::Database(_))));
    let refused = store.update(workspace(), id("a1"), UpdateAgent::new(LlmModel::Gpt5), None).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
    proxy.restore();
    store.check().await?;
    changed(put(&store, "a1", &json!({"llmModel": "gpt-4.1"})).await);
    Ok(())
}

/// A connection that is lost while another process changes the agent: it is unknown which came first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_outcome_next_to_another_change_is_unknown() -> TestResult {
    let Some(database) = postgres_databases().next() else { return Ok(()) };
    let proxy = Proxy::start(database.url.as_deref().expect("a URL"));
    let store = Store::open(&config(&proxy.url()), &database.keys)?;
    import(&store, &json!([{"_id": "a1"}]));
    proxy.cut("needle", When::AfterRestore);
    let change = update(&json!({"llmModel": "gpt-5", "name": "needle"}));
    let open = tokio::spawn({
        let store = store.clone();
        async move { store.update(workspace(), id("a1"), change, None).await }
    });
    while proxy.is_armed() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    changed(put(&database.open(), "a1", &json!({"llmModel": "gpt-5", "name": "other"})).await);
    proxy.restore();
    let open = open.await?;
    assert!(matches!(open, Err(StoreError::OutcomeUnknown(_))), "{open:?}");
    assert_eq!(database.exported()[0].name.as_deref(), Some("other"));
    Ok(())
}

/// Backends are ended under load. What is acknowledged is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_updates_survive_the_end_of_backends() -> TestResult {
    const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let kills: u64 = std::env::var("CALLAGENT_TEST_KILLS").map_or(Ok(10), |kills| kills.parse())?;
    for database in postgres_databases() {
        let url = database.url.clone().expect("a URL");
        let stores = [database.open(), database.open()];
        let agents = 8;
        import(&stores[0], &(0..agents).map(|agent| json!({"_id": agent.to_string(), "name": "0"})).collect());
        let end = Instant::now() + Duration::from_millis(100 * kills + 200);
        let clients: Vec<_> = (0..agents)
            .map(|agent| {
                let store = stores[agent % 2].clone();
                tokio::spawn(async move {
                    let (mut number, mut acknowledged) = (0_u64, 0);
                    while Instant::now() < end {
                        number += 1;
                        let change = UpdateAgent::new(LlmModel::Gpt5).name(number.to_string());
                        match store.update(workspace(), id(&agent.to_string()), change, None).await {
                            Ok(Outcome::Changed(_)) => acknowledged = number,
                            Ok(other) => panic!("expected a change, found {other:?}"),
                            Err(StoreError::OutcomeUnknown(_) | StoreError::Database(_) | StoreError::Overloaded) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                    (acknowledged, number)
                })
            })
            .collect();
        for _ in 0..kills {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let url = url.clone();
            tokio::task::spawn_blocking(move || cluster::execute(&url, END)).await??;
        }
        let mut total = 0;
        let mut names = Vec::new();
        for (agent, client) in clients.into_iter().enumerate() {
            let (acknowledged, last) = client.await?;
            names.push((agent.to_string(), acknowledged..=last));
            total += acknowledged;
        }
        for agent in database.exported() {
            let id = agent.id.as_deref().unwrap_or_default();
            let number: u64 = agent.name.as_deref().unwrap_or_default().parse()?;
            let (_, expected) = names.iter().find(|(name, _)| name == id).expect("an agent");
            assert!(expected.contains(&number), "{}: agent {id} has {number}, not {expected:?}", database.name);
        }
        assert!(total > kills, "the clients did not come to work");
        stores[0].check().await?;
    }
    Ok(())
}

/// An import is sent in parts, and committed at once.
#[test]
fn large_imports_are_a_single_transaction() -> TestResult {
    for database in postgres_databases() {
        let store = database.open();
        let lines = |count: usize, size: usize| -> String {
            let line = |agent| json!({"_id": format!("{agent}"), "name": "x".repeat(size)}).to_string() + "\n";
            (0..count).map(line).collect()
        };
        let options = ImportOptions::new().lines(true);
        let import = |lines: &str, options| store.import(&workspace(), "agents", lines.as_bytes(), options, |_| {});
        assert_eq!(import("{\"_id\": \"1100\"}", options)?, 1);
        let error = import(&lines(1500, 10), options).expect_err("an agent that exists").to_string();
        assert_eq!(error, "agents:1101: /_id: the agent \"1100\" exists already and is not to be replaced");
        assert_eq!(database.exported().len(), 1, "nothing is imported");
        assert_eq!(import(&lines(1500, 10), options.replace(true))?, 1500);
        assert_eq!(import(&lines(5, 3 << 20), options.replace(true))?, 5);
        assert_eq!(database.exported().len(), 1500);
    }
    Ok(())
}
