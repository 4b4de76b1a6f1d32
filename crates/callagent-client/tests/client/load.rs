//! Many updates: an outage, concurrency, and updates that are cancelled.

use std::{collections::HashSet, time::Duration};

use callagent::{LlmModel, UpdateAgent};
use callagent_client::{ErrorKind, RetryPolicy};
use tokio::task::JoinSet;

use crate::{
    AGENT, builder, client,
    listener::{Listener, Reply, response, success},
    proxy::Proxy,
    quick,
    server::start,
    update,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_is_not_multiplied() {
    const CALLS: usize = 1_000;
    for (reply, policy) in [
        (response(503, &[], ""), quick()),
        (Reply::Close, quick()),
        (Reply::Hang, quick().attempt_timeout(Duration::from_millis(20)).deadline(Duration::from_millis(150))),
    ] {
        let listener = Listener::replies([reply]).await;
        let client = client(&listener.url());
        let mut calls = JoinSet::new();
        for _ in 0..CALLS {
            let call = client.update(AGENT, update("a")).retry(policy);
            calls.spawn(async move { call.await.expect_err("an outage").attempts() });
        }
        let attempts: u32 = calls.join_all().await.into_iter().sum();
        assert!(listener.count() < CALLS * 12 / 10, "{} requests", listener.count());
        assert!(attempts as usize >= listener.count(), "{attempts} attempts");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_budget_recovers() {
    let is_outage = |number| number < 3 || number == 8;
    let script = move |number, _: &[u8]| if is_outage(number) { response(503, &[], "") } else { success() };
    let listener = Listener::start(script).await;
    let client = builder(&listener.url()).retry(quick().budget(5)).build().expect("valid");
    assert_eq!(client.update(AGENT, update("a")).await.expect_err("503").attempts(), 2, "one repeat is paid for");
    assert_eq!(client.update(AGENT, update("a")).await.expect_err("503").attempts(), 1, "the budget is empty");
    for _ in 0..5 {
        assert_eq!(client.update(AGENT, update("a")).await.expect("the outage is over").attempts, 1);
    }
    assert_eq!(client.update(AGENT, update("a")).await.expect("a repeat is paid for").attempts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_concurrent_updates_reuse_connections() {
    let server = start().await;
    let proxy = Proxy::counting(server.address).await;
    let client = builder(&proxy.url()).concurrency(50).build().expect("valid");
    let mut calls = JoinSet::new();
    for number in 0..1_000 {
        let call = client.update(AGENT, update(&format!("name {number}")));
        calls.spawn(async move { call.await.map(|updated| (number, updated)) });
    }
    let mut states = HashSet::new();
    while let Some(joined) = calls.join_next().await {
        let (number, updated) = joined.expect("no panic").expect("the server works");
        assert_eq!(updated.agent.name, Some(format!("name {number}")), "each call has its own response");
        states.insert(updated.etag.expect("a tag"));
    }
    assert_eq!(states.len(), 1_000, "each update is applied once");
    // A connection may still be busy for a moment when its response is complete.
    assert!(proxy.connections() <= 100, "{} connections", proxy.connections());
}

#[tokio::test]
async fn updates_wait_for_each_other_up_to_their_deadline() {
    let listener = Listener::replies([Reply::Hang]).await;
    let client = builder(&listener.url()).concurrency(1).build().expect("valid");
    let holding = client.update(AGENT, update("a")).retry(RetryPolicy::none());
    let waiting = client.update(AGENT, update("b")).timeout(Duration::from_millis(50));
    let holding = tokio::spawn(holding.send());
    tokio::time::sleep(Duration::from_millis(20)).await;
    let error = waiting.await.expect_err("the other update is not done");
    assert!(matches!(error.kind(), ErrorKind::Timeout { .. }), "{error:?}");
    assert_eq!((error.attempts(), error.may_be_applied()), (0, false));
    holding.abort();
}

#[tokio::test]
async fn a_dropped_update_leaves_the_client_usable() {
    let listener = Listener::start(|number, _| if number < 20 { Reply::Hang } else { success() }).await;
    let client = builder(&listener.url()).concurrency(1).build().expect("valid");
    for _ in 0..20 {
        let call = client.update(AGENT, update("a")).send();
        assert!(tokio::time::timeout(Duration::from_millis(20), call).await.is_err());
    }
    // Requests that were dropped before they were sent do not count.
    let mut updated = client.update(AGENT, update("a")).timeout(Duration::from_millis(100)).await;
    while updated.is_err() {
        updated = client.update(AGENT, update("a")).timeout(Duration::from_millis(100)).await;
    }
    assert_eq!(updated.expect("the client works").agent.id.as_deref(), Some(AGENT));
}

#[test]
fn clients_and_calls_are_shared_between_threads() {
    fn is_shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    fn is_sent<T: Send + 'static>(_: &T) {}
    let client = client("http://127.0.0.1:1");
    is_shared(&client);
    is_shared(&client.update(AGENT, UpdateAgent::new(LlmModel::Gpt5)));
    is_sent(&client.update(AGENT, UpdateAgent::new(LlmModel::Gpt5)).send());
}
