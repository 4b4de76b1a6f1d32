//! Concurrent clients of one agent.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use callagent::{Agent, IfMatch, UpdateAgent};
use callagent_server::{Database, Outcome, Store, StoredAgent, decide};
use jiff::Timestamp;
use proptest::{strategy::Strategy as _, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::json;

use crate::{
    common::{TestResult, changed, id, import, put, workspace},
    databases::databases,
    history::{Event, Subject, check, send},
};

const CLIENTS: usize = 8;
const UPDATES: usize = 40;

impl Subject for Store {
    async fn update(&self, update: UpdateAgent, if_match: Option<IfMatch>) -> Outcome {
        Store::update(self, workspace(), id("a1"), update, if_match).await.expect("an outcome")
    }
}

/// Stores of several processes on a database, in turn.
#[derive(Clone)]
struct Several(Vec<Store>, Arc<AtomicUsize>);

impl Subject for Several {
    async fn update(&self, update: UpdateAgent, if_match: Option<IfMatch>) -> Outcome {
        let turn = self.1.fetch_add(1, Ordering::Relaxed);
        Subject::update(&self.0[turn % self.0.len()], update, if_match).await
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
    for database in databases() {
        let store = database.open();
        import(&store, &json!({"_id": "a1"}));
        let initial = changed(put(&store, "a1", &json!({"llmModel": "gpt-5", "name": "first"})).await);
        let events = if matches!(database.database, Database::Memory) {
            run(store.clone(), &initial).await
        } else {
            run(Several(vec![store.clone(), database.open(), database.open()], Arc::default()), &initial).await
        };
        check(&initial, &events).map_err(|error| format!("{}: {error}", database.name))?;
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
    for database in databases() {
        // The second one is another process on the same database, where a database has several.
        let stores = [database.open(), database.open()];
        let stores = if matches!(database.database, Database::Memory) { &stores[..1] } else { &stores[..] };
        import(&stores[0], &json!({"_id": "a1"}));
        let tasks: Vec<_> =
            (0..CLIENTS).map(|client| tokio::spawn(write(client, stores[client % stores.len()].clone()))).collect();
        for task in tasks {
            task.await?;
        }
        let unchanged = put(&stores[0], "a1", &json!({"llmModel": "gpt-5"})).await;
        let Outcome::Unchanged(last) = unchanged else { panic!("a change") };
        let settings = serde_json::to_value(last.agent.settings)?;
        for client in 0..CLIENTS {
            assert_eq!(settings[format!("writer-{client}")], UPDATES, "{}", database.name);
        }
    }
    Ok(())
}

/// Sets a field to one number after another.
async fn write(client: usize, store: Store) {
    for number in 1..=UPDATES {
        let setting = json!({"llmModel": "gpt-5", "settings": {format!("writer-{client}"): number}});
        let agent = changed(put(&store, "a1", &setting).await).agent;
        let settings = serde_json::to_value(agent.settings).expect("JSON");
        assert_eq!(settings[format!("writer-{client}")], number);
    }
}
