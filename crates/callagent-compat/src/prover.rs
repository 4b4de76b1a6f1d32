//! Proofs by structure: does the reader accept everything that the writer may write?
//!
//! Goals are proven from other goals, those of subschemas. All goals are assumed to hold until one of their rules fails,
//! so that recursive schemas need no special treatment; then the goals that depend on it are checked again. What remains
//! holds. Each goal is proven once, even if several paths lead to it.

use std::{
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use serde_json::Value;

use crate::{
    classes::{Classes, Side},
    conjuncts::{Conjuncts, Types, resolved},
    schemas::{Schemas, UNDECIDED},
    work::Work,
};

/// A part of the reader's schema.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    All,
    /// A keyword, with those that modify it.
    Keyword(&'static str),
    /// The keyword `type`, as far as it excludes null.
    Null,
    /// The keyword `type`, except that null is ignored.
    TypeButNull,
    Required(String),
}

/// How the parts of both sides that no rule covers are compared.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// They must be the same.
    Whole,
    /// They are compared elsewhere.
    Conjunct,
    /// Those of an alternative must be the same.
    Alternative,
}

/// A claim: a part of the reader's schema accepts everything that the writer's schemas accept together.
#[derive(Clone)]
pub(crate) struct Goal<'s> {
    pub(crate) reader: &'s Value,
    pub(crate) part: Part,
    pub(crate) role: Role,
    pub(crate) writer: Vec<&'s Value>,
    /// The types of the writer's values.
    pub(crate) types: Types,
    /// The writer's unions that are replaced by one of their alternatives, by address, and the last alternative.
    pub(crate) passed: Vec<usize>,
    pub(crate) alternative: Option<&'s Value>,
}

impl<'s> Goal<'s> {
    pub(crate) fn new(reader: &'s Value, writer: Vec<&'s Value>) -> Self {
        Goal {
            reader,
            part: Part::All,
            role: Role::Whole,
            writer,
            types: Types::ALL,
            passed: Vec::new(),
            alternative: None,
        }
    }

    pub(crate) fn part(self, part: Part) -> Self {
        Goal { part, role: Role::Conjunct, ..self }
    }

    /// The goal for one alternative of the writer, in a union at an address.
    pub(crate) fn with_alternative(&self, address: usize, alternative: &'s Value) -> Self {
        let mut goal = self.clone();
        // A schema that is nothing but the union adds nothing to its alternative.
        let is_union = |schema: &&Value| {
            let keywords = schema.as_object().filter(|keywords| keywords.len() == 1);
            let list = keywords.and_then(|keywords| keywords.values().next()?.as_array());
            list.is_some_and(|list| list.as_ptr().addr() == address)
        };
        let count = goal.writer.len();
        goal.writer.retain(|schema| !is_union(schema));
        if goal.writer.len() == count {
            goal.passed.push(address);
        }
        goal.writer.push(alternative);
        goal.alternative = Some(alternative);
        goal
    }

    /// Returns whether the part of the reader's schema is or has a union.
    pub(crate) fn has_union(&self) -> bool {
        let has = |keyword| {
            self.reader.get(keyword).is_some() && (self.part == Part::All || self.part == Part::Keyword(keyword))
        };
        has("anyOf") || has("oneOf")
    }
}

/// What identifies a goal: classes of schemas instead of their positions.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    reader: usize,
    part: Part,
    role: Role,
    writer: Vec<usize>,
    types: Types,
    passed: Vec<usize>,
    alternative: Option<usize>,
}

struct Entry<'s> {
    goal: Rc<Goal<'s>>,
    holds: bool,
    /// The goals that are proven from this one.
    dependents: BTreeSet<usize>,
    /// Whether the goal is to be checked.
    is_open: bool,
}

pub(crate) struct Prover<'s> {
    pub(crate) reader: &'s Schemas<'s>,
    pub(crate) writer: &'s Schemas<'s>,
    pub(crate) classes: &'s Classes,
    pub(crate) reader_side: Side,
    pub(crate) writer_side: Side,
    pub(crate) work: &'s Work,
    numbers: HashMap<Key, usize>,
    entries: Vec<Entry<'s>>,
    open: Vec<usize>,
    /// The goal that is being checked.
    current: Option<usize>,
}

impl<'s> Prover<'s> {
    pub(crate) fn new(
        (reader_side, reader): (Side, &'s Schemas<'s>),
        (writer_side, writer): (Side, &'s Schemas<'s>),
        classes: &'s Classes,
        work: &'s Work,
    ) -> Self {
        Prover {
            reader,
            writer,
            classes,
            reader_side,
            writer_side,
            work,
            numbers: HashMap::new(),
            entries: Vec::new(),
            open: Vec::new(),
            current: None,
        }
    }

