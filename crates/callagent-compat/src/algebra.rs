//! Schemas as sets of values: proofs by the algebra of the `jsonschema` crate, and values from its normal form.
//!
//! Only positive results are trusted. Values are candidates and must be checked by a validator.
//!
//! This is the only file that uses `jsonschema::canonical`, an experimental module that may change in any release, so the
//! version of the crate is pinned exactly. Its replacement needs four operations: a [`Set`] from a self-contained schema,
//! its intersection and complement, whether it includes another one, and [`value`], some of its values. Without it, the
//! comparison still proves and refutes most keywords by structure; it leaves more combinations of them undecided.

use std::iter;

use jsonschema::{
    Draft, JsonType, Validator,
    canonical::{
        self, ArrayView, CanonicalSchema, CanonicalView, Containment, ContainsView, Distinctness, NumberView,
        ObjectView, ObjectViolationView, StringView,
    },
};
use serde_json::{Map, Number, Value, json};

use crate::patterns::{Found, Search};

/// The maximum depth of a value, since schemas may be recursive.
const MAX_DEPTH: usize = 200;
/// The maximum number of items or fields of a value.
const MAX_LENGTH: u64 = 100_000;
/// The maximum length of a generated string.
const MAX_TEXT: u64 = 4 << 20;

/// The maximum number of parts of a schema to omit.
const MAX_OMITTED: usize = 20;
/// The bound of generated integers.
const MAX_INTEGER: u128 = 1 << 100;

/// The maximum number of values in the schemas that the algebra is asked about. It takes time that grows faster than
/// their number, and a stack as deep as their references.
pub(crate) const MAX_EXTENT: usize = 1500;

/// The steps of a question to the algebra about schemas of a number of values.
pub(crate) fn steps(extent: usize) -> u64 {
    let extent = extent as u64;
    100 + extent * extent / 10
}

/// Creates a validator of a self-contained schema.
pub(crate) fn validator(schema: &Value) -> Result<Validator, String> {
    validator_with_formats(schema, false)
}

/// Creates a validator that may assert formats.
pub(crate) fn validator_with_formats(schema: &Value, is_asserted: bool) -> Result<Validator, String> {
    let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(is_asserted);
    options.build(schema).map_err(|error| format!("invalid schema: {error}"))
}

/// Returns whether a text is a regular expression that validators support.
pub(crate) fn is_pattern(pattern: &str) -> bool {
    validator(&json!({"pattern": pattern})).is_ok()
}

/// A set of values.
pub(crate) struct Set(CanonicalSchema);

impl Set {
    /// Returns the values that both sets contain.
    pub(crate) fn intersect(&self, other: &Set) -> Option<Set> {
        self.0.intersect(&other.0).ok().map(Set)
    }
}

/// The set of values of a self-contained schema, or a superset: parts that the algebra cannot represent are omitted.
pub(crate) fn set(schema: &Value) -> Option<Set> {
    let mut schema = schema.clone();
    for _ in 0..MAX_OMITTED {
        let set = canonical(&schema)?;
        let CanonicalView::Raw(raw) = set.view() else { return Some(Set(set)) };
        *schema.pointer_mut(&raw.pointer?)? = Value::Bool(true);
    }
    None
}

fn canonical(schema: &Value) -> Option<CanonicalSchema> {
    let options = canonical::options().offline().with_draft(Draft::Draft202012).should_validate_formats(false);
    options.canonicalize(schema).ok()
}

/// Returns whether `superset` is proven to accept every value of `subset`. Formats and parts that no rule covers are
/// ignored.
pub(crate) fn is_subset(subset: &Value, superset: &Value) -> bool {
    let sets = canonical(superset).zip(canonical(subset));
    sets.is_some_and(|(superset, subset)| matches!(superset.covers(&subset), Ok(Containment::Yes)))
}

/// A candidate value of the set. Different turns may give different values.
pub(crate) fn value(set: &Set, turn: usize) -> Option<Value> {
    Guess { turn }.value(&set.0, 0)
}

