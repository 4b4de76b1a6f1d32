//! Concurrent clients of one agent.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use callagent::{Agent, IfMatch, UpdateAgent};
use callagent_server::{Outcome, Store, StoredAgent, decide};
use jiff::Timestamp;
use proptest::{strategy::Strategy as _, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::json;

use crate::{
    common::{TestResult, changed, id, import, open, put, workspace},
    history::{Event, Subject, check, send},
};

const CLIENTS: usize = 8;
const UPDATES: usize = 40;

impl Subject for Store {
    async fn update(&self, update: UpdateAgent, if_match: Option<IfMatch>) -> Outcome {
        Store::update(self, workspace(), id("a1"), update, if_match).await.expect("an outcome")
    }
}

/// A store that reads the agent outside of the transaction that writes it.
#[derive(Clone)]
struct Broken(Arc<Mutex<StoredAgent>>);

impl Subject for Broken {
    async fn update(&self, update: UpdateAgent, if_match: Option<IfMatch>) -> Outcome {
        let read = self.0.lock().expect("a lock").clone();
        tokio::task::yield_now().await;
        let outcome = decide(Some(&read), update, if_match.as_ref(), Timestamp::now());
        if let Outcome::Changed(agent) = &outcome {
            *self.0.lock().expect("a lock") = agent.clone();
        }
        outcome
    }
}

/// Updates the agent from several tasks with random updates, repeats, and tags of earlier answers.
async fn run(subject: impl Subject, initial: &StoredAgent) -> Vec<Event> {
    let clock = Arc::new(AtomicU64::new(1));
    let mut runner = TestRunner::deterministic();
    let strategy = callagent::testing::valid::<UpdateAgent>();
    let mut update = || strategy.new_tree(&mut runner).expect("an update").current();
    // All of them first, or each client would be done before the next one starts.
    let updates: Vec<Vec<UpdateAgent>> =
        (0..CLIENTS).map(|_| std::iter::repeat_with(&mut update).take(UPDATES).collect()).collect();
    let tasks: Vec<_> = updates
        .into_iter()
        .enumerate()
        .map(|(client, updates)| {
            let (subject, clock) = (subject.clone(), Arc::clone(&clock));
            let mut tag = initial.version.etag();
            tokio::spawn(async move {
                let mut events = Vec::new();
                for (number, update) in updates.into_iter().enumerate() {
                    let if_match = match (client + number) % 4 {
                        0 => Some(IfMatch::from(tag.clone())),
                        1 => Some(IfMatch::ANY),
                        _ => None,
                    };
                    for _ in 0..=number % 2 {
                        let event = send(&subject, &clock, update.clone(), if_match.clone()).await;
                        if let Some(version) = event.version() {
                            tag = version.etag();
                        }
                        events.push(event);
                    }
                }
                events
            })
        })
        .collect();
    let mut events = Vec::new();
    for task in tasks {
        events.extend(task.await.expect("a client"));
    }
    events
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn histories_are_linear() -> TestResult {
    let folder = tempfile::tempdir()?;
    for folder in [None, Some(folder.path())] {
        let store = open(folder);
        import(&store, &json!({"_id": "a1"}));
        let initial = changed(put(&store, "a1", &json!({"llmModel": "gpt-5", "name": "first"})).await);
        let events = run(store.clone(), &initial).await;
        check(&initial, &events)?;
        let outcomes = |is: fn(&Outcome) -> bool| events.iter().filter(|event| is(event.outcome())).count();
        for (name, count) in [
            ("changed", outcomes(|outcome| matches!(outcome, Outcome::Changed(_)))),
            ("unchanged", outcomes(|outcome| matches!(outcome, Outcome::Unchanged(_)))),
            ("precondition failed", outcomes(|outcome| matches!(outcome, Outcome::PreconditionFailed))),
        ] {
            assert!(count > 0, "the history has no update that is {name}");
        }
        store.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_store_is_caught() {
    let initial = StoredAgent::new(7.into(), Agent::default());
    let events = run(Broken(Arc::new(Mutex::new(initial.clone()))), &initial).await;
    let error = check(&initial, &events).expect_err("lost updates");
    assert!(error.contains("is not version"), "{error}");
}

/// Each writer sets a field of its own, and never finds another one's value gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_of_different_fields_lose_nothing() -> TestResult {
    let folder = tempfile::tempdir()?;
    let store = open(Some(folder.path()));
    import(&store, &json!({"_id": "a1"}));
    let total = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (store, total) = (store.clone(), Arc::clone(&total));
            tokio::spawn(async move {
                for number in 1..=UPDATES {
                    let setting = json!({"llmModel": "gpt-5", "settings": {format!("writer-{client}"): number}});
                    let agent = changed(put(&store, "a1", &setting).await).agent;
                    let settings = serde_json::to_value(agent.settings).expect("JSON");
                    assert_eq!(settings[format!("writer-{client}")], number);
                    total.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await?;
    }
    let Outcome::Unchanged(last) = put(&store, "a1", &json!({"llmModel": "gpt-5"})).await else { panic!("a change") };
    let settings = serde_json::to_value(last.agent.settings)?;
    for client in 0..CLIENTS {
        assert_eq!(settings[format!("writer-{client}")], UPDATES);
    }
    assert_eq!(total.load(Ordering::Relaxed), (CLIENTS * UPDATES) as u64);
    Ok(())
}
