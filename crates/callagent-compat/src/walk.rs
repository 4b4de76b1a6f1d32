//! The comparison of two schemas: does the reader accept everything that the writer may write?
//!
//! The walk descends the reader's schema keyword by keyword, with the writer's schemas for the same part of a document.
//! Each keyword is proven to hold, or shown not to hold by a witness, or undecided. All keywords together prove the whole.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use crate::{
    algebra::{self, fresh_names},
    classes::{Classes, Side},
    conjuncts::{Conjuncts, Types},
    pointer::child,
    prover::{Goal, Part, Prover, Role},
    rules::{self, Row},
    schemas::{Schemas, UNDECIDED},
    units::{Unit, units, without},
    witness::Witnesses,
    work::Work,
};

/// The maximum depth of schemas. The rest stays undecided.
const MAX_DEPTH: usize = 200;

/// A step into a document.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Field(String),
    Item,
    /// One alternative of a union, by the address of the list, for the same value.
    Alternative(usize, usize),
}

/// A schema at a pointer in a definition.
#[derive(Clone)]
pub(crate) struct At<'s> {
    pub(crate) schema: &'s Value,
    pub(crate) definition: usize,
    pub(crate) pointer: String,
}

/// A part of documents, with the schemas of both sides for it.
#[derive(Clone)]
pub(super) struct Spot<'s> {
    pub(super) path: Vec<Step>,
    pub(super) reader: At<'s>,
    /// The writer's schemas, all of which apply.
    pub(super) writer: Vec<At<'s>>,
    /// The rule if the reader accepts nothing here.
    refused: &'static Row,
    /// The number of schemas on the way.
    depth: usize,
    /// Whether the reader's schema is only one of several that apply to the part.
    pub(super) is_conjunct: bool,
}

/// A definition and a pointer in it.
type Position = (usize, String);

/// The key of a comparison: positions of the reader and the writer, and the field if the reader accepts nothing.
type Pair = (Position, BTreeSet<Position>, Option<Step>);

/// The result of comparing a keyword.
#[derive(Clone, Copy)]
pub(crate) enum Decision {
    Breaks(&'static Row),
    /// Neither proven compatible nor shown to break.
    Undecided,
    /// No rule covers it.
    NoRule,
    /// The bound on work was reached.
    Unfinished,
}

/// A difference between the two schemas.
pub(crate) struct Difference {
    pub(crate) decision: Decision,
    /// The keyword that differs.
    pub(crate) keyword: String,
    /// The affected part of documents, and the field that is required or rejected.
    pub(crate) path: Vec<Step>,
    pub(crate) field: Option<String>,
    /// The pointers in the documents of the reader and the writer.
    pub(crate) reader: String,
    pub(crate) writer: Option<String>,
    pub(crate) witness: Option<Value>,
}

/// What the comparisons of one direction share.
pub(crate) struct Shared<'s> {
    prover: Prover<'s>,
    /// The keywords that break, and how often others were left undecided.
    outcomes: BTreeMap<Place, Outcome>,
}

/// A keyword of the reader, the writer's counterpart, the name that is required or rejected, and the example of the rule.
type Place = (String, Option<String>, Option<String>, &'static str);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Breaks,
    Undecided(usize),
}

/// The number of exchanges in which to look for a witness of the same keyword.
const MAX_SEARCHES: usize = 3;

impl<'s> Shared<'s> {
    pub(crate) fn new(prover: Prover<'s>) -> Self {
        Shared { prover, outcomes: BTreeMap::new() }
    }
}

pub(crate) struct Walk<'p, 's> {
    pub(super) reader: &'s Schemas<'s>,
    pub(super) writer: &'s Schemas<'s>,
    pub(super) sides: Sides<'s>,
    pub(super) prover: &'p mut Prover<'s>,
    outcomes: &'p mut BTreeMap<Place, Outcome>,
    witnesses: Witnesses<'s>,
    /// The spots to visit.
    open: VecDeque<Spot<'s>>,
    seen: BTreeSet<Pair>,
    /// The unions whose alternatives were paired, by class.
    unions: BTreeSet<(usize, usize)>,
    /// The unions to check as a whole. They take the most steps, so they come last.
    unions_to_check: VecDeque<(Spot<'s>, Value, Unit)>,
    /// Whether a comparison is proven, by the text of both schemas.
    proven: BTreeMap<String, bool>,
    found: Vec<Difference>,
}

/// The classes of both versions, and the version of each side.
pub(crate) struct Sides<'s> {
    pub(crate) classes: &'s Classes,
    pub(crate) reader: Side,
    pub(crate) writer: Side,
    pub(crate) work: &'s Work,
}