/// Simple values of each type.
pub(crate) fn simple_values() -> Vec<Value> {
    vec![json!("x"), json!(1), json!(true), Value::Null, json!({}), json!([]), json!(0.5), json!(""), json!(-1)]
}

struct Guess {
    turn: usize,
}

impl Guess {
    fn one<'i, T>(&self, items: &'i [T]) -> Option<&'i T> {
        items.get(self.turn % items.len().max(1))
    }

    fn value(&self, set: &CanonicalSchema, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        match set.view() {
            CanonicalView::True | CanonicalView::Not(_) => self.one(&simple_values()).cloned(),
            CanonicalView::False | CanonicalView::Raw(_) => None,
            CanonicalView::Const(value) => Some(value),
            CanonicalView::Enum(values) => self.one(&values).cloned(),
            CanonicalView::MultiType(types) => {
                let types: Vec<_> = types.iter().collect();
                self.one(&types).map(|name| of_type(*name))
            }
            CanonicalView::TypedGroup(group) => match group.body.view() {
                CanonicalView::True | CanonicalView::Not(_) => Some(of_type(group.ty)),
                _ => self.value(&group.body, depth + 1),
            },
            CanonicalView::String(view) => text(&view).map(Value::String),
            CanonicalView::Integer(view) => {
                let bounds = (view.minimum.as_ref(), view.maximum.as_ref());
                integer(bounds, &view.multiple_of, &view.not_multiple_of)
            }
            CanonicalView::Number(view) => number(&view),
            CanonicalView::Array(view) => self.array(&view, depth),
            CanonicalView::Object(view) => self.object(&view, depth),
            CanonicalView::AllOf(sets) | CanonicalView::AnyOf(sets) | CanonicalView::OneOf(sets) => {
                let count = sets.len().max(1);
                (0..count).find_map(|step| self.value(sets.get((self.turn + step) % count)?, depth + 1))
            }
            CanonicalView::Reference(name) => self.value(&set.definition(&name)?, depth + 1),
        }
    }

    fn array(&self, view: &ArrayView, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        for ContainsView { schema, min_contains, .. } in &view.contains {
            for _ in 0..min_contains.as_ref().map_or(Some(1), count)? {
                items.push(self.value(schema, depth + 1)?);
            }
        }
        let least = view.min_items.as_ref().map_or(Some(0), count)?;
        let least = if view.distinctness == Distinctness::SomeRepeated { least.max(2) } else { least };
        while (items.len() as u64) < least {
            let turned = Guess {
                turn: self.turn + if view.distinctness == Distinctness::AllDistinct { items.len() } else { 0 },
            };
            let item = view.prefix_items.get(items.len()).or(view.items.as_ref());
            items.push(match item {
                Some(item) => turned.value(item, depth + 1)?,
                None => turned.one(&simple_values())?.clone(),
            });
        }
        if let (Distinctness::SomeRepeated, [first, second, ..]) = (view.distinctness, items.as_mut_slice()) {
            second.clone_from(first);
        }
        Some(items.into())
    }

    fn object(&self, view: &ObjectView, depth: usize) -> Option<Value> {
        let mut fields = Map::new();
        for name in &view.required {
            fields.insert(name.clone(), self.field(view, name, depth)?);
        }
        for violation in &view.violations {
            let (name, value) = self.violation(view, violation, depth)?;
            fields.insert(name, value);
        }
        let least = view.min_properties.as_ref().map_or(Some(0), count)?;
        let mut names = view.properties.keys().cloned().chain(fresh_names());
        while (fields.len() as u64) < least {
            let name = names.next()?;
            if !fields.contains_key(&name)
                && let Some(value) = self.field(view, &name, depth)
            {
                fields.insert(name, value);
            }
        }
        Some(fields.into())
    }

    /// A value for a field.
    fn field(&self, view: &ObjectView, name: &str, depth: usize) -> Option<Value> {
        match view.properties.get(name).or(view.additional_properties.as_ref()) {
            Some(set) => self.value(set, depth + 1),
            None => self.one(&simple_values()).cloned(),
        }
    }

    /// A field that violates a constraint which must be violated.
    fn violation(&self, view: &ObjectView, broken: &ObjectViolationView, depth: usize) -> Option<(String, Value)> {
        match broken {
            ObjectViolationView::NameFails(names) => {
                let not = names.negate().ok().zip(canonical(&json!({"type": "string"})));
                let not = not.and_then(|(names, texts)| self.value(&names.intersect(&texts).ok()?, depth + 1));
                let not = not.as_ref().and_then(Value::as_str).map(str::to_owned);
                let known = view.properties.keys().filter(|name| !is_listed(names, name)).cloned();
                let fresh = fresh_names().find(|name| !is_listed(names, name));
                // If the names are listed, prefer a known name that is not.
                let is_list = matches!(names.view(), CanonicalView::Enum(_) | CanonicalView::Const(_));
                let known: Vec<_> =
                    if is_list { known.chain(not).collect() } else { not.into_iter().chain(known).collect() };
                let names: Vec<_> = known.into_iter().chain(fresh).collect();
                let name = self.one(&names)?;
                Some((name.clone(), self.field(view, name, depth)?))
            }
            ObjectViolationView::UndeclaredValueFails { names, additional, .. } => {
                let known = view.properties.keys().find(|name| !names.contains(name)).cloned();
                let name = known.or_else(|| fresh_names().find(|name| !names.contains(name)))?;
                let failing = additional.negate().ok();
                let value = match (failing, view.properties.get(&name)) {
                    (Some(failing), Some(set)) => self.value(&set.intersect(&failing).ok()?, depth + 1),
                    (Some(failing), None) => self.value(&failing, depth + 1),
                    (None, _) => None,
                };
                Some((name, value?))
            }
            ObjectViolationView::PatternValueFails { pattern, schema } => {
                let name = name(&[pattern], &[], &[])?;
                Some((name, self.value(&schema.negate().ok()?, depth + 1)?))
            }
        }
    }
}

