//! Log lines: one per request, of bounded length, which no request can forge.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::{
    client::{Connection, Request},
    program::{Serve, address_in, command, database},
};

/// Hostile methods, paths and request ids. The HTTP library refuses some.
fn send_all(server: &Serve) -> usize {
    let long = "a".repeat(60_000);
    let heads: [(&str, &[u8]); 9] = [
        ("GET", b"/\xC2\x85INFO_forged"),
        ("GET", b"/\xC2\x9B31mred\xE2\x80\xAEreversed"),
        ("GET", b"/\"quoted\"\\n{}"),
        ("GET", b"/%0AINFO%20forged%1B%5B31m"),
        ("GET", b"/\xFF\xFE"),
        ("GET", b"/\x1B[31m"),
        ("GET", b"//evil?a=b#c"),
        ("GET", long.as_bytes()),
        (&long, b"/"),
    ];
    let mut logged = 0;
    for (method, path) in heads {
        let path = if path.starts_with(b"/") { path.to_vec() } else { [b"/", path].concat() };
        let mut connection = server.connect();
        connection.write(&[method.as_bytes(), b" ", &path, b" HTTP/1.1\r\nHost: x\r\n\r\n"].concat());
        logged += usize::from(is_logged(&mut connection));
    }
    for id in [&b"a b"[..], b"\xC3\xBC", b"id\tINFO forged", &[b'x'; 129], b"\x1b[31m", b"ok-1"] {
        let mut connection = server.connect();
        connection.write(&Request::valid().add("x-request-id", id).to_bytes());
        let Some(answer) = connection.try_answer(false) else { continue };
        let Some(given) = answer.header("x-request-id") else { continue };
        assert_eq!(given.as_bytes() == id, id == b"ok-1", "{given}");
        logged += 1;
    }
    logged
}

/// Whether the router has seen the request.
fn is_logged(connection: &mut Connection) -> bool {
    connection.try_answer(false).is_some_and(|answer| answer.header("x-request-id").is_some())
}

#[test]
fn no_request_forges_a_line() {
    for format in ["text", "json"] {
        let folder = database();
        let server = Serve::start(folder.path(), &["--log-format", format]);
        let logged = send_all(&server);
        assert!(logged > 7, "{logged}");
        let ended = server.stop();
        let is_safe = |character: char| !character.is_control() && !('\u{202a}'..='\u{202e}').contains(&character);
        for line in ended.log.lines() {
            assert!(line.len() < 1000 && line.chars().all(is_safe), "{line:?}");
            if format == "json" {
                let line: Value = serde_json::from_str(line).expect("JSON");
                assert!(line["level"].is_string() && line["message"].is_string(), "{line}");
            }
        }
        let requests = ended.log.lines().filter(|line| line.contains("milliseconds")).count();
        assert_eq!(requests, logged, "{}", ended.log);
    }
}

#[test]
fn a_level_leaves_out_what_is_less_important() {
    let folder = database();
    let mut warn = command(folder.path(), &["--log", "warn"]);
    // Without its address in the log, only that it runs is known.
    let mut process = warn.stderr(Stdio::piped()).spawn().expect("the server starts");
    thread::sleep(Duration::from_millis(300));
    assert!(process.try_wait().expect("its status").is_none());
    process.kill().expect("a kill");
    assert_eq!(process.wait_with_output().expect("its log").stderr, b"");
}

/// A log that nobody reads any more does not stop the server.
#[test]
fn a_closed_standard_error_is_harmless() {
    let folder = database();
    let mut process = command(folder.path(), &[]).stderr(Stdio::piped()).spawn().expect("the server starts");
    let mut log = BufReader::new(process.stderr.take().expect("its log"));
    let address = loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).expect("a line"), 0, "the server does not listen");
        if let Some(address) = address_in(&line) {
            break address;
        }
    };
    drop(log);
    let answers = [(); 3].map(|()| {
        let mut connection = Connection::open(address);
        connection.write(&Request::valid().to_bytes());
        connection.try_answer(false).map(|answer| answer.status)
    });
    process.kill().expect("a kill");
    process.wait().expect("its end");
    assert_eq!(answers, [Some(200); 3]);
}
