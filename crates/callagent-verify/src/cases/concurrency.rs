//! Concurrent updates of one agent. Each request waits with its last byte for all the others.

use callagent::Agent;
use http::{StatusCode, header::IF_MATCH};
use serde_json::{Value, json};

use super::{all_fields, table};
use crate::{
    answer::Answer,
    case::{Case, Group},
    client::SendError,
    judge::{self, Mismatch},
    known::is_equal,
    request::Request,
    session::{Done, Session, Stop},
};

/// How often concurrent updates are sent.
const ROUNDS: usize = 15;
/// How many updates have the same `If-Match`.
const RIVALS: usize = 6;

pub(super) fn cases() -> Vec<Case> {
    table! { Group::Concurrency;
        "lost-updates", "Of concurrent updates none loses a field that the others do not set", ["http.concurrent"], lost_updates;
        "order", "Concurrent updates take effect one after the other", ["http.concurrent"], order;
        "same-field", "Of concurrent updates of a field, one is in effect", ["http.concurrent"], same_field;
        "if-match", "Of concurrent updates with the same If-Match, one is accepted", ["http.precondition.failed"], if_match;
    }
}

/// The fields that the writers of a round set, one writer each.
fn writers(round: usize) -> Vec<(&'static str, Value)> {
    let fraction = json!(f64::from(u32::try_from(round % 8).unwrap_or_default()) / 8.0);
    vec![
        ("/name", json!(format!("Round {round}"))),
        ("/maxAttemptsForSmartCallback", json!(round + 10)),
        ("/gapBetweenEachAttemptForSmartCallback", json!([{"days": round % 20, "hours": 1}])),
        ("/phoneNumberIds", json!([format!("phone-{round}")])),
        ("/settings/speed", fraction.clone()),
        ("/settings/volume", fraction),
        ("/settings/custom", json!(round)),
        ("/variables", json!({"round": round})),
    ]
}

/// Creates the update that sets a field, at most one level deep.
fn update_of(session: &Session, pointer: &str, value: &Value) -> Request {
    let fields = match pointer.trim_start_matches('/').split_once('/') {
        Some((object, field)) => json!({ object: { field: value } }),
        None => json!({ pointer.trim_start_matches('/'): value }),
    };
    session.update_of(fields)
}

/// Sends requests together and returns their answers.
async fn send_together(session: &mut Session, requests: &[Request]) -> Result<Vec<Answer>, Stop> {
    for request in requests {
        session.note_sent(request);
    }
    session.forget_exchanges();
    let answers = match session.client().send_together(requests).await {
        Ok(answers) => answers,
        Err(SendError::Connect(reason)) => {
            return Err(Stop::Skipped(format!("the server does not accept {} connections: {reason}", requests.len())));
        }
        Err(error) => return Err(session.unanswered(&requests[0], &error)),
    };
    let mut complete = Vec::new();
    for (request, answer) in requests.iter().zip(answers) {
        match answer {
            Ok(answer) if [429, 503].contains(&answer.status.as_u16()) => {
                let status = answer.status.as_u16();
                return Err(Stop::Skipped(format!(
                    "the server answered {status} to {} updates at once",
                    requests.len()
                )));
            }
            Ok(answer) => {
                session.push_exchange(request, Some(answer.clone()));
                complete.push(answer);
            }
            Err(error) => return Err(session.unanswered(request, &error)),
        }
    }
    Ok(complete)
}

fn field(agent: &Agent, pointer: &str) -> Option<Value> {
    serde_json::to_value(agent).ok()?.pointer(pointer).cloned()
}

/// Reads the agent without judging what changed since the last answer.
async fn read_anew(session: &mut Session) -> Result<Agent, Stop> {
    session.forget_known();
    session.read().await?;
    let agent = session.known().map(|known| known.agent.clone());
    agent.ok_or(Stop::Failed)
}

/// The agents in accepted answers.
fn agents(session: &mut Session, answers: &[Answer]) -> Result<Vec<Agent>, Stop> {
    let mut agents = Vec::new();
    for answer in answers {
        if !answer.status.is_success() {
            let message = format!(
                "expected status 200 for each of {} concurrent updates, found {}",
                answers.len(),
                answer.status.as_u16()
            );
            session.note(vec![Mismatch::page(message)])?;
            return Err(Stop::Failed);
        }
        match judge::agent(answer) {
            Ok(agent) => agents.push(agent),
            Err(mismatch) => {
                session.note(vec![mismatch])?;
                return Err(Stop::Failed);
            }
        }
    }
    Ok(agents)
}

async fn lost_updates(session: &mut Session) -> Done {
    session.accept(all_fields()).await?;
    for round in 0..ROUNDS {
        let writers = shown_writers(session, round)?;
        let requests: Vec<_> = writers.iter().map(|(pointer, value)| update_of(session, pointer, value)).collect();
        let answers = send_together(session, &requests).await?;
        agents(session, &answers)?;
        let agent = read_anew(session).await?;
        for (pointer, value) in &writers {
            let found = field(&agent, pointer);
            if !found.as_ref().is_some_and(|found| is_equal(found, value)) {
                let found = found.map_or("nothing".to_owned(), |found| found.to_string());
                let message = format!(
                    "{} concurrent updates were accepted; expected {value} in `{pointer}`, found {found}",
                    writers.len()
                );
                session.note(vec![Mismatch::page(message)])?;
            }
        }
    }
    Ok(())
}

