//! Whether a history of concurrent updates of one agent is linear.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use callagent::{Agent, ElevenLabsKey, IfMatch, KeyChange, TtsUpdate, UpdateAgent};
use callagent_server::{Outcome, StoredAgent, Version};

/// An update and its answer.
#[derive(Debug)]
pub(crate) struct Event {
    update: UpdateAgent,
    if_match: Option<IfMatch>,
    outcome: Outcome,
    /// When the update was sent and when it was answered, on a common clock.
    sent: u64,
    answered: u64,
}

impl Event {
    pub(crate) fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Returns the version in the answer.
    pub(crate) fn version(&self) -> Option<Version> {
        match &self.outcome {
            Outcome::Changed(agent) | Outcome::Unchanged(agent) => Some(agent.version),
            Outcome::NotFound | Outcome::PreconditionFailed => None,
        }
    }
}

/// What keeps an agent: the store, or one that is broken.
pub(crate) trait Subject: Clone + Send + Sync + 'static {
    /// Updates the agent.
    fn update(&self, update: UpdateAgent, if_match: Option<IfMatch>) -> impl Future<Output = Outcome> + Send;
}

/// Sends an update, and notes when.
pub(crate) async fn send(
    subject: &impl Subject,
    clock: &AtomicU64,
    update: UpdateAgent,
    if_match: Option<IfMatch>,
) -> Event {
    let tick = || clock.fetch_add(1, Ordering::SeqCst);
    let sent = tick();
    let outcome = subject.update(update.clone(), if_match.clone()).await;
    Event { update, if_match, outcome, sent, answered: tick() }
}

/// Checks that there is an order of the updates in which each answer is the previous one with the update applied, that
/// the order is the order of versions, and that an update which was sent after the answer to another comes after it.
pub(crate) fn check(initial: &StoredAgent, events: &[Event]) -> Result<(), String> {
    let states = states(initial, events)?;
    let mut by_answer: Vec<&Event> = events.iter().collect();
    by_answer.sort_by_key(|event| event.answered);
    for event in events {
        let seen = by_answer
            .iter()
            .take_while(|earlier| earlier.answered < event.sent)
            .filter_map(|earlier| earlier.version());
        let oldest = seen.max().unwrap_or(initial.version);
        let mut candidates = states.range(oldest..).filter(|(_, state)| state.sent < event.answered);
        let is_possible = match &event.outcome {
            Outcome::NotFound => false,
            Outcome::Changed(agent) => agent.version > oldest,
            Outcome::Unchanged(agent) => candidates.any(|(version, state)| {
                *version == agent.version && state.agent == without_key(&agent.agent) && !changes(state, event)
            }),
            Outcome::PreconditionFailed => candidates.any(|(version, state)| {
                !permits(event, *version) && (changes(state, event) || gives_key(&event.update))
            }),
        };
        if !is_possible {
            return Err(format!("an answer fits no state from version {oldest}: {event:?}"));
        }
    }
    Ok(())
}

/// A state of the agent, and when the update that made it was sent.
struct State {
    agent: Agent,
    sent: u64,
}

/// Orders the changes by version, and checks that each is the update of the state before.
fn states(initial: &StoredAgent, events: &[Event]) -> Result<BTreeMap<Version, State>, String> {
    let mut changes: Vec<(&StoredAgent, &Event)> = events
        .iter()
        .filter_map(|event| match &event.outcome {
            Outcome::Changed(agent) => Some((agent, event)),
            _ => None,
        })
        .collect();
    changes.sort_by_key(|(agent, _)| agent.version);
    let mut current = (initial.version, without_key(&initial.agent));
    let mut states = BTreeMap::from([(current.0, State { agent: current.1.clone(), sent: 0 })]);
    for (after, event) in changes {
        let (version, mut expected) = current;
        let agent = without_key(&after.agent);
        event.update.clone().apply(&mut expected);
        expected.updated_at.clone_from(&agent.updated_at);
        if after.version <= version || without_key(&expected) != agent || !permits(event, version) {
            return Err(format!("version {} is not version {version} with the update: {event:?}", after.version));
        }
        states.insert(after.version, State { agent: agent.clone(), sent: event.sent });
        current = (after.version, agent);
    }
    Ok(states)
}

fn permits(event: &Event, version: Version) -> bool {
    event.if_match.as_ref().is_none_or(|condition| condition.permits(&version.etag()))
}

fn changes(state: &State, event: &Event) -> bool {
    let mut agent = state.agent.clone();
    event.update.clone().apply(&mut agent);
    without_key(&agent) != state.agent
}

fn gives_key(update: &UpdateAgent) -> bool {
    matches!(update.tts.as_ref().and_then(TtsUpdate::key_change), Some(KeyChange::Replace(_)))
}

/// Sealing makes a key another text, so that only its presence is compared.
fn without_key(agent: &Agent) -> Agent {
    let mut agent = agent.clone();
    if let Some(key) = agent.tts.as_mut().and_then(|tts| tts.api_key.as_mut()) {
        *key = ElevenLabsKey::new("");
    }
    agent
}
