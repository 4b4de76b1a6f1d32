//! The comparison of two schemas: does the narrow one accept all that the wide one does?
//!
//! The walk goes down the narrow schema, keyword by keyword, with what the wide one says of the same part of a document
//! beside it. Each keyword is proven to hold, or a witness is found, or it stays undecided. All of the keywords
//! together are the schema, so that proofs of each of them are a proof of the whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use serde_json::{Map, Value, json};

use super::{
    algebra::{self, fresh_names},
    classes::{Classes, Side},
    rules::{self, Row},
    schemas::{Schemas, UNDECIDED},
    text::child,
    units::{Unit, units, without},
    witness::Witnesses,
};

/// How deep schemas are followed, and how many pairs of places; what is beyond stays undecided.
const DEEPEST: usize = 200;
const MOST: usize = 2000;

/// A step into a document.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Field(String),
    Item,
}

/// A schema, and where it stands: in a definition, at a pointer.
#[derive(Clone)]
pub(crate) struct At<'s> {
    pub(crate) schema: &'s Value,
    pub(crate) definition: usize,
    pub(crate) pointer: String,
}

/// A part of documents, and what is known of it.
#[derive(Clone)]
pub(super) struct Spot<'s> {
    path: Vec<Step>,
    pub(super) narrow: At<'s>,
    /// What the wide side says, all of it together.
    pub(super) wide: Vec<At<'s>>,
    /// What it is called if nothing is accepted here.
    refused: &'static Row,
    /// How many schemas were passed on the way.
    depth: usize,
    /// Whether the narrow schema is only one of those that hold together for the part.
    is_conjunct: bool,
}

/// A definition, and a pointer in it.
type Position = (usize, String);

/// What is compared once: a place of the narrow side with those of the wide one. Where nothing is accepted, it matters
/// of which field this is.
type Pair = (Position, BTreeSet<Position>, Option<Step>);

/// What is known of a difference.
#[derive(Clone, Copy)]
pub(crate) enum Judgement {
    Breaks(&'static Row),
    /// It is neither proven to be fine nor shown to break.
    Undecided,
    /// No rule judges it.
    Unjudged,
}

/// What was found.
pub(crate) struct Difference {
    pub(crate) judgement: Judgement,
    /// What differs, in words.
    pub(crate) keyword: String,
    /// The part of documents that it is about, and the name of a field that is the matter.
    pub(crate) path: Vec<Step>,
    pub(crate) field: Option<String>,
    /// Where the narrow side says it, and the wide side, if it says anything of it, in their documents.
    pub(crate) narrow: String,
    pub(crate) wide: Option<String>,
    pub(crate) witness: Option<Value>,
}

pub(crate) struct Walk<'s> {
    pub(super) narrow: &'s Schemas<'s>,
    pub(super) wide: &'s Schemas<'s>,
    pub(super) sides: Sides<'s>,
    witnesses: Witnesses<'s>,
    seen: BTreeSet<Pair>,
    /// Whether it is proven, by the words of both sides.
    proven: BTreeMap<String, bool>,
    found: Vec<Difference>,
}

/// The classes of both versions, and which of them each side is.
pub(crate) struct Sides<'s> {
    pub(crate) classes: &'s Classes,
    pub(crate) narrow: Side,
    pub(crate) wide: Side,
    /// What is looked at later stays undecided.
    pub(crate) deadline: Instant,
}

