//! Updates through a store.

use std::{future::Future as _, path::Path, pin::pin, task::Context, time::Duration};

use callagent::{AgentId, LlmModel, UpdateAgent, WorkspaceId};
use callagent_server::{Database, KeySource, Outcome, Store, StoreError, StoreOptions};
use serde_json::json;

use crate::{
    common::{TestResult, changed, exported, id, import, open, put, update, workspace},
    databases::{databases, durable_databases},
};

#[tokio::test]
async fn ids_and_texts_of_any_kind() -> TestResult {
    for database in databases() {
        let store = database.open();
        let ids = ["a/b", "a\0b", "a", "a\0", "ä", "%00", " ", "A", "a'; DROP TABLE agents; --"];
        import(&store, &ids.iter().map(|id| json!({"_id": id, "name": id, "team\0": "\0"})).collect());
        for id in ids {
            let name = format!("\0 {id} \u{10ffff}");
            let agent = changed(put(&store, id, &json!({"llmModel": "gpt-5", "name": name})).await).agent;
            let expected =
                json!({"_id": id, "name": name, "team\0": "\0", "llmModel": "gpt-5", "updatedAt": agent.updated_at});
            assert_eq!(serde_json::to_value(&agent)?, expected);
            assert!(matches!(
                put(&store, id, &json!({"llmModel": "gpt-5", "name": name})).await,
                Outcome::Unchanged(_)
            ));
        }
        for missing in ["b", "a\0\0", "a/", "Ä"] {
            assert_eq!(put(&store, missing, &json!({"llmModel": "gpt-5"})).await, Outcome::NotFound, "{missing:?}");
        }
        let elsewhere = WorkspaceId::new("acme2")?;
        let outcome = store.update(elsewhere, AgentId::new("a")?, UpdateAgent::new(LlmModel::Gpt5), None).await?;
        assert_eq!(outcome, Outcome::NotFound);
        store.check().await?;
    }
    Ok(())
}

/// A key is kept where the client gives it again, plain or sealed, and nowhere else.
#[tokio::test]
async fn keys_are_kept_replaced_and_removed() {
    for database in databases() {
        keys_of(&database.open()).await;
    }
}

