//! Makes a text smaller for as long as something still holds of it.

use serde_json::Value;

/// How often a text is tried at most.
const TRIES: usize = 20_000;

/// The smallest text that could be found of which it still holds: first by what the value in it can do without, then
/// by bytes.
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

/// Values that lack one thing, the most at first.
fn simpler(value: &Value) -> Vec<Value> {
    let with = |one: Value, index: usize| -> Value {
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(at, item)| if at == index { one.clone() } else { item.clone() })
                .collect(),
            Value::Object(fields) => {
                let fields = fields.iter().enumerate();
                fields
                    .map(|(at, (name, item))| (name.clone(), if at == index { one.clone() } else { item.clone() }))
                    .collect()
            }
            _ => one,
        }
    };
    match value {
        Value::Array(items) => {
            let less = (0..items.len()).map(|left_out| {
                items.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, item)| item.clone()).collect()
            });
            let below =
                items.iter().enumerate().flat_map(|(at, item)| simpler(item).into_iter().map(move |one| (one, at)));
            less.chain(below.map(|(one, at)| with(one, at))).collect()
        }
        Value::Object(fields) => {
            let less = (0..fields.len()).map(|left_out| {
                let kept = fields.iter().enumerate().filter(|(at, _)| *at != left_out);
                kept.map(|(_, (name, item))| (name.clone(), item.clone())).collect()
            });
            let below =
                fields.values().enumerate().flat_map(|(at, item)| simpler(item).into_iter().map(move |one| (one, at)));
            less.chain(below.map(|(one, at)| with(one, at))).collect()
        }
        Value::String(text) => {
            let half: String = text.chars().take(text.chars().count() / 2).collect();
            if text.is_empty() { Vec::new() } else { vec![Value::String(half)] }
        }
        Value::Number(_) => vec![0.into(), 1.into()],
        Value::Bool(_) | Value::Null => Vec::new(),
    }
}

/// Takes out ever smaller pieces.
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