/// The writers whose fields the answers show.
fn shown_writers(session: &Session, round: usize) -> Result<Vec<(&'static str, Value)>, Stop> {
    let agent = session.known().map(|known| known.agent.clone()).unwrap_or_default();
    let mut writers = writers(round);
    writers.retain(|(pointer, _)| field(&agent, pointer).is_some());
    if writers.len() < 2 {
        return Err(Stop::NotApplicable("the answers show fewer than two fields of updates".to_owned()));
    }
    Ok(writers)
}

/// Each answer shows which of the concurrent updates came before it. If they take effect one after the other, these sets
/// contain each other.
async fn order(session: &mut Session) -> Done {
    session.accept(all_fields()).await?;
    for round in 0..ROUNDS {
        let before = read_anew(session).await?;
        // Values other than those of the last case.
        let writers = shown_writers(session, round + ROUNDS)?;
        let writers: Vec<_> =
            writers.into_iter().filter(|(pointer, value)| field(&before, pointer).as_ref() != Some(value)).collect();
        let requests: Vec<_> = writers.iter().map(|(pointer, value)| update_of(session, pointer, value)).collect();
        let answers = send_together(session, &requests).await?;
        let agents = agents(session, &answers)?;
        let mut sets = Vec::new();
        for (index, agent) in agents.iter().enumerate() {
            let is_new =
                |(pointer, value): &(&str, Value)| field(agent, pointer).is_some_and(|found| is_equal(&found, value));
            let set: Vec<bool> = writers.iter().map(is_new).collect();
            let is_old = |(pointer, _): &(&str, Value)| field(agent, pointer) == field(&before, pointer);
            let is_torn = writers.iter().zip(&set).any(|(writer, is_new)| !is_new && !is_old(writer));
            if set.get(index) != Some(&true) || is_torn {
                let pointer = writers.get(index).map_or("", |(pointer, _)| pointer);
                let message = format!("expected the agent after the update of `{pointer}`, found another state");
                return session.note(vec![Mismatch::page(message)]);
            }
            sets.push(set);
        }
        sets.sort_by_key(|set| set.iter().filter(|is_new| **is_new).count());
        let is_chain =
            sets.windows(2).all(|pair| pair[0].iter().zip(&pair[1]).all(|(earlier, later)| !earlier || *later));
        if !is_chain {
            let message = "the answers to concurrent updates have no order: each of two lacks the update of the other";
            return session.note(vec![Mismatch::page(message)]);
        }
    }
    session.forget_known();
    Ok(())
}

async fn same_field(session: &mut Session) -> Done {
    session.ensure_known().await?;
    for round in 0..ROUNDS {
        let names: Vec<_> = (0..RIVALS).map(|rival| format!("Rival {rival} of round {round}")).collect();
        let requests: Vec<_> = names.iter().map(|name| session.update_of(json!({ "name": name }))).collect();
        let answers = send_together(session, &requests).await?;
        let agents = agents(session, &answers)?;
        if agents.iter().all(|agent| agent.name.is_none()) {
            return Err(Stop::NotApplicable("the answers do not show `name`".to_owned()));
        }
        for (agent, name) in agents.iter().zip(&names) {
            if agent.name.as_ref() != Some(name) {
                let message = format!("expected the agent with the name {name:?}, found {:?}", agent.name);
                session.note(vec![Mismatch::page(message)])?;
            }
        }
        let last = read_anew(session).await?.name;
        if !last.as_ref().is_some_and(|last| names.contains(last)) {
            session.note(vec![Mismatch::page(format!("expected a name of a concurrent update, found {last:?}"))])?;
        }
    }
    Ok(())
}

async fn if_match(session: &mut Session) -> Done {
    for round in 0..ROUNDS {
        session.read().await?;
        let tag = session.known().and_then(|known| known.etag.clone());
        let Some(tag) = tag else {
            return Err(Stop::NotApplicable("the answers have no strong `ETag`".to_owned()));
        };
        let update = |rival: usize| {
            let update: Request = session.update_of(json!({"name": format!("Rival {rival} of round {round}")}));
            update.header(&IF_MATCH, Some(tag.as_str().as_bytes()))
        };
        let requests: Vec<_> = (0..RIVALS).map(update).collect();
        let answers = send_together(session, &requests).await?;
        let count = |status: StatusCode| answers.iter().filter(|answer| answer.status == status).count();
        let (accepted, failed) = (count(StatusCode::OK), count(StatusCode::PRECONDITION_FAILED));
        session.forget_known();
        if (accepted, failed) != (1, RIVALS - 1) {
            let message = format!(
                "expected status 200 once and 412 for the others, found 200 {accepted} times and 412 {failed} times among {RIVALS}"
            );
            return session.note(vec![Mismatch::contract(message)]);
        }
    }
    Ok(())
}
