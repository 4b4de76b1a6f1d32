//! Hostile HTTP: any input gets an answer or a closed connection, and others are served.

use std::{thread, time::Duration};

use serde_json::Value;

use crate::{
    client::{Connection, Request},
    program::{Serve, database},
};

/// Sends bytes, and returns the outcome of each response until the connection is closed.
fn outcomes(server: &Serve, bytes: &[u8]) -> Vec<String> {
    let mut connection = server.connect();
    connection.try_write(bytes);
    let mut outcomes = Vec::new();
    while let Some(answer) = connection.try_answer(false) {
        // The HTTP library answers without a body.
        outcomes.push(if answer.body.is_empty() { answer.status.to_string() } else { answer.outcome() });
        if answer.header("connection") == Some("close") {
            break;
        }
    }
    outcomes
}

fn with_headers(headers: &str, body: &str) -> Vec<u8> {
    let fixed = "Host: localhost\r\nx-workspace-id: acme\r\nContent-Type: application/json\r\nConnection: close\r\n";
    format!("PUT /v1/api/agents/agent_1 HTTP/1.1\r\n{fixed}{headers}\r\n\r\n{body}").into_bytes()
}

#[test]
fn requests_that_lie_about_their_length() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--head-timeout", "500ms", "--body-timeout", "500ms"]);
    let body = r#"{"llmModel": "gpt-5"}"#;
    let chunks = |chunks: &str| with_headers("Transfer-Encoding: chunked", chunks);
    let length = |length: &str| with_headers(&format!("Content-Length: {length}"), body);
    for (name, bytes, expected) in [
        ("the right length", length("21"), "200"),
        ("twice the same length", length("21\r\nContent-Length: 21"), "200"),
        ("two lengths", length("21\r\nContent-Length: 20"), "400"),
        ("a list of lengths", length("21, 21"), "400"),
        ("a shorter length", length("20"), "malformed"),
        ("a longer length", length("22"), "request-timeout"),
        ("a negative length", length("-1"), "400"),
        ("a signed length", length("+21"), "400"),
        ("a length of 64 bits", length("18446744073709551615"), "431"),
        ("a length beyond 64 bits", length("18446744073709551616"), "400"),
        ("a huge length", length("9223372036854775807"), "content-too-large"),
        ("no number", length("0x15"), "400"),
        ("no length", with_headers("X: y", body), "malformed"),
        ("chunks", chunks("15\r\n{\"llmModel\": \"gpt-5\"}\r\n0\r\n\r\n"), "200"),
        ("chunks with extensions", chunks("15;a=b\r\n{\"llmModel\": \"gpt-5\"}\r\n0\r\nTrailer: x\r\n\r\n"), "200"),
        ("no chunk size", chunks("x\r\n{}\r\n0\r\n\r\n"), "malformed"),
        ("an empty chunk size", chunks("\r\n{}\r\n0\r\n\r\n"), "malformed"),
        ("a negative chunk size", chunks("-2\r\n{}\r\n0\r\n\r\n"), "malformed"),
        ("a huge chunk size", chunks("ffffffffffffffff\r\n{}\r\n0\r\n\r\n"), "request-timeout"),
        ("a chunk size beyond 64 bits", chunks("10000000000000000\r\n{}\r\n0\r\n\r\n"), "malformed"),
        ("a chunk size without an end", chunks(&"0".repeat(100_000)), "request-timeout"),
        ("an extension without an end", chunks(&format!("2;{}\r\n{{}}", "a".repeat(100_000))), "malformed"),
        ("a chunk longer than its size", chunks("1\r\n{}\r\n0\r\n\r\n"), "malformed"),
        ("no last chunk", chunks("15\r\n{\"llmModel\": \"gpt-5\"}\r\n"), "request-timeout"),
        ("another coding", with_headers("Transfer-Encoding: gzip", body), "400"),
        ("two codings", with_headers("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"), "malformed"),
        ("chunked twice", with_headers("Transfer-Encoding: chunked, chunked", "0\r\n\r\n"), "malformed"),
    ] {
        assert_eq!(outcomes(&server, &bytes), [expected], "{name}");
    }
    server.assert_serving();
    server.assert_small();
}

/// The chunks count (RFC 9112, section 6.3), and the connection is closed, so that no request is smuggled.
#[test]
fn chunks_prevail_over_a_length() {
    let folder = database();
    let server = Serve::start(folder.path(), &[]);
    let head = String::from_utf8(Request::valid().set("Transfer-Encoding", "chunked").head()).expect("ASCII");
    let body = "15\r\n{\"llmModel\": \"gpt-5\"}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    for lengths in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nContent-Length: 6",
    ] {
        let mut connection = server.connect();
        connection.write((head.replace("Transfer-Encoding: chunked", lengths) + body).as_bytes());
        let answer = connection.answer(false);
        assert_eq!((answer.status, answer.header("connection")), (200, Some("close")), "{lengths}");
        assert!(connection.is_closed_by_the_server());
    }
    server.assert_small();
}