/// Returns whether a set of names lists a name.
fn is_listed(names: &CanonicalSchema, name: &str) -> bool {
    match names.view() {
        CanonicalView::Enum(values) => values.iter().any(|value| value == name),
        CanonicalView::Const(value) => value == name,
        _ => false,
    }
}

/// Names that are unlikely to occur in a document.
pub(crate) fn fresh_names() -> impl Iterator<Item = String> {
    iter::once("another".to_owned()).chain((2..).map(|number| format!("another{number}")))
}

fn of_type(name: JsonType) -> Value {
    match name {
        JsonType::Null => Value::Null,
        JsonType::Boolean => json!(true),
        JsonType::Integer => json!(1),
        JsonType::Number => json!(0.5),
        JsonType::String => json!("x"),
        JsonType::Array => json!([]),
        JsonType::Object => json!({}),
    }
}

/// The integral part of a number.
#[expect(clippy::cast_possible_truncation, reason = "larger numbers saturate and are ignored")]
fn whole(number: &Number) -> Option<i128> {
    number.as_i128().or_else(|| number.as_f64().map(|number| number as i128))
}

fn count(number: &Number) -> Option<u64> {
    whole(number).and_then(|count| u64::try_from(count).ok()).filter(|count| *count <= MAX_LENGTH)
}

fn text(view: &StringView) -> Option<String> {
    let length = |bound: &Number| bound.as_u64();
    let least = view.min_length.as_ref().map_or(Some(0), length)?;
    let most = view.max_length.as_ref().map_or(Some(u64::MAX), length)?;
    if least > MAX_TEXT {
        return None;
    }
    if view.patterns.is_empty() && view.excluded_patterns.is_empty() {
        let filled_to = if least == 0 && most > 0 { 1 } else { least };
        let filled = |filler: char| iter::repeat_n(filler, usize::try_from(filled_to).ok()?).collect::<String>().into();
        let texts = ['x', 'A', '0', '-', ' '].into_iter().filter_map(filled).chain([String::new()]);
        return texts.into_iter().find(|text: &String| !view.excluded.contains(text));
    }
    let search = |least: u64| {
        let search = Search {
            matching: view.patterns.iter().map(String::as_str).collect(),
            not_matching: view.excluded_patterns.iter().map(String::as_str).collect(),
            not: view.excluded.iter().map(String::as_str).collect(),
            least: usize::try_from(least).ok()?,
            most: usize::try_from(most).ok().filter(|most| *most < usize::MAX),
        };
        match search.run() {
            Found::Text(text) => Some(text),
            Found::Nothing | Found::Unknown => None,
        }
    };
    // Prefer a string that is not empty.
    search(least.max(1)).or_else(|| search(least).filter(|_| least == 0))
}

