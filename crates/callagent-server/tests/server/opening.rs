//! Opening a store: files, schemas and encryption keys.

use std::fs;

use callagent_server::{Database, KeyRing, KeySource, Store};
use rusqlite::Connection;
use serde_json::json;

use crate::common::{TestResult, changed, exported, import, open, put};

#[tokio::test]
async fn a_file_is_opened_again() -> TestResult {
    let folder = tempfile::tempdir()?;
    let store = open(Some(folder.path()));
    let keys = folder.path().join("agents.sqlite.keys");
    assert_eq!(store.created_keys(), Some(keys.as_path()));
    import(&store, &json!({"_id": "a1", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "sk-1234"}}));
    let rename = json!({"llmModel": "gpt-5", "name": "Support"});
    let before = changed(put(&store, "a1", &rename).await);
    store.close().await?;
    drop(store);

    let store = open(Some(folder.path()));
    assert_eq!(store.created_keys(), None);
    assert_eq!(put(&store, "a1", &rename).await, callagent_server::Outcome::Unchanged(before.clone()));
    let after = changed(put(&store, "a1", &json!({"llmModel": "gpt-5", "name": "Sales"})).await);
    assert!(after.version > before.version);
    assert_eq!(exported(folder.path()), [after.agent]);
    Ok(())
}

/// Several processes may start at once.
#[test]
fn a_new_file_is_opened_at_once() -> TestResult {
    for _ in 0..10 {
        let folder = tempfile::tempdir()?;
        let stores: Vec<Store> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| open(Some(folder.path())))).collect();
            threads.into_iter().map(|thread| thread.join().expect("a store")).collect()
        });
        let ids = |store: &Store| store.keys().ids().map(str::to_owned).collect::<Vec<_>>();
        assert!(stores.iter().all(|store| ids(store) == ids(&stores[0])));
        assert_eq!(stores.iter().filter(|store| store.created_keys().is_some()).count(), 1);
    }
    Ok(())
}

/// The error of opening the database in a folder.
fn error(folder: &std::path::Path, keys: &KeySource) -> String {
    let error = Store::open(&Database::File(folder.join("agents.sqlite")), keys).expect_err("an error").to_string();
    error.replace(&folder.display().to_string(), "FOLDER")
}

#[tokio::test]
async fn keys_that_do_not_fit_are_found_at_start() -> TestResult {
    let folder = tempfile::tempdir()?;
    let keys = folder.path().join("agents.sqlite.keys");
    let store = open(Some(folder.path()));
    import(&store, &json!({"_id": "a1"}));
    store.close().await?;
    // Nothing is encrypted yet, so another key will do.
    fs::remove_file(&keys)?;
    let store = open(Some(folder.path()));
    assert!(store.created_keys().is_some());
    put(
        &store,
        "a1",
        &json!({"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "sk-1"}}),
    )
    .await;
    store.close().await?;
    let text = fs::read_to_string(&keys)?;
    let (id, key) = text.lines().last().and_then(|line| line.split_once(':')).expect("a key");

    let other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let named = folder.path().join("named");
    let missing = format!(
        "the database `FOLDER/agents.sqlite` has values encrypted with the key `{id}`, which is not among the encryption keys"
    );
    let wrong = format!(
        "the encryption key `{id}` is not the key of that id that values in the database `FOLDER/agents.sqlite` are encrypted with"
    );
    for (text, expected) in [
        (format!("{id}:{key}"), None),
        (format!("new:{other}\n{id}:{key}"), None),
        (format!("new:{other}"), Some(&missing)),
        (format!("{id}:{other}"), Some(&wrong)),
    ] {
        fs::write(&named, &text)?;
        let source = KeySource::File(named.clone());
        match expected {
            None => drop(Store::open(&Database::File(folder.path().join("agents.sqlite")), &source)?),
            Some(expected) => assert_eq!(error(folder.path(), &source), **expected, "{text}"),
        }
    }
    let nowhere = error(folder.path(), &KeySource::File(folder.path().join("nowhere")));
    assert!(nowhere.starts_with("cannot read the encryption keys in `FOLDER/nowhere`: "), "{nowhere}");
    fs::remove_file(&keys)?;
    assert_eq!(
        error(folder.path(), &KeySource::NextToDatabase),
        format!(
            "the database `FOLDER/agents.sqlite` has values encrypted with the key `{id}`, but there is no file \
             `FOLDER/agents.sqlite.keys`; restore it or name the file of the encryption keys"
        )
    );
    assert!(!keys.exists());
    Ok(())
}

#[test]
fn foreign_files_stay_as_they_are() -> TestResult {
    let newer = "PRAGMA application_id = 0x63616c6c; PRAGMA user_version = 99";
    let expected = "`FOLDER/agents.sqlite` is not a database of callagent";
    for (sql, expected) in [
        ("CREATE TABLE agents (workspace, id, version, document)", expected),
        ("PRAGMA application_id = 7", expected),
        ("PRAGMA user_version = 1", expected),
        (newer, "the database `FOLDER/agents.sqlite` has schema version 99, written by a newer version of callagent"),
    ] {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("agents.sqlite");
        Connection::open(&path)?.execute_batch(sql)?;
        let before = fs::read(&path)?;
        assert_eq!(error(folder.path(), &KeySource::NextToDatabase), expected, "{sql}");
        assert_eq!((fs::read(&path)?, fs::read_dir(folder.path())?.count()), (before, 1), "{sql}");
    }
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("agents.sqlite"), "no database, but a text of some length".repeat(100))?;
    assert_eq!(error(folder.path(), &KeySource::NextToDatabase), expected);
    for path in ["", "/nowhere/agents.sqlite"] {
        assert!(Store::open(&Database::File(path.into()), &KeySource::Ring(KeyRing::generate()?)).is_err(), "{path}");
    }
    Ok(())
}

/// A name that means something to SQLite is a file's name here.
#[test]
fn names_are_names_of_files() -> TestResult {
    let folder = tempfile::tempdir()?;
    for name in [":memory:", "file:x?mode=memory", "ä ?#%.sqlite"] {
        let path = folder.path().join(name);
        drop(Store::open(&Database::File(path.clone()), &KeySource::NextToDatabase)?);
        assert!(path.exists(), "{name}");
    }
    Ok(())
}

#[test]
fn memory_is_not_shared() -> TestResult {
    let (one, other) = (open(None), open(None));
    import(&one, &json!({"_id": "a1"}));
    let mut lines = Vec::new();
    assert_eq!(other.export(&callagent_server::ExportOptions::new(), &mut lines, |_| {})?, 0);
    assert_eq!(one.export(&callagent_server::ExportOptions::new(), &mut lines, |_| {})?, 1);
    Ok(())
}