    /// Returns whether a goal is proven.
    pub(crate) fn proves(&mut self, goal: Goal<'s>) -> bool {
        let number = match self.number(goal) {
            Ok(number) => number,
            Err(is_proven) => return is_proven,
        };
        while let Some(number) = self.open.pop() {
            let Some(entry) = self.entries.get_mut(number) else { continue };
            entry.is_open = false;
            if !entry.holds {
                continue;
            }
            let goal = Rc::clone(&entry.goal);
            self.current = Some(number);
            let holds = self.work.take(1 + goal.writer.len() as u64) && self.holds(&goal);
            self.current = None;
            if !holds {
                self.refute(number);
            }
        }
        self.entries.get(number).is_some_and(|entry| entry.holds)
    }

    /// Marks a goal as not proven, and those that depend on it as to be checked again.
    fn refute(&mut self, number: usize) {
        let Some(entry) = self.entries.get_mut(number) else { return };
        entry.holds = false;
        for dependent in std::mem::take(&mut entry.dependents) {
            if let Some(entry) = self.entries.get_mut(dependent).filter(|entry| entry.holds && !entry.is_open) {
                entry.is_open = true;
                self.open.push(dependent);
            }
        }
    }

    /// Returns whether another goal holds, on which the current one then depends.
    pub(crate) fn needs(&mut self, goal: Goal<'s>) -> bool {
        match self.number(goal) {
            Err(is_proven) => is_proven,
            Ok(number) => {
                let current = self.current;
                let Some(entry) = self.entries.get_mut(number) else { return false };
                if entry.holds {
                    entry.dependents.extend(current);
                }
                entry.holds
            }
        }
    }

    /// The number of a goal, or its result if it is evident.
    fn number(&mut self, goal: Goal<'s>) -> Result<usize, bool> {
        let reader = resolved(self.reader, goal.reader);
        let mut writer: Vec<_> = goal.writer.iter().map(|schema| resolved(self.writer, schema)).collect();
        writer.retain(|schema| **schema != true);
        if writer.iter().any(|schema| **schema == false) || goal.types.is_empty() {
            return Err(true);
        }
        let reader_class = self.classes.of(self.reader_side, reader);
        let mut classes: Vec<_> =
            writer.iter().map(|schema| (self.classes.of(self.writer_side, schema), *schema)).collect();
        classes.sort_unstable_by_key(|(class, _)| *class);
        classes.dedup_by_key(|(class, _)| *class);
        let is_same = classes.iter().any(|(class, _)| *class == reader_class);
        if is_same && (classes.len() == 1 || goal.role != Role::Whole) {
            return Err(true);
        }
        let key = Key {
            reader: reader_class,
            part: goal.part.clone(),
            role: goal.role,
            writer: classes.iter().map(|(class, _)| *class).collect(),
            types: goal.types,
            passed: goal.passed.clone(),
            alternative: goal.alternative.map(|schema| self.classes.of(self.writer_side, schema)),
        };
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let goal = Goal { reader, writer: classes.into_iter().map(|(_, schema)| schema).collect(), ..goal };
        let holds = self.work.take(1) && self.is_plausible(&goal);
        let number = self.entries.len();
        self.numbers.insert(key, number);
        self.entries.push(Entry { goal: Rc::new(goal), holds, dependents: BTreeSet::new(), is_open: holds });
        if holds {
            self.open.push(number);
        }
        Ok(number)
    }

    /// Returns whether nothing obvious refutes a goal: a type, a required field, or the value of a field.
    pub(crate) fn is_plausible(&self, goal: &Goal<'s>) -> bool {
        if goal.part != Part::All {
            return true;
        }
        let reader = Conjuncts::new(self.reader, [goal.reader], Types::ALL);
        let writer = Conjuncts::new(self.writer, goal.writer.iter().copied(), goal.types);
        let has_union = writer.union(&goal.passed).is_some();
        if has_union || writer.is_false || writer.values().is_some() {
            return true;
        }
        if writer.types.has(Types::ALL.without(reader.types)) {
            return false;
        }
        let fields = reader.each("properties").filter_map(Value::as_object).flatten();
        let is_object = writer.types.has(Types::OBJECT);
        !is_object
            || reader.required().all(|name| writer.requires(name))
                && fields.into_iter().all(|(name, schema)| {
                    let Some(values) = Conjuncts::new(self.reader, [schema], Types::ALL).values() else { return true };
                    let field = Conjuncts::new(self.writer, writer.field(name), Types::ALL);
                    let is_among = |value: &&Value| values.contains(value);
                    field.is_false
                        || field.union(&[]).is_some()
                        || field.values().is_some_and(|written| written.iter().all(is_among))
                })
    }

    /// The parts of schemas that no rule covers, in canonical form.
    pub(crate) fn undecided(&self, side: Side, schemas: &Conjuncts<'s>) -> BTreeSet<(&'s str, String)> {
        let values = schemas.each(UNDECIDED).filter_map(Value::as_object).flatten();
        values.map(|(name, value)| (name.as_str(), self.classes.undecided(side, value))).collect()
    }
}
