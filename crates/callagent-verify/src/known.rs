//! The agent as the last response showed it, and how an update changes it.

use std::collections::BTreeSet;

use callagent::{Agent, Document as _, ETag, Gap, UpdateAgent, model::Secrets, tools::child_pointer};
use serde_json::{Map, Number, Value};

/// The agent as the last response showed it.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) agent: Agent,
    pub(crate) etag: Option<ETag>,
}

/// The fields of an agent that change without an update.
const VOLATILE: [&str; 4] = ["status", "currentNode", "activeSessions", "updatedAt"];

/// A difference between an expected agent and the one in a response.
pub(crate) struct Difference {
    pub(crate) pointer: String,
    pub(crate) expected: Option<Value>,
    pub(crate) found: Option<Value>,
}

impl Known {
    /// Returns the agent as JSON, without what changes on its own.
    fn stable(agent: &Agent) -> Map<String, Value> {
        let mut fields = match serde_json::to_value(agent) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        fields.retain(|name, _| !VOLATILE.contains(&name.as_str()));
        if let Some(Value::Object(tts)) = fields.get_mut("ttsModel") {
            // It is encrypted, differently each time if the server wants.
            tts.retain(|name, _| !secrets().is_name(name));
        }
        fields
    }

    /// Returns whether the update changes nothing; `None` if the responses do not show it.
    pub(crate) fn is_in_effect(&self, update: &UpdateAgent) -> Option<bool> {
        if changes_key(update) {
            return None;
        }
        let differences = self.compare(update, &self.agent);
        let is_shown = |difference: &Difference| difference.found.is_some();
        if differences.iter().any(is_shown) { Some(false) } else { differences.is_empty().then_some(true) }
    }

    /// Returns how the agent in a response differs from this one after an update.
    pub(crate) fn compare(&self, update: &UpdateAgent, response: &Agent) -> Vec<Difference> {
        let mut expected = self.agent.clone();
        update.clone().apply(&mut expected);
        differences(&Known::stable(&expected), &Known::stable(response))
    }

    /// Returns whether two responses show the same agent, apart from when it was updated.
    pub(crate) fn is_same(&self, other: &Agent) -> bool {
        let without_time = |agent: &Agent| {
            let mut agent = agent.clone();
            agent.updated_at = None;
            agent
        };
        without_time(&self.agent) == without_time(other)
    }
}

/// Returns whether an update stores or removes a key.
pub(crate) fn changes_key(update: &UpdateAgent) -> bool {
    update.tts.as_ref().is_some_and(|tts| tts.key_change().is_some())
}

fn secrets() -> &'static Secrets {
    &UpdateAgent::CONTRACT.secrets
}

/// Compares objects. Documented objects of an agent are compared field by field.
fn differences(expected: &Map<String, Value>, found: &Map<String, Value>) -> Vec<Difference> {
    let mut all = Vec::new();
    compare_objects("", expected, found, &mut all);
    all
}

fn compare_objects(
    pointer: &str,
    expected: &Map<String, Value>,
    found: &Map<String, Value>,
    all: &mut Vec<Difference>,
) {
    let names: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    for name in names {
        let pointer = child_pointer(pointer, name);
        match (expected.get(name), found.get(name)) {
            (Some(Value::Object(expected)), Some(Value::Object(found))) => {
                compare_objects(&pointer, expected, found, all);
            }
            (expected, found) => {
                if !expected.zip(found).is_some_and(|(expected, found)| is_equal(expected, found)) {
                    all.push(Difference { pointer, expected: expected.cloned(), found: found.cloned() });
                }
            }
        }
    }
}

/// Compares JSON values, numbers by value.
pub(crate) fn is_equal(left: &Value, right: &Value) -> bool {
    compare(left, right, &|left, right| match (integer(left), integer(right)) {
        (Some(left), Some(right)) => left == right,
        (None, None) => left.as_f64() == right.as_f64(),
        _ => false,
    })
}

/// Compares JSON values, numbers as doubles. An absent number of a gap is its default.
pub(crate) fn is_nearly_equal(left: &Value, right: &Value) -> bool {
    let as_doubles = |left: &Number, right: &Number| left.as_f64() == right.as_f64();
    match (serde_json::from_value::<Vec<Gap>>(left.clone()), serde_json::from_value::<Vec<Gap>>(right.clone())) {
        (Ok(left), Ok(right)) => left == right,
        _ => compare(left, right, &as_doubles),
    }
}

/// Returns the value of an integer. A double that is one counts, however it is written.
fn integer(number: &Number) -> Option<i128> {
    let written = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
    written.or_else(|| {
        let double = number.as_f64().filter(|double| double.fract() == 0.0 && double.abs() < TWO_TO_THE_64)?;
        #[expect(clippy::cast_possible_truncation, reason = "the double is an integer in range")]
        Some(double as i128)
    })
}

const TWO_TO_THE_64: f64 = 18_446_744_073_709_551_616.0;

fn compare(left: &Value, right: &Value, numbers: &dyn Fn(&Number, &Number) -> bool) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => numbers(left, right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| compare(left, right, numbers))
        }
        (Value::Object(left), Value::Object(right)) => {
            let is_same = |(name, value)| right.get(name).is_some_and(|other| compare(value, other, numbers));
            left.len() == right.len() && left.iter().all(is_same)
        }
        _ => left == right,
    }
}
