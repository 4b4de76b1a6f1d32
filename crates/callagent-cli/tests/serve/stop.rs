//! Stopping: what is being served is answered and committed, and nothing holds the server.

use std::{
    net::Shutdown,
    thread,
    time::{Duration, Instant},
};

use crate::{
    client::{Connection, Request},
    program::{Serve, database, wait_until},
};

/// Sends requests that take a moment, and waits until they have arrived.
fn in_flight(server: &Serve, count: usize) -> Vec<Connection> {
    let connections = (0..count).map(|number| {
        let mut connection = server.connect();
        let body = format!(r#"{{"llmModel": "gpt-5", "settings": {{"client-{number}": 1}}}}"#);
        connection.write(&Request::valid().body(body).to_bytes());
        connection
    });
    let connections = connections.collect();
    thread::sleep(Duration::from_millis(100));
    connections
}

#[test]
fn requests_in_flight_are_answered_and_committed() {
    for signal in ["TERM", "INT"] {
        let folder = database();
        let server = Serve::start(folder.path(), &["--latency", "400ms"]);
        let mut idle = server.connect();
        let health = Request { method: "GET", prefix: "/healthz", segment: "", ..Request::valid().body("") };
        assert_eq!(idle.send(&health).status, 204);
        let mut unused = server.connect();
        let connections = in_flight(&server, 20);
        server.signal(signal);
        for mut connection in connections {
            let answer = connection.answer(false);
            assert_eq!((answer.status, answer.header("connection")), (200, Some("close")), "{answer:?}");
            assert!(connection.is_closed_by_the_server());
        }
        assert!(idle.is_closed_by_the_server() && unused.is_closed_by_the_server());
        let ended = server.wait();
        assert_eq!(ended.status, Some(0), "{}", ended.log);
        assert!(ended.log.trim_end().ends_with("stopped"), "{}", ended.log);

        let server = Serve::start(folder.path(), &[]);
        let agent = server.put(r#"{"llmModel": "gpt-5"}"#).body;
        assert!((0..20).all(|number| agent.contains(&format!(r#""client-{number}":1"#))), "{agent}");
    }
}

#[test]
fn incomplete_requests_do_not_hold_a_stop() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--drain-timeout", "300ms"]);
    let request = Request::valid().to_bytes();
    let _connections: Vec<_> = [1, 20, request.len() - 1]
        .iter()
        .map(|length| {
            let mut connection = server.connect();
            connection.write(&request[..*length]);
            connection
        })
        .collect();
    thread::sleep(Duration::from_millis(100));
    let start = Instant::now();
    let ended = server.stop();
    assert_eq!(ended.status, Some(0), "{}", ended.log);
    assert!((300..2000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
    assert!(ended.log.contains("closing 3 connections"), "{}", ended.log);
}

/// A request that was begun before the stop is served, and learns of the stop.
#[test]
fn a_stopping_server_is_not_ready() {
    let folder = database();
    let server = Serve::start(folder.path(), &[]);
    let ready = Request { method: "GET", prefix: "/readyz", segment: "", ..Request::valid().body("") }.to_bytes();
    let mut connection = server.connect();
    connection.write(&ready[..10]);
    thread::sleep(Duration::from_millis(100));
    server.signal("TERM");
    wait_until("the server accepts no connections", || std::net::TcpStream::connect(server.address()).is_err());
    connection.write(&ready[10..]);
    let answer = connection.answer(false);
    assert_eq!(answer.outcome(), "unavailable");
    assert_eq!(answer.problem().detail.as_deref(), Some("the server is stopping"));
    assert_eq!(server.wait().status, Some(0));
}

#[test]
fn a_second_signal_exits_at_once() {
    for (first, second) in [("TERM", "TERM"), ("INT", "INT"), ("TERM", "INT")] {
        let folder = database();
        let server = Serve::start(folder.path(), &["--latency", "20s"]);
        let connections = in_flight(&server, 1);
        server.signal(first);
        wait_until("the server accepts no connections", || std::net::TcpStream::connect(server.address()).is_err());
        let start = Instant::now();
        server.signal(second);
        let ended = server.wait();
        assert_eq!(ended.status, Some(130), "{}", ended.log);
        assert!(start.elapsed() < Duration::from_secs(5));
        drop(connections);
    }
}

/// The address in the log is a promise that a signal is handled.
#[test]
fn a_signal_at_the_first_moment_stops_gracefully() {
    for _ in 0..10 {
        let folder = database();
        let ended = Serve::start(folder.path(), &[]).stop();
        assert_eq!(ended.status, Some(0), "{}", ended.log);
    }
}

#[test]
fn a_client_that_leaves_has_its_update_applied() {
    let folder = database();
    let server = Serve::start(folder.path(), &[]);
    for number in 0..50 {
        let mut connection = server.connect();
        let body = format!(r#"{{"llmModel": "gpt-5", "settings": {{"client-{number}": 1}}}}"#);
        connection.write(&Request::valid().body(body).to_bytes());
        if number % 2 == 0 {
            connection.shutdown(Shutdown::Both);
        }
    }
    wait_until("all updates are applied", || {
        let agent = server.put(r#"{"llmModel": "gpt-5"}"#).body;
        (0..50).all(|number| agent.contains(&format!(r#""client-{number}":1"#)))
    });
    server.assert_serving();
    assert_eq!(server.stop().status, Some(0));
}
