//! Sealing everything with another encryption key.

use std::fs;

use callagent::{Agent, ElevenLabsKey};
use callagent_server::{KeyRing, KeySource, OpenStoreError, Outcome, Place, Rekeyed, Store};
use serde_json::{Value, json};

use crate::{
    common::{TestResult, changed, id, import, put, workspace},
    databases::{TestDatabase, durable_databases},
};

/// 32 bytes each: zeros, ones.
const OLD: &str = "old:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const NEW: &str = "new:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

fn ring(lines: &[&str]) -> KeyRing {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), lines.join("\n")).expect("a file");
    KeyRing::read(file.path()).expect("keys")
}

fn open(database: &TestDatabase, lines: &[&str]) -> Result<Store, OpenStoreError> {
    Store::open(&database.database, &KeySource::Ring(ring(lines)))
}

fn own_key(key: &str) -> Value {
    json!({"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": key}})
}

fn sealed(agent: &Agent) -> Option<&ElevenLabsKey> {
    agent.tts.as_ref()?.api_key.as_ref()
}

/// The agents as `id: the id of the encryption key, the plain key`.
fn keys(database: &TestDatabase) -> Vec<String> {
    let (keys, workspace) = (ring(&[NEW, OLD]), workspace());
    let shown = database.exported().into_iter().map(|agent| {
        let agent_id = id(agent.id.as_deref().expect("an id"));
        let Some(sealed) = sealed(&agent) else { return format!("{agent_id}: no key") };
        let plain = keys.unseal(&Place::eleven_labs_key(&workspace, &agent_id), sealed).expect("a genuine key");
        let key_id = sealed.expose().split(':').nth(2).expect("a key id");
        format!("{agent_id}: {key_id}, {}", plain.expose())
    });
    shown.collect()
}

/// More agents than a transaction takes, some without a key.
fn fill(database: &TestDatabase) {
    let store = open(database, &[OLD]).expect("a store");
    let agent = |number: usize| match number % 4 {
        0 => json!({"_id": format!("a{number:03}")}),
        _ => {
            json!({"_id": format!("a{number:03}"), "updatedAt": "then", "ttsModel": {"elevenLabsApiKey": format!("sk-{number}")}})
        }
    };
    import(&store, &(0..400).map(agent).collect());
}

fn expected(key_id: &str) -> Vec<String> {
    let agent = |number: usize| match number % 4 {
        0 => format!("a{number:03}: no key"),
        _ => format!("a{number:03}: {key_id}, sk-{number}"),
    };
    (0..400).map(agent).collect()
}

#[tokio::test]
async fn everything_is_sealed_with_the_first_key() -> TestResult {
    for database in durable_databases() {
        fill(&database);
        assert_eq!(keys(&database), expected("old"));
        let before = database.exported();

        let store = open(&database, &[NEW, OLD])?;
        let mut progress = Vec::new();
        let rekeyed = store.rekey(|agents| progress.push(agents))?;
        assert_eq!((rekeyed.agents, &*rekeyed.unused, rekeyed.damaged), (300, &["old".to_owned()][..], 0));
        assert!(progress.len() > 2 && progress.is_sorted() && progress.last() == Some(&300), "{progress:?}");
        assert_eq!(keys(&database), expected("new"));
        assert!(database.exported().iter().all(|agent| agent.updated_at.as_deref().is_none_or(|time| time == "then")));
        assert_eq!(store.rekey(|_| ())?, Rekeyed::default(), "there is nothing left to do");

        // A ciphertext from before is still the stored key.
        let old = sealed(&before[1]).expect("a key").expose().to_owned();
        put(
            &store,
            "a001",
            &json!({"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": old}}),
        )
        .await;
        assert_eq!(keys(&database), expected("new"));
        store.close().await?;
        drop(store);
        open(&database, &[NEW])?;
    }
    Ok(())
}

/// The response of an agent has the ciphertext, so that it changes with it.
#[tokio::test]
async fn an_agent_that_is_sealed_again_has_a_new_version() -> TestResult {
    for database in durable_databases() {
        fill(&database);
        let store = open(&database, &[NEW, OLD])?;
        let other = open(&database, &[OLD])?;
        let before = [
            changed(put(&other, "a001", &own_key("sk-1")).await),
            changed(put(&other, "a000", &json!({"llmModel": "gpt-5"})).await),
        ];
        store.rekey(|_| ())?;
        let after = put(&store, "a001", &own_key("sk-1")).await;
        assert!(matches!(&after, Outcome::Unchanged(agent) if agent.version > before[0].version), "{after:?}");
        assert_eq!(put(&store, "a000", &json!({"llmModel": "gpt-5"})).await, Outcome::Unchanged(before[1].clone()));
    }
    Ok(())
}

/// A server that has not been restarted, and encrypts with the old key.
#[tokio::test]
async fn a_key_that_comes_back_cannot_be_dropped_unnoticed() -> TestResult {
    for database in durable_databases() {
        fill(&database);
        let (server, store) = (open(&database, &[OLD, NEW])?, open(&database, &[NEW, OLD])?);
        put(&server, "a000", &own_key("sk-a")).await;
        assert_eq!(store.rekey(|_| ())?.unused, ["old"]);
        put(&server, "a000", &own_key("sk-b")).await;
        let error = open(&database, &[NEW]).expect_err("an error").to_string();
        assert!(
            error.ends_with("has values encrypted with the key `old`, which is not among the encryption keys"),
            "{error}"
        );
        let rekeyed = store.rekey(|_| ())?;
        assert_eq!((rekeyed.agents, &*rekeyed.unused), (1, &["old".to_owned()][..]));
        open(&database, &[NEW])?;
    }
    Ok(())
}

#[tokio::test]
async fn a_damaged_key_is_reported_and_keeps_its_encryption_key() -> TestResult {
    for database in durable_databases() {
        fill(&database);
        database.execute("UPDATE agents SET document = x'5b5d' WHERE id = x'61303033'");
        let store = open(&database, &[NEW, OLD])?;
        let rekeyed = store.rekey(|_| ())?;
        assert_eq!((rekeyed.agents, rekeyed.damaged, rekeyed.unused.len()), (299, 1, 0));
        let [(workspace, agent, reason)] = &*rekeyed.examples else { panic!("{rekeyed:?}") };
        assert_eq!((workspace.as_str(), agent.as_str()), ("acme", "a003"));
        assert!(reason.contains("not an agent"), "{reason}");
        assert!(open(&database, &[NEW]).is_err());
    }
    Ok(())
}

/// Updates meanwhile are not lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn updates_go_on_meanwhile() -> TestResult {
    for database in durable_databases() {
        fill(&database);
        let (server, store) = (open(&database, &[NEW, OLD])?, open(&database, &[NEW, OLD])?);
        let rekeying = tokio::task::spawn_blocking(move || store.rekey(|_| ()));
        let mut number = 0;
        while !rekeying.is_finished() || number < 400 {
            let agent = format!("a{:03}", number % 400);
            changed(put(&server, &agent, &json!({"llmModel": "gpt-5", "name": format!("name {number}")})).await);
            number += 1;
        }
        assert_eq!(rekeying.await??.unused, ["old"]);
        assert_eq!(keys(&database), expected("new"));
        for (index, agent) in database.exported().into_iter().enumerate() {
            let last = (number - 1 - index) / 400 * 400 + index;
            assert_eq!(agent.name, Some(format!("name {last}")));
        }
    }
    Ok(())
}
