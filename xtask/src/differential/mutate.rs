//! Mutations of values and of bytes.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::rng::Rng;
use crate::world;

/// New names for fields: all documented ones of all objects, and a few others.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut names = world::names();
    names.extend(["", "Name", "color", "a/b", "~", "0"]);
    names
});

/// New values for fields: all types, bounds and known values, and a few small objects and arrays.
static VALUES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut values: Vec<_> = world::values().iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
    values.extend([json!([]), json!({}), json!([null]), json!([""]), json!([{}]), json!({"provider": null})]);
    values
});

/// Changes a value in one to four places.
pub(super) fn value(rng: &mut Rng, root: &mut Value) {
    for _ in 0..=rng.below(4) {
        match rng.below(8) {
            0..=3 => put(rng, root, None),
            4 => {
                // Copy a value to another position.
                let copy = any_below(rng, root).cloned();
                put(rng, root, copy);
            }
            5 => {
                // A field moves to another object.
                let moved = any_below(rng, root).and_then(|value| take_field(rng, value.as_object_mut()?));
                let target = any_below(rng, root).and_then(|value| value.as_object_mut());
                if let (Some(fields), Some((name, value))) = (target, moved) {
                    fields.insert(name, value);
                }
            }
            _ => change_container(rng, root),
        }
    }
}

/// Inserts a value anywhere, a random one if none is given.
fn put(rng: &mut Rng, root: &mut Value, value: Option<Value>) {
    let value = value.or_else(|| rng.pick(&VALUES).cloned()).unwrap_or_default();
    if let Some(place) = any_below(rng, root) {
        *place = value;
    }
}

/// Adds or removes a member of an object or array, or renames a field.
fn change_container(rng: &mut Rng, root: &mut Value) {
    let new = rng.pick(&VALUES).cloned().unwrap_or_default();
    match any_below(rng, root) {
        Some(Value::Object(fields)) => {
            let name = rng.pick(&NAMES).map(|name| (*name).to_owned()).unwrap_or_default();
            match rng.below(3) {
                0 => drop(take_field(rng, fields)),
                1 => {
                    let renamed = take_field(rng, fields).map(|(_, value)| (name, value));
                    fields.extend(renamed);
                }
                _ => drop(fields.insert(name, new)),
            }
        }
        Some(Value::Array(items)) => {
            let index = rng.below(items.len());
            match (rng.below(3), items.get(index).cloned()) {
                (0, Some(_)) => drop(items.remove(index)),
                (1, Some(item)) => items.push(item),
                _ => items.push(new),
            }
        }
        Some(other) => *other = Value::Array(vec![other.take()]),
        None => {}
    }
}

fn take_field(rng: &mut Rng, fields: &mut Map<String, Value>) -> Option<(String, Value)> {
    let name = fields.keys().nth(rng.below(fields.len())).cloned()?;
    fields.shift_remove_entry(&name)
}

/// A random value within another one or that value itself, more likely at a low depth.
fn any_below<'v>(rng: &mut Rng, value: &'v mut Value) -> Option<&'v mut Value> {
    let count = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if count == 0 || rng.one_in(4) {
        return Some(value);
    }
    let index = rng.below(count);
    let below = match value {
        Value::Array(items) => items.get_mut(index),
        Value::Object(fields) => fields.values_mut().nth(index),
        _ => None,
    };
    below.and_then(|below| any_below(rng, below))
}

/// Changes bytes of a text in one to three places, or truncates it.
pub(super) fn bytes(rng: &mut Rng, text: String) -> Vec<u8> {
    let mut bytes = text.into_bytes();
    for _ in 0..=rng.below(3) {
        let (at, other) = (rng.below(bytes.len()), rng.below(bytes.len()));
        if bytes.is_empty() {
            return bytes;
        }
        match rng.below(7) {
            0 => bytes.swap(at, other),
            1 => bytes[at] = rng.byte(),
            2 => bytes[at] ^= 1 << rng.below(8),
            3 => drop(bytes.remove(at)),
            4 => bytes.insert(at, rng.byte()),
            5 => {
                const MARKS: &[u8] = b"{}[]:,\"\\ \n\t\r0123456789.-+eEtfnu\x00\xc2\xed\xa0\xf0\xef\xbb\xbf";
                bytes[at] = *rng.pick(MARKS).unwrap_or(&b' ');
            }
            _ => {
                if rng.one_in(4) {
                    bytes.truncate(at);
                } else {
                    let copied: Vec<u8> = bytes[at.min(other)..at.max(other)].to_vec();
                    bytes.splice(at..at, copied);
                }
            }
        }
    }
    bytes
}
