//! The tour: import, serve, update, repeat, restart, export.

use std::collections::HashSet;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    client::{Answer, Request},
    common,
    program::{Serve, database, import, succeed},
};

fn agent(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str(&answer.body).expect("an agent")
}

fn tag(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.header("etag").expect("an entity tag")
}

fn exported(folder: &TempDir) -> Vec<Value> {
    let (lines, _) = succeed(folder.path(), &["export", "--workspace", "acme"], "");
    lines.lines().map(|line| serde_json::from_str(line).expect("an agent")).collect()
}

#[test]
fn import_serve_update_and_export() {
    let folder = TempDir::new().expect("a temporary folder");
    let imported = json!({
        "_id": "agent_1", "workspaceId": "acme", "name": "First", "custom": {"n": 1e2, "text": "a\u{0}b"},
        "settings": {"speed": 0.5, "mood": "calm"}, "createdAt": "2026-01-01T00:00:00Z",
    });
    import(folder.path(), &imported.to_string());
    assert_eq!(exported(&folder), std::slice::from_ref(&imported), "an export is lossless");

    let server = Serve::start(folder.path(), &[]);
    let body = r#"{"llmModel": "gpt-5", "settings": {"speed": 0.75}}"#;
    let answer = server.put(body);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-transform"));
    assert!(tag(&answer).starts_with('"'));
    let mut expected = imported;
    expected["llmModel"] = json!("gpt-5");
    expected["settings"] = json!({"speed": 0.75, "mood": "calm"});
    expected["updatedAt"] = agent(&answer)["updatedAt"].clone();
    assert!(expected["updatedAt"].is_string());
    assert_eq!(agent(&answer), expected);

    let repeated = server.put(body);
    assert_eq!((tag(&repeated), &repeated.body), (tag(&answer), &answer.body), "a repeat changes nothing");

    let renamed = r#"{"llmModel": "gpt-5", "name": "Second"}"#;
    let with_tag = |tag: &str, body: &str| server.send(&Request::valid().set("If-Match", tag).body(body));
    let second = with_tag(tag(&answer), renamed);
    assert_ne!(tag(&second), tag(&answer));
    assert_eq!(with_tag(tag(&answer), r#"{"llmModel": "gpt-4.1"}"#).outcome(), "precondition-failed");
    assert_eq!(tag(&with_tag(tag(&answer), renamed)), tag(&second), "the update is in effect already");
    assert_eq!(server.send(&Request::valid().set("x-workspace-id", "other")).outcome(), "not-found");
    assert_eq!(server.send(&Request { segment: "agent_2", ..Request::valid() }).outcome(), "not-found");

    // Next to the running server.
    assert_eq!(exported(&folder), [agent(&second)]);
    import(folder.path(), r#"{"_id": "agent_2"}"#);
    assert_eq!(server.send(&Request { segment: "agent_2", ..Request::valid() }).status, 200);

    let ended = server.stop();
    assert_eq!(ended.status, Some(0), "{}", ended.log);
    let server = Serve::start(folder.path(), &[]);
    let kept = server.put(renamed);
    assert_eq!((tag(&kept), &kept.body), (tag(&second), &second.body), "a restart keeps the state");
}

#[test]
fn pages_and_health() {
    let folder = database();
    let server = Serve::start(folder.path(), &[]);
    let get = |path| server.send(&Request { method: "GET", prefix: path, segment: "", ..Request::valid().body("") });
    assert_eq!((get("/healthz").status, get("/readyz").status), (204, 204));
    let (openapi, page) = (get("/openapi.json"), get("/"));
    assert_eq!(openapi.header("content-type"), Some("application/json"));
    let openapi: Value = serde_json::from_str(&openapi.body).expect("JSON");
    assert!(openapi["paths"]["/v1/api/agents/{agentId}"]["put"].is_object());
    assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", &page.body[..60]);
    assert!(page.header("x-request-id").is_some());
}

#[test]
fn agents_from_a_file_are_served_from_memory() {
    let folder = TempDir::new().expect("a temporary folder");
    let agents = r#"[{"_id": "agent_1", "name": "First"}, {"_id": "agent_2"}]"#;
    let server = Serve::in_memory(folder.path(), agents, &[]);
    assert_eq!(agent(&server.put(r#"{"llmModel": "gpt-5"}"#))["name"], "First");
    server.stop();
    let files: Vec<_> = folder.path().read_dir().expect("a folder").collect();
    assert_eq!(files.len(), 1, "nothing is written: {files:?}");

    let lines = "{\"_id\": \"agent_1\"}\n\n{\"_id\": \"agent_2\"}\n";
    let server = Serve::in_memory(folder.path(), lines, &["--lines"]);
    assert_eq!(server.send(&Request { segment: "agent_2", ..Request::valid() }).status, 200);
}

#[test]
fn any_text_is_kept() {
    let folder = TempDir::new().expect("a temporary folder");
    let agents = [
        (json!("\u{0}"), "%00"),
        (json!("a/b"), "a%2Fb"),
        (json!("ü 😀"), "%C3%BC%20%F0%9F%98%80"),
        (json!("%2F"), "%252F"),
    ];
    let lines: String = agents.iter().map(|(id, _)| format!("{}\n", json!({"_id": id}))).collect();
    import(folder.path(), &lines);
    let text = json!("\u{0}\u{7f}\u{2028}'\"\\ -- ü😀");
    for start in ["a start", "a restart"] {
        let server = Serve::start(folder.path(), &[]);
        for (id, segment) in &agents {
            let body = json!({"llmModel": "gpt-5", "name": text, "variables": {text.as_str().expect("text"): text}});
            let answer = agent(&server.send(&Request { segment, ..Request::valid().body(body.to_string()) }));
            assert_eq!((&answer["_id"], &answer["name"]), (id, &text), "{start}");
            assert_eq!(answer["variables"], body["variables"], "{start}");
        }
        server.stop();
    }
    let ids: HashSet<_> = exported(&folder).iter().map(|agent| agent["_id"].to_string()).collect();
    assert_eq!(ids, agents.iter().map(|(id, _)| id.to_string()).collect());
}

/// No entity tag returns for another state.
#[test]
fn entity_tags_never_return() {
    let folder = database();
    let mut tags = HashSet::new();
    let mut assert_new = |answer: &Answer| assert!(tags.insert(tag(answer).to_owned()), "{answer:?}");
    let server = Serve::start(folder.path(), &[]);
    let (model, named) = (r#"{"llmModel": "gpt-5"}"#, r#"{"llmModel": "gpt-5", "name": "A"}"#);
    assert_new(&server.put(model));
    assert_new(&server.put(named));
    let arguments = ["import", "--workspace", "acme", "--lines", "-"];
    let (status, _, errors) = common::run(folder.path(), &arguments, br#"{"_id": "agent_1"}"#);
    assert_eq!((status, errors.lines().count()), (1, 1), "{errors}");
    for _ in 0..3 {
        succeed(folder.path(), &["import", "--workspace", "acme", "--replace", "-"], r#"{"_id": "agent_1"}"#);
        assert_new(&server.put(model));
    }
    server.stop();
    let folder = TempDir::new().expect("a temporary folder");
    for _ in 0..3 {
        let server = Serve::in_memory(folder.path(), r#"{"_id": "agent_1"}"#, &[]);
        assert_new(&server.put(model));
        server.kill();
    }
}
