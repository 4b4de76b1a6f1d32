//! The comparison of pairs of messages: does the reader accept everything that the writer may write?
//!
//! The walk descends the reader's schemas keyword by keyword, with the writer's schemas for the same part of a document.
//! Each keyword is proven to hold, or shown not to hold by a witness, or undecided. All keywords together prove the whole.
//! Pairs share most schemas, so all of them are compared in one walk, and each pair of schemas once.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde_json::{Map, Value};

use crate::{
    classes::{Classes, Side},
    difference::{Decision, Difference},
    prover::Prover,
    rules::{self, Row},
    schemas::Schemas,
    spot::{At, Key, ROOT, Spot, Step, conjuncts},
    units::{Unit, units},
    witness::Witnesses,
    work::Work,
};

/// The maximum depth of schemas. The rest stays undecided.
const MAX_DEPTH: usize = 200;

/// The schemas of a pair of messages.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'s> {
    pub(crate) reader: &'s Value,
    pub(crate) writer: &'s Value,
    /// The rule if the reader accepts nothing.
    pub(crate) refused: &'static Row,
}

/// The classes of both versions, and the version of each side.
pub(crate) struct Sides<'s> {
    pub(crate) classes: &'s Classes,
    pub(crate) reader: Side,
    pub(crate) writer: Side,
    pub(crate) work: &'s Work,
}

