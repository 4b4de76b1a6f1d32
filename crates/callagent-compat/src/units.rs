//! Splitting a schema into units that are checked separately.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{
    prover::Part,
    rules::{self, Row},
};

/// A part of a schema that is checked separately.
pub(super) struct Unit {
    pub(super) row: &'static Row,
    pub(super) keyword: &'static str,
    /// The part as a schema, and the schema without it.
    pub(super) part: Value,
    pub(super) rest: Value,
    pub(super) field: Option<String>,
    /// The keywords of the part.
    pub(super) group: &'static [&'static str],
}

impl Unit {
    /// The part, as the goal of a proof.
    pub(super) fn part(&self) -> Part {
        match (self.keyword, &self.field) {
            // The reader accepts nothing.
            ("", _) => Part::All,
            ("required", Some(name)) => Part::Required(name.clone()),
            ("type", _) if self.row == rules::NULL => Part::Null,
            ("type", _) => Part::TypeButNull,
            (keyword, _) => Part::Keyword(keyword),
        }
    }

    /// The keywords that state it.
    pub(super) fn keywords(&self) -> &[&'static str] {
        if self.group.is_empty() { std::slice::from_ref(&self.keyword) } else { self.group }
    }

    /// The same keywords of a schema.
    pub(super) fn group(&self, schema: &Value) -> Option<Value> {
        let keywords =
            schema.as_object().filter(|keywords| self.group.iter().any(|name| keywords.contains_key(*name)))?;
        Some(only(keywords, self.group))
    }
}

/// The given keywords of a schema.
pub(super) fn only(keywords: &Map<String, Value>, names: &[&str]) -> Value {
    let some = keywords.iter().filter(|(name, _)| names.contains(&name.as_str()));
    some.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into()
}

/// A schema without the given keywords.
pub(super) fn without(keywords: &Map<String, Value>, names: &[&str]) -> Value {
    let others = keywords.iter().filter(|(name, _)| !names.contains(&name.as_str()));
    others.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into()
}

/// The keywords that are checked separately, each with the keywords that affect it, and its rule.
const KEYWORDS: [(&[&str], &Row); 24] = [
    (&["minimum"], rules::MINIMUM),
    (&["exclusiveMinimum"], rules::MINIMUM),
    (&["maximum"], rules::MAXIMUM),
    (&["exclusiveMaximum"], rules::MAXIMUM),
    (&["multipleOf"], rules::MULTIPLE),
    (&["minLength"], rules::MIN_LENGTH),
    (&["maxLength"], rules::MAX_LENGTH),
    (&["pattern"], rules::PATTERN),
    (&["minItems"], rules::MIN_ITEMS),
    (&["maxItems"], rules::MAX_ITEMS),
    (&["uniqueItems"], rules::UNIQUE),
    (&["prefixItems", "items"], rules::TUPLE),
    (&["contains", "minContains", "maxContains"], rules::CONTAINS),
    (&["minProperties"], rules::MIN_FIELDS),
    (&["maxProperties"], rules::MAX_FIELDS),
    (&["propertyNames"], rules::NAMES),
    (&["patternProperties"], rules::NAMED),
    (&["dependentRequired"], rules::DEPENDENCY),
    (&["dependentSchemas"], rules::DEPENDENCY),
    (&["if", "then", "else"], rules::CONDITION),
    (&["anyOf"], rules::ALTERNATIVES),
    (&["oneOf"], rules::ALTERNATIVES),
    (&["not"], rules::EXCLUSION),
    (&["format"], rules::PATTERN),
];

/// The units of keywords that the walk does not descend into. `known` are the fields that the writer may write, and
/// `listed` is whether the writer lists its values.
pub(super) fn units(keywords: &Map<String, Value>, known: &BTreeSet<String>, listed: bool) -> Vec<Unit> {
    let mut units = Vec::new();
    if let Some(types) = keywords.get("type") {
        let mut types: Vec<_> = types.as_array().map_or(vec![types], |types| types.iter().collect());
        let rest = without(keywords, &["type"]);
        let mut add = |row, part| {
            units.push(Unit { row, keyword: "type", part, rest: rest.clone(), field: None, group: &["type"] });
        };
        let null = json!("null");
        if !types.contains(&&null) {
            add(rules::NULL, json!({"not": {"type": "null"}}));
            types.push(&null);
        }
        add(rules::TYPE, json!({"type": types}));
    }
    for group in [&["enum"], &["const"]] {
        let [keyword] = *group;
        if keywords.contains_key(keyword) {
            let row = if listed { rules::VALUE } else { rules::VALUES };
            let (part, rest) = (only(keywords, &[keyword]), without(keywords, &[keyword]));
            units.push(Unit { row, keyword, part, rest, field: None, group });
        }
    }
    let required = keywords.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        let row = if known.contains(name) { rules::REQUIRED } else { rules::NEW_REQUIRED };
        let mut rest = keywords.clone();
        let others = required.into_iter().flatten().filter(|other| *other != name).cloned().collect();
        rest.insert("required".into(), Value::Array(others));
        let part = json!({"required": [name]});
        units.push(Unit {
            row,
            keyword: "required",
            part,
            rest: rest.into(),
            field: Some(name.to_owned()),
            group: &[],
        });
    }
    for (group, row) in KEYWORDS {
        if let Some(keyword) = group.first().filter(|keyword| keywords.contains_key(**keyword)) {
            let (part, rest) = (only(keywords, group), without(keywords, group));
            units.push(Unit { row, keyword, part, rest, field: None, group });
        }
    }
    // Unevaluated parts depend on all other keywords.
    for keyword in ["unevaluatedProperties", "unevaluatedItems"] {
        if keywords.contains_key(keyword) {
            let (part, rest) = (keywords.clone().into(), without(keywords, &[keyword]));
            units.push(Unit { row: rules::CLOSED, keyword, part, rest, field: None, group: &[] });
        }
    }
    units
}
