//! Limits on time, connections and memory: no client holds the server.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    client::{Connection, Request},
    program::{Serve, database, import, wait_until},
};

/// A request whose last byte is not sent.
fn half_sent(server: &Serve) -> Connection {
    let mut connection = server.connect();
    let mut bytes = Request::valid().to_bytes();
    bytes.pop();
    connection.write(&bytes);
    connection
}

#[test]
fn slow_clients_are_cut_off() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--head-timeout", "300ms", "--body-timeout", "600ms"]);
    let start = Instant::now();
    let bytes = Request::valid().to_bytes();
    let is_between = |least: u128, most: u128| {
        let elapsed = start.elapsed().as_millis();
        assert!((least..most).contains(&elapsed), "{elapsed} ms");
    };
    let mut unused = server.connect();
    let mut idle = server.connect();
    assert_eq!(idle.send(&Request::valid()).status, 200);
    let mut slow_head = server.connect();
    slow_head.write(&bytes[..30]);
    let mut slow_body = server.connect();
    slow_body.write(&bytes[..bytes.len() - 1]);
    // Each byte is a new chance for a limit that counts from the last one.
    let trickle = |mut connection: Connection| {
        thread::spawn(move || {
            (0..100)
                .take_while(|_| {
                    thread::sleep(Duration::from_millis(50));
                    connection.try_write(b"a")
                })
                .count()
        })
    };
    let mut trickled = server.connect();
    trickled.write(b"PUT /");
    let trickling = trickle(trickled);

    for connection in [&mut unused, &mut idle, &mut slow_head] {
        assert!(connection.try_answer(false).is_none_or(|answer| answer.status == 408));
    }
    is_between(250, 3000);
    assert_eq!(slow_body.answer(false).outcome(), "request-timeout");
    is_between(550, 4000);
    let sent = trickling.join().expect("a client");
    assert!(sent < 50, "{sent} bytes");
    server.assert_serving();
}

#[test]
fn idle_connections_do_not_hold_others() {
    let folder = database();
    let wanted = 2000;
    let limit = rlimit::increase_nofile_limit(u64::MAX).expect("a limit");
    let count = wanted.min(usize::try_from(limit).expect("a number").saturating_sub(200));
    if count < wanted {
        println!("only {count} connections: this machine allows {limit} open files");
    }
    let server = Serve::start(folder.path(), &["--head-timeout", "20s", "--body-timeout", "20s"]);
    let mut idle = Vec::new();
    for number in 0..count {
        let mut connection = server.connect();
        match number % 3 {
            0 => connection.write(b"PUT /v1/api"),
            1 => connection.write(&Request::valid().head()),
            _ => {}
        }
        idle.push(connection);
        // Meanwhile others are served, which means that the connections so far are accepted.
        if number % 100 == 0 {
            server.assert_serving();
        }
    }
    let start = Instant::now();
    server.assert_serving();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    server.assert_small();
    // The rest of a request arrives.
    idle[1].write(Request::valid().body.as_bytes());
    assert_eq!(idle[1].answer(false).status, 200);
}

#[test]
fn connections_beyond_the_limit_wait() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--max-connections", "10", "--head-timeout", "500ms"]);
    let idle: Vec<_> = (0..30).map(|_| server.connect()).collect();
    let start = Instant::now();
    // It is served once earlier ones have timed out.
    server.assert_serving();
    assert!((400..5000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
    drop(idle);
}

#[test]
fn the_memory_for_bodies_is_bounded() {
    let folder = database();
    let limits = ["--memory-limit", "8000000", "--body-limit", "2000000", "--body-timeout", "2s"];
    let server = Serve::start(folder.path(), &limits);
    let large = Request { padding: 1 << 20, ..Request::valid().body("") }.head();
    let mut connections: Vec<_> = (0..200).map(|_| server.connect()).collect();
    for connection in &mut connections {
        connection.write(&large);
    }
    let part = vec![b' '; 1_000_000];
    for connection in &mut connections {
        // The server may have answered, and reads on only for a while.
        connection.try_write(&part);
    }
    // Less than a body of memory is left, which is enough for small ones.
    server.assert_serving();
    let (mut refused, mut received) = (0, 0);
    for connection in &mut connections {
        let answer = connection.answer(false);
        match answer.outcome().as_str() {
            "unavailable" => refused += 1,
            "request-timeout" => received += 1,
            _ => panic!("{answer:?}"),
        }
        assert!(answer.status == 408 || answer.header("retry-after").is_some());
    }
    assert!((1..=8).contains(&received), "{received} bodies were received, {refused} refused");
    server.assert_small();
    let large = Request { padding: 1 << 20, ..Request::valid() };
    assert_eq!(server.send(&large).status, 200, "there is memory again");
}

#[test]
fn half_sent_bodies_do_not_hold_others() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--body-timeout", "800ms"]);
    let mut connections: Vec<_> = (0..200).map(|_| half_sent(&server)).collect();
    server.assert_serving();
    for connection in connections.iter_mut().take(100) {
        assert_eq!(connection.answer(false).outcome(), "request-timeout");
    }
    drop(connections);
    server.assert_serving();
}

/// A client that sends requests and reads no response is not answered without bound, and is cut off.
#[test]
fn a_client_that_never_reads_is_cut_off() {
    let folder = database();
    let server = Serve::start(folder.path(), &["--write-timeout", "500ms"]);
    let page = Request { method: "GET", prefix: "/", segment: "", ..Request::valid().body("") }.to_bytes().repeat(100);
    let mut connection = server.connect();
    let start = Instant::now();
    while connection.try_write(&page) {
        assert!(start.elapsed() < Duration::from_secs(10), "the client is not cut off");
    }
    server.assert_serving();
    server.assert_small();
}

#[test]
fn the_memory_for_responses_is_bounded() {
    let folder = database();
    import(folder.path(), r#"{"_id": "agent_2"}"#);
    let limits = ["--memory-limit", "16000000", "--body-limit", "7000000", "--write-timeout", "20s"];
    let server = Serve::start(folder.path(), &limits);
    let large = format!(r#"{{"llmModel": "gpt-5", "name": "{}"}}"#, "x".repeat(6_000_000));
    assert_eq!(server.put(&large).status, 200);
    // A response has 6 MB, which is more than the operating system buffers.
    let mut connections: Vec<_> = (0..4).map(|_| server.connect()).collect();
    for connection in &mut connections {
        connection.write(&Request::valid().to_bytes());
    }
    wait_until("there is no memory", || server.send(&Request::valid()).outcome() == "unavailable");
    assert_eq!(server.send(&Request { segment: "agent_2", ..Request::valid() }).status, 200);
    let statuses: Vec<_> = connections.iter_mut().map(|connection| connection.answer(false).status).collect();
    assert!(statuses.contains(&503) && statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
    server.assert_serving();
}