/// A name that matches all of `matching` and none of the others.
pub(crate) fn name(matching: &[&str], not_matching: &[&str], not: &[&str]) -> Option<String> {
    let search = Search {
        matching: matching.to_vec(),
        not_matching: not_matching.to_vec(),
        not: not.to_vec(),
        least: 1,
        most: None,
    };
    match search.run() {
        Found::Text(text) => Some(text),
        Found::Nothing | Found::Unknown => None,
    }
}

fn integer(
    (minimum, maximum): (Option<&Number>, Option<&Number>),
    multiple_of: &[Number],
    not_multiple_of: &[Number],
) -> Option<Value> {
    let bound = |number: &Number| whole(number).filter(|number| number.unsigned_abs() < MAX_INTEGER);
    let minimum = minimum.map(bound).map_or(Some(None), |bound| bound.map(Some))?;
    let maximum = maximum.map(bound).map_or(Some(None), |bound| bound.map(Some))?;
    let step = match multiple_of {
        [] => 1,
        [first, ..] => bound(first).filter(|step| *step > 0)?,
    };
    let start = match (minimum, maximum) {
        (Some(minimum), _) => minimum + (step - minimum.rem_euclid(step)) % step,
        (None, Some(maximum)) => maximum - maximum.rem_euclid(step) - 8 * step,
        (None, None) => 0,
    };
    let excluded: Vec<_> = not_multiple_of.iter().filter_map(bound).filter(|step| *step > 0).collect();
    let fits = |number: &i128| {
        excluded.iter().all(|step| number % step != 0)
            && maximum.is_none_or(|maximum| *number <= maximum)
            && minimum.is_none_or(|minimum| minimum <= *number)
    };
    let number = (0..64).map(|index| start + index * step).find(fits)?;
    Number::from_i128(number).map(Value::Number)
}

fn number(view: &NumberView) -> Option<Value> {
    let minimum = view.minimum.as_ref().and_then(Number::as_f64);
    let maximum = view.maximum.as_ref().and_then(Number::as_f64);
    let step = view.multiple_of.first().and_then(Number::as_f64);
    let candidates = match (minimum, maximum) {
        (Some(minimum), Some(maximum)) => {
            vec![minimum, maximum, f64::midpoint(minimum, maximum), minimum + (maximum - minimum) / 3.0]
        }
        (Some(minimum), None) => vec![minimum, minimum + 1.0, minimum + 0.5, minimum + 0.25],
        (None, Some(maximum)) => vec![maximum, maximum - 1.0, maximum - 0.5, maximum - 0.25],
        (None, None) => vec![0.0, 0.5, 1.0, 0.3],
    };
    let candidates = match step {
        Some(step) => candidates.into_iter().map(|number| (number / step).ceil() * step).collect(),
        None => candidates,
    };
    let excluded: Vec<_> = view.not_multiple_of.iter().filter_map(Number::as_f64).collect();
    let fits = |number: &f64| {
        let above =
            minimum.is_none_or(|minimum| if view.exclusive_minimum { minimum < *number } else { minimum <= *number });
        let below =
            maximum.is_none_or(|maximum| if view.exclusive_maximum { *number < maximum } else { *number <= maximum });
        above && below && excluded.iter().all(|step| (number % step).abs() > 0.0)
    };
    let number = candidates.into_iter().find(fits)?;
    // Prefer integers, which are easier to read.
    let number = Number::from_f64(number)?;
    let integer = whole(&number).and_then(Number::from_i128).filter(|integer| integer.as_f64() == number.as_f64());
    Some(Value::Number(integer.unwrap_or(number)))
}