async fn keys_of(store: &Store) {
    import(store, &json!([{"_id": "a1"}, {"_id": "a2"}]));
    let own = |key: &str| json!({"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": key}});
    let key = |agent: &callagent::Agent| {
        agent.tts.as_ref().and_then(|tts| tts.api_key.as_ref()).map(|key| key.expose().to_owned())
    };
    let plain = |agent: &callagent::Agent, id| {
        let sealed = agent.tts.as_ref()?.api_key.as_ref()?;
        let workspace = workspace();
        let place = callagent_server::Place::eleven_labs_key(&workspace, id);
        Some(store.keys().unseal(&place, sealed).expect("a genuine key").expose().to_owned())
    };
    let (first_id, second_id) = (id("a1"), id("a2"));
    let first = changed(put(store, "a1", &own("sk-1")).await);
    let sealed = key(&first.agent).expect("a key");
    assert_eq!(plain(&first.agent, &first_id).as_deref(), Some("sk-1"));
    for repeat in ["sk-1", &sealed] {
        assert_eq!(put(store, "a1", &own(repeat)).await, Outcome::Unchanged(first.clone()));
    }
    let second = changed(put(store, "a1", &own("sk-2")).await);
    assert_eq!(plain(&second.agent, &first_id).as_deref(), Some("sk-2"));
    // The earlier ciphertext is genuine, so it keeps the present key.
    assert_eq!(put(store, "a1", &own(&sealed)).await, Outcome::Unchanged(second.clone()));

    // Another agent's ciphertext is a key like any other text.
    let copied = changed(put(store, "a2", &own(&sealed)).await);
    assert_eq!(plain(&copied.agent, &second_id).as_deref(), Some(sealed.as_str()));
    assert_eq!(put(store, "a2", &own(&sealed)).await, Outcome::Unchanged(copied));

    // With another provider the key is kept without disclosure, and null removes it.
    let other = changed(put(store, "a1", &json!({"llmModel": "gpt-5", "ttsModel": {"provider": "openai"}})).await);
    assert_eq!(plain(&other.agent, &first_id).as_deref(), Some("sk-2"));
    assert_eq!(key(other.into_response().1.as_ref()), None);
    let removal = json!({"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "elevenLabsApiKey": null}});
    assert_eq!(key(&changed(put(store, "a1", &removal).await).agent), None);
    assert!(matches!(put(store, "a1", &removal).await, Outcome::Unchanged(_)));
    // A ciphertext of this place is a valid key even if none is stored.
    let restored = changed(put(store, "a1", &own(&sealed)).await);
    assert_eq!(key(&restored.agent), Some(sealed));
    // An empty key is one.
    let empty = json!({"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "elevenLabsApiKey": ""}});
    assert_eq!(plain(&changed(put(store, "a1", &empty).await).agent, &first_id).as_deref(), Some(""));
    assert!(matches!(put(store, "a1", &empty).await, Outcome::Unchanged(_)));
}

/// The bytes of all files of a folder.
fn bytes(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).expect("a folder");
    files.flat_map(|file| std::fs::read(file.expect("a file").path()).expect("its bytes")).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn no_file_has_a_plain_key() -> TestResult {
    let folder = tempfile::tempdir()?;
    let store = open(Some(folder.path()));
    import(
        &store,
        &json!({"_id": "a1", "name": "needle-name", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "needle-key-1"}}),
    );
    for key in ["needle-key-2", "needle-key-3"] {
        put(
            &store,
            "a1",
            &json!({"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": key}}),
        )
        .await;
    }
    put(
        &store,
        "a1",
        &json!({"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "elevenLabsApiKey": "needle-key-4"}}),
    )
    .await;
    let names: Vec<_> = std::fs::read_dir(folder.path())?.map(|file| file.expect("a file").file_name()).collect();
    for name in ["agents.sqlite", "agents.sqlite-wal", "agents.sqlite-shm", "agents.sqlite.keys"] {
        assert!(names.iter().any(|found| found == name), "{name} is not among {names:?}");
    }
    let open = bytes(folder.path());
    store.close().await?;
    drop(store);
    let closed = bytes(folder.path());
    for bytes in [&open, &closed] {
        assert!(contains(bytes, "needle-name") && contains(bytes, "enc:v1:") && !contains(bytes, "needle-key"));
    }
    let debug = format!(
        "{:?}",
        update(&json!({"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "needle-key"}}))
    );
    assert!(!debug.contains("needle"), "{debug}");
    Ok(())
}

/// Polls a future once, so that its update is queued, and drops it.
fn queue_and_forget(store: &Store, agent: &str, name: &str) {
    let change = update(&json!({"llmModel": "gpt-5", "name": name}));
    let update = pin!(store.update(workspace(), id(agent), change, None));
    drop(update.poll(&mut Context::from_waker(std::task::Waker::noop())));
}

#[tokio::test]
async fn dropped_futures_are_applied_and_closing_commits_what_waits() -> TestResult {
    for database in durable_databases() {
        let store = database.open();
        import(&store, &json!([{"_id": "a1"}, {"_id": "a2"}]));
        for number in 0..100 {
            queue_and_forget(&store, "a1", &format!("dropped {number}"));
        }
        changed(put(&store, "a2", &json!({"llmModel": "gpt-5", "name": "served"})).await);
        queue_and_forget(&store, "a1", "last");
        store.close().await?;
        store.stopped().await?;
        assert_eq!(database.exported()[0].name.as_deref(), Some("last"), "{}", database.name);
        let late = store.update(workspace(), id("a1"), UpdateAgent::new(LlmModel::Gpt5), None).await;
        assert!(matches!(late, Err(StoreError::Closed)), "{late:?}");
        assert!(matches!(store.check().await, Err(StoreError::Closed)));
    }
    Ok(())
}

#[tokio::test]
async fn dropping_the_store_commits_what_waits() {
    for database in durable_databases() {
        let store = database.open();
        import(&store, &json!([{"_id": "a1"}]));
        queue_and_forget(&store, "a1", "last");
        drop(store);
        let name = || database.exported()[0].name.clone();
        for _ in 0..500 {
            if name().is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(name().as_deref(), Some("last"), "{}", database.name);
    }
}

/// While another connection holds the lock, the queue fills and further updates are refused at once.
#[tokio::test]
async fn a_full_queue_refuses() -> TestResult {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("agents.sqlite");
    let store =
        StoreOptions::default().queue(2).batch(1).open(&Database::File(path.clone()), &KeySource::NextToDatabase)?;
    import(&store, &json!([{"_id": "a1"}]));
    let lock = rusqlite::Connection::open(&path)?;
    lock.execute_batch("BEGIN IMMEDIATE")?;
    queue_and_forget(&store, "a1", "taken by the writer");
    tokio::time::sleep(Duration::from_millis(200)).await;
    for name in ["waits", "last"] {
        queue_and_forget(&store, "a1", name);
    }
    let refused = store.update(workspace(), id("a1"), UpdateAgent::new(LlmModel::Gpt5), None).await;
    assert!(matches!(refused, Err(StoreError::Overloaded)), "{refused:?}");
    lock.execute_batch("COMMIT")?;
    store.close().await?;
    assert_eq!(exported(folder.path())[0].name.as_deref(), Some("last"));
    Ok(())
}

/// Updates add to an agent, so that its size needs a bound of its own.
#[tokio::test]
async fn agents_have_a_maximum_size() -> TestResult {
    let large = "x".repeat(17 << 20);
    let update = || UpdateAgent::new(LlmModel::Gpt5);
    let name = update().name(&large);
    let phones = update().phone_number_ids([large]);
    for database in databases().take(3) {
        let store = database.open();
        import(&store, &json!([{"_id": "a1"}]));
        for (field, update, fits) in [("name", &name, true), ("phones", &phones, false), ("name", &name, true)] {
            match store.update(workspace(), id("a1"), update.clone(), None).await {
                Ok(_) => assert!(fits, "{field}"),
                Err(StoreError::TooLarge { limit }) => assert_eq!((fits, limit), (false, 32 << 20), "{field}"),
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

/// A damaged agent fails alone.
#[tokio::test]
async fn damaged_agents_are_reported() -> TestResult {
    let document: String = br#"{"name": 7, "elevenLabsApiKey": "sk"}"#.iter().map(|b| format!("{b:02x}")).collect();
    for database in durable_databases() {
        let store = database.open();
        import(&store, &json!([{"_id": "a1"}, {"_id": "a2"}]));
        database.execute(&format!("UPDATE agents SET document = x'{document}' WHERE id = x'6131'"));
        let change = || UpdateAgent::new(LlmModel::Gpt5);
        let (damaged, sound) = tokio::join!(
            store.update(workspace(), id("a1"), change(), None),
            store.update(workspace(), id("a2"), change(), None)
        );
        let error = damaged.expect_err("an error").to_string();
        assert_eq!(error, "the stored agent is damaged: it is not an agent of the contract");
        changed(sound?);
    }
    Ok(())
}

/// Their answers do not fit into one batch.
#[tokio::test]
async fn many_updates_of_a_large_agent_are_all_answered() -> TestResult {
    for database in databases().take(3) {
        let store = database.open();
        import(&store, &json!([{"_id": "a1", "variables": {"text": "x".repeat(3 << 20)}}]));
        let updates = (0..16).map(|number| {
            let store = store.clone();
            let change = json!({"llmModel": "gpt-5", "name": number.to_string()});
            tokio::spawn(async move { put(&store, "a1", &change).await })
        });
        let mut versions = Vec::new();
        for update in updates.collect::<Vec<_>>() {
            versions.push(changed(update.await?).version);
        }
        versions.sort_unstable();
        versions.dedup();
        assert_eq!(versions.len(), 16, "{}", database.name);
    }
    Ok(())
}