/// Compares two schemas. `refused` is the rule if the reader accepts nothing.
pub(crate) fn compare<'s>(
    shared: &mut Shared<'s>,
    (reader_root, writer_root): (&'s Value, &'s Value),
    sides: Sides<'s>,
    refused: &'static Row,
) -> Vec<Difference> {
    if sides.classes.of(sides.reader, reader_root) == sides.classes.of(sides.writer, writer_root) {
        return Vec::new();
    }
    sides.work.begin();
    let Shared { prover, outcomes } = shared;
    let (reader, writer) = (prover.reader, prover.writer);
    let witnesses = Witnesses::new((reader, reader_root), (writer, writer_root), sides.work);
    let root = |schema| At { schema, definition: usize::MAX, pointer: String::new() };
    let (reader_root, writer_root) = (root(reader_root), vec![root(writer_root)]);
    let spot =
        Spot { path: Vec::new(), reader: reader_root, writer: writer_root, refused, depth: 0, is_conjunct: false };
    let mut walk = Walk {
        reader,
        writer,
        sides,
        prover,
        outcomes,
        witnesses,
        open: VecDeque::from([spot]),
        seen: BTreeSet::new(),
        unions: BTreeSet::new(),
        unions_to_check: VecDeque::new(),
        proven: BTreeMap::new(),
        found: Vec::new(),
    };
    // The nearest parts first, so that paths are short.
    while let Some(spot) = walk.open.pop_front() {
        walk.visit(&spot);
        if walk.sides.work.is_exhausted() {
            walk.leave_rest();
        }
    }
    while let Some((spot, writer, unit)) = walk.unions_to_check.pop_front() {
        walk.check(&spot, &writer, unit);
        if walk.sides.work.is_exhausted() {
            walk.leave_rest();
        }
    }
    walk.found
}

