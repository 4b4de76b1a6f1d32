//! The server of the command passes with access keys, over TLS and with a limit on the rate.

use std::{fs, path::Path};

use crate::{AGENT, Folder, program, ran};

const CERTIFICATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../callagent-client/tests/client/certificates");

/// Serves the agent from a database with an access key. Returns the key, too.
fn serve(folder: &Folder, arguments: &[&str]) -> (program::Serve, String) {
    program::import(folder.path(), AGENT);
    let key = program::grant(folder.path(), "acme", "contract test", &["--expires", "1h"]);
    (program::Serve::start(folder.path(), arguments), key)
}

#[test]
fn the_server_has_no_failure_with_keys() {
    let folder = Folder::new();
    let (server, key) = serve(&folder, &["--rate-limit", "100000/s"]);
    let url = crate::url(&server);
    let arguments = ["--profile", "strict", "--touch-keys", "--format", "json"];
    let passed = ran(folder.command(&url, &arguments).env("CALLAGENT_ACCESS_KEY", &key));
    assert_eq!(passed.status, Some(0), "{}{}", passed.report, passed.errors);
    assert!(passed.errors.contains(" 0 failed, "), "{}", passed.errors);
    assert!(!passed.report.contains(&key[20..]) && !passed.errors.contains(&key[20..]));
    let outcomes = passed.outcomes();
    for case in ["refuses/access-key-missing", "refuses/access-key-wrong"] {
        assert_eq!(outcomes.get(case).map(String::as_str), Some("passed"), "{case}");
    }
    let refused = folder.verify(&url, &[]);
    assert!(refused.status == Some(2) && refused.errors.contains("401"), "{}{}", refused.report, refused.errors);
}

#[test]
fn the_server_has_no_failure_over_tls() {
    let folder = Folder::new();
    let file = |name: &str| Path::new(CERTIFICATES).join(name);
    for name in ["server.pem", "server.key"] {
        fs::copy(file(name), folder.path().join(name)).expect("the file is copied");
    }
    let (server, key) = serve(&folder, &["--tls-cert", "server.pem", "--tls-key", "server.key"]);
    let url = format!("https://localhost:{}", server.address().port());
    let mut command = folder.command(&url, &["--profile", "strict"]);
    let passed = ran(command.env("CALLAGENT_ACCESS_KEY", &key).env("SSL_CERT_FILE", file("ca.pem")));
    assert_eq!(passed.status, Some(0), "{}{}", passed.report, passed.errors);
    assert!(passed.errors.contains(" 0 failed, "), "{}", passed.errors);
}
