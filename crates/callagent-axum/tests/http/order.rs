//! Of two faults, the first in the contract's order is answered, and from the head if possible.

use std::time::{Duration, Instant};

use callagent::ProblemType;
use callagent_axum::UpdateConfig;

use crate::{
    app::{LIMIT, app},
    client::Request,
    server::Server,
};

type Fault = (ProblemType, fn(Request) -> Request);

/// The faults in the contract's order. They can be combined if the earlier one is applied later.
const FAULTS: &[Fault] = &[
    (ProblemType::NOT_FOUND, |request| Request { suffix: "/", ..request }),
    (ProblemType::BAD_PATH, |request| Request { segment: "%ZZ", ..request }),
    (ProblemType::METHOD_NOT_ALLOWED, |request| Request { method: "POST", ..request }),
    (ProblemType::BAD_WORKSPACE, |request| request.without("x-workspace-id")),
    (ProblemType::BAD_PRECONDITION, |request| request.set("If-Match", "1")),
    (ProblemType::UNAUTHORIZED, |request| request.without("x-api-key")),
    (ProblemType::FORBIDDEN, |request| request.set("x-workspace-id", "other")),
    (ProblemType::UNSUPPORTED_MEDIA_TYPE, |request| request.set("Content-Type", "text/plain")),
    (ProblemType::CONTENT_TOO_LARGE, |request| Request { padding: LIMIT, ..request }),
    (ProblemType::TOO_MANY_REQUESTS, |request| request.set("x-busy", "1")),
    (ProblemType::MALFORMED, |request| request.body("{")),
    (ProblemType::INVALID_UPDATE, |request| request.body("{}")),
    (ProblemType::NOT_FOUND, |request| Request { segment: "nobody", ..request }),
    (ProblemType::PRECONDITION_FAILED, |request| request.set("If-Match", "\"0\"")),
];

#[test]
fn the_first_of_two_faults_is_answered() {
    let server = Server::start(app(UpdateConfig::new()));
    for (index, (first, edit)) in FAULTS.iter().enumerate() {
        assert_eq!(server.send(&edit(Request::valid())).outcome(), first.name());
        for (second, edit_second) in &FAULTS[index + 1..] {
            let answer = server.send(&edit(edit_second(Request::valid())));
            assert_eq!(answer.outcome(), first.name(), "with {second:?}: {answer:?}");
        }
    }
}

/// With `Expect: 100-continue`, the first poll of the body sends `100 Continue`.
#[test]
fn faults_of_the_head_are_answered_before_the_body_is_polled() {
    let server = Server::start(app(UpdateConfig::new()));
    for (fault, edit) in FAULTS.iter().take_while(|(fault, _)| *fault != ProblemType::MALFORMED) {
        let mut connection = server.connect();
        connection.write(&edit(Request::valid().set("Expect", "100-continue")).head());
        assert_eq!(connection.answer(false).outcome(), fault.name());
        // The client will not send the body, so the server does not wait for it.
        let start = Instant::now();
        assert!(connection.is_closed_by_the_server() && start.elapsed() < Duration::from_secs(1));
    }
    let request = Request::valid().set("Expect", "100-continue");
    let mut connection = server.connect();
    connection.write(&request.head());
    assert_eq!(connection.answer(false).status, 100);
    connection.write(request.body.as_bytes());
    assert_eq!(connection.answer(false).status, 200);
}
