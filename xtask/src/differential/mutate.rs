//! Mutations of values and of bytes.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::dice::Dice;
use crate::world;

/// Names that fields may get: every documented one, of whatever object, and a few others.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut names = world::names();
    names.extend(["", "Name", "color", "a/b", "~", "0"]);
    names
});

/// Values that fields may get: every kind, every boundary and word, and a few small objects and arrays.
static VALUES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut values: Vec<_> = world::values().iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
    values.extend([json!([]), json!({}), json!([null]), json!([""]), json!([{}]), json!({"provider": null})]);
    values
});

/// Changes a value in one to four places.
pub(super) fn value(dice: &mut Dice, root: &mut Value) {
    for _ in 0..=dice.below(4) {
        match dice.below(8) {
            0..=3 => put(dice, root, None),
            4 => {
                // A value comes to another place.
                let copy = any_below(dice, root).cloned();
                put(dice, root, copy);
            }
            5 => {
                // A field moves to another object.
                let moved = any_below(dice, root).and_then(|value| take_field(dice, value.as_object_mut()?));
                let target = any_below(dice, root).and_then(|value| value.as_object_mut());
                if let (Some(fields), Some((name, value))) = (target, moved) {
                    fields.insert(name, value);
                }
            }
            _ => change_container(dice, root),
        }
    }
}

/// Puts a value anywhere, some value if none is given.
fn put(dice: &mut Dice, root: &mut Value, value: Option<Value>) {
    let value = value.or_else(|| dice.pick(&VALUES).cloned()).unwrap_or_default();
    if let Some(place) = any_below(dice, root) {
        *place = value;
    }
}

/// Adds to an object or array, takes from it, or gives a field another name.
fn change_container(dice: &mut Dice, root: &mut Value) {
    let new = dice.pick(&VALUES).cloned().unwrap_or_default();
    match any_below(dice, root) {
        Some(Value::Object(fields)) => {
            let name = dice.pick(&NAMES).map(|name| (*name).to_owned()).unwrap_or_default();
            match dice.below(3) {
                0 => drop(take_field(dice, fields)),
                1 => {
                    let renamed = take_field(dice, fields).map(|(_, value)| (name, value));
                    fields.extend(renamed);
                }
                _ => drop(fields.insert(name, new)),
            }
        }
        Some(Value::Array(items)) => {
            let index = dice.below(items.len());
            match (dice.below(3), items.get(index).cloned()) {
                (0, Some(_)) => drop(items.remove(index)),
                (1, Some(item)) => items.push(item),
                _ => items.push(new),
            }
        }
        Some(other) => *other = Value::Array(vec![other.take()]),
        None => {}
    }
}

fn take_field(dice: &mut Dice, fields: &mut Map<String, Value>) -> Option<(String, Value)> {
    let name = fields.keys().nth(dice.below(fields.len())).cloned()?;
    fields.shift_remove_entry(&name)
}

/// A value anywhere in another one, itself included, rather high up than deep down; there always is one.
fn any_below<'v>(dice: &mut Dice, value: &'v mut Value) -> Option<&'v mut Value> {
    let count = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if count == 0 || dice.one_in(4) {
        return Some(value);
    }
    let index = dice.below(count);
    let below = match value {
        Value::Array(items) => items.get_mut(index),
        Value::Object(fields) => fields.values_mut().nth(index),
        _ => None,
    };
    below.and_then(|below| any_below(dice, below))
}

/// Changes bytes of a text in one to three places, or cuts it off.
pub(super) fn bytes(dice: &mut Dice, text: String) -> Vec<u8> {
    let mut bytes = text.into_bytes();
    for _ in 0..=dice.below(3) {
        let (at, other) = (dice.below(bytes.len()), dice.below(bytes.len()));
        if bytes.is_empty() {
            return bytes;
        }
        match dice.below(7) {
            0 => bytes.swap(at, other),
            1 => bytes[at] = dice.byte(),
            2 => bytes[at] ^= 1 << dice.below(8),
            3 => drop(bytes.remove(at)),
            4 => bytes.insert(at, dice.byte()),
            5 => {
                const MARKS: &[u8] = b"{}[]:,\"\\ \n\t\r0123456789.-+eEtfnu\x00\xc2\xed\xa0\xf0\xef\xbb\xbf";
                bytes[at] = *dice.pick(MARKS).unwrap_or(&b' ');
            }
            _ => {
                if dice.one_in(4) {
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