#[test]
fn heads_that_are_none() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--head-timeout", "500ms"]);
    let put = |segment: &[u8], header: &[u8]| {
        let line = [b"PUT /v1/api/agents/", segment, b" HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"].concat();
        [&line, header, b"Connection: close\r\n\r\n"].concat()
    };
    let many = "a: b\r\n".repeat(200);
    let cases: &[(&str, Vec<u8>, &[&str])] = &[
        ("nothing", b"\r\n\r\n".to_vec(), &[]),
        ("noise", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), &["400"]),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), &[]),
        ("HTTP/3.0", b"GET / HTTP/3.0\r\n\r\n".to_vec(), &["400"]),
        ("no version", b"GET /\r\n\r\n".to_vec(), &["400"]),
        ("an invalid method", b"G\x00T / HTTP/1.1\r\n\r\n".to_vec(), &["400"]),
        ("a space in the path", b"GET /a b HTTP/1.1\r\n\r\n".to_vec(), &["400"]),
        ("a byte that is not UTF-8 in the path", put(b"\xFF", b""), &["400"]),
        ("one that is, after decoding, not UTF-8", put(b"%FF", b""), &["bad-path"]),
        ("a control character in the path", put(b"a\x01", b""), &["400"]),
        ("bytes outside ASCII in the header", put(b"a", b"x-workspace-id: \xFF\xC3\xBC\r\n"), &["bad-workspace"]),
        ("a control character in a header", put(b"a", b"x-workspace-id: a\x01\r\n"), &["400"]),
        ("a NUL in a header", put(b"a", b"x-workspace-id: a\x00\r\n"), &["400"]),
        ("a folded header", put(b"a", b"x-workspace-id: a\r\n b\r\n"), &["400"]),
        ("a space before the colon", put(b"a", b"x-workspace-id : a\r\n"), &["400"]),
        ("a header without a name", put(b"a", b": a\r\n"), &["400"]),
        ("a long path", put("a".repeat(70_000).as_bytes(), b""), &["414"]),
        ("a long header", put(b"a", format!("x: {}\r\n", "a".repeat(300_000)).as_bytes()), &["431"]),
        ("many headers", put(b"a", many.as_bytes()), &["431"]),
        ("a head without an end", vec![b'a'; 200_000], &["431"]),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(outcomes(&server, bytes), *expected, "{name}");
    }
    server.assert_serving();
    server.assert_small();
}

#[test]
fn a_request_split_into_single_bytes_is_read() {
    let folder = database();
    let server = Serve::start(folder.path(), &[]);
    let mut connection = server.connect();
    for byte in Request::valid().to_bytes() {
        connection.write(&[byte]);
        thread::sleep(Duration::from_micros(200));
    }
    assert_eq!(connection.answer(false).status, 200);
    server.assert_small();
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let folder = database();
    let server = Serve::start(folder.path(), &[]);
    let mut connection = server.connect();
    let named = |number| Request::valid().body(format!(r#"{{"llmModel": "gpt-5", "name": "{number}"}}"#));
    let bytes: Vec<u8> = (0..100).flat_map(|number| named(number).to_bytes()).collect();
    connection.write(&bytes);
    for number in 0..100 {
        let answer = connection.answer(false);
        let agent: Value = serde_json::from_str(&answer.body).expect("an agent");
        assert_eq!(agent["name"], number.to_string());
    }
    // What follows a request that is refused is not read as one.
    connection.write(&[&with_headers("Content-Length: 1\r\nContent-Length: 2", "")[..], &named(0).to_bytes()].concat());
    assert_eq!(connection.answer(false).status, 400);
    assert!(connection.is_closed_by_the_server());
    server.assert_small();
}

#[test]
fn a_large_body_is_refused_while_it_is_sent() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--body-limit", "1048576"]);
    let large = Request { padding: 5 << 20, ..Request::valid() };
    let mut connection: Connection = server.connect();
    assert_eq!(connection.send(&large).outcome(), "content-too-large");
    assert_eq!(connection.send(&Request::valid()).status, 200, "the connection can be used again");
    let mut chunked = Request::valid().set("Transfer-Encoding", "chunked").head();
    chunked.extend(b"500000\r\n");
    chunked.resize(chunked.len() + 0x0050_0000, b' ');
    connection.write(&[&chunked, &b"\r\n0\r\n\r\n"[..]].concat());
    assert_eq!(connection.answer(false).outcome(), "content-too-large");
    assert_eq!(connection.send(&Request::valid()).status, 200);
    server.assert_small();
}
