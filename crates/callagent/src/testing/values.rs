//! Strategies for valid values of the types of the model.

use std::collections::HashSet;

use proptest::{char, collection::vec, num::f64, prelude::*, sample::select};

use super::tree::Tree;
use crate::{
    json::MAX_DEPTH,
    model::{AdditionalProperties, Bounds, Field, Null, Object, Presence, RequiredIf, Type},
};

/// Names that are likely to occur in several objects, or are difficult for pointers and for objects of other languages.
const NAMES: &[&str] = &["a", "b", "color", "", "~", "a/b", "~1", "0", "-", " ", "é", "__proto__", "Name", "\u{1F600}"];

/// Typical texts in many formats.
const TEXTS: &[&str] = &["en", "fr-CA", "2025-01-31T09:30:00Z", "Support", " ", "null", "1", "key-1234567890"];

/// Characters that need or have an escape, or are at the limits of UTF-8 and UTF-16 encodings.
const HARD: &str = "\"\\/\0\u{8}\t\n\u{c}\r\u{1f}\u{7f}\u{80}\u{7ff}\u{800}\u{2028}\u{d7ff}\u{e000}\u{feff}\u{ffff}\u{10000}\u{10ffff}";

// The most likely alternative of a strategy comes first, since the alternatives before the chosen one cost time.

/// Generates a valid value, with any string for an open vocabulary. `around` objects and arrays contain it.
fn value(r#type: &'static Type, open: bool, around: u32) -> BoxedStrategy<Tree> {
    match r#type {
        Type::Text | Type::Key => text().prop_map(Tree::Text).boxed(),
        Type::KeyOrNull => prop_oneof![Just(Tree::Null), text().prop_map(Tree::Text)].boxed(),
        Type::Boolean => any::<bool>().prop_map(Tree::Boolean).boxed(),
        Type::Integer(bounds) => integer(bounds),
        Type::Number(bounds) => number(bounds),
        Type::Enum(vocabulary) => {
            let known = select(vocabulary.values).prop_map(|value| Tree::Text(value.into()));
            if open { prop_oneof![4 => known, 1 => text().prop_map(Tree::Text)].boxed() } else { known.boxed() }
        }
        Type::List(item) => vec(value(item, open, around + 1), 0..=4).prop_map(Tree::Array).boxed(),
        Type::Object(object) => self::object(object, around),
        Type::FreeForm => entries(around).prop_map(Tree::Object).boxed(),
    }
}

