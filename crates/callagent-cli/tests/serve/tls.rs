//! TLS: the same limits as without, a clear line for each mistake, and a certificate that is renewed.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tempfile::TempDir;

use crate::{
    client::Request,
    common,
    program::{Serve, command, database, grant, wait_until},
};

const AUTHORITY: &[u8] = include_bytes!("../../../callagent-client/tests/client/certificates/ca.pem");
const CERTIFICATE: &[u8] = include_bytes!("../../../callagent-client/tests/client/certificates/server.pem");
const KEY: &[u8] = include_bytes!("../../../callagent-client/tests/client/certificates/server.key");

/// A database, and files with the certificate and its key.
fn folder() -> TempDir {
    let folder = database();
    for (name, text) in [("server.pem", CERTIFICATE), ("server.key", KEY), ("ca.pem", AUTHORITY)] {
        fs::write(folder.path().join(name), text).expect("the file is written");
    }
    folder
}

fn serve(folder: &TempDir, arguments: &[&str]) -> Serve {
    let tls = ["--tls-cert", "server.pem", "--tls-key", "server.key", "--log", "debug"];
    Serve::start(folder.path(), &[&tls, arguments].concat())
}

/// A client that trusts the authority, and offers these protocols.
fn config(protocols: &[&str]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(AUTHORITY).expect("a certificate")).expect("it is trusted");
    let config = ClientConfig::builder_with_provider(ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions().expect("the versions are supported");
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    Arc::new(config)
}

type Stream = StreamOwned<ClientConnection, TcpStream>;

fn tcp(server: &Serve) -> TcpStream {
    let stream = TcpStream::connect(server.address()).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a limit");
    stream
}

fn connect(server: &Serve, protocols: &[&str]) -> io::Result<Stream> {
    let name = ServerName::try_from("localhost").expect("a name");
    let client = ClientConnection::new(config(protocols), name).expect("a client");
    let mut stream = StreamOwned::new(client, tcp(server));
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(stream)
}

/// Sends a request and reads until the server ends the connection.
fn exchange(stream: &mut Stream, request: Request) -> String {
    stream.write_all(&request.set("Connection", "close").to_bytes()).expect("the request is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the connection is closed as TLS requires");
    answer
}

fn status(server: &Serve, request: Request) -> String {
    let mut stream = connect(server, &["http/1.1"]).expect("a connection");
    exchange(&mut stream, request).split(' ').nth(1).expect("a status").to_owned()
}

#[test]
fn the_call_over_tls() {
    let folder = folder();
    let key = grant(folder.path(), "acme", "first", &[]);
    let server = serve(&folder, &[]);
    assert_eq!(status(&server, Request::valid()), "401");
    assert_eq!(status(&server, Request::valid().set("x-api-key", key)), "200");
    for (protocols, expected) in [(&["http/1.1"][..], Some(&b"http/1.1"[..])), (&["h2", "http/1.1"], Some(b"http/1.1"))]
    {
        assert_eq!(connect(&server, protocols).expect("a connection").conn.alpn_protocol(), expected);
    }
    assert_eq!(connect(&server, &[]).expect("a connection").conn.alpn_protocol(), None);
    assert!(connect(&server, &["h2"]).is_err(), "HTTP/2 is not supported");
    let ended = server.stop();
    assert_eq!(ended.status, Some(0));
    assert!(ended.log.contains("listening on https://") && ended.log.contains("cannot establish TLS"), "{}", ended.log);
}

