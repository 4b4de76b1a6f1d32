//! Concurrent clients of one agent over HTTP.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
};

use callagent::{Agent, IfMatch, UpdateAgent};
use callagent_server::{Outcome, StoredAgent};
use proptest::{strategy::Strategy as _, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::{Value, json};
use tokio::runtime;

use crate::{
    client::{Answer, Connection, Request},
    history::{Event, Subject, check, send},
    program::{Serve, database},
};

const CLIENTS: usize = 8;
const UPDATES: usize = 40;

/// Servers of a database in turn, with a connection per update.
#[derive(Clone)]
struct Remote(Vec<SocketAddr>, Arc<AtomicUsize>);

impl Subject for Remote {
    /// Every update sets a value of its own, so that one which is accepted changes the agent.
    async fn update(&self, update: UpdateAgent, if_match: Option<IfMatch>) -> Outcome {
        let body = serde_json::to_string(&update).expect("JSON");
        let mut request = Request::valid().body(body);
        if let Some(condition) = if_match {
            request = request.set("If-Match", condition.to_string());
        }
        let turn = self.1.fetch_add(1, Ordering::Relaxed);
        let answer = Connection::open(self.0[turn % self.0.len()]).send(&request);
        match answer.status {
            200 => Outcome::Changed(stored(&answer)),
            412 => Outcome::PreconditionFailed,
            _ => panic!("expected an outcome, found {answer:?}"),
        }
    }
}

fn stored(answer: &Answer) -> StoredAgent {
    assert_eq!(answer.status, 200, "{answer:?}");
    let version: u64 = answer.header("etag").and_then(|tag| tag.trim_matches('"').parse().ok()).expect("a version");
    StoredAgent::new(version.into(), callagent::read::<Agent>(&answer.body).expect("an agent"))
}

/// Random updates. They leave out the text-to-speech model where it has a key, since a key that is kept is not disclosed.
fn updates(runner: &mut TestRunner, client: usize) -> Vec<UpdateAgent> {
    let strategy = callagent::testing::valid::<UpdateAgent>();
    let update = |number| {
        let update = strategy.new_tree(runner).expect("an update").current();
        let mut update = serde_json::to_value(update).expect("JSON");
        if update["ttsModel"].get("elevenLabsApiKey").is_some() {
            update["ttsModel"] = json!({"provider": "openai"});
        }
        if let Some(Value::Object(settings)) = update.get_mut("settings") {
            settings.insert(format!("client-{client}"), json!(number));
        } else {
            update["settings"] = json!({format!("client-{client}"): number});
        }
        callagent::read(update.to_string()).expect("a valid update")
    };
    (0..UPDATES).map(update).collect()
}

fn run(
    remote: &Remote,
    initial: &StoredAgent,
    client: usize,
    updates: Vec<UpdateAgent>,
    clock: &AtomicU64,
) -> Vec<Event> {
    let runtime = runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut tag = initial.version.etag();
    let mut events = Vec::new();
    for (number, update) in updates.into_iter().enumerate() {
        let if_match = match (client + number) % 4 {
            0 => Some(IfMatch::from(tag.clone())),
            1 => Some(IfMatch::ANY),
            _ => None,
        };
        let event = runtime.block_on(send(remote, clock, update, if_match));
        if let Some(version) = event.version() {
            tag = version.etag();
        }
        events.push(event);
    }
    events
}

#[test]
fn histories_are_linear() -> Result<(), String> {
    let folder = database();
    assert_linear(&[Serve::start(folder.path(), &[])])
}

/// Updates the agent `agent_1` through servers of the same database.
pub(crate) fn assert_linear(servers: &[Serve]) -> Result<(), String> {
    let initial = &stored(&servers[0].put(r#"{"llmModel": "gpt-5", "name": "first"}"#));
    let addresses = servers.iter().map(Serve::address).collect();
    let (remote, clock) = (&Remote(addresses, Arc::default()), &AtomicU64::new(1));
    let mut runner = TestRunner::deterministic();
    let updates: Vec<_> = (0..CLIENTS).map(|client| updates(&mut runner, client)).collect();
    let events: Vec<_> = thread::scope(|scope| {
        let clients: Vec<_> = updates
            .into_iter()
            .enumerate()
            .map(|(client, updates)| scope.spawn(move || run(remote, initial, client, updates, clock)))
            .collect();
        clients.into_iter().flat_map(|client| client.join().expect("a client")).collect()
    });
    check(initial, &events)?;
    let refused = events.iter().filter(|event| matches!(event.outcome(), Outcome::PreconditionFailed)).count();
    assert!((1..events.len() / 2).contains(&refused), "{refused} updates were refused");
    Ok(())
}