/// A keyword of the reader, the writer's counterpart, the name that is required or rejected, the example of the rule, and
/// the message that has it alone.
pub(crate) type Place = (String, Option<String>, Option<String>, &'static str, Option<usize>);

/// The difference at a place, and how often no witness was found.
#[derive(Clone, Copy)]
pub(crate) struct Outcome {
    /// The position in the list of differences.
    pub(crate) index: usize,
    pub(crate) breaks: bool,
    pub(crate) searches: usize,
}

/// The number of paths on which to search for a witness against the same keyword.
pub(crate) const MAX_SEARCHES: usize = 3;

pub(crate) struct Walk<'p, 's> {
    pub(crate) reader: &'s Schemas<'s>,
    pub(crate) writer: &'s Schemas<'s>,
    pub(crate) sides: Sides<'s>,
    pub(crate) prover: &'p mut Prover<'s>,
    messages: &'p [Option<Pair<'s>>],
    /// The witnesses of the latest message.
    witnesses: Option<(usize, Witnesses<'s>)>,
    /// The spots to visit.
    pub(crate) open: VecDeque<Spot<'s>>,
    /// The index of each pair that was visited.
    pairs: BTreeMap<Key, usize>,
    /// The first spots of each pair.
    visited: Vec<Vec<Spot<'s>>>,
    /// The unions whose alternatives were paired, by class.
    pub(crate) unions: BTreeSet<(usize, usize)>,
    /// The units that are not proven, with the index of their pair.
    unproven: VecDeque<(usize, Unit)>,
    /// The unions to check as a whole. They take the most steps, so they come last.
    unions_to_check: VecDeque<(usize, Unit)>,
    /// Whether a comparison is proven, by the classes of the schemas.
    proven: HashMap<(usize, Vec<usize>, bool), bool>,
    /// The number of parts that are done.
    done: usize,
    pub(crate) outcomes: BTreeMap<Place, Outcome>,
    pub(crate) found: Vec<Difference>,
}

/// Compares pairs of messages. Those of the same class have no difference.
pub(crate) fn compare<'s>(
    prover: &mut Prover<'s>,
    sides: Sides<'s>,
    messages: &[Option<Pair<'s>>],
    progress: &dyn Fn(usize, usize),
) -> Vec<Difference> {
    let (reader, writer) = (prover.reader, prover.writer);
    let mut walk = Walk {
        reader,
        writer,
        sides,
        prover,
        messages,
        witnesses: None,
        open: VecDeque::new(),
        pairs: BTreeMap::new(),
        visited: Vec::new(),
        unions: BTreeSet::new(),
        unproven: VecDeque::new(),
        unions_to_check: VecDeque::new(),
        proven: HashMap::new(),
        done: 0,
        outcomes: BTreeMap::new(),
        found: Vec::new(),
    };
    walk.begin();
    // The nearest parts first, so that paths are short.
    while let Some(spot) = walk.open.pop_front() {
        walk.advance(progress);
        walk.visit(spot);
        if walk.sides.work.is_spent() {
            walk.leave_rest();
        }
    }
    while let Some((pair, unit)) = walk.unproven.pop_front() {
        walk.advance(progress);
        walk.refute(&walk.spots(pair), unit);
    }
    while let Some((pair, unit)) = walk.unions_to_check.pop_front() {
        walk.advance(progress);
        let spots = walk.spots(pair);
        walk.sides.work.begin();
        if spots.first().is_some_and(|spot| !walk.is_unit_proven(spot, &unit)) {
            walk.refute(&spots, unit);
        }
    }
    walk.found
}

impl<'s> Walk<'_, 's> {
    fn begin(&mut self) {
        for (message, messages) in self.messages.iter().enumerate() {
            let Some(Pair { reader, writer, refused }) = *messages else { continue };
            if self.sides.classes.of(self.sides.reader, reader) == self.sides.classes.of(self.sides.writer, writer) {
                continue;
            }
            let root = |schema| At { schema, definition: ROOT, pointer: String::new() };
            let (reader, writer) = (root(reader), vec![root(writer)]);
            let spot = Spot { message, path: Vec::new(), reader, writer, refused, depth: 0, is_conjunct: false };
            self.open.push_back(spot);
        }
    }

    /// Reports that the next part begins.
    fn advance(&mut self, progress: &dyn Fn(usize, usize)) {
        let rest = self.open.len() + self.unproven.len() + self.unions_to_check.len();
        progress(self.done, self.done + 1 + rest);
        self.done += 1;
    }

    /// Compares a part of documents, and adds its parts to the ones to visit.
    fn visit(&mut self, mut spot: Spot<'s>) {
        while spot.reader.is_reference()
            && let Some(reader) = spot.reader.referred(self.reader)
        {
            spot = Spot { reader, depth: spot.depth + 1, ..spot };
        }
        let spot = Spot { writer: conjuncts(self.writer, &spot.writer), depth: spot.depth + 1, ..spot };
        // If either side is `false`, a rule covers it.
        let is_nothing = |at: &At<'_>| *at.schema == false;
        if !spot.is_conjunct && !is_nothing(&spot.reader) && !spot.writer.iter().any(is_nothing) {
            self.compare_undecided(&spot);
        }
        self.sides.work.begin();
        if self.is_proven_before(&spot) {
            return;
        }
        if let Some(pair) = self.pairs.get(&spot.key()) {
            let spots = self.visited.get_mut(*pair).filter(|spots| spots.len() < MAX_SEARCHES);
            return spots.into_iter().for_each(|spots| spots.push(spot.clone()));
        }
        self.pairs.insert(spot.key(), self.visited.len());
        self.visited.push(vec![spot.clone()]);
        if spot.depth > MAX_DEPTH {
            return self.leave(&spot);
        }
        if let Value::Object(keywords) = spot.reader.schema {
            return self.descend(&spot, keywords);
        }
        // The reader accepts nothing: `true` would have been proven.
        let field = match spot.path.last() {
            Some(Step::Field(name)) if spot.refused == rules::FIELD => Some(name.clone()),
            _ => None,
        };
        let (part, rest) = (Value::Bool(false), Value::Bool(true));
        self.check(&spot, Unit { row: spot.refused, keyword: "", part, rest, field, group: &[] });
    }

    /// Checks a unit of the latest pair.
    pub(crate) fn check(&mut self, spot: &Spot<'s>, unit: Unit) {
        if !self.is_unit_proven(spot, &unit) {
            self.unproven.push_back((self.visited.len() - 1, unit));
        }
    }

    fn spots(&self, pair: usize) -> Vec<Spot<'s>> {
        self.visited.get(pair).cloned().unwrap_or_default()
    }

    /// Returns whether a part is proven, without asking twice about schemas of the same classes.
    fn is_proven_before(&mut self, spot: &Spot<'s>) -> bool {
        let Sides { classes, reader, writer, .. } = self.sides;
        let mut written: Vec<_> = spot.writer.iter().map(|at| classes.of(writer, at.schema)).collect();
        written.sort_unstable();
        written.dedup();
        let key = (classes.of(reader, spot.reader.schema), written, spot.is_conjunct);
        if let Some(is_proven) = self.proven.get(&key) {
            return *is_proven;
        }
        let is_proven = self.is_whole_proven(spot);
        self.proven.insert(key, is_proven);
        is_proven
    }

    /// Checks the keywords of a part, and adds its parts to those to visit.
    fn descend(&mut self, spot: &Spot<'s>, keywords: &'s Map<String, Value>) {
        if let Some(reader) = spot.reader.referred(self.reader) {
            self.open.push_back(Spot { reader, is_conjunct: true, ..spot.clone() });
        }
        for (index, schema) in keywords.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let reader = spot.reader.below(schema, &["allOf", &index.to_string()]);
            self.open.push_back(Spot { reader, is_conjunct: true, ..spot.clone() });
        }
        for (name, schema) in keywords.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let reader = spot.reader.below(schema, &["properties", name]);
            self.open.push_back(spot.field(name, reader, rules::FIELD));
        }
        self.additional_fields(spot, keywords);
        if let (Some(items), None) = (keywords.get("items"), keywords.get("prefixItems")) {
            let reader = spot.reader.below(items, &["items"]);
            let writer = spot.writer.iter().filter(|at| at.schema.get("prefixItems").is_none());
            let writer = writer.filter_map(|at| Some(at.below(at.schema.get("items")?, &["items"]))).collect();
            self.open.push_back(spot.below(Step::Item, reader, writer, rules::ITEMS));
        }
        let pairs = self.alternatives(spot, keywords);
        let listed = spot.writer.iter().any(|at| at.schema.get("enum").or(at.schema.get("const")).is_some());
        for unit in units(keywords, &spot.known(), listed) {
            let is_union = ["anyOf", "oneOf"].contains(&unit.keyword);
            match pairs.clone().filter(|_| is_union && !self.is_part_proven(spot, &unit)) {
                Some(pairs) => self.open.extend(pairs),
                None if is_union => self.unions_to_check.push_back((self.visited.len() - 1, unit)),
                None => self.check(spot, unit),
            }
        }
    }

    /// Searches for a document that shows that a unit breaks.
    pub(crate) fn witness(&mut self, spot: &Spot<'s>, writer: &Value, unit: &Unit) -> Option<Value> {
        if self.witnesses.as_ref().is_none_or(|(message, _)| *message != spot.message) {
            let messages = (*self.messages.get(spot.message)?)?;
            let (reader, writer) = ((self.reader, messages.reader), (self.writer, messages.writer));
            self.witnesses = Some((spot.message, Witnesses::new(reader, writer, self.sides.work)));
        }
        let (_, witnesses) = self.witnesses.as_ref()?;
        witnesses.find(self.prover, spot, writer, unit)
    }

    /// Leaves the parts to visit undecided, as one for each pair of messages: the first.
    fn leave_rest(&mut self) {
        let mut left = BTreeSet::new();
        for spot in std::mem::take(&mut self.open) {
            if left.insert(spot.message) {
                self.leave(&spot);
            }
        }
    }

    /// Leaves a part undecided.
    fn leave(&mut self, spot: &Spot<'s>) {
        self.found.push(Difference {
            message: spot.message,
            decision: Decision::Unfinished,
            keyword: String::new(),
            path: spot.path.clone(),
            field: None,
            reader: spot.reader.document_pointer(self.reader),
            writer: spot.writer.first().map(|at| at.document_pointer(self.writer)),
            witness: None,
        });
    }
}
