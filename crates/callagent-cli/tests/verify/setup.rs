//! Servers that cannot be tested: one line on standard error, and status 2.

use crate::{Folder, Ran, fake::Fake, url};

/// Asserts that a test cannot begin, and why.
fn assert_refused(Ran { status, report, errors }: &Ran, expected: &str) {
    assert_eq!((*status, report.as_str()), (Some(2), ""), "{errors}");
    assert!(errors.starts_with("callagent: ") && errors.lines().count() == 1, "{errors}");
    assert!(errors.contains(expected), "expected {expected:?} in {errors:?}");
}

#[test]
fn servers_that_are_not_the_one() {
    let folder = Folder::new();
    let page = "content-type: text/html\r\n\r\n<html>Welcome</html>";
    for (response, expected) in [
        (format!("HTTP/1.1 200 OK\r\n{page}"), "200 with a page of HTML"),
        (format!("HTTP/1.1 404 Not Found\r\n{page}"), "answered 404: the workspace `acme` has no agent `agent_1`, or"),
        (format!("HTTP/1.1 405 Method Not Allowed\r\n{page}"), "answered 405"),
        (format!("HTTP/1.1 500 Oh\r\n{page}"), "answered 500"),
        (format!("HTTP/1.1 302 Found\r\nlocation: /login\r\n{page}"), "redirects to /login"),
        (format!("HTTP/1.1 401 Unauthorized\r\n{page}"), "needs an access key, which none was given"),
        ("SSH-2.0-OpenSSH_9\r\n".to_owned(), "does not answer as an HTTP/1.1 server"),
        (String::new(), "does not answer as an HTTP/1.1 server"),
    ] {
        let server = Fake::new(response.clone());
        for format in ["human", "json", "junit"] {
            assert_refused(&folder.verify(&server.url, &["--format", format, "--record", "record"]), expected);
        }
        assert!(!folder.path().join("record").exists(), "a file of requests that were not sent");
    }
}

#[test]
fn urls_agents_and_keys_that_are_wrong() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    let url = url(&server);
    assert_refused(&folder.verify("http://127.0.0.1:1", &[]), "cannot connect to http://127.0.0.1:1: ");
    assert_refused(&folder.verify(&url.replace("http", "https"), &[]), "cannot connect to https://");
    assert_refused(&folder.verify(&format!("{url}/elsewhere"), &[]), "answered 404");
    assert_refused(&folder.verify("http://", &[]), "the URL is not valid");
    assert_refused(&folder.verify("http://user:hunter2@127.0.0.1", &[]), "without a user or password");
    for (option, value) in [("--workspace", "other"), ("--agent", "agent_2")] {
        let mut command = crate::program::bare_command(folder.path());
        let other = |name| if option == name { value } else { ["acme", "agent_1"][usize::from(name == "--agent")] };
        command.args(["verify", &url, "--workspace", other("--workspace"), "--agent", other("--agent")]);
        assert_refused(&crate::ran(&mut command), "answered 404: the workspace");
    }
    let server = Fake::new("HTTP/1.1 401 Unauthorized\r\n\r\n");
    std::fs::write(folder.path().join("key"), "ca_secret_secret\r\n").expect("the file is written");
    let wrong = folder.verify(&server.url, &["--access-key-file", "key"]);
    assert_refused(&wrong, "the access key is not valid");
    assert!(!wrong.errors.contains("ca_secret"), "{}", wrong.errors);
}

#[test]
fn arguments_that_are_wrong() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("empty"), "\n").expect("the file is written");
    std::fs::write(folder.path().join("lines"), "ca_secret\nca_secret\n").expect("the file is written");
    std::fs::write(folder.path().join("list.json"), "[]").expect("the file is written");
    for (arguments, expected) in [
        (&["--access-key-file", "missing"][..], "cannot read `missing`"),
        (&["--access-key-file", "empty"], "found nothing in the file `empty`"),
        (&["--access-key-file", "lines"], "the access key is empty or not visible ASCII"),
        (&["--header", "Authorization: Bearer hunter2"], "expected the name of a header"),
        (&["--header", "authorization=hunter2-hunter2"], "expected the name of a header"),
        (&["--header", "authorization=NO_SUCH_VARIABLE"], "`NO_SUCH_VARIABLE` of --header is not set"),
        (&["--header", "x-workspace-id=PATH"], "the test sets the header `x-workspace-id` itself"),
        (&["--rate", "0"], "expected a number of requests per second"),
        (&["--rate", "NaN"], "expected a number of requests per second"),
        (&["--timeout", "0s"], "expected a time above zero"),
        (&["--profile", "lenient"], "documented, strict, tolerant"),
        (&["--baseline", "missing"], "cannot read `missing`"),
        (&["--baseline", "list.json"], "expected the report of `callagent verify --format json` as the baseline"),
        (&["--replay", "list.json"], "expected the requests that --record stored in `list.json`"),
        (&["--replay", "empty"], "has no request for the agent `agent_1`"),
        (&["--replay", "empty", "--only", "http"], "cannot be used with"),
    ] {
        let ran = folder.verify("http://127.0.0.1:1", arguments);
        assert_refused(&ran, expected);
        assert!(!ran.errors.contains("ca_secret") && !ran.errors.contains("hunter2"), "{}", ran.errors);
    }
}
