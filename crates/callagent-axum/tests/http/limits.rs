//! Limits on size, time and findings; requests that end early.

use std::{
    net::Shutdown,
    time::{Duration, Instant},
};

use axum::{
    BoxError,
    body::Body,
    error_handling::HandleErrorLayer,
    http::StatusCode,
    middleware::{from_fn, map_request},
};
use callagent::{LlmModel, ProblemType, Reader};
use callagent_axum::{UpdateConfig, problems};
use http_body_util::Limited;
use tower::timeout::TimeoutLayer;

use crate::{
    app::{LIMIT, app},
    client::{Answer, Connection, Request},
    server::Server,
};

fn chunked(chunks: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut bytes = Request::valid().set("Transfer-Encoding", "chunked").head();
    for chunk in chunks {
        bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes
}

fn answer_to(server: &Server, bytes: &[u8]) -> (Connection, Answer) {
    let mut connection = server.connect();
    connection.write(bytes);
    let answer = connection.answer(false);
    (connection, answer)
}

#[test]
fn a_body_of_exactly_the_limit_is_read() {
    let server = Server::start(app(UpdateConfig::new()));
    let request = Request::valid();
    let padding = LIMIT - request.body.len();
    assert_eq!(server.send(&Request { padding, ..request.clone() }).status, 200);
    assert_eq!(server.send(&Request { padding: padding + 1, ..request.clone() }).status, 413);

    let body = |padding| [request.body.clone().into_bytes(), vec![b' '; padding], Vec::new()];
    assert_eq!(answer_to(&server, &chunked(body(padding))).1.status, 200);
    assert_eq!(answer_to(&server, &chunked(body(padding + 1))).1.outcome(), "content-too-large");
}

#[test]
fn a_body_in_chunks_of_one_byte_is_read() {
    let server = Server::start(app(UpdateConfig::new()));
    let body = Request::valid().body.into_bytes();
    let chunks = body.into_iter().map(|byte| vec![byte]).chain([Vec::new()]);
    assert_eq!(answer_to(&server, &chunked(chunks)).1.status, 200);
}

#[test]
fn a_length_above_the_limit_is_refused_without_its_body() {
    let server = Server::start(app(UpdateConfig::new()));
    for length in ["1048577", "4611686018427387904"] {
        let head = Request::valid().set("Transfer-Encoding", "chunked").head();
        let head = String::from_utf8(head)
            .unwrap()
            .replace("Transfer-Encoding: chunked", &format!("Content-Length: {length}"));
        assert_eq!(answer_to(&server, head.as_bytes()).1.outcome(), "content-too-large");
    }
}

/// The client sends all of its body before it reads, and the connection can be used again.
#[test]
fn an_early_answer_is_not_lost_in_a_reset() {
    let server = Server::start(app(UpdateConfig::new()));
    let large = Request { padding: 12 * LIMIT, ..Request::valid() };
    for (request, expected) in [
        (large.clone(), 413),
        (large.clone().set("Content-Type", "text/plain"), 415),
        (large.clone().without("x-api-key"), 401),
        (Request { method: "POST", ..large.clone() }, 405),
        (Request { segment: "%ZZ", ..large.clone() }, 400),
        (Request { suffix: "/", ..large }, 404),
    ] {
        let (mut connection, answer) = answer_to(&server, &request.to_bytes());
        assert_eq!(answer.status, expected);
        connection.write(&Request::valid().to_bytes());
        assert_eq!(connection.answer(false).status, 200, "after {expected}");
    }
    let (mut connection, answer) = answer_to(&server, &chunked([vec![b' '; 12 * LIMIT], Vec::new()]));
    assert_eq!(answer.status, 413);
    connection.write(&Request::valid().to_bytes());
    assert_eq!(connection.answer(false).status, 200);
}

/// The server does not read on forever.
#[test]
fn a_client_that_never_ends_is_cut_off() {
    let server = Server::start(app(UpdateConfig::new()));
    let start = Instant::now();
    let (mut connection, answer) = answer_to(&server, &Request { padding: LIMIT << 10, ..Request::valid() }.head());
    assert_eq!(answer.status, 413);
    assert!(connection.is_closed_by_the_server());
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());

    let (mut connection, _) = answer_to(&server, &Request { padding: LIMIT << 10, ..Request::valid() }.head());
    let chunk = vec![b' '; LIMIT];
    let sent = (0..1024).take_while(|_| connection.try_write(&chunk)).count();
    assert!(sent < 32, "{sent} MiB");
}

