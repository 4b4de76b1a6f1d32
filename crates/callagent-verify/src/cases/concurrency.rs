//! Concurrent updates of one agent. Each request waits with its last byte for all the others.

use callagent::Agent;
use http::{StatusCode, header::IF_MATCH};
use serde_json::{Value, json};

use super::common::{all_fields, table};
use crate::{
    case::{Case, Group},
    client::SendError,
    judge::{self, Mismatch},
    known::is_equal,
    log::{Done, Stop},
    request::Request,
    response::Response,
    session::Session,
};

/// How often concurrent updates are sent.
const ROUNDS: usize = 15;
/// The variable that a writer sets.
const VARIABLE: &str = "/variables/round";
/// How many updates have the same `If-Match`.
const RIVALS: usize = 6;

pub(super) fn cases() -> Vec<Case> {
    table! { Group::Concurrency;
        "lost-updates", "None of several concurrent updates loses a field that the others do not set", ["http.concurrent"], lost_updates;
        "order", "Concurrent updates take effect one after the other", ["http.concurrent"], order;
        "same-field", "Concurrent updates of the same fields leave the values of one of them", ["http.concurrent"], same_field;
        "if-match", "Only one of several concurrent updates with the same If-Match is accepted", ["http.precondition.failed"], if_match;
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
        // A server may merge variables.
        (VARIABLE, json!(round)),
    ]
}

/// Creates the fields of an update that sets all of these.
fn update_with(fields: &[(&str, Value)]) -> Value {
    let mut update = json!({});
    for (pointer, value) in fields {
        match pointer.trim_start_matches('/').split_once('/') {
            Some((object, field)) => update[object][field] = value.clone(),
            None => update[pointer.trim_start_matches('/')] = value.clone(),
        }
    }
    update
}

/// Sends requests together and returns their responses.
async fn send_together(session: &mut Session, requests: &[Request]) -> Result<Vec<Response>, Stop> {
    for request in requests {
        session.note_sent(request);
    }
    session.log.forget_exchanges();
    session.forget_known();
    let responses = match session.client.send_together(requests).await {
        Ok(responses) => responses,
        Err(SendError::Connect(reason)) => {
            return Err(Stop::Skipped(format!("the server does not accept {} connections: {reason}", requests.len())));
        }
        Err(error) => return Err(session.unanswered(&requests[0], &error)),
    };
    let mut complete = Vec::new();
    for (request, response) in requests.iter().zip(responses) {
        match response {
            Ok(response) if [429, 503].contains(&response.status.as_u16()) => {
                let status = response.status.as_u16();
                return Err(Stop::Skipped(format!(
                    "the server answered {status} to {} updates at once",
                    requests.len()
                )));
            }
            Ok(response) => {
                session.log.push(request, Some(response.clone()));
                complete.push(response);
            }
            Err(error) => return Err(session.unanswered(request, &error)),
        }
    }
    Ok(complete)
}

fn field(agent: &Agent, pointer: &str) -> Option<Value> {
    serde_json::to_value(agent).ok()?.pointer(pointer).cloned()
}

/// Reads the agent without judging what changed since the last response.
async fn read_anew(session: &mut Session) -> Result<Agent, Stop> {
    session.forget_known();
    session.ensure_known().await?;
    let agent = session.known().map(|known| known.agent.clone());
    agent.ok_or(Stop::Failed)
}