/// Compares two schemas; `refused` is what it is called if the narrow one accepts nothing.
pub(crate) fn compare<'s>(
    (narrow, narrow_root): (&'s Schemas<'s>, &'s Value),
    (wide, wide_root): (&'s Schemas<'s>, &'s Value),
    sides: Sides<'s>,
    refused: &'static Row,
) -> Result<Vec<Difference>, String> {
    if sides.classes.of(sides.narrow, narrow_root) == sides.classes.of(sides.wide, wide_root) {
        return Ok(Vec::new());
    }
    let witnesses = Witnesses::new((narrow, narrow_root), (wide, wide_root))?;
    let root = |schema| At { schema, definition: usize::MAX, pointer: String::new() };
    let mut walk =
        Walk { narrow, wide, sides, witnesses, seen: BTreeSet::new(), proven: BTreeMap::new(), found: Vec::new() };
    let (narrow, wide) = (root(narrow_root), vec![root(wide_root)]);
    walk.visit(&Spot { path: Vec::new(), narrow, wide, refused, depth: 0, is_conjunct: false });
    Ok(walk.found)
}

impl<'s> Walk<'s> {
    fn visit(&mut self, spot: &Spot<'s>) {
        if let Some(narrow) = spot.narrow.referred(self.narrow).filter(|_| spot.narrow.is_reference()) {
            return self.visit(&Spot { narrow, depth: spot.depth + 1, ..spot.clone() });
        }
        let spot = &Spot { wide: conjuncts(self.wide, &spot.wide), depth: spot.depth + 1, ..spot.clone() };
        // Where nothing is sent or read, a rule judges it.
        let is_nothing = |at: &At<'_>| *at.schema == false;
        if !spot.is_conjunct && !is_nothing(&spot.narrow) && !spot.wide.iter().any(is_nothing) {
            self.compare_undecided(spot);
        }
        let wide = together(&spot.wide);
        let words = format!("{wide} {}", spot.narrow.schema);
        let proven = self.proven.get(&words).copied();
        if proven == Some(true) || !self.seen.insert(spot.pair()) {
            return;
        }
        let is_proven = proven.unwrap_or_else(|| self.is_whole_proven(spot, &wide));
        self.proven.insert(words, is_proven);
        if is_proven {
            return;
        }
        if spot.depth > DEEPEST || self.seen.len() > MOST || self.is_late() {
            return self.leave(spot);
        }
        let Value::Object(keywords) = spot.narrow.schema else {
            // It accepts nothing: that it accepts anything would be proven.
            let field = match spot.path.last() {
                Some(Step::Field(name)) if spot.refused == rules::FIELD => Some(name.clone()),
                _ => None,
            };
            let (part, rest) = (Value::Bool(false), Value::Bool(true));
            return self.judge(spot, &wide, Unit { row: spot.refused, keyword: "", part, rest, field, group: &[] });
        };
        if let Some(narrow) = spot.narrow.referred(self.narrow) {
            self.visit(&Spot { narrow, is_conjunct: true, ..spot.clone() });
        }
        for (index, schema) in keywords.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let narrow = spot.narrow.below(schema, &["allOf", &index.to_string()]);
            self.visit(&Spot { narrow, is_conjunct: true, ..spot.clone() });
        }
        for (name, schema) in keywords.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let narrow = spot.narrow.below(schema, &["properties", name]);
            self.visit(&Self::field(spot, name, narrow, rules::FIELD));
        }
        self.further_fields(spot, &wide, keywords);
        if let (Some(items), None) = (keywords.get("items"), keywords.get("prefixItems")) {
            let narrow = spot.narrow.below(items, &["items"]);
            let path = spot.path.iter().cloned().chain([Step::Item]).collect();
            let wide = spot.wide.iter().filter(|at| at.schema.get("prefixItems").is_none());
            let wide = wide.filter_map(|at| Some(at.below(at.schema.get("items")?, &["items"]))).collect();
            self.visit(&Spot { path, narrow, wide, refused: rules::ITEMS, depth: spot.depth, is_conjunct: false });
        }
        let listed = spot.wide.iter().any(|at| at.schema.get("enum").or(at.schema.get("const")).is_some());
        for unit in units(keywords, &Self::known(spot), listed) {
            self.judge(spot, &wide, unit);
        }
    }

    /// What the narrow schema says of all fields that it does not name.
    fn further_fields(&mut self, spot: &Spot<'s>, wide: &Value, keywords: &'s Map<String, Value>) {
        let Some(further) = keywords.get("additionalProperties") else { return };
        let properties = keywords.get("properties").and_then(Value::as_object);
        let any = |schemas: Option<&Map<String, Value>>| {
            schemas.into_iter().flatten().map(|(name, _)| (name.clone(), Value::Bool(true))).collect::<Map<_, _>>()
        };
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let part = json!({
            "properties": any(properties), "patternProperties": any(patterns), "additionalProperties": further,
        });
        if !self.is_unjudged(spot, &["additionalProperties"]) && self.is_proven(wide, &part) {
            return;
        }
        if patterns.is_some_and(|patterns| !patterns.is_empty()) {
            let rest = without(keywords, &["additionalProperties"]);
            return self.judge(
                spot,
                wide,
                Unit { row: rules::CLOSED, keyword: "additionalProperties", part, rest, field: None, group: &[] },
            );
        }
        let narrow = spot.narrow.below(further, &["additionalProperties"]);
        let known = Self::known(spot);
        let is_named = |name: &String| properties.is_some_and(|properties| properties.contains_key(name));
        for name in known.iter().filter(|name| !is_named(name)) {
            self.visit(&Self::field(spot, name, narrow.clone(), rules::FIELD));
        }
        // One name stands for all that neither side knows, and one for each pattern of the wide side.
        let fresh = |pattern: Option<&str>| {
            let mut names =
                pattern.and_then(|pattern| algebra::name(&[pattern], &[], &[])).into_iter().chain(fresh_names());
            names.find(|name| !known.contains(name) && !is_named(name))
        };
        let patterns = spot.wide.iter().filter_map(|at| Some((at, at.schema.get("patternProperties")?.as_object()?)));
        for (at, patterns) in patterns {
            for (pattern, schema) in patterns {
                let Some(name) = fresh(Some(pattern)) else { continue };
                let wide = vec![at.below(schema, &["patternProperties", pattern])];
                self.visit(&Spot { wide, ..Self::field(spot, &name, narrow.clone(), rules::CLOSED) });
            }
        }
        let further = |at: &At<'s>| Some(at.below(at.schema.get("additionalProperties")?, &["additionalProperties"]));
        if let Some(name) = fresh(None) {
            let wide = spot.wide.iter().filter_map(further).collect();
            self.visit(&Spot { wide, ..Self::field(spot, &name, narrow, rules::CLOSED) });
        }
    }

    fn judge(&mut self, spot: &Spot<'s>, wide: &Value, unit: Unit) {
        if self.is_said(spot, &unit)
            || !self.is_unjudged(spot, unit.keywords()) && self.is_proven(wide, &unit.part)
            || Self::is_pattern_proven(spot, &unit)
        {
            return;
        }
        if self.is_late() {
            return self.leave(spot);
        }
        let witness = self.witnesses.find(&spot.path, wide, &unit.part, &spot.narrow, &unit.rest);
        let has_keyword = |at: &&At<'_>| at.schema.get(unit.keyword).is_some();
        let is_more = |at: &&At<'_>| at.schema.get("$ref").is_none();
        let wide_at = spot.wide.iter().find(has_keyword).or(spot.wide.iter().find(is_more)).or(spot.wide.first());
        let keyword_at = |schemas: &Schemas<'_>, at: &At<'_>| {
            let pointer = if unit.keyword.is_empty() { at.pointer.clone() } else { child(&at.pointer, unit.keyword) };
            format!("{}{pointer}", schemas.pointer(at.definition))
        };
        self.found.push(Difference {
            judgement: if witness.is_some() { Judgement::Breaks(unit.row) } else { Judgement::Undecided },
            keyword: unit.keyword.to_owned(),
            path: spot.path.clone(),
            narrow: keyword_at(self.narrow, &spot.narrow),
            wide: wide_at.map(|at| keyword_at(self.wide, at)),
            field: unit.field,
            witness,
        });
    }

    fn is_late(&self) -> bool {
        Instant::now() > self.sides.deadline
    }

    /// Leaves a part undecided, without a look.
    fn leave(&mut self, spot: &Spot<'s>) {
        let place = |schemas: &Schemas<'_>, at: &At<'_>| format!("{}{}", schemas.pointer(at.definition), at.pointer);
        self.found.push(Difference {
            judgement: Judgement::Undecided,
            keyword: String::new(),
            path: spot.path.clone(),
            field: None,
            narrow: place(self.narrow, &spot.narrow),
            wide: spot.wide.first().map(|at| place(self.wide, at)),
            witness: None,
        });
    }

    /// Compares the values of a part that no rule judges.
    fn compare_undecided(&mut self, spot: &Spot<'s>) {
        let narrow = conjuncts(self.narrow, std::slice::from_ref(&spot.narrow));
        let of = |side, conjuncts: &[At<'s>]| {
            let values = conjuncts.iter().filter_map(|at| Some((at, at.schema.get(UNDECIDED)?.as_object()?)));
            let values = values.flat_map(|(at, values)| values.iter().map(move |(name, value)| (at, name, value)));
            let text = |(at, name, value): (&At<'s>, &String, &Value)| {
                ((name.clone(), self.sides.classes.undecided(side, value)), at.clone())
            };
            values.map(text).collect::<BTreeMap<_, _>>()
        };
        let (narrow_values, wide_values) = (of(self.sides.narrow, &narrow), of(self.sides.wide, &spot.wide));
        let differing = |values: &BTreeMap<(String, String), At<'s>>, others: &BTreeMap<(String, String), At<'s>>| {
            let values = values.iter().filter(|(value, _)| !others.contains_key(value));
            values.map(|((name, _), at)| (name.clone(), at.clone())).collect::<BTreeMap<_, _>>()
        };
        let removed = differing(&narrow_values, &wide_values);
        let added = differing(&wide_values, &narrow_values);
        let names: BTreeSet<_> = removed.keys().chain(added.keys()).cloned().collect();
        for name in names {
            let pointer = |schemas: &Schemas<'_>, at: Option<&At<'_>>| {
                at.map(|at| schemas.undecided_pointer(at.definition, &at.pointer, &name))
            };
            let narrow = pointer(self.narrow, removed.get(&name).or(narrow.first())).unwrap_or_default();
            let wide = pointer(self.wide, added.get(&name).or(spot.wide.first()));
            self.found.push(Difference {
                judgement: Judgement::Unjudged,
                keyword: name,
                path: spot.path.clone(),
                field: None,
                narrow,
                wide,
                witness: None,
            });
        }
    }

    /// A field of the part.
    fn field(spot: &Spot<'s>, name: &str, narrow: At<'s>, refused: &'static Row) -> Spot<'s> {
        let of = |at: &At<'s>| {
            if let Some(schema) = at.schema.get("properties").and_then(|properties| properties.get(name)) {
                return Some(at.below(schema, &["properties", name]));
            }
            // Patterns may say of this field, or not: it is taken to be any.
            let has_patterns = at.schema.get("patternProperties").is_some();
            let further = at.schema.get("additionalProperties").filter(|_| !has_patterns)?;
            Some(at.below(further, &["additionalProperties"]))
        };
        let path = spot.path.iter().cloned().chain([Step::Field(name.to_owned())]).collect();
        let wide = spot.wide.iter().filter_map(of).collect();
        Spot { path, narrow, wide, refused, depth: spot.depth, is_conjunct: false }
    }

    /// The fields that the wide side knows.
    fn known(spot: &Spot<'s>) -> BTreeSet<String> {
        let properties = spot.wide.iter().filter_map(|at| at.schema.get("properties")?.as_object());
        // One that never is there is not known.
        properties.flatten().filter(|(_, schema)| **schema != false).map(|(name, _)| name.clone()).collect()
    }
}

