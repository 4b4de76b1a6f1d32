//! The limit on the rate of the calls of a workspace.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    client::{Answer, Request},
    program::{Serve, database, grant},
};

/// The seconds after which a refused request may be repeated.
fn wait(answer: &Answer) -> u64 {
    assert_eq!(answer.outcome(), "too-many-requests");
    answer.header("retry-after").expect("a time").parse().expect("a number of seconds")
}

#[test]
fn each_workspace_has_its_own_limit() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--rate-limit", "2/h,3"]);
    for _ in 0..3 {
        server.assert_serving();
    }
    let refused = server.send(&Request::valid());
    // A call comes back every half hour.
    assert!((1790..=1800).contains(&wait(&refused)), "{refused:?}");
    assert_eq!(server.send(&Request::valid().set("x-workspace-id", "other")).outcome(), "not-found");
    let health = Request { method: "GET", prefix: "/healthz", segment: "", ..Request::valid().body("") };
    assert_eq!(server.send(&health).status, 204, "pages have no limit");
    assert!(wait(&server.send(&Request::valid())) >= 1790, "a refused call does not count");
}

#[test]
fn a_client_that_waits_is_served() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--rate-limit", "30/m,1"]);
    server.assert_serving();
    let start = Instant::now();
    let seconds = wait(&server.send(&Request::valid()));
    assert!((1..=2).contains(&seconds), "{seconds}");
    thread::sleep(Duration::from_secs(seconds));
    server.assert_serving();
    assert!(start.elapsed() >= Duration::from_millis(1500), "{:?}", start.elapsed());
}

/// It comes after the faults of the head and before those of the body.
#[test]
fn order_and_what_counts() {
    let folder = database();
    let key = grant(folder.path(), "acme", "first", &[]);
    let other = grant(folder.path(), "other", "first", &[]);
    let server = Serve::start(folder.path(), &["--rate-limit", "1/h", "--body-limit", "1048576"]);
    let valid = || Request::valid().set("x-api-key", key.as_str());
    let faults = || {
        [
            ("unauthorized", valid().without("x-api-key")),
            ("forbidden", valid().set("x-api-key", other.as_str())),
            ("unsupported-media-type", valid().set("Content-Type", "text/plain")),
            ("content-too-large", Request { padding: 2 << 20, ..valid() }),
            ("bad-workspace", valid().without("x-workspace-id")),
            ("bad-path", Request { segment: "%ZZ", ..valid() }),
            ("method-not-allowed", Request { method: "POST", ..valid() }),
        ]
    };
    for (outcome, request) in faults() {
        assert_eq!(server.send(&request).outcome(), outcome);
    }
    assert_eq!(server.send(&valid().body("{}")).outcome(), "invalid-update", "it is the first call that counts");
    for (outcome, request) in faults() {
        assert_eq!(server.send(&request).outcome(), outcome);
    }
    for request in [valid(), valid().body("{"), Request { segment: "nobody", ..valid() }] {
        assert_eq!(server.send(&request).outcome(), "too-many-requests");
        let mut connection = server.connect();
        connection.write(&request.set("Expect", "100-continue").head());
        assert_eq!(connection.answer(false).outcome(), "too-many-requests", "the body is not asked for");
    }
}

#[test]
fn there_is_no_limit_by_default() {
    let folder = database();
    let server = Serve::start(folder.path(), &[]);
    let mut connection = server.connect();
    for _ in 0..300 {
        assert_eq!(connection.send(&Request::valid()).status, 200);
    }
}
