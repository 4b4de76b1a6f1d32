//! Which failures are repeated, when, and which are not.

use std::time::{Duration, Instant};

use callagent_client::{ErrorKind, RetryPolicy};

use crate::{
    AGENT, builder, client,
    listener::{Listener, Reply, problem, response, success},
    quick, update,
};

#[tokio::test]
async fn statuses_that_are_never_repeated() {
    for status in
        [201, 202, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 431, 501, 505]
    {
        let listener = Listener::replies([response(status, &[("retry-after", "0")], ""), success()]).await;
        let error = client(&listener.url()).update(AGENT, update("a")).await.expect_err("an error status");
        assert_eq!(
            (listener.count(), error.attempts(), error.status().map(|status| status.as_u16())),
            (1, 1, Some(status))
        );
        assert_eq!(error.may_be_applied(), !(400..500).contains(&status), "{status}");
    }
}

/// The status of a response decides even if its body is lost.
#[tokio::test]
async fn an_error_whose_body_is_cut() {
    for (status, attempts) in [(401, 1), (412, 1), (422, 1), (503, 3)] {
        let cut = format!("HTTP/1.1 {status} -\r\nconnection: close\r\ncontent-length: 9\r\n\r\n{{}}");
        let hanging = format!("HTTP/1.1 {status} -\r\ncontent-length: 9\r\n\r\n{{}}");
        for reply in [cut, hanging] {
            let listener = Listener::replies([Reply::Bytes(reply.into())]).await;
            let policy = quick().attempt_timeout(Duration::from_millis(300)).deadline(Duration::from_secs(3));
            let error = client(&listener.url()).update(AGENT, update("a")).retry(policy).await.expect_err("an error");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
            assert_eq!((error.attempts(), error.body()), (attempts, Some("{}")));
            assert_eq!(error.may_be_applied(), status == 503);
        }
    }
}

