//! Outcomes under faults: each is right, or named as unknown.

use std::time::Duration;

use callagent::{ETag, LlmModel, UpdateAgent};
use callagent_client::{Client, ErrorKind, RetryPolicy, UpdateError, Updated};
use fastrand::Rng;
use tokio::time::sleep;

use crate::{
    AGENT, builder,
    proxy::{Fault, Proxy},
    quick,
    server::{Running, start},
    update,
};

/// Updates through a proxy that has one fault.
struct Setting {
    server: Running,
    proxy: Proxy,
    client: Client,
}

impl Setting {
    async fn new() -> Self {
        let server = start().await;
        let proxy = Proxy::start(server.address).await;
        let client = builder(&proxy.url()).retry(quick().budget(u32::MAX)).build().expect("valid");
        Setting { server, proxy, client }
    }

    /// The lengths of a request with a name of six letters, with a tag or not, and of its response.
    async fn lengths(&self, has_tag: bool) -> (usize, usize) {
        let tag = self.server.read().await.etag.expect("a tag");
        let call = self.client.update(AGENT, update("abcdef"));
        if has_tag { call.if_match(tag).await } else { call.await }.expect("no fault");
        self.proxy.lengths()
    }

    async fn put(
        &self,
        fault: Fault,
        name: &str,
        tag: Option<&ETag>,
        policy: RetryPolicy,
    ) -> Result<Updated, UpdateError> {
        self.proxy.set(&[fault]);
        let call = self.client.update(AGENT, update(name)).retry(policy);
        match tag {
            Some(tag) => call.if_match(tag.clone()).await,
            None => call.await,
        }
    }
}

fn cuts((request, response): (usize, usize)) -> impl Iterator<Item = Fault> {
    (0..request).map(Fault::CutRequest).chain((0..response).map(Fault::CutResponse))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_at_every_byte_without_a_repeat_is_an_error_that_tells_the_truth() {
    let setting = Setting::new().await;
    for (number, fault) in cuts(setting.lengths(false).await).enumerate() {
        let name = format!("n{number:05}");
        let error = setting.put(fault, &name, None, RetryPolicy::none()).await.expect_err("the response is cut");
        assert!(matches!(error.kind(), ErrorKind::Interrupted { .. }), "{fault:?}: {error:?}");
        assert!(error.may_be_applied() && error.to_string().contains("may be in effect or not"), "{fault:?}: {error}");
        let is_applied = setting.server.read().await.agent.name == Some(name);
        assert_eq!(is_applied, matches!(fault, Fault::CutResponse(_)), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_at_every_byte_is_repaired_by_a_repeat_that_changes_the_agent_once() {
    let setting = Setting::new().await;
    for (number, fault) in cuts(setting.lengths(true).await).enumerate() {
        let before = setting.server.read().await;
        let name = format!("n{number:05}");
        let updated = setting.put(fault, &name, before.etag.as_ref(), quick()).await;
        let updated = updated.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!((updated.attempts, updated.agent.name.as_ref()), (2, Some(&name)), "{fault:?}");
        assert_eq!(setting.proxy.states(), 1, "{fault:?}");
        let after = setting.server.read().await;
        assert_eq!((after.etag, after.agent.name), (updated.etag, Some(name)), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_received_twice_changes_the_agent_once() {
    let setting = Setting::new().await;
    let before = setting.server.read().await;
    for tag in [None, before.etag.as_ref()] {
        let updated = setting.put(Fault::Repeat, "twice", tag, quick()).await.expect("the second response is 200 too");
        assert_eq!((updated.attempts, setting.proxy.states()), (1, 1));
        assert_ne!(updated.etag, before.etag);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_response_is_repeated() {
    let setting = Setting::new().await;
    let late = Fault::Delay(Duration::from_secs(30));
    let policy = quick().attempt_timeout(Duration::from_millis(500));
    let updated = setting.put(late, "late", None, policy).await.expect("the second attempt is in time");
    assert_eq!(updated.attempts, 2);
    let policy = RetryPolicy::none().deadline(Duration::from_millis(300));
    let error = setting.put(late, "later", None, policy).await.expect_err("no attempt is in time");
    assert!(matches!(error.kind(), ErrorKind::Timeout { .. }) && error.may_be_applied(), "{error:?}");
    while setting.server.read().await.agent.name.as_deref() != Some("later") {
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_requests_that_are_reset_at_random_bytes() {
    let seed = 19;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    for _ in 0..6 {
        let setting = Setting::new().await;
        let large = update(&"x".repeat(1 << 18));
        let at = rng.usize(1..1 << 18);
        setting.proxy.set(&[Fault::Reset(at)]);
        let updated = setting.client.update(AGENT, &large).await;
        let updated = updated.unwrap_or_else(|error| panic!("reset at {at}: {error}"));
        let after = setting.server.read().await;
        assert_eq!((updated.attempts, after.etag), (2, updated.etag), "reset at {at}");
    }
}

/// With a tag, an update never overwrites the change of another writer between two attempts. Without one it does, which
/// the docs say.
#[tokio::test(flavor = "multi_thread")]
async fn another_writer_between_two_attempts() {
    let seed = 7;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let setting = Setting::new().await;
    let (request, response) = setting.lengths(false).await;
    for round in 0..200 {
        let fault = match rng.u8(..4) {
            0 => Fault::CutRequest(rng.usize(..request)),
            1 => Fault::CutResponse(rng.usize(..response)),
            2 => Fault::Reset(rng.usize(..request)),
            _ => Fault::Repeat,
        };
        let before = setting.server.read().await;
        let (name, other) = (format!("n{round:05}"), format!("other {round}"));
        let (rival, rival_name) = (setting.server.client.clone(), other.clone());
        setting.proxy.after_fault(move || {
            let call = rival.update(AGENT, UpdateAgent::new(LlmModel::Gpt5).name(rival_name.as_str()));
            async move { drop(call.await.expect("the server works")) }
        });
        let has_tag = rng.bool();
        let result = setting.put(fault, &name, before.etag.as_ref().filter(|_| has_tag), quick()).await;
        let after = setting.server.read().await;
        let context = format!("round {round}, {fault:?}, with a tag: {has_tag}: {result:?}");
        match result {
            Ok(_) if has_tag => assert_eq!(fault, Fault::Repeat, "{context}"),
            Ok(updated) => assert_eq!(updated.agent.name, Some(name.clone()), "{context}"),
            Err(error) => {
                assert!(has_tag && matches!(error.kind(), ErrorKind::PreconditionFailed(Some(_))), "{context}");
                assert!(error.may_be_applied(), "{context}");
                assert!(error.to_string().contains("an earlier attempt without a response"), "{error}");
            }
        }
        if has_tag || fault == Fault::Repeat {
            assert_eq!(after.agent.name, Some(other), "{context}");
        } else {
            assert_eq!(after.agent.name, Some(name), "{context}");
        }
        let was_applied = matches!(fault, Fault::CutResponse(_) | Fault::Repeat);
        let repeated = !has_tag && fault != Fault::Repeat;
        assert_eq!(setting.proxy.states(), usize::from(was_applied) + usize::from(repeated), "{context}");
    }
}
