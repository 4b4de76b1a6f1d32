//! Access keys: who is let in, in which order faults are answered, and what takes effect while the server runs.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use callagent::ProblemType;
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    client::{Answer, Request},
    common,
    program::{Serve, database, grant, succeed, wait_until},
};

/// The time within which a change of keys takes effect.
const EFFECT: Duration = Duration::from_secs(5);

fn with_key(key: &str) -> Request {
    Request::valid().set("x-api-key", key)
}

/// A directory with a database and keys: `acme`, `other`, `expired` and `revoked`, the latter two for the first workspace.
struct Keys {
    folder: TempDir,
    acme: String,
    other: String,
    expired: String,
    revoked: String,
}

impl Keys {
    fn new() -> Self {
        let folder = database();
        let path = folder.path();
        let keys = ["valid", "expired", "revoked"].map(|name| grant(path, "acme", name, &[]));
        let [acme, expired, revoked] = keys;
        let other = grant(path, "other", "valid", &["--expires", "90d"]);
        succeed(path, &["access", "revoke", "--workspace", "acme", "revoked"], "");
        let database = Connection::open(path.join("callagent.sqlite")).expect("the database");
        database.execute("UPDATE access_keys SET expires_at = 1 WHERE name = 'expired'", []).expect("an update");
        Keys { folder, acme, other, expired, revoked }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Requests without a valid key.
    fn unauthorized(&self) -> Vec<(&'static str, Request)> {
        let Keys { acme, expired, revoked, .. } = self;
        let unknown = format!("callagent_{}", "A".repeat(40));
        let [lower, padded, quoted, cut] =
            [acme.to_lowercase(), acme.clone() + "A", format!("\"{acme}\""), acme[..49].to_owned()];
        vec![
            ("missing", Request::valid().without("x-api-key")),
            ("empty", with_key("")),
            ("another header", Request::valid().without("x-api-key").set("Authorization", format!("Bearer {acme}"))),
            ("a query", Request { suffix: "?x-api-key=callagent_", ..Request::valid().without("x-api-key") }),
            ("repeated", with_key(acme).add("x-api-key", acme.as_str())),
            ("repeated with another", with_key(acme).add("x-api-key", "x")),
            ("malformed", with_key("key-of-acme")),
            ("lower case", with_key(&lower)),
            ("too long", with_key(&padded)),
            ("too short", with_key(&cut)),
            ("quoted", with_key(&quoted)),
            ("not UTF-8", Request::valid().set("x-api-key", b"callagent_\xFF".to_vec())),
            ("huge", with_key(&"A".repeat(60_000))),
            ("unknown", with_key(&unknown)),
            ("expired", with_key(expired)),
            ("revoked", with_key(revoked)),
        ]
    }
}

/// What a client can tell from an answer.
fn shown(answer: &Answer) -> (u16, Option<String>, String) {
    (answer.status, answer.header("www-authenticate").map(str::to_owned), answer.body.clone())
}

#[test]
fn who_is_let_in() {
    let keys = Keys::new();
    let server = Serve::start(keys.path(), &[]);
    // Each twice, since the second answer may come from memory.
    for _ in 0..2 {
        assert_eq!(server.send(&with_key(&keys.acme)).status, 200);
        let first = shown(&server.send(&Request::valid().without("x-api-key")));
        assert_eq!((first.0, first.1.as_deref()), (401, Some("ApiKey")));
        for (kind, request) in keys.unauthorized() {
            assert_eq!(shown(&server.send(&request)), first, "{kind}");
        }
        assert_eq!(server.send(&with_key(&keys.other)).outcome(), "forbidden");
        assert_eq!(server.send(&with_key(&keys.acme).set("x-workspace-id", "other")).outcome(), "forbidden");
        // The agent exists in another workspace.
        let hidden = server.send(&with_key(&keys.other).set("x-workspace-id", "other"));
        let nowhere = with_key(&keys.other).set("x-workspace-id", "other");
        let nowhere = server.send(&Request { segment: "nobody", ..nowhere });
        assert_eq!((hidden.outcome().as_str(), shown(&hidden)), ("not-found", shown(&nowhere)));
    }
    for page in ["/", "/healthz", "/readyz", "/openapi.json"] {
        let request = Request { method: "GET", prefix: page, segment: "", ..Request::valid().without("x-api-key") };
        assert!([200, 204].contains(&server.send(&request.body("")).status), "{page}");
    }
}

type Fault = (ProblemType, fn(Request) -> Request);

const BEFORE: &[Fault] = &[
    (ProblemType::NOT_FOUND, |request| Request { suffix: "/", ..request }),
    (ProblemType::BAD_PATH, |request| Request { segment: "%ZZ", ..request }),
    (ProblemType::METHOD_NOT_ALLOWED, |request| Request { method: "POST", ..request }),
    (ProblemType::BAD_WORKSPACE, |request| request.without("x-workspace-id")),
    (ProblemType::BAD_WORKSPACE, |request| request.add("x-workspace-id", "acme")),
    (ProblemType::BAD_PRECONDITION, |request| request.set("If-Match", "1")),
];

const AFTER: &[Fault] = &[
    (ProblemType::UNSUPPORTED_MEDIA_TYPE, |request| request.set("Content-Type", "text/plain")),
    (ProblemType::CONTENT_TOO_LARGE, |request| Request { padding: 2 << 20, ..request }),
    (ProblemType::MALFORMED, |request| request.body("{")),
    (ProblemType::INVALID_UPDATE, |request| request.body("{}")),
    (ProblemType::NOT_FOUND, |request| Request { segment: "nobody", ..request }),
    (ProblemType::PRECONDITION_FAILED, |request| {
        request.set("If-Match", "\"0\"").body(r#"{"llmModel": "gpt-5", "name": "x"}"#)
    }),
];

#[test]
fn the_first_of_two_faults_is_answered() {
    let keys = Keys::new();
    let server = Serve::start(keys.path(), &["--body-limit", "1048576", "--rate-limit", "1000000/s"]);
    let refused = keys.unauthorized().into_iter().map(|(kind, request)| (kind, request, "unauthorized"));
    for (kind, request, expected) in refused.chain([("forbidden", with_key(&keys.other), "forbidden")]) {
        for (first, edit) in BEFORE {
            if kind != "a query" {
                assert_eq!(server.send(&edit(request.clone())).outcome(), first.name(), "{kind}");
            }
        }
        for (second, edit) in AFTER {
            assert_eq!(server.send(&edit(request.clone())).outcome(), expected, "{kind} and {second:?}");
            // The body is not asked for.
            let mut connection = server.connect();
            connection.write(&edit(request.clone().set("Expect", "100-continue")).head());
            assert_eq!(connection.answer(false).outcome(), expected, "{kind} and {second:?}");
        }
    }
    for (fault, edit) in BEFORE.iter().chain(AFTER) {
        assert_eq!(server.send(&edit(with_key(&keys.acme))).outcome(), fault.name());
    }
}

#[test]
fn grants_expiries_and_revocations_take_effect_while_serving() {
    let folder = database();
    let path = folder.path();
    let server = Serve::start(path, &[]);
    server.assert_serving();
    let start = Instant::now();
    let first = grant(path, "acme", "first", &[]);
    wait_until("a key is required", || server.send(&Request::valid()).status == 401);
    assert!(start.elapsed() < EFFECT + Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(server.send(&with_key(&first)).status, 200);

    let brief = grant(path, "acme", "brief", &["--expires", "2s"]);
    assert_eq!(server.send(&with_key(&brief)).status, 200, "a new key is valid at once");
    let start = Instant::now();
    wait_until("the key expires", || server.send(&with_key(&brief)).status == 401);
    assert!(start.elapsed() < Duration::from_secs(3), "an expiry takes effect at once: {:?}", start.elapsed());

    succeed(path, &["access", "revoke", "--workspace", "acme", "first"], "");
    let start = Instant::now();
    wait_until("the key is revoked", || server.send(&with_key(&first)).status == 401);
    assert!(start.elapsed() < EFFECT + Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(server.send(&Request::valid()).status, 401, "without a valid key, nobody is let in");
    server.stop();
    let server = Serve::start(path, &[]);
    assert_eq!(server.send(&Request::valid()).status, 401);
    assert_eq!(server.send(&with_key(&first)).status, 401);
}

#[test]
fn beyond_this_machine() {
    let keys = Keys::new();
    let serve = |arguments: &[&str]| {
        // The last one counts.
        let mut command = crate::program::bare_command(keys.path());
        command.args(["serve", "--listen", "0.0.0.0:0"]).args(arguments);
        Serve::spawn(command)
    };
    let server = serve(&[]);
    assert_eq!(server.send(&with_key(&keys.acme)).status, 200);
    assert_eq!(server.send(&Request::valid()).status, 401);
    assert!(!server.stop().log.contains("WARN"));
    let server = serve(&["--no-auth"]);
    assert_eq!(server.send(&Request::valid().without("x-api-key")).status, 200);
    let ended = server.stop();
    assert!(ended.log.contains("no access keys are checked, and the server listens beyond this machine"));
    let server = Serve::start(keys.path(), &["--no-auth"]);
    assert_eq!(server.send(&with_key(&keys.other)).status, 200, "keys are not looked at");
    assert!(server.stop().log.contains("no access keys are checked, although there are some"));
}

#[test]
fn a_key_is_nowhere() {
    let keys = Keys::new();
    let parts = [&keys.acme, &keys.other, &keys.expired, &keys.revoked].map(|key| key[20..].to_owned());
    let is_absent =
        |bytes: &[u8]| parts.iter().all(|part| bytes.windows(part.len()).all(|window| window != part.as_bytes()));
    for format in ["text", "json"] {
        let server = Serve::start(keys.path(), &["--log", "debug", "--log-format", format]);
        let requests = [&keys.acme, &keys.other, &keys.expired, &keys.revoked].map(|key| with_key(key));
        for request in requests.into_iter().chain(keys.unauthorized().into_iter().map(|(_, request)| request)) {
            let answer = server.send(&request);
            assert!(is_absent(format!("{answer:?}").as_bytes()), "{answer:?}");
        }
        let log = server.stop().log;
        assert!(log.lines().count() > 20 && is_absent(log.as_bytes()), "{log}");
    }
    for file in fs::read_dir(keys.path()).expect("a folder") {
        let path = file.expect("a file").path();
        assert!(is_absent(&fs::read(&path).expect("a file")), "{}", path.display());
    }
    for arguments in [&["access", "list"][..], &["access", "list", "--format", "json"], &["serve", "--show-config"]] {
        let (output, errors) = succeed(keys.path(), arguments, "");
        assert!(is_absent((output + &errors).as_bytes()));
    }
}

/// Replaces times by their form.
fn without_times(text: &str) -> String {
    let time = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").expect("a regular expression");
    time.replace_all(text, "TTTT-TT-TTTTT:TT:TTZ").into_owned()
}

#[test]
fn keys_are_listed() {
    let keys = Keys::new();
    let (table, errors) = succeed(keys.path(), &["access", "list"], "");
    assert_eq!(errors, "");
    insta::assert_snapshot!(without_times(&table));
    let (json, _) = succeed(keys.path(), &["access", "list", "--workspace", "other", "--format", "json"], "");
    insta::assert_snapshot!(without_times(&json));
    let (json, _) = succeed(keys.path(), &["access", "list", "--workspace", "none", "--format", "json"], "");
    assert_eq!(serde_json::from_str::<Value>(&json).expect("JSON"), Value::Array(Vec::new()));
}

#[test]
fn the_key_alone_is_printed() {
    let folder = database();
    let grant = ["access", "grant", "--workspace", "acme", "--name", "a \u{202e}b"];
    let (key, message) = succeed(folder.path(), &grant, "");
    assert!(key.len() == 51 && key.starts_with("callagent_") && key.ends_with('\n'), "{key}");
    let expected = "callagent: granted the access key `a \\u202eb` for the workspace `acme`; it does not expire, and is \
                    not shown again\n";
    assert_eq!(message, expected);
    let (table, _) = succeed(folder.path(), &["access", "list"], "");
    assert!(table.contains("a \\u202eb"), "{table}");
}

/// A key that could not be printed is not valid.
#[cfg(target_os = "linux")]
#[test]
fn a_key_that_nobody_has_seen_is_revoked() {
    let folder = database();
    let mut command = crate::program::bare_command(folder.path());
    command.args(["access", "grant", "--workspace", "acme", "--name", "lost"]);
    let output = command.stdout(fs::File::create("/dev/full").expect("it exists")).output().expect("the command runs");
    let message = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert!(message.starts_with("callagent: cannot write to standard output: "), "{message}");
    let (table, _) = succeed(folder.path(), &["access", "list"], "");
    assert!(table.contains("lost  revoked"), "{table}");
}

#[test]
fn each_mistake_is_a_clear_line() {
    let keys = Keys::new();
    let mut messages = String::new();
    let grant = |arguments: &'static [&'static str]| [&["grant", "--workspace", "acme"], arguments].concat();
    for arguments in [
        grant(&[]),
        grant(&["--name", "valid"]),
        grant(&["--name", "revoked"]),
        grant(&["--name", ""]),
        grant(&["--name", " a"]),
        grant(&["--name", "a\nb"]),
        grant(&["--name", "new", "--expires", "soon"]),
        grant(&["--name", "new", "--expires", "2020-01-01T00:00:00Z"]),
        grant(&["--name", "new", "--database", ":memory:"]),
        vec!["grant", "--name", "new"],
        vec!["grant", "--name", "new", "--workspace", " acme"],
        vec!["list", "--database", "missing.sqlite"],
        vec!["list", "--format", "xml"],
        vec!["revoke", "--workspace", "acme", "nothing"],
        vec!["revoke", "--workspace", "other", "revoked"],
        vec!["revoke", "--workspace", "acme", "valid", "--database", "missing.sqlite"],
        vec!["revoke", "--workspace", "acme"],
    ] {
        let arguments = [vec!["access"], arguments].concat();
        let (status, output, message) = common::run(keys.path(), &arguments, b"");
        assert!(status == 2 && output.is_empty() && message.lines().count() == 1, "{arguments:?}: {message}");
        messages += &format!("{}\n    {message}", arguments.join(" ").escape_debug());
    }
    insta::assert_snapshot!(messages);
    assert!(!keys.path().join("missing.sqlite").exists());
}

/// Many clients at once, while their key is looked up again.
#[test]
fn a_key_is_valid_throughout() {
    let keys = Keys::new();
    let server = &Serve::start(keys.path(), &["--log", "info"]);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut connection = server.connect();
                let start = Instant::now();
                while start.elapsed() < Duration::from_secs(3) {
                    assert_eq!(connection.send(&with_key(&keys.acme)).status, 200);
                }
            });
        }
    });
}
