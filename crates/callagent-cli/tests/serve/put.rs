//! `callagent put`.

use std::{fs, net::TcpListener, path::Path, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    client::Request,
    program::{Serve, bare_command},
};

const UPDATE: &str = r#"{"llmModel": "gpt-5", "name": "Support"}"#;
const KEY: &str = "sk-it's-secret";

/// A server with the agent `agent_1`, and a directory with updates.
fn serve(arguments: &[&str]) -> (TempDir, Serve) {
    let folder = TempDir::new().expect("a temporary folder");
    let server = Serve::in_memory(folder.path(), r#"{"_id": "agent_1", "name": "First"}"#, arguments);
    let key = json!({"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": KEY}});
    let invalid = json!({"llmModel": "gpt-6", "elevenLabsApiKey": KEY}).to_string();
    for (name, text) in [("update.json", UPDATE), ("key.json", &key.to_string()), ("invalid.json", &invalid)] {
        fs::write(folder.path().join(name), text).expect("the file is written");
    }
    (folder, server)
}

/// Runs the command for the workspace `acme`; returns its status, output and errors.
fn put(folder: &Path, url: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = bare_command(folder);
    command.args(["put", "--workspace", "acme", "--base-url", url]).args(arguments);
    let output = command.env("CALLAGENT_ACCESS_KEY", "an-access-key").output().expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    let (out, errors) = (text(output.stdout), text(output.stderr));
    for secret in [KEY, "an-access-key"] {
        assert!(!(out.clone() + &errors).contains(secret), "{out}{errors}");
    }
    (output.status.code().expect("a status"), out, errors)
}

fn url(server: &Serve) -> String {
    format!("http://{}", server.address())
}

fn agent(out: &str) -> Value {
    serde_json::from_str(out).expect("an agent")
}

#[test]
fn the_agent_is_printed_and_its_tag() {
    let (folder, server) = serve(&[]);
    let (status, out, errors) = put(folder.path(), &url(&server), &["agent_1", "update.json"]);
    assert_eq!((status, &agent(&out)["name"]), (0, &json!("Support")), "{errors}");
    let tag = errors.trim_end().strip_prefix("callagent: updated the agent; its entity tag is ").expect("a tag");
    // With and without the quotes, which a shell removes.
    for tag in [tag, tag.trim_matches('"'), "*"] {
        let (status, again, errors) = put(folder.path(), &url(&server), &["agent_1", "update.json", "--if-match", tag]);
        assert_eq!((status, again.as_str()), (0, out.as_str()), "{errors}");
    }
    let (status, out, errors) = put(folder.path(), &url(&server), &["agent_1", "key.json", "--if-match", "17"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(errors.contains("the agent is not in the state that `If-Match` requires"), "{errors}");
}

#[test]
fn an_invalid_update_is_reported_as_by_validate_and_not_sent() {
    let (folder, _server) = serve(&[]);
    let unused = TcpListener::bind("127.0.0.1:0").expect("a port");
    let nowhere = format!("http://{}", unused.local_addr().expect("an address"));
    for format in ["human", "concise", "json", "ndjson", "github", "sarif"] {
        let reported = put(folder.path(), &nowhere, &["agent_1", "invalid.json", "--format", format]);
        let mut validate = bare_command(folder.path());
        let validated = validate.args(["validate", "invalid.json", "--format", format]).output().expect("a report");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        assert_eq!(reported, (1, text(validated.stdout), text(validated.stderr)), "{format}");
    }
    unused.set_nonblocking(true).expect("a socket");
    assert!(unused.accept().is_err(), "nothing is sent");
}

#[test]
fn a_refusal_has_the_violations_of_the_server() {
    let (folder, server) = serve(&[]);
    let update = json!({"llmModel": "gpt-6", "ttsModel": {"provider": "acme"}}).to_string();
    fs::write(folder.path().join("new.json"), update).expect("the file is written");
    let accept = ["--accept", "llmModel=gpt-6", "--accept", "provider=acme"];
    let arguments = [&["agent_1", "new.json"][..], &accept].concat();
    let (status, out, errors) = put(folder.path(), &url(&server), &arguments);
    assert_eq!((status, out.as_str()), (1, ""));
    let expected = [r#"/llmModel: unknown value "gpt-6""#, r#"callagent: /ttsModel/provider: unknown value "acme""#];
    assert!(expected.iter().all(|expected| errors.contains(expected)), "{errors}");
    drop(server);
    // A server that accepts them.
    let (folder, server) = serve(&accept);
    fs::write(folder.path().join("new.json"), r#"{"llmModel": "gpt-6"}"#).expect("the file is written");
    let (status, out, errors) = put(folder.path(), &url(&server), &["agent_1", "new.json", accept[0], accept[1]]);
    assert_eq!((status, &agent(&out)["llmModel"]), (0, &json!("gpt-6")), "{errors}");
}

#[test]
fn what_prevents_an_update_has_status_2() {
    let (folder, server) = serve(&["--fault", "500=1"]);
    let url = url(&server);
    let cases: [(&[&str], &str); 8] = [
        (&["agent_1", "update.json", "--attempts", "1"], "500 Internal Server Error"),
        (&["agent_1", "update.json", "--base-url", "http://127.0.0.1:1", "--attempts", "1"], "cannot connect"),
        (&["agent_1", "update.json", "--base-url", "ftp://localhost"], "expected a base URL"),
        (&["", "update.json"], "must not be empty"),
        (&["agent_1", "none.json"], "cannot read `none.json`"),
        (&["agent_1", "update.json", "--if-match", "a b"], "expected an entity tag"),
        (&["agent_1", "update.json", "--header", "authorization=NOT_SET"], "`NOT_SET` of --header is not set"),
        (&["agent_1", "update.json", "--root-certificate", "update.json"], "certificate"),
    ];
    for (arguments, expected) in cases {
        let url = if arguments.contains(&"--base-url") { Vec::new() } else { vec!["--base-url", &url] };
        let arguments = [&url[..], arguments].concat();
        let mut command = bare_command(folder.path());
        let output = command.args(["put", "--workspace", "acme"]).args(&arguments).output().expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(errors.contains(expected) && output.stdout.is_empty(), "{arguments:?}: {errors}");
    }
}

/// The printed command has the effect of the one that printed it.
#[test]
fn a_dry_run_prints_a_command_that_sends_the_update() {
    let (folder, server) = serve(&[]);
    let arguments = ["agent_1", "key.json", "--dry-run", "--if-match", "*"];
    let (status, command, errors) = put(folder.path(), &url(&server), &arguments);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert_eq!(
        server.put(r#"{"llmModel": "gpt-4.1"}"#).header("etag"),
        server.put(r#"{"llmModel": "gpt-4.1"}"#).header("etag")
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", &command]).env("CALLAGENT_ACCESS_KEY", "an-access-key").env("ELEVENLABS_API_KEY", KEY);
    let response = String::from_utf8(shell.output().expect("curl runs").stdout).expect("text");
    assert!(response.starts_with("HTTP/1.1 200") && response.contains("enc:v1:"), "{command}{response}");
    // The key that the shell has put in is the one in the file, so that the update changes nothing any more.
    let sent = server.send(&Request::valid().body(fs::read_to_string(folder.path().join("key.json")).expect("a file")));
    assert!(response.contains(sent.header("etag").expect("a tag")), "{response}{sent:?}");
}