#[tokio::test]
async fn what_is_repeated() {
    let statuses = [408, 429, 500, 502, 503, 504].map(|status| response(status, &[], ""));
    let cut = Reply::Bytes(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\n{}".to_vec());
    for reply in statuses.into_iter().chain([Reply::Close, Reply::Reset, cut]) {
        let listener = Listener::replies([reply.clone(), reply, success()]).await;
        let updated = client(&listener.url()).update(AGENT, update("a")).await.expect("the third attempt succeeds");
        assert_eq!((listener.count(), updated.attempts), (3, 3));
        assert_eq!(listener.request(0), listener.request(2), "the same request");
    }
}

#[tokio::test]
async fn a_connection_that_fails_is_repeated_and_nothing_was_sent() {
    // Bound, but nothing listens.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let port = socket.local_addr().expect("an address").port();
    let error = client(&format!("http://127.0.0.1:{port}")).update(AGENT, update("a")).await.expect_err("no server");
    assert!(matches!(error.kind(), ErrorKind::Connect { is_certificate: false, .. }), "{error:?}");
    assert_eq!((error.attempts(), error.may_be_applied()), (3, false));
    let text = error.to_string();
    assert!(
        text.starts_with("cannot connect to the server: ") && text.ends_with("is not in effect (3 attempts)"),
        "{text}"
    );
}

#[tokio::test]
async fn one_call_switches_repeats_off() {
    let listener = Listener::replies([response(503, &[], "")]).await;
    let client = builder(&listener.url()).retry(RetryPolicy::none()).build().expect("valid");
    assert_eq!(client.update(AGENT, update("a")).await.expect_err("503").attempts(), 1);
    assert_eq!(client.update(AGENT, update("a")).retry(quick()).await.expect_err("503").attempts(), 3);
}

#[tokio::test]
async fn retry_after_is_obeyed_up_to_a_cap() {
    let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    for waits in ["1", "Sun, 06 Nov 1994 08:49:38 GMT"] {
        let listener = Listener::replies([problem(503, &[date, ("retry-after", waits)], "{}"), success()]).await;
        let started = Instant::now();
        client(&listener.url()).update(AGENT, update("a")).await.expect("the second attempt succeeds");
        assert!((1_000..4_000).contains(&started.elapsed().as_millis()), "{waits}");
    }
    for waits in ["11", "99999999999999999999", "Sun, 06 Nov 1994 09:49:37 GMT"] {
        let listener = Listener::replies([problem(429, &[date, ("retry-after", waits)], "{}"), success()]).await;
        let started = Instant::now();
        let error = client(&listener.url()).update(AGENT, update("a")).await.expect_err("the server asks for too much");
        assert!(started.elapsed() < Duration::from_secs(5) && error.attempts() == 1, "{error}");
        assert!(error.retry_after() > Some(Duration::from_secs(10)));
        assert!(error.to_string().contains("repeat the update in "), "{error}");
    }
}

#[tokio::test]
async fn the_deadline_covers_all_attempts_and_delays() {
    let listener = Listener::replies([Reply::Hang]).await;
    let policy = quick().attempts(100).attempt_timeout(Duration::from_millis(100));
    let started = Instant::now();
    let client = client(&listener.url());
    let error = client.update(AGENT, update("a")).timeout(Duration::from_millis(600)).retry(policy).await;
    let error = error.expect_err("no response");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(matches!(error.kind(), ErrorKind::Timeout { .. }) && error.may_be_applied(), "{error:?}");
    assert!((2..=6).contains(&error.attempts()), "{}", error.attempts());
    // A delay that would pass the deadline is not waited for.
    let listener = Listener::replies([response(503, &[("retry-after", "5")], "")]).await;
    let started = Instant::now();
    let error = crate::client(&listener.url()).update(AGENT, update("a")).timeout(Duration::from_secs(4)).await;
    assert_eq!(error.expect_err("503").attempts(), 1);
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn the_sentence_of_an_error_says_when_to_repeat() {
    for (seconds, advice) in [("0", "in 1 second;"), ("1", "in 1 second;"), ("30", "in 30 seconds;")] {
        let listener = Listener::replies([response(503, &[("retry-after", seconds)], "")]).await;
        let error = client(&listener.url()).update(AGENT, update("a")).retry(RetryPolicy::none()).await;
        let error = error.expect_err("503");
        assert!(error.to_string().contains(&format!("repeat the update {advice}")), "{seconds}: {error}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Listener::replies([success()]).await;
    for status in [301, 302, 303, 307, 308] {
        let listener = Listener::replies([response(status, &[("location", &other.url())], "")]).await;
        let client = builder(&listener.url()).access_key("key-of-acme").build().expect("valid");
        let error = client.update(AGENT, update("a")).await.expect_err("a redirect");
        assert!(matches!(error.kind(), ErrorKind::Status(_)), "{error:?}");
        assert!(
            error.to_string().contains(&format!(
                "redirects are not followed, so check whether the base URL belongs to {}",
                other.url()
            )),
            "{error}"
        );
        assert_eq!(
            error.headers().and_then(|headers| headers.get("location")).map(http::HeaderValue::as_bytes),
            Some(other.url().as_bytes())
        );
    }
    assert_eq!(other.count(), 0);
}

/// A timeout of an earlier attempt makes the outcome of a 4xx unknown.
#[tokio::test]
async fn an_earlier_attempt_without_a_response_leaves_the_outcome_unknown() {
    for (first, may_be_applied) in [
        (Reply::Close, true),
        (response(500, &[], ""), true),
        (response(503, &[], ""), true),
        (response(429, &[], ""), false),
        (response(408, &[], ""), false),
    ] {
        let listener = Listener::replies([first, problem(412, &[], "{}")]).await;
        let call = client(&listener.url()).update(AGENT, update("a")).if_match(callagent::ETag::from(5));
        let error = call.await.expect_err("412");
        assert!(matches!(error.kind(), ErrorKind::PreconditionFailed(_)), "{error:?}");
        assert_eq!((error.attempts(), error.may_be_applied()), (2, may_be_applied));
        assert_eq!(error.to_string().contains("an earlier attempt"), may_be_applied, "{error}");
        assert!(
            listener.request(0).contains("if-match: \"5\"\r\n") && listener.request(1).contains("if-match: \"5\"\r\n")
        );
    }
}