#[test]
fn a_limit_of_another_layer_is_413() {
    let limit =
        map_request(async |request: axum::extract::Request| request.map(|body| Body::new(Limited::new(body, 10))));
    let server = Server::start(app(UpdateConfig::new()).layer(limit));
    assert_eq!(server.send(&Request::valid()).outcome(), ProblemType::CONTENT_TOO_LARGE.name());
}

#[test]
fn a_body_that_takes_too_long_is_408() {
    let server = Server::start(app(UpdateConfig::new().body_timeout(Duration::from_millis(50))));
    let (_, answer) = answer_to(&server, &Request::valid().head());
    assert_eq!(answer.outcome(), ProblemType::REQUEST_TIMEOUT.name());
}

#[test]
fn timeouts_of_other_layers_are_problems() {
    let timeout = (
        HandleErrorLayer::new(async |_: BoxError| StatusCode::REQUEST_TIMEOUT),
        TimeoutLayer::new(Duration::from_millis(50)),
    );
    let server = Server::start(app(UpdateConfig::new()).layer(timeout).layer(from_fn(problems)));
    let answer = server.send(&Request { segment: "slow", ..Request::valid() });
    assert_eq!(answer.outcome(), ProblemType::REQUEST_TIMEOUT.name());
}

#[test]
fn a_body_with_an_invalid_chunk_is_400() {
    let server = Server::start(app(UpdateConfig::new()));
    let mut bytes = chunked([b"{".to_vec()]);
    bytes.extend(b"xyz\r\n");
    assert_eq!(answer_to(&server, &bytes).1.outcome(), ProblemType::MALFORMED.name());
}

#[test]
fn a_body_that_ends_early_is_400_even_if_its_text_is_complete() {
    let server = Server::start(app(UpdateConfig::new()));
    let request = Request { padding: 1, ..Request::valid() };
    let mut bytes = request.to_bytes();
    bytes.pop();
    let mut connection = server.connect();
    connection.write(&bytes);
    connection.shutdown(Shutdown::Write);
    // Hyper may close the connection without an answer.
    if let Some(answer) = connection.try_answer(false) {
        assert_eq!(answer.outcome(), ProblemType::MALFORMED.name());
    }
    assert_eq!(server.send(&Request::valid()).status, 200);
}

#[test]
fn the_limit_on_findings_bounds_a_problem() {
    let names: Vec<_> = (0..5_000).map(|index| format!(r#""field{index}": 1"#)).collect();
    let body = format!("{{{}}}", names.join(","));
    for (config, expected) in [
        (UpdateConfig::new(), UpdateConfig::DEFAULT_FINDING_LIMIT),
        (UpdateConfig::new().finding_limit(3), 3),
        (UpdateConfig::new().finding_limit(3).reader(Reader::new()), 3),
        (UpdateConfig::new().reader(Reader::new().limit(9)).finding_limit(3), 3),
    ] {
        let answer = Server::start(app(config)).send(&Request::valid().body(body.clone()));
        let problem = answer.problem();
        assert_eq!((problem.violations.len(), problem.truncated), (expected, true));
    }
}

#[test]
fn the_body_limit_is_at_least_what_the_contract_requires() {
    let server = Server::start(app(UpdateConfig::new()).layer(axum::Extension(UpdateConfig::new().body_limit(1))));
    assert_eq!(server.send(&Request { padding: LIMIT / 2, ..Request::valid() }).status, 200);
}

#[test]
fn tolerances_accept_more() {
    let body = r#"{"llmModel": "gpt-6", "nmae": "Support"}"#;
    let accepting = Reader::new().accept_value::<LlmModel>("gpt-6");
    for (reader, expected) in [
        (Reader::new(), 422),
        (Reader::new().tolerate_unknown_fields(), 422),
        (accepting.clone(), 422),
        (accepting.tolerate_unknown_fields(), 200),
        (Reader::new().tolerate_unknown_values().tolerate_unknown_fields(), 200),
    ] {
        let server = Server::start(app(UpdateConfig::new().reader(reader)));
        assert_eq!(server.send(&Request::valid().body(body)).status, expected);
    }
}