/// The agents in accepted responses.
fn agents(session: &mut Session, responses: &[Response]) -> Result<Vec<Agent>, Stop> {
    let mut agents = Vec::new();
    for response in responses {
        if !response.status.is_success() {
            let message = format!(
                "expected status 200 for each of {} concurrent updates, found {}",
                responses.len(),
                response.status.as_u16()
            );
            session.note(vec![Mismatch::page(message)])?;
            return Err(Stop::Failed);
        }
        match judge::agent(response) {
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
    session.ensure_known().await?;
    session.accept(all_fields()).await?;
    for round in 0..ROUNDS {
        let writers = shown_writers(session, round)?;
        let requests: Vec<_> =
            writers.iter().map(|writer| session.update_of(update_with(std::slice::from_ref(writer)))).collect();
        let responses = send_together(session, &requests).await?;
        agents(session, &responses)?;
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

/// The writers whose fields the responses show.
fn shown_writers(session: &Session, round: usize) -> Result<Vec<(&'static str, Value)>, Stop> {
    let agent = session.known().map(|known| known.agent.clone()).unwrap_or_default();
    let mut writers = writers(round);
    let shows_variables = agent.variables.is_some();
    writers.retain(|(pointer, _)| field(&agent, pointer).is_some() || (*pointer == VARIABLE && shows_variables));
    if writers.len() < 2 {
        return Err(Stop::NotApplicable("the responses show fewer than two fields of updates".to_owned()));
    }
    Ok(writers)
}

/// Each response shows which of the concurrent updates came before it. If they take effect one after the other, these sets
/// contain each other.
async fn order(session: &mut Session) -> Done {
    session.ensure_known().await?;
    session.accept(all_fields()).await?;
    for round in 0..ROUNDS {
        let before = read_anew(session).await?;
        // Values other than those of the last case.
        let writers = shown_writers(session, round + ROUNDS)?;
        let writers: Vec<_> =
            writers.into_iter().filter(|(pointer, value)| field(&before, pointer).as_ref() != Some(value)).collect();
        let requests: Vec<_> =
            writers.iter().map(|writer| session.update_of(update_with(std::slice::from_ref(writer)))).collect();
        let responses = send_together(session, &requests).await?;
        let agents = agents(session, &responses)?;
        let mut sets: Vec<Vec<bool>> = Vec::new();
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
        let mut sorted = sets.clone();
        sorted.sort_by_key(|set| set.iter().filter(|is_new| **is_new).count());
        let is_chain =
            sorted.windows(2).all(|pair| pair[0].iter().zip(&pair[1]).all(|(earlier, later)| !earlier || *later));
        if !is_chain {
            let message =
                "the responses to concurrent updates have no order: each of two lacks the update of the other";
            return session.note(vec![Mismatch::page(message)]);
        }
        check_tags(session, &responses, &sets).await?;
    }
    Ok(())
}

/// Checks that different agents have different tags, and that the tag of the last agent is still current.
async fn check_tags(session: &mut Session, responses: &[Response], sets: &[Vec<bool>]) -> Done {
    let tags: Vec<_> = responses.iter().map(Response::etag).collect();
    for (index, (tag, set)) in tags.iter().zip(sets).enumerate() {
        let mut others = tags.iter().zip(sets).skip(index + 1);
        let Some(tag) = tag else { continue };
        if others.any(|(other, other_set)| other.as_ref() == Some(tag) && other_set != set) {
            let message = format!("two responses with different agents have the `ETag` {tag}");
            return session.note(vec![Mismatch::contract(message).cites("http.accepted.etag")]);
        }
    }
    let last =
        responses.iter().zip(sets).find(|(_, set)| set.iter().all(|is_new| *is_new)).map(|(response, _)| response);
    let Some((expected, last)) = last.and_then(|last| Some((last.etag()?, judge::agent(last).ok()?))) else {
        return Ok(());
    };
    let agent = read_anew(session).await?;
    let found = session.known().and_then(|known| known.etag.clone());
    match found.filter(|found| agent == last && *found != expected) {
        Some(found) => {
            let message = format!("the agent did not change: expected the `ETag` {expected} as before, found {found}");
            session.note(vec![Mismatch::contract(message).cites("http.accepted.etag")])
        }
        None => Ok(()),
    }
}

/// Each rival sets the same fields to values of its own. They must stay together.
async fn same_field(session: &mut Session) -> Done {
    session.ensure_known().await?;
    session.accept(all_fields()).await?;
    for round in 0..ROUNDS {
        let fields: Vec<_> = (0..RIVALS).map(|rival| writers(round * RIVALS + rival)).collect();
        let requests: Vec<_> = fields.iter().map(|fields| session.update_of(update_with(fields))).collect();
        let responses = send_together(session, &requests).await?;
        let agents = agents(session, &responses)?;
        let is_of = |agent: &Agent, fields: &[(&str, Value)]| {
            let shown = fields.iter().filter_map(|(pointer, value)| Some((field(agent, pointer)?, value)));
            shown.into_iter().all(|(found, value)| is_equal(&found, value))
        };
        for (agent, fields) in agents.iter().zip(&fields) {
            if !is_of(agent, fields) {
                let message = "expected the agent after the update in the response, found another state";
                return session.note(vec![Mismatch::page(message)]);
            }
        }
        let last = read_anew(session).await?;
        if !fields.iter().any(|fields| is_of(&last, fields)) {
            let message =
                format!("{RIVALS} updates set the same fields; expected all fields of one of them, found a mixture");
            return session.note(vec![Mismatch::page(message)]);
        }
    }
    Ok(())
}

async fn if_match(session: &mut Session) -> Done {
    for round in 0..ROUNDS {
        session.ensure_known().await?;
        session.read().await?;
        let tag = session.known().and_then(|known| known.etag.clone());
        let Some(tag) = tag else {
            return Err(Stop::NotApplicable("the responses have no strong `ETag`".to_owned()));
        };
        let update = |rival: usize| {
            let update: Request = session.update_of(json!({"name": format!("Rival {rival} of round {round}")}));
            update.header(&IF_MATCH, Some(tag.as_str().as_bytes()))
        };
        let requests: Vec<_> = (0..RIVALS).map(update).collect();
        let responses = send_together(session, &requests).await?;
        let count = |is: fn(StatusCode) -> bool| responses.iter().filter(|response| is(response.status)).count();
        let accepted = count(|status| status.is_success());
        let failed = count(|status| status == StatusCode::PRECONDITION_FAILED);
        if (accepted, failed) != (1, RIVALS - 1) {
            let message = format!(
                "expected status 200 once and 412 for the others, found 200 {accepted} times and 412 {failed} times among {RIVALS}"
            );
            return session.note(vec![Mismatch::contract(message)]);
        }
    }
    Ok(())
}
