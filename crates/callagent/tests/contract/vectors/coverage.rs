//! The required coverage of each documented field by the vectors: absent, null, every JSON type, every bound, every
//! value. A new field has no vectors yet, and fails here.

use std::collections::{BTreeMap, BTreeSet};

use callagent::{
    model::{Direction, Object, Type},
    tools::child_pointer,
};
use callagent_testkit::{engines::Entry, vectors::Check};
use serde_json::Value;

use crate::util::neighbours;

/// The coverage of a location in a document.
#[derive(Default)]
struct Shown {
    kinds: BTreeSet<&'static str>,
    is_absent: bool,
    /// Whether there is a value without a violation of its own.
    is_valid: bool,
    numbers: Vec<f64>,
    strings: BTreeSet<String>,
    has_undocumented_field: bool,
}

const KINDS: [&str; 6] = ["null", "a boolean", "a number", "a string", "an array", "an object"];

fn kind(value: &Value) -> &'static str {
    let [null, boolean, number, string, array, object] = KINDS;
    match value {
        Value::Null => null,
        Value::Bool(_) => boolean,
        Value::Number(_) => number,
        Value::String(_) => string,
        Value::Array(_) => array,
        Value::Object(_) => object,
    }
}

/// The gaps in the coverage of a direction, one sentence each.
pub(crate) fn gaps<'v>(object: &'static Object, checks: impl Iterator<Item = &'v Check>) -> Vec<String> {
    let mut survey = Survey::default();
    for check in checks.filter(|check| check.direction == object.direction && check.tolerance.is_none()) {
        let Some(value) = check.document().value else { continue };
        survey.value(value, &Type::Object(object), "", "", &check.violations);
    }
    survey.require(&Type::Object(object), "", object.direction, false);
    survey.gaps
}

/// The coverage by location: the path to a value, with `*` for an item.
#[derive(Default)]
struct Survey {
    shown: BTreeMap<String, Shown>,
    gaps: Vec<String>,
}

impl Survey {
    fn value(&mut self, value: &Value, r#type: &Type, place: &str, pointer: &str, violations: &[Entry]) {
        let shown = self.shown.entry(place.to_owned()).or_default();
        shown.kinds.insert(kind(value));
        shown.is_valid |= !value.is_null() && violations.iter().all(|(violated, _)| violated != pointer);
        shown.numbers.extend(value.as_f64());
        shown.strings.extend(value.as_str().map(str::to_owned));
        match (r#type, value) {
            (Type::List(item), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    let pointer = child_pointer(pointer, &index.to_string());
                    self.value(value, item, &child_pointer(place, "*"), &pointer, violations);
                }
            }
            (Type::Object(object), Value::Object(fields)) => {
                shown.has_undocumented_field |= fields.keys().any(|name| object.field(name).is_none());
                for field in object.fields {
                    let (place, pointer) = (child_pointer(place, field.name), child_pointer(pointer, field.name));
                    match fields.get(field.name) {
                        Some(value) => self.value(value, &field.r#type, &place, &pointer, violations),
                        None => self.shown.entry(place).or_default().is_absent = true,
                    }
                }
            }
            _ => {}
        }
    }

    fn require(&mut self, r#type: &Type, place: &str, direction: Direction, is_field: bool) {
        let shown = self.shown.remove(place).unwrap_or_default();
        let mut missing = Vec::new();
        let mut require = |is_shown: bool, what: String| {
            if !is_shown {
                missing.push(what);
            }
        };
        require(shown.is_absent || !is_field, "absent".to_owned());
        require(shown.is_valid, "valid".to_owned());
        for kind in KINDS {
            require(shown.kinds.contains(kind), format!("as {kind}"));
        }
        match *r#type {
            Type::Integer(bounds) => {
                let (Some(minimum), Some(maximum)) = (bounds.minimum, bounds.maximum) else {
                    panic!("{place}: bounds")
                };
                for number in [minimum - 1, minimum, maximum, maximum + 1] {
                    #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
                    let is_shown = shown.numbers.contains(&(number as f64));
                    require(is_shown, format!("as {number}"));
                }
                let has_fraction = shown.numbers.iter().any(|number| number.fract() != 0.0);
                require(has_fraction, "as a number with a fraction".to_owned());
            }
            Type::Number(bounds) => {
                let (Some(minimum), Some(maximum)) = (bounds.minimum, bounds.maximum) else {
                    panic!("{place}: bounds")
                };
                let [[below, _], [_, above]] = [minimum, maximum].map(neighbours);
                for number in [below, minimum, maximum, above] {
                    require(shown.numbers.contains(&number), format!("as {number:?}"));
                }
            }
            Type::Enum(vocabulary) => {
                for value in vocabulary.values {
                    require(shown.strings.contains(*value), format!("as `{value}`"));
                }
                let is_unknown = |string: &String| !vocabulary.values.contains(&string.as_str());
                require(shown.strings.iter().any(is_unknown), "as an undocumented value".to_owned());
            }
            Type::Object(_) => {
                require(shown.has_undocumented_field, "with a field that is not documented".to_owned());
            }
            _ => {}
        }
        let shown_place = if place.is_empty() { "the document itself" } else { place };
        self.gaps.extend(missing.iter().map(|what| format!("{direction:?}: {shown_place} {what}")));
        match r#type {
            Type::List(item) => self.require(item, &child_pointer(place, "*"), direction, false),
            Type::Object(object) => {
                for field in object.fields {
                    self.require(&field.r#type, &child_pointer(place, field.name), direction, true);
                }
            }
            _ => {}
        }
    }
}
