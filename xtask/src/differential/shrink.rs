//! Shrinks a text while a property holds.

use serde_json::Value;

/// The maximum number of attempts.
const TRIES: usize = 20_000;

/// Returns the smallest text found for which the property holds: first removes parts of the value, then bytes.
pub(super) fn shrink(text: Vec<u8>, holds: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut tries = TRIES;
    let mut holds = |text: &[u8]| {
        tries = tries.saturating_sub(1);
        tries > 0 && holds(text)
    };
    let text = shrink_value(text, &mut holds);
    shrink_bytes(text, &mut holds)
}

fn shrink_value(mut text: Vec<u8>, holds: &mut impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    'smaller: loop {
        let Ok(value) = serde_json::from_slice::<Value>(&text) else { return text };
        for simpler in simpler(&value) {
            let simpler = simpler.to_string().into_bytes();
            if simpler.len() < text.len() && holds(&simpler) {
                text = simpler;
                continue 'smaller;
            }
        }
        return text;
    }
}

/// Values with one part removed, largest parts first.
fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::Number(_) => vec![0.into(), 1.into()],
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => vec![text.chars().take(text.chars().count() / 2).collect::<String>().into()],
        Value::Array(_) | Value::Object(_) => {
            let parts = parts(value);
            let itself = parts.iter().map(|part| (*part).clone());
            let without = (0..parts.len()).map(|left_out| with(value, left_out, None));
            let below = parts.iter().enumerate();
            let below =
                below.flat_map(|(at, part)| simpler(part).into_iter().map(move |one| with(value, at, Some(&one))));
            itself.chain(without).chain(below).collect()
        }
    }
}

fn parts(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    }
}

/// Replaces or removes the part at an index.
fn with(value: &Value, at: usize, part: Option<&Value>) -> Value {
    let of = |(index, old)| if index == at { part.cloned() } else { Some(Value::clone(old)) };
    match value {
        Value::Array(items) => items.iter().enumerate().filter_map(of).collect(),
        Value::Object(fields) => {
            let new = fields.values().enumerate().map(of);
            fields.keys().zip(new).filter_map(|(name, value)| Some((name.clone(), value?))).collect()
        }
        other => other.clone(),
    }
}

/// Removes ever smaller pieces.
fn shrink_bytes(mut text: Vec<u8>, holds: &mut impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut length = text.len().div_ceil(2);
    while length > 0 {
        let mut at = 0;
        while at < text.len() {
            let mut without = text.clone();
            without.drain(at..(at + length).min(text.len()));
            if holds(&without) {
                text = without;
            } else {
                at += length;
            }
        }
        length /= 2;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn irrelevant_parts_are_removed() {
        let has = |part: &'static str| move |text: &[u8]| String::from_utf8_lossy(text).contains(part);
        let text = r#"{"a": [1, 2, {"b": "a long text"}], "c": {"d": [null, 31, {}]}}"#;
        assert_eq!(shrink(text.into(), has("31")), b"31");
        let is_json = |text: &[u8]| serde_json::from_slice::<Value>(text).is_ok() && has("null")(text);
        assert_eq!(shrink(text.into(), |text| is_json(text) && has("\"d\"")(text)), br#"{"d":null}"#);
    }
}