/// A connection that does not speak TLS is closed without a reset, and others are served.
#[test]
fn plain_http_and_noise() {
    let folder = folder();
    let server = serve(&folder, &[]);
    let large = vec![b'x'; 40_000];
    let plain = Request::valid().to_bytes();
    for bytes in
        [&plain[..], b"GET / HTTP/1.0\r\n\r\n", b"\0", &large, b"\x16\x03\x01\xff\xff", b"\x16\x03\x01\0\x01\0"]
    {
        let mut stream = tcp(&server);
        stream.write_all(bytes).expect("the bytes are sent");
        stream.shutdown(std::net::Shutdown::Write).expect("it is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("no reset");
        assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    }
    assert_eq!(status(&server, Request::valid()), "200");
}

#[test]
fn limits_hold_for_tls() {
    let folder = folder();
    let limits = ["--head-timeout", "400ms", "--max-connections", "4", "--write-timeout", "500ms"];
    let server = serve(&folder, &limits);
    let start = Instant::now();
    // Half a handshake, a whole one without a request, and none at all. Each of them counts as a connection.
    let mut silent: Vec<_> = (0..2).map(|_| tcp(&server)).collect();
    let mut half = tcp(&server);
    half.write_all(b"\x16\x03\x01\x02\x00\x01").expect("it is sent");
    silent.push(half);
    let idle = connect(&server, &[]).expect("a connection");
    assert_eq!(status(&server, Request::valid()), "200", "it waits for one of the others");
    assert!(start.elapsed() >= Duration::from_millis(350), "{:?}", start.elapsed());
    for mut stream in silent {
        let closed = stream.read_to_end(&mut Vec::new());
        assert!(closed.is_ok() || closed.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionReset));
    }
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    drop(idle);

    // A client that reads nothing is cut off.
    let page = Request { method: "GET", prefix: "/", segment: "", ..Request::valid().body("") }.to_bytes().repeat(100);
    let mut stream = connect(&server, &[]).expect("a connection");
    stream.sock.set_write_timeout(Some(Duration::from_millis(200))).expect("a limit");
    let start = Instant::now();
    loop {
        match stream.write_all(&page) {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        assert!(start.elapsed() < Duration::from_secs(10), "the client is not cut off");
    }
    assert_eq!(status(&server, Request::valid()), "200");
}

#[test]
fn a_stop_finishes_requests_and_waits_for_nothing_else() {
    let folder = folder();
    let server = serve(&folder, &["--latency", "400ms", "--drain-timeout", "10s"]);
    let _silent = tcp(&server);
    let mut half = tcp(&server);
    half.write_all(b"\x16\x03\x01\x02\x00\x01").expect("it is sent");
    let mut idle = connect(&server, &[]).expect("a connection");
    let mut stream = connect(&server, &[]).expect("a connection");
    stream.write_all(&Request::valid().to_bytes()).expect("it is sent");
    thread::sleep(Duration::from_millis(100));
    let start = Instant::now();
    server.signal("TERM");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the connection is closed as TLS requires");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(idle.read(&mut [0]).expect("the connection is closed as TLS requires"), 0);
    let ended = server.wait();
    assert_eq!(ended.status, Some(0), "{}", ended.log);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn a_certificate_is_read_again() {
    let folder = folder();
    let server = serve(&folder, &[]);
    let replace = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).expect("the file is written");
    let kept = connect(&server, &[]).expect("a connection");
    replace("server.pem", b"nonsense");
    server.signal("HUP");
    thread::sleep(Duration::from_millis(300));
    assert_eq!(status(&server, Request::valid()), "200", "the previous certificate is kept");
    // The authority's certificate does not belong to the key, and then there are two certificates.
    replace("server.pem", AUTHORITY);
    server.signal("HUP");
    thread::sleep(Duration::from_millis(300));
    assert_eq!(status(&server, Request::valid()), "200");
    replace("server.pem", &[CERTIFICATE, AUTHORITY].concat());
    server.signal("HUP");
    wait_until("the new chain is used", || {
        let stream = connect(&server, &[]).expect("a connection");
        stream.conn.peer_certificates().is_some_and(|chain| chain.len() == 2)
    });
    drop(kept);
    let ended = server.stop();
    assert_eq!(ended.status, Some(0), "{}", ended.log);
    for expected in [
        "the previous certificate is kept: expected a certificate as PEM in `server.pem`, found none",
        "the previous certificate is kept: the private key in `server.key` is not that of the first certificate",
        "the certificate was read again",
    ] {
        assert!(ended.log.contains(expected), "{}", ended.log);
    }
}

#[test]
fn each_mistake_is_a_clear_line() {
    let folder = folder();
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    for (name, text) in [
        ("empty", ""),
        ("encrypted.key", encrypted),
        ("garbage.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        ("garbage.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ("base64.pem", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"),
        ("cut.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n"),
        ("large", &"#".repeat(2_000_000)),
    ] {
        fs::write(folder.path().join(name), text).expect("the file is written");
    }
    let mut messages = String::new();
    for (certificate, key) in [
        (Some("server.pem"), None),
        (None, Some("server.key")),
        (Some("missing.pem"), Some("server.key")),
        (Some("server.pem"), Some("missing.key")),
        (Some("."), Some("server.key")),
        (Some("empty"), Some("server.key")),
        (Some("server.pem"), Some("empty")),
        (Some("server.key"), Some("server.pem")),
        (Some("server.pem"), Some("server.pem")),
        (Some("ca.pem"), Some("server.key")),
        (Some("server.pem"), Some("encrypted.key")),
        (Some("server.pem"), Some("garbage.key")),
        (Some("garbage.pem"), Some("server.key")),
        (Some("base64.pem"), Some("server.key")),
        (Some("cut.pem"), Some("server.key")),
        (Some("large"), Some("server.key")),
        (Some("server.pem"), Some("large")),
    ] {
        let arguments = [("--tls-cert", certificate), ("--tls-key", key)];
        let arguments = arguments.into_iter().filter_map(|(flag, file)| Some([flag, file?])).flatten();
        let arguments: Vec<_> = ["serve", "--listen", "127.0.0.1:0"].into_iter().chain(arguments).collect();
        let (status, output, message) = common::run(folder.path(), &arguments, b"");
        assert!(status == 2 && output.is_empty() && message.lines().count() == 1, "{arguments:?}: {message}");
        messages += &format!("{}\n    {message}", arguments[3..].join(" "));
    }
    insta::assert_snapshot!(messages);
}

/// Without TLS, SIGHUP ends the server as it ends any other program.
#[test]
fn a_hangup_without_tls_ends_the_server() {
    let folder = database();
    let server = Serve::spawn(command(folder.path(), &[]));
    server.signal("HUP");
    assert_eq!(server.wait().status, None);
}
