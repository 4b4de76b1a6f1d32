//! Shrinking: finds a small request that the server answers as wrongly as a large one.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{
    expectation::Expected,
    log::{Done, Failure, Stop},
    request::Request,
    session::Session,
};

/// The bounds for a failure.
const MAX_REQUESTS: usize = 60;
const MAX_TIME: Duration = Duration::from_secs(2);
/// The bounds for a run.
const MAX_REQUESTS_OF_RUN: usize = 600;

/// Replaces the last failure of the case by one with a smaller request, if there is one. The reader judges each candidate
/// like any other request.
pub(crate) async fn shrink(session: &mut Session, request: &Request) -> Done {
    // A text that is not JSON, or repeats a name, is not the text of a value.
    let Ok(mut smallest) = serde_json::from_slice::<Value>(&request.body) else { return Ok(()) };
    let is_accepted = |session: &mut Session, request: &Request| {
        session.expected(request).ok().map(|expected| matches!(expected, Expected::Accepted(_)))
    };
    let Some(original) = is_accepted(session, request) else { return Ok(()) };
    let started = Instant::now();
    let mut sent = 0;
    loop {
        let mut smaller = None;
        for candidate in candidates(&smallest) {
            let request = request.clone().body(candidate.to_string());
            if is_accepted(session, &request) != Some(original) {
                continue;
            }
            let is_over = sent == MAX_REQUESTS || session.shrunk == MAX_REQUESTS_OF_RUN || started.elapsed() > MAX_TIME;
            if is_over {
                return Ok(());
            }
            sent += 1;
            session.shrunk += 1;
            if let Some(failure) = attempt(session, request).await? {
                session.log.replace_last_failure(failure);
                smaller = Some(candidate);
                break;
            }
        }
        match smaller {
            Some(value) => smallest = value,
            None => return Ok(()),
        }
    }
}

/// Sends a request and returns the failure, if its response is wrong.
async fn attempt(session: &mut Session, request: Request) -> Result<Option<Failure>, Stop> {
    let log = session.set_log_aside();
    let result = session.exchange(request).await;
    let failure = session.restore_log(log);
    match result {
        Err(stop @ Stop::GivenUp(_)) => Err(stop),
        _ => Ok(failure),
    }
}

/// Returns smaller versions of a value, the smallest first.
fn candidates(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(fields) => {
            let without = fields.keys().map(|name| {
                let mut fields = fields.clone();
                fields.remove(name);
                Value::Object(fields)
            });
            let inside = fields.iter().flat_map(|(name, value)| {
                candidates(value).into_iter().map(|smaller| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), smaller);
                    Value::Object(fields)
                })
            });
            without.chain(inside).collect()
        }
        Value::Array(items) => {
            let without = (0..items.len()).map(|index| {
                let mut items = items.clone();
                items.remove(index);
                Value::Array(items)
            });
            let inside = items.iter().enumerate().flat_map(|(index, value)| {
                candidates(value).into_iter().map(move |smaller| {
                    let mut items = items.clone();
                    if let Some(item) = items.get_mut(index) {
                        *item = smaller;
                    }
                    Value::Array(items)
                })
            });
            without.chain(inside).collect()
        }
        Value::String(text) if text.chars().count() > 1 => {
            let half = text.chars().count() / 2;
            [text.chars().take(half).collect::<String>(), text.chars().skip(half).collect()].map(Value::String).into()
        }
        _ => Vec::new(),
    }
}