impl<'s> Walk<'_, 's> {
    /// Compares a part of documents, and adds its parts to the ones to visit.
    fn visit(&mut self, spot: &Spot<'s>) {
        if let Some(reader) = spot.reader.referred(self.reader).filter(|_| spot.reader.is_reference()) {
            return self.open.push_front(Spot { reader, depth: spot.depth + 1, ..spot.clone() });
        }
        let spot = &Spot { writer: conjuncts(self.writer, &spot.writer), depth: spot.depth + 1, ..spot.clone() };
        // If either side is `false`, a rule covers it.
        let is_nothing = |at: &At<'_>| *at.schema == false;
        if !spot.is_conjunct && !is_nothing(&spot.reader) && !spot.writer.iter().any(is_nothing) {
            self.compare_undecided(spot);
        }
        let writer = together(&spot.writer);
        let text = format!("{writer} {}", spot.reader.schema);
        let proven = self.proven.get(&text).copied();
        if proven == Some(true) || !self.seen.insert(spot.pair()) {
            return;
        }
        let is_proven = proven.unwrap_or_else(|| self.is_whole_proven(spot, &writer));
        self.proven.insert(text, is_proven);
        if is_proven {
            return;
        }
        if spot.depth > MAX_DEPTH {
            return self.leave(spot);
        }
        let Value::Object(keywords) = spot.reader.schema else {
            // The reader accepts nothing: `true` would have been proven.
            let field = match spot.path.last() {
                Some(Step::Field(name)) if spot.refused == rules::FIELD => Some(name.clone()),
                _ => None,
            };
            let (part, rest) = (Value::Bool(false), Value::Bool(true));
            return self.check(spot, &writer, Unit { row: spot.refused, keyword: "", part, rest, field, group: &[] });
        };
        if let Some(reader) = spot.reader.referred(self.reader) {
            self.open.push_back(Spot { reader, is_conjunct: true, ..spot.clone() });
        }
        for (index, schema) in keywords.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let reader = spot.reader.below(schema, &["allOf", &index.to_string()]);
            self.open.push_back(Spot { reader, is_conjunct: true, ..spot.clone() });
        }
        for (name, schema) in keywords.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let reader = spot.reader.below(schema, &["properties", name]);
            self.open.push_back(Self::field(spot, name, reader, rules::FIELD));
        }
        self.additional_fields(spot, &writer, keywords);
        if let (Some(items), None) = (keywords.get("items"), keywords.get("prefixItems")) {
            let reader = spot.reader.below(items, &["items"]);
            let path = spot.path.iter().cloned().chain([Step::Item]).collect();
            let writer = spot.writer.iter().filter(|at| at.schema.get("prefixItems").is_none());
            let writer = writer.filter_map(|at| Some(at.below(at.schema.get("items")?, &["items"]))).collect();
            self.open.push_back(Spot {
                path,
                reader,
                writer,
                refused: rules::ITEMS,
                depth: spot.depth,
                is_conjunct: false,
            });
        }
        let pairs = self.alternatives(spot, keywords);
        let listed = spot.writer.iter().any(|at| at.schema.get("enum").or(at.schema.get("const")).is_some());
        for unit in units(keywords, &Self::known(spot), listed) {
            let is_union = ["anyOf", "oneOf"].contains(&unit.keyword);
            match pairs.clone().filter(|_| is_union && !self.is_part_proven(spot, &unit)) {
                Some(pairs) => self.open.extend(pairs),
                None if is_union => self.unions_to_check.push_back((spot.clone(), writer.clone(), unit)),
                None => self.check(spot, &writer, unit),
            }
        }
    }

    /// Pairs each alternative of the writer that is not proven with one of the reader, if all are references: then the
    /// differences are those of the pairs.
    fn alternatives(&mut self, spot: &Spot<'s>, keywords: &'s Map<String, Value>) -> Option<Vec<Spot<'s>>> {
        let (keyword, is_exclusive) = match (keywords.contains_key("anyOf"), keywords.contains_key("oneOf")) {
            (true, false) => ("anyOf", false),
            (false, true) => ("oneOf", true),
            _ => return None,
        };
        let readers = keywords.get(keyword)?.as_array()?;
        let written: Vec<_> = spot.writer.iter().map(|at| at.schema).collect();
        let conjuncts = Conjuncts::new(self.writer, written.iter().copied(), Types::ALL);
        let (address, _) = conjuncts.union(&[])?;
        let is_it = |list: &&Vec<Value>| list.as_ptr().addr() == address;
        let (union, name, writers) = spot.writer.iter().find_map(|at| {
            let named =
                ["anyOf", "oneOf"].into_iter().filter_map(|name| Some((name, at.schema.get(name)?.as_array()?)));
            named.into_iter().find(|(_, list)| is_it(list)).map(|(name, list)| (at, name, list))
        })?;
        // Everything else that the writer says about the value is in the union's schema, and no assertion.
        let is_nothing_else = |keyword: &String| keyword == name || keyword == UNDECIDED;
        if !union.schema.as_object().is_some_and(|keywords| keywords.keys().all(is_nothing_else))
            || !spot.writer.iter().all(|at| at.is_reference() || std::ptr::eq(at.schema, union.schema))
        {
            return None;
        }
        let mut goal = Goal::new(spot.reader.schema, written).part(Part::Keyword(keyword));
        goal.role = Role::Conjunct;
        let classes = self.sides.classes;
        let union_pair =
            (classes.of(self.sides.reader, spot.reader.schema), classes.of(self.sides.writer, union.schema));
        // The same pairs were added before.
        if self.unions.contains(&union_pair) {
            return Some(Vec::new());
        }
        let mut pairs = Vec::new();
        for (position, alternative) in writers.iter().enumerate() {
            let goal = goal.with_alternative(address, alternative);
            if self.prover.proves(goal.clone()) {
                continue;
            }
            let written = union.below(alternative, &[name, &position.to_string()]);
            let conjuncts = Conjuncts::new(self.writer, goal.writer.iter().copied(), Types::ALL);
            let mut candidates = readers.iter().enumerate().filter(|(_, reader)| {
                let pair = Goal { reader, part: Part::All, role: Role::Alternative, ..goal.clone() };
                self.prover.is_plausible(&pair)
            });
            let (index, reader) = candidates.next()?;
            let reader = spot.reader.below(reader, &[keyword, &index.to_string()]);
            if candidates.next().is_some() || !reader.is_reference_or_union() || !written.is_reference_or_union() {
                return None;
            }
            if is_exclusive && !self.prover.are_others_disjoint(readers, index, &goal, &conjuncts) {
                return None;
            }
            let path = spot.path.iter().cloned().chain([Step::Alternative(address, position)]).collect();
            pairs.push(Spot { path, reader, writer: vec![written], is_conjunct: false, ..spot.clone() });
        }
        self.unions.insert(union_pair);
        Some(pairs)
    }

    /// Compares the fields that the reader does not name.
    fn additional_fields(&mut self, spot: &Spot<'s>, writer: &Value, keywords: &'s Map<String, Value>) {
        let Some(additional) = keywords.get("additionalProperties") else { return };
        let properties = keywords.get("properties").and_then(Value::as_object);
        let any = |schemas: Option<&Map<String, Value>>| {
            schemas.into_iter().flatten().map(|(name, _)| (name.clone(), Value::Bool(true))).collect::<Map<_, _>>()
        };
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let part = json!({
            "properties": any(properties), "patternProperties": any(patterns), "additionalProperties": additional,
        });
        let written = spot.writer.iter().map(|at| at.schema).collect();
        let goal = Goal::new(spot.reader.schema, written).part(Part::Keyword("additionalProperties"));
        if self.prover.proves(goal)
            || self.is_affordable(writer, &part)
                && !self.is_without_rule(spot, &["additionalProperties"])
                && self.is_proven(writer, &part)
        {
            return;
        }
        if patterns.is_some_and(|patterns| !patterns.is_empty()) {
            let rest = without(keywords, &["additionalProperties"]);
            return self.check(
                spot,
                writer,
                Unit { row: rules::CLOSED, keyword: "additionalProperties", part, rest, field: None, group: &[] },
            );
        }
        let reader = spot.reader.below(additional, &["additionalProperties"]);
        let known = Self::known(spot);
        let is_named = |name: &String| properties.is_some_and(|properties| properties.contains_key(name));
        for name in known.iter().filter(|name| !is_named(name)) {
            self.open.push_back(Self::field(spot, name, reader.clone(), rules::FIELD));
        }
        // One name represents all fields that neither side knows, and one each pattern of the writer.
        let fresh = |pattern: Option<&str>| {
            let mut names =
                pattern.and_then(|pattern| algebra::name(&[pattern], &[], &[])).into_iter().chain(fresh_names());
            names.find(|name| !known.contains(name) && !is_named(name))
        };
        let patterns = spot.writer.iter().filter_map(|at| Some((at, at.schema.get("patternProperties")?.as_object()?)));
        for (at, patterns) in patterns {
            for (pattern, schema) in patterns {
                let Some(name) = fresh(Some(pattern)) else { continue };
                let writer = vec![at.below(schema, &["patternProperties", pattern])];
                self.open.push_back(Spot { writer, ..Self::field(spot, &name, reader.clone(), rules::CLOSED) });
            }
        }
        let additional =
            |at: &At<'s>| Some(at.below(at.schema.get("additionalProperties")?, &["additionalProperties"]));
        if let Some(name) = fresh(None) {
            let writer = spot.writer.iter().filter_map(additional).collect();
            self.open.push_back(Spot { writer, ..Self::field(spot, &name, reader, rules::CLOSED) });
        }
    }

    fn check(&mut self, spot: &Spot<'s>, writer: &Value, unit: Unit) {
        if self.is_stated(spot, &unit)
            || self.is_part_proven(spot, &unit)
            || self.is_affordable(writer, &unit.part)
                && !self.is_without_rule(spot, unit.keywords())
                && self.is_proven(writer, &unit.part)
            || Self::is_pattern_proven(spot, &unit)
        {
            return;
        }
        let has_keyword = |at: &&At<'_>| at.schema.get(unit.keyword).is_some();
        let is_more = |at: &&At<'_>| at.schema.get("$ref").is_none();
        let writer_at =
            spot.writer.iter().find(has_keyword).or(spot.writer.iter().find(is_more)).or(spot.writer.first());
        let keyword_at = |schemas: &Schemas<'_>, at: &At<'_>| {
            let pointer = if unit.keyword.is_empty() { at.pointer.clone() } else { child(&at.pointer, unit.keyword) };
            format!("{}{pointer}", schemas.pointer(at.definition))
        };
        let (reader, written) =
            (keyword_at(self.reader, &spot.reader), writer_at.map(|at| keyword_at(self.writer, at)));
        // The same break is reported once.
        let place = (reader.clone(), written.clone(), unit.field.clone(), unit.row.superset);
        let outcome = self.outcomes.get(&place).copied().unwrap_or(Outcome::Undecided(0));
        let witness = match outcome {
            Outcome::Breaks => return,
            Outcome::Undecided(MAX_SEARCHES) => None,
            Outcome::Undecided(_) => self.witnesses.find(self.prover, spot, writer, &unit),
        };
        if witness.is_none() && self.sides.work.is_exhausted() {
            return self.leave(spot);
        }
        let outcome = match (&witness, outcome) {
            (None, Outcome::Undecided(count)) => Outcome::Undecided((count + 1).min(MAX_SEARCHES)),
            _ => Outcome::Breaks,
        };
        self.outcomes.insert(place, outcome);
        self.found.push(Difference {
            decision: if witness.is_some() { Decision::Breaks(unit.row) } else { Decision::Undecided },
            keyword: unit.keyword.to_owned(),
            path: spot.path.clone(),
            reader,
            writer: written,
            field: unit.field,
            witness,
        });
    }

    /// Leaves all open parts undecided, as one: the first.
    fn leave_rest(&mut self) {
        let union = self.unions_to_check.pop_front().map(|(spot, ..)| spot);
        if let Some(spot) = self.open.pop_front().or(union) {
            self.open.clear();
            self.unions_to_check.clear();
            self.leave(&spot);
        }
    }

    /// Leaves a part undecided.
    fn leave(&mut self, spot: &Spot<'s>) {
        let place = |schemas: &Schemas<'_>, at: &At<'_>| format!("{}{}", schemas.pointer(at.definition), at.pointer);
        self.found.push(Difference {
            decision: Decision::Unfinished,
            keyword: String::new(),
            path: spot.path.clone(),
            field: None,
            reader: place(self.reader, &spot.reader),
            writer: spot.writer.first().map(|at| place(self.writer, at)),
            witness: None,
        });
    }

    /// Compares the values of a part that no rule covers.
    fn compare_undecided(&mut self, spot: &Spot<'s>) {
        let reader = conjuncts(self.reader, std::slice::from_ref(&spot.reader));
        let of = |side, conjuncts: &[At<'s>]| {
            let values = conjuncts.iter().filter_map(|at| Some((at, at.schema.get(UNDECIDED)?.as_object()?)));
            let values = values.flat_map(|(at, values)| values.iter().map(move |(name, value)| (at, name, value)));
            let text = |(at, name, value): (&At<'s>, &String, &Value)| {
                ((name.clone(), self.sides.classes.undecided(side, value)), at.clone())
            };
            values.map(text).collect::<BTreeMap<_, _>>()
        };
        let (reader_values, writer_values) = (of(self.sides.reader, &reader), of(self.sides.writer, &spot.writer));
        let differing = |values: &BTreeMap<(String, String), At<'s>>, others: &BTreeMap<(String, String), At<'s>>| {
            let values = values.iter().filter(|(value, _)| !others.contains_key(value));
            values.map(|((name, _), at)| (name.clone(), at.clone())).collect::<BTreeMap<_, _>>()
        };
        let removed = differing(&reader_values, &writer_values);
        let added = differing(&writer_values, &reader_values);
        let names: BTreeSet<_> = removed.keys().chain(added.keys()).cloned().collect();
        for name in names {
            let pointer = |schemas: &Schemas<'_>, at: Option<&At<'_>>| {
                at.map(|at| schemas.undecided_pointer(at.definition, &at.pointer, &name))
            };
            let reader = pointer(self.reader, removed.get(&name).or(reader.first())).unwrap_or_default();
            let writer = pointer(self.writer, added.get(&name).or(spot.writer.first()));
            self.found.push(Difference {
                decision: Decision::NoRule,
                keyword: name,
                path: spot.path.clone(),
                field: None,
                reader,
                writer,
                witness: None,
            });
        }
    }

    /// The spot of a field.
    fn field(spot: &Spot<'s>, name: &str, reader: At<'s>, refused: &'static Row) -> Spot<'s> {
        let of = |at: &At<'s>| {
            if let Some(schema) = at.schema.get("properties").and_then(|properties| properties.get(name)) {
                return Some(at.below(schema, &["properties", name]));
            }
            // Patterns may or may not apply to this field: assume any value.
            let has_patterns = at.schema.get("patternProperties").is_some();
            let additional = at.schema.get("additionalProperties").filter(|_| !has_patterns)?;
            Some(at.below(additional, &["additionalProperties"]))
        };
        let path = spot.path.iter().cloned().chain([Step::Field(name.to_owned())]).collect();
        let writer = spot.writer.iter().filter_map(of).collect();
        Spot { path, reader, writer, refused, depth: spot.depth, is_conjunct: false }
    }

    /// The fields that the writer may write.
    fn known(spot: &Spot<'s>) -> BTreeSet<String> {
        let properties = spot.writer.iter().filter_map(|at| at.schema.get("properties")?.as_object());
        // A field with the schema `false` never occurs.
        properties.flatten().filter(|(_, schema)| **schema != false).map(|(name, _)| name.clone()).collect()
    }
}

