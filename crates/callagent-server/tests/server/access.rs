//! Access keys in a store.

use std::{collections::HashSet, fs};

use callagent::WorkspaceId;
use callagent_server::{AccessKey, AccessKeyName, AccessKeyState, ExportOptions, Store, export_file};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use crate::{
    common::{TestResult, open, workspace},
    databases::databases,
};

fn name(name: &str) -> AccessKeyName {
    name.parse().expect("a name")
}

async fn grant(store: &Store, key: &str, expires_at: Option<Timestamp>) -> AccessKey {
    store.grant_access_key(workspace(), name(key), expires_at).await.expect("a key")
}

#[tokio::test]
async fn keys_are_granted_found_listed_and_revoked() -> TestResult {
    for database in databases() {
        let store = database.open();
        assert!(!store.has_access_keys().await?);
        assert_eq!(store.access_keys(None).await?, []);
        let soon = Timestamp::now() + SignedDuration::from_secs(60);
        let (first, second) = (grant(&store, "first", None).await, grant(&store, "second", Some(soon)).await);
        let other = WorkspaceId::new("other")?;
        let third = store.grant_access_key(other.clone(), name("first"), None).await?;
        assert!(store.has_access_keys().await?);

        let found = store.find_access_key(second.digest()).await?.expect("a record");
        assert_eq!((found.workspace.as_str(), found.name.as_str()), ("acme", "second"));
        assert_eq!(found.expires_at.map(Timestamp::as_microsecond), Some(soon.as_microsecond()));
        assert_eq!(found.state(soon - SignedDuration::from_secs(1)), AccessKeyState::Active);
        assert_eq!(found.state(soon), AccessKeyState::Expired);
        assert_eq!(store.find_access_key(third.digest()).await?.expect("a record").workspace, other);
        let unknown: AccessKey = format!("callagent_{}", "A".repeat(40)).parse()?;
        assert_eq!(store.find_access_key(unknown.digest()).await?, None);

        store.revoke_access_key(workspace(), name("first")).await?;
        let revoked = store.find_access_key(first.digest()).await?.expect("a record");
        assert_eq!(revoked.state(Timestamp::now()), AccessKeyState::Revoked);
        store.revoke_access_key(workspace(), name("first")).await?;
        assert_eq!(store.find_access_key(first.digest()).await?.as_ref(), Some(&revoked), "a repeat changes nothing");
        let listed = store.access_keys(Some(workspace())).await?;
        assert_eq!(listed.iter().map(|record| record.name.as_str()).collect::<Vec<_>>(), ["first", "second"]);
        assert_eq!(store.access_keys(None).await?.len(), 3);

        for key in ["first", "second"] {
            let error = store.grant_access_key(workspace(), name(key), None).await.expect_err("the name is used");
            let expected =
                format!("the workspace `acme` already has or had an access key `{key}`; choose another name");
            assert_eq!(error.to_string(), expected);
        }
        let error = store.revoke_access_key(other, name("second")).await.expect_err("there is none");
        assert_eq!(error.to_string(), "the workspace `other` has no access key `second`");
        let past = Some(Timestamp::now());
        let error = store.grant_access_key(workspace(), name("past"), past).await.expect_err("it has passed");
        assert_eq!(error.to_string(), "expected an expiry in the future");
        store.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_key_is_random_and_stored_nowhere() -> TestResult {
    let folder = tempfile::tempdir()?;
    let store = open(Some(folder.path()));
    let mut keys = HashSet::new();
    for number in 0..100 {
        let key = grant(&store, &number.to_string(), None).await;
        let text = key.expose();
        let random = text.strip_prefix("callagent_").expect("the prefix");
        assert!(random.len() == 40 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{text}");
        assert_eq!(text.parse::<AccessKey>()?.digest(), key.digest());
        for shown in [format!("{key:?}"), format!("{:?}", key.digest()), format!("{store:?}")] {
            assert!(!shown.contains(&random[..8]), "{shown}");
        }
        keys.insert(random.to_owned());
    }
    assert_eq!(keys.len(), 100);
    for file in fs::read_dir(folder.path())? {
        let bytes = fs::read(file?.path())?;
        assert!(bytes.windows(40).all(|window| str::from_utf8(window).map_or(true, |text| !keys.contains(text))));
    }
    Ok(())
}

#[test]
fn names_and_keys_are_checked() {
    for valid in ["a", "CI (staging)", "ä", "a b", &"x".repeat(100)] {
        assert_eq!(name(valid).as_str(), valid);
    }
    for invalid in ["", " ", " a", "a ", "a\nb", "\u{1b}[31m", "a\u{85}", "\u{a0}a", "a\0", &"x".repeat(101)] {
        assert!(invalid.parse::<AccessKeyName>().is_err(), "{invalid:?}");
    }
    let valid = format!("callagent_{}", "A2".repeat(20));
    assert!(valid.parse::<AccessKey>().is_ok());
    for invalid in [
        String::new(),
        "callagent_".to_owned(),
        valid.to_lowercase(),
        valid.replace('2', "1"),
        valid.replace("callagent_", "callagent-"),
        format!("{valid}A"),
        format!(" {valid}"),
        valid[..49].to_owned(),
        format!("callagent_{}", "ä".repeat(20)),
    ] {
        assert!(invalid.parse::<AccessKey>().is_err(), "{invalid:?}");
    }
}

/// A database of the first version gets the table when a server opens it. An export alone does not change it.
#[tokio::test]
async fn an_older_database_is_brought_up_to_date() -> TestResult {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("agents.sqlite");
    let store = open(Some(folder.path()));
    crate::common::import(&store, &serde_json::json!({"_id": "a1"}));
    store.close().await?;
    drop(store);
    Connection::open(&path)?.execute_batch("DROP TABLE access_keys; PRAGMA user_version = 1")?;

    let error = export_file(&path, &ExportOptions::new(), Vec::new(), |_| {}).expect_err("it is older").to_string();
    assert!(error.ends_with("start `callagent serve` once to bring its tables up to date"), "{error}");
    let store = open(Some(folder.path()));
    let key = grant(&store, "first", None).await;
    assert!(store.find_access_key(key.digest()).await?.is_some());
    assert_eq!(export_file(&path, &ExportOptions::new(), Vec::new(), |_| {})?, 1);
    Ok(())
}
