//! Importing and exporting agents.

use callagent::{AgentId, WorkspaceId};
use callagent_server::{
    Database, ExportOptions, ImportError, ImportOptions, KeyRing, KeySource, Place, Store, export_file,
};
use serde_json::{Value, json};

use crate::{
    common::{TestResult, changed, id, put, workspace},
    databases::{TestDatabase, databases, durable_databases},
};

fn import(store: &Store, text: impl AsRef<[u8]>, options: ImportOptions) -> Result<u64, ImportError> {
    store.import(&workspace(), "agents.json", text.as_ref(), options, |_| {})
}

fn export(store: &Store, options: &ExportOptions) -> Vec<Value> {
    let mut lines = Vec::new();
    let count = store.export(options, &mut lines, |_| {}).expect("an export");
    let agents: Vec<Value> =
        lines.split_inclusive(|&byte| byte == b'\n').map(|line| serde_json::from_slice(line).expect("JSON")).collect();
    assert_eq!(agents.len() as u64, count);
    agents
}

#[test]
fn documents_arrays_and_lines() -> TestResult {
    for database in databases() {
        let store = database.open();
        for (number, (text, lines, expected)) in [
            (r#"{"_id": "a"}"#, false, vec!["a"]),
            (" \n[ ]", false, vec![]),
            ("\n[{\"_id\": \"b\"},\n{\"_id\": \"a\"}]\n", false, vec!["a", "b"]),
            ("", true, vec![]),
            ("{\"_id\": \"b\"}\r\n\r\n \t\n{\"_id\": \"a\"}", true, vec!["a", "b"]),
        ]
        .into_iter()
        .enumerate()
        {
            let workspace = WorkspaceId::new(format!("case {number}"))?;
            let mut progress = Vec::new();
            let options = ImportOptions::new().lines(lines);
            let count = store.import(&workspace, "agents", text.as_bytes(), options, |count| progress.push(count))?;
            let exported = export(&store, &ExportOptions::new().workspace(workspace));
            let ids: Vec<Value> = exported.iter().map(|agent| agent["_id"].clone()).collect();
            assert_eq!(
                (ids, count, progress),
                (expected.iter().map(|&id| id.into()).collect(), count, vec![count]),
                "{}: {text}",
                database.name
            );
        }
    }
    Ok(())
}

#[test]
fn errors_name_the_place_and_nothing_is_imported() -> TestResult {
    let keys = KeyRing::generate()?;
    let (acme, other, a, b) = (workspace(), WorkspaceId::new("other")?, id("a"), id("b"));
    let seal = |workspace: &WorkspaceId, agent: &AgentId, keys: &KeyRing| {
        let sealed = keys.seal(&Place::eleven_labs_key(workspace, agent), &callagent::Secret::new("sk-needle"));
        sealed.expect("a sealed key").expose().to_owned()
    };
    let keyed = |key: &str| format!("{{\"_id\": \"a\",\n\"ttsModel\": {{\"elevenLabsApiKey\": {key:?}}}}}");
    let not_genuine = "agents.json:1: /ttsModel/elevenLabsApiKey: the encrypted value is not genuine: it was changed, or \
                       encrypted for another agent or with another key";
    let unknown_key = "agents.json:1: /ttsModel/elevenLabsApiKey: the value is encrypted with a key that is not among the \
                       encryption keys";
    let cases = [
        ("", false, "agents.json:1: expected a JSON value, found empty text"),
        ("{\"_id\":\n7}", false, "agents.json:2: /_id: invalid type for `_id`: expected a string, found 7"),
        (r#"{"name": "x"}"#, false, "agents.json:1: /_id: missing field `_id`, the id of the agent"),
        (r#"{"_id": ".."}"#, false, "agents.json:1: /_id: invalid `agentId`: must not be `..`"),
        (
            "[{\"_id\": \"b\"},\n\n {\"_id\":\n\"c\", \"name\": 7, \"status\": 8}]",
            false,
            "agents.json:4: /1/name: invalid type for `name`: expected a string, found 7 (the first of 2 violations)",
        ),
        ("[{\"_id\": \"b\"},\n {\"_id\": \"c\"]", false, "agents.json:2: expected `,` or `}` after a field value"),
        ("[{\"_id\": \"b\"},\n {\"_id\": \"b\"}]", false, "agents.json:2: /1/_id: the agent is already in line 1"),
        (
            "[{\"_id\": \"b\"}, 7]",
            false,
            "agents.json:1: /1: invalid type for the document: expected an object, found 7",
        ),
        (
            "{\"_id\": \"b\"}\n\n{\"_id\": \"c\",}",
            true,
            "agents.json:3: expected a field name in double quotes; JSON does not allow trailing commas",
        ),
        ("{\"_id\": \"b\"}\n[]", true, "agents.json:2: invalid type for the document: expected an object, found […]"),
        (
            r#"{"_id": "b", "workspaceId": "other"}"#,
            false,
            "agents.json:1: /workspaceId: the agent belongs to another workspace: expected \"acme\", found \"other\"",
        ),
        (
            "\n[{\"_id\": \"c\"}, {\"_id\": \"old\"}]",
            false,
            "agents.json:2: /1/_id: the agent \"old\" exists already and is not to be replaced",
        ),
        (&keyed(&seal(&other, &a, &keys)), false, not_genuine),
        (&keyed(&seal(&acme, &b, &keys)), false, not_genuine),
        (&keyed("enc:v1:needle"), false, "imported"),
        (&keyed(&seal(&acme, &a, &KeyRing::generate()?)), false, unknown_key),
        (&keyed(&seal(&acme, &a, &keys)), false, "imported"),
        (&keyed("sk-needle"), false, "imported"),
    ];
    for database in databases() {
        let store = Store::open(&database.database, &KeySource::Ring(keys.clone()))?;
        import(&store, r#"{"_id": "old", "name": "old"}"#, ImportOptions::new())?;
        for (text, lines, expected) in cases {
            let before = export(&store, &ExportOptions::new());
            let options = ImportOptions::new().lines(lines).replace(expected == "imported");
            let found = match import(&store, text, options) {
                Ok(_) => "imported".to_owned(),
                Err(error) => {
                    assert_eq!(export(&store, &ExportOptions::new()), before, "{text}");
                    assert!(!format!("{error:?}").contains("needle"), "{error:?}");
                    error.to_string()
                }
            };
            assert_eq!(found, expected, "{}: {text}", database.name);
        }
    }
    Ok(())
}

#[tokio::test]
async fn replacing_takes_a_new_version() -> TestResult {
    for database in databases() {
        let store = database.open();
        import(&store, r#"{"_id": "a1", "name": "old"}"#, ImportOptions::new())?;
        let before = changed(put(&store, "a1", &json!({"llmModel": "gpt-5"})).await);
        import(&store, r#"[{"_id": "a1", "name": "new"}, {"_id": "a2"}]"#, ImportOptions::new().replace(true))?;
        let after = changed(put(&store, "a1", &json!({"llmModel": "gpt-5"})).await);
        assert_eq!((after.agent.name.as_deref(), after.version > before.version), (Some("new"), true));
    }
    Ok(())
}

/// A version of the future, as after the clock was set back, is not reached again.
#[tokio::test]
async fn versions_never_repeat_after_an_import() -> TestResult {
    for database in durable_databases() {
        let store = database.open();
        import(&store, r#"{"_id": "a1"}"#, ImportOptions::new())?;
        let version = 9_000_000_000_000_000_000_u64;
        database.execute(&format!("UPDATE agents SET version = {version}"));
        import(&store, r#"{"_id": "a1"}"#, ImportOptions::new().replace(true))?;
        let after = changed(put(&store, "a1", &json!({"llmModel": "gpt-5"})).await);
        assert_eq!(after.version.get(), version + 2, "{}", database.name);
    }
    Ok(())
}

#[test]
fn an_export_is_lossless() -> TestResult {
    for database in databases() {
        lossless(&database)?;
    }
    Ok(())
}

fn lossless(database: &TestDatabase) -> TestResult {
    let store = &database.open();
    let agents = json!([
        {"_id": "b", "team": {"color": ["blue", null, 1e2, {"\u{0}": 0.5}]}, "settings": {"x": 18_446_744_073_709_551_615_u64}},
        {"_id": "a", "variables": {"pretty": [1, 2]}, "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "sk-1", "pitch": 3}},
        {"_id": "c", "workspaceId": "acme", "activeSessions": [{"roomName": "r", "more": true}]},
    ]);
    import(store, serde_json::to_string_pretty(&agents)?, ImportOptions::new())?;
    let elsewhere = WorkspaceId::new("Zeta")?;
    store.import(&elsewhere, "z", br#"{"_id": "z"}"#.as_slice(), ImportOptions::new(), |_| {})?;

    let revealed = export(store, &ExportOptions::new().reveal_keys(store.keys().clone()));
    assert_eq!(revealed, [json!({"_id": "z"}), agents[1].clone(), agents[0].clone(), agents[2].clone()]);
    let sealed = export(store, &ExportOptions::new().workspace(workspace()));
    let key = sealed[0]["ttsModel"]["elevenLabsApiKey"].as_str().expect("a key");
    assert!(key.starts_with("enc:v1:") && sealed.len() == 3, "{sealed:?}");

    // Into another database with the same keys, and out again.
    let mut lines = Vec::new();
    store.export(&ExportOptions::new().workspace(workspace()), &mut lines, |_| {})?;
    let copy = Store::open(&Database::Memory, &KeySource::Ring(store.keys().clone()))?;
    import(&copy, &lines, ImportOptions::new().lines(true))?;
    let mut again = Vec::new();
    copy.export(&ExportOptions::new(), &mut again, |_| {})?;
    assert_eq!(again, lines);

    let other = ExportOptions::new().reveal_keys(KeyRing::generate()?);
    let error = store.export(&other, std::io::sink(), |_| {}).expect_err("an error").to_string();
    assert_eq!(
        error,
        "cannot export the agent \"a\" of the workspace \"acme\": the value is encrypted with a key that is not among the \
         encryption keys"
    );
    Ok(())
}

#[test]
fn an_export_creates_no_database() -> TestResult {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("agents.sqlite");
    assert!(export_file(&path, &ExportOptions::new(), std::io::sink(), |_| {}).is_err());
    assert!(!path.exists());
    rusqlite::Connection::open(&path)?.execute_batch("VACUUM")?;
    let error = export_file(&path, &ExportOptions::new(), std::io::sink(), |_| {}).expect_err("an error").to_string();
    assert_eq!(error, format!("`{}` is not a database of callagent", path.display()));
    Ok(())
}
