//! The blocking client, outside a runtime and inside one.

#![cfg(feature = "blocking")]

use std::{thread, time::Duration};

use callagent_client::{ErrorKind, RetryPolicy, blocking};
use tokio::runtime::Runtime;

use crate::{AGENT, builder, listener::Listener, server::start, update};

fn client(url: &str) -> blocking::Client {
    builder(url).build_blocking().expect("the options are valid")
}

#[test]
fn outside_a_runtime() {
    let runtime = Runtime::new().expect("a runtime");
    let server = runtime.block_on(start());
    let client = client(&format!("http://{}", server.address));
    let first =
        client.update(AGENT, update("first")).timeout(Duration::from_secs(20)).send().expect("the server works");
    let tag = first.etag.expect("a tag");
    let error =
        client.update(AGENT, update("other")).if_match(callagent::ETag::from(99)).send().expect_err("another state");
    assert!(matches!(error.kind(), ErrorKind::PreconditionFailed(_)), "{error:?}");
    client
        .update(AGENT, update("second"))
        .if_match(tag)
        .retry(RetryPolicy::none())
        .send()
        .expect("the state is the first");
    let threads: Vec<_> = (0..20)
        .map(|number| {
            let client = client.clone();
            thread::spawn(move || {
                client.update(AGENT, update(&format!("name {number}"))).send().expect("it works").agent
            })
        })
        .collect();
    for (number, thread) in threads.into_iter().enumerate() {
        assert_eq!(thread.join().expect("no panic").name, Some(format!("name {number}")));
    }
}

#[tokio::test]
async fn inside_a_runtime() {
    let listener = Listener::replies([crate::listener::success()]).await;
    let client = client(&listener.url());
    let error = client.update(AGENT, update("a")).send().expect_err("it would block the runtime");
    assert!(matches!(error.kind(), ErrorKind::InsideRuntime), "{error:?}");
    assert_eq!((error.attempts(), error.may_be_applied(), listener.count()), (0, false, 0));
    assert!(error.to_string().ends_with("use `callagent_client::Client` here"), "{error}");
    let there = client.clone();
    let error = tokio::task::spawn_blocking(move || there.update(AGENT, update("a")).send()).await.expect("no panic");
    assert!(matches!(error.expect_err("a thread of the runtime").kind(), ErrorKind::InsideRuntime));
    // Dropping the last client does not panic either.
    drop(client);
}