impl Spot<'_> {
    fn pair(&self) -> Pair {
        let field = self.path.last().filter(|_| !self.narrow.schema.is_object()).cloned();
        let position = |at: &At<'_>| (at.definition, at.pointer.clone());
        // What a reference refers to stands beside it.
        let wide = self.wide.iter().filter(|at| !at.is_reference());
        (position(&self.narrow), wide.map(position).collect(), field)
    }
}

impl<'s> At<'s> {
    fn position(&self) -> (usize, &str) {
        (self.definition, &self.pointer)
    }

    /// What it refers to.
    fn referred(&self, schemas: &'s Schemas<'_>) -> Option<At<'s>> {
        let (definition, schema) = schemas.resolve(self.schema.get("$ref")?.as_str()?)?;
        Some(At { schema, definition, pointer: String::new() })
    }

    /// Whether it is a reference, and says nothing else.
    fn is_reference(&self) -> bool {
        self.schema.as_object().is_some_and(|keywords| keywords.len() == 1 && keywords.contains_key("$ref"))
    }

    fn below(&self, schema: &'s Value, tokens: &[&str]) -> At<'s> {
        let pointer = tokens.iter().fold(self.pointer.clone(), |pointer, token| child(&pointer, token));
        At { schema, definition: self.definition, pointer }
    }
}

/// The schemas that hold together, each by its keywords alone, with those that they refer to.
fn conjuncts<'s>(schemas: &'s Schemas<'_>, roots: &[At<'s>]) -> Vec<At<'s>> {
    let mut found = Vec::<At<'_>>::new();
    let mut open: Vec<_> = roots.iter().rev().cloned().collect();
    while let Some(at) = open.pop() {
        if found.iter().any(|other| other.position() == at.position()) {
            continue;
        }
        open.extend(at.referred(schemas));
        for (index, schema) in at.schema.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            open.push(at.below(schema, &["allOf", &index.to_string()]));
        }
        found.push(at);
    }
    found
}

/// Schemas that hold together, as one.
fn together(schemas: &[At<'_>]) -> Value {
    match schemas {
        [] => Value::Bool(true),
        [one] => one.schema.clone(),
        several => json!({"allOf": several.iter().map(|at| at.schema).collect::<Vec<_>>()}),
    }
}