/// Generates a valid object.
pub(super) fn object(object: &'static Object, around: u32) -> BoxedStrategy<Tree> {
    let values: Vec<_> = object.fields.iter().map(|field| value(&field.r#type, field.open, around + 1)).collect();
    let fields = |absent: u32, present: u32| -> Vec<BoxedStrategy<Option<(String, Tree)>>> {
        let fields = object.fields.iter().zip(&values);
        fields.map(|(field, value)| self::field(field, value.clone(), absent, present)).collect()
    };
    let given = prop_oneof![6 => fields(1, 1), 2 => fields(0, 1), 1 => fields(1, 0)];
    let additional = match object.additional_properties {
        AdditionalProperties::Refused => Just(Vec::new()).boxed(),
        AdditionalProperties::Kept => prop_oneof![Just(Vec::new()), entries(around)].boxed(),
    };
    let rules: Vec<_> = object.conditions().collect();
    let substitutes: Vec<_> = rules.iter().map(|rule| given_value(rule.field, around + 1)).collect();
    (given, additional, substitutes)
        .prop_map(move |(given, additional, substitutes)| {
            let mut fields: Vec<_> = given.into_iter().flatten().collect();
            fields.extend(additional.into_iter().filter(|(name, _)| object.field(name).is_none()));
            for (rule, substitute) in rules.iter().zip(substitutes) {
                satisfy(rule, &mut fields, substitute);
            }
            Tree::Object(fields)
        })
        .boxed()
}

/// Generates a field or its absence with this ratio, if the field is optional.
fn field(
    field: &'static Field,
    value: BoxedStrategy<Tree>,
    absent: u32,
    present: u32,
) -> BoxedStrategy<Option<(String, Tree)>> {
    let value = if field.null == Null::Absent { prop_oneof![6 => value, 1 => Just(Tree::Null)].boxed() } else { value };
    let given = value.prop_map(|value| Some((field.name.to_owned(), value)));
    match (field.presence, absent, present) {
        (Presence::Required, _, _) | (_, 0, _) => given.boxed(),
        (_, _, 0) => Just(None).boxed(),
        _ => prop_oneof![absent => Just(None), present => given].boxed(),
    }
}

/// Generates a value for a conditionally required field: neither null nor empty, if its type has other values.
fn given_value(field: &'static Field, around: u32) -> BoxedStrategy<Tree> {
    let substitute = || Tree::Text("key".to_owned());
    let value = value(&field.r#type, field.open, around);
    value.prop_map(move |value| if is_given(&value) { value } else { substitute() }).boxed()
}

fn is_given(value: &Tree) -> bool {
    !matches!(value, Tree::Null) && !value.is_text("")
}

/// Adds the field that a rule requires if it is missing.
fn satisfy(rule: &RequiredIf, fields: &mut Vec<(String, Tree)>, substitute: Tree) {
    if !fields.iter().any(|(name, value)| name == rule.if_field.name && value.is_text(rule.equals)) {
        return;
    }
    match fields.iter_mut().find(|(name, _)| name == rule.field.name) {
        Some((_, given)) if is_given(given) => {}
        Some((_, value)) => *value = substitute,
        None => fields.push((rule.field.name.to_owned(), substitute)),
    }
}

fn integer(bounds: &'static Bounds<i128>) -> BoxedStrategy<Tree> {
    let (minimum, maximum) = ends(bounds, i64::MIN.into(), u64::MAX.into());
    let integer = prop_oneof![minimum..=maximum, select(vec![minimum, maximum])];
    integer.prop_map(Tree::integer).boxed()
}

fn number(bounds: &'static Bounds<f64>) -> BoxedStrategy<Tree> {
    let (minimum, maximum) = ends(bounds, -1e300, 1e300);
    let [[_, above], [below, _]] = [minimum, maximum].map(neighbours);
    let ends = select(vec![minimum, maximum, above, below]);
    let double = prop_oneof![minimum..=maximum, ends];
    #[expect(clippy::cast_possible_truncation, reason = "distant bounds saturate, which stays within them")]
    let (least, most) = (minimum.max(-1e18).ceil() as i128, maximum.min(1e18).floor() as i128);
    let integer = prop_oneof![least..=most, select(vec![least, most])].prop_map(Tree::integer);
    prop_oneof![3 => double.prop_map(Tree::double), 1 => integer].boxed()
}

/// Returns both bounds, or substitutes for absent ones.
pub(super) fn ends<N: Copy>(bounds: &Bounds<N>, least: N, most: N) -> (N, N) {
    (bounds.minimum.unwrap_or(least), bounds.maximum.unwrap_or(most))
}

/// Returns the doubles just below and above a bound. `f64::next_up` requires Rust 1.86.
pub(super) fn neighbours(bound: f64) -> [f64; 2] {
    let outward = f64::from_bits(bound.to_bits() + 1);
    let inward = if bound == 0.0 { -outward } else { f64::from_bits(bound.to_bits() - 1) };
    if bound < 0.0 { [outward, inward] } else { [inward, outward] }
}

/// Generates any text, with a single choice per text, since one per character would be slow.
pub(super) fn text() -> BoxedStrategy<String> {
    let text_of = |characters: BoxedStrategy<char>, length: usize| {
        vec(characters, 0..=length).prop_map(|characters| characters.into_iter().collect::<String>())
    };
    let mixed: Vec<char> = (' '..='~').chain(HARD.chars()).chain(HARD.chars()).collect();
    prop_oneof![
        3 => text_of(select(mixed).boxed(), 24),
        2 => text_of(char::range('a', 'z').boxed(), 8),
        2 => select(TEXTS).prop_map(str::to_owned),
        1 => text_of(char::any().boxed(), 8),
    ]
    .boxed()
}

/// Generates fields with unique arbitrary names, for an object inside `around` objects and arrays.
fn entries(around: u32) -> BoxedStrategy<Vec<(String, Tree)>> {
    let height = MAX_DEPTH.saturating_sub(around + 1);
    let value = prop_oneof![40 => shallow(), 1 => nested(height)];
    distinct(value.boxed())
}

fn distinct(value: BoxedStrategy<Tree>) -> BoxedStrategy<Vec<(String, Tree)>> {
    let name = prop_oneof![2 => select(NAMES).prop_map(str::to_owned), 1 => text()];
    vec((name, value), 0..=4)
        .prop_map(|mut fields| {
            let mut names = HashSet::new();
            fields.retain(|(name, _)| names.insert(name.clone()));
            fields
        })
        .boxed()
}

/// Generates any value with a few levels of nesting.
pub(super) fn shallow() -> BoxedStrategy<Tree> {
    (0..3).fold(leaf(), |value, _| {
        prop_oneof![
            3 => leaf(),
            1 => vec(value.clone(), 0..=3).prop_map(Tree::Array),
            1 => distinct(value).prop_map(Tree::Object),
        ]
        .boxed()
    })
}

fn leaf() -> BoxedStrategy<Tree> {
    let integers = [0.into(), 1.into(), i64::MIN.into(), i64::MAX.into(), u64::MAX.into()].map(Tree::Number);
    let few: Vec<_> = [Tree::Null, Tree::Boolean(false), Tree::Boolean(true)].into_iter().chain(integers).collect();
    let double = f64::NORMAL | f64::SUBNORMAL | f64::ZERO | f64::NEGATIVE | f64::POSITIVE;
    prop_oneof![
        5 => select(few),
        3 => text().prop_map(Tree::Text),
        2 => double.prop_map(Tree::double),
        1 => any::<i64>().prop_map(|value| Tree::Number(value.into())),
        1 => any::<u64>().prop_map(|value| Tree::Number(value.into())),
    ]
    .boxed()
}

/// Generates nested objects and arrays, at most `height` levels.
fn nested(height: u32) -> BoxedStrategy<Tree> {
    (prop_oneof![0..=height, Just(height)], any::<u128>(), leaf())
        .prop_map(|(height, kinds, leaf)| {
            (0..height).fold(leaf, |inner, level| {
                if kinds >> (level % u128::BITS) & 1 == 0 {
                    Tree::Array(vec![inner])
                } else {
                    Tree::Object(vec![("in".to_owned(), inner)])
                }
            })
        })
        .boxed()
}