impl Spot<'_> {
    fn pair(&self) -> Pair {
        let field = self.path.last().filter(|_| !self.reader.schema.is_object()).cloned();
        let position = |at: &At<'_>| (at.definition, at.pointer.clone());
        // The target of a reference is also listed.
        let writer = self.writer.iter().filter(|at| !at.is_reference());
        (position(&self.reader), writer.map(position).collect(), field)
    }
}

impl<'s> At<'s> {
    fn position(&self) -> (usize, &str) {
        (self.definition, &self.pointer)
    }

    /// The target of the reference.
    fn referred(&self, schemas: &'s Schemas<'_>) -> Option<At<'s>> {
        let (definition, schema) = schemas.resolve(self.schema.get("$ref")?.as_str()?)?;
        Some(At { schema, definition, pointer: String::new() })
    }

    /// Returns whether it is only a reference.
    fn is_reference(&self) -> bool {
        self.schema.as_object().is_some_and(|keywords| keywords.len() == 1 && keywords.contains_key("$ref"))
    }

    /// Returns whether it is only a reference or a union, so that differences are in what it refers to.
    fn is_reference_or_union(&self) -> bool {
        let is_such = |name: &String| ["$ref", "anyOf", "oneOf"].contains(&name.as_str());
        self.schema.as_object().is_some_and(|keywords| keywords.len() == 1 && keywords.keys().all(is_such))
    }

    fn below(&self, schema: &'s Value, tokens: &[&str]) -> At<'s> {
        let pointer = tokens.iter().fold(self.pointer.clone(), |pointer, token| child(&pointer, token));
        At { schema, definition: self.definition, pointer }
    }
}

/// The schemas and everything that they conjoin by `allOf` and `$ref`.
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

/// The conjunction of schemas.
fn together(schemas: &[At<'_>]) -> Value {
    match schemas {
        [] => Value::Bool(true),
        [one] => one.schema.clone(),
        several => json!({"allOf": several.iter().map(|at| at.schema).collect::<Vec<_>>()}),
    }
}
