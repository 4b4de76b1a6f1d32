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
            0..=3 => {
                let new = dice.pick(&VALUES).cloned().unwrap_or_default();
                *any_below(dice, root) = new;
            }
            4 => {
                // A value comes to another place.
                let copy = any_below(dice, root).clone();
                *any_below(dice, root) = copy;
            }
            5 => {
                // A field moves to another object.
                let moved = any_object(dice, root).and_then(|fields| {
                    let name = fields.keys().nth(dice.below(fields.len())).cloned()?;
                    fields.shift_remove_entry(&name)
                });
                if let (Some((name, value)), Some(fields)) = (moved, any_object(dice, root)) {
                    fields.insert(name, value);
                }
            }
            _ => change_container(dice, root),
        }
    }
}

/// Adds to an object or array, takes from it, or gives a field another name.
fn change_container(dice: &mut Dice, root: &mut Value) {
    let new = dice.pick(&VALUES).cloned().unwrap_or_default();
    match any_below(dice, root) {
        Value::Object(fields) => {
            let name = (*dice.pick(&NAMES).unwrap_or(&"")).to_owned();
            let given = fields.keys().nth(dice.below(fields.len())).cloned();
            match (dice.below(3), given.and_then(|given| fields.get_mut(&given).map(Value::take).zip(Some(given)))) {
                (0, Some((_, given))) => drop(fields.shift_remove(&given)),
                (1, Some((value, given))) => {
                    fields.shift_remove(&given);
                    fields.insert(name, value);
                }
                (_, taken) => {
                    fields.extend(taken.map(|(value, given)| (given, value)));
                    fields.insert(name, new);
                }
            }
        }
        Value::Array(items) => match dice.below(3) {
            0 if !items.is_empty() => drop(items.remove(dice.below(items.len()))),
            1 if !items.is_empty() => items.push(items[dice.below(items.len())].clone()),
            _ => items.push(new),
        },
        other => *other = Value::Array(vec![other.take()]),
    }
}

/// A value anywhere in another one, itself included, rather high up than deep down.
fn any_below<'v>(dice: &mut Dice, value: &'v mut Value) -> &'v mut Value {
    let count = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if count == 0 || dice.one_in(4) {
        return value;
    }
    let index = dice.below(count);
    match value {
        Value::Array(items) => any_below(dice, &mut items[index]),
        Value::Object(fields) => match fields.iter_mut().nth(index) {
            Some((_, value)) => any_below(dice, value),
            None => unreachable!("the index is below the count"),
        },
        _ => value,
    }
}

fn any_object<'v>(dice: &mut Dice, root: &'v mut Value) -> Option<&'v mut Map<String, Value>> {
    any_below(dice, root).as_object_mut()
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
