//! Values that the writer probably accepts and the reader rejects, by structure: where a proof fails.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::{
    algebra::fresh_names,
    conjuncts::{Conjuncts, Types, referred, resolved},
    generate::{Generator, Roots, scalar},
    prover::{Goal, Part, Prover, Role},
    spot::Step,
};

/// The numbers of schemas on the way to the cause: near causes are tried first.
pub(crate) const DEPTHS: [usize; 5] = [2, 4, 7, 12, 20];
/// The maximum number of values for a goal.
const MAX_VALUES: usize = 8;
/// The number of values to try if nothing better is known.
const TURNS: usize = 4;

pub(crate) struct Refuter<'p, 's> {
    prover: &'p mut Prover<'s>,
    max_depth: usize,
    /// The pairs of schemas that were visited, by address, and at what depth.
    passed: HashMap<(usize, Vec<usize>), usize>,
}

impl<'p, 's> Refuter<'p, 's> {
    pub(crate) fn new(prover: &'p mut Prover<'s>, max_depth: usize) -> Self {
        Refuter { prover, max_depth, passed: HashMap::new() }
    }

    /// Candidate values.
    pub(crate) fn values(&mut self, goal: &Goal<'s>) -> Vec<Value> {
        self.values_below(goal, 0)
    }

    fn values_below(&mut self, goal: &Goal<'s>, depth: usize) -> Vec<Value> {
        if depth > self.max_depth || !self.prover.work.take(1) || self.prover.proves(goal.clone()) {
            return Vec::new();
        }
        let reader = resolved(self.prover.reader, goal.reader);
        let goal = &Goal { reader, ..goal.clone() };
        let address = |schema: &Value| std::ptr::from_ref(schema).addr();
        let writer = goal.writer.iter().map(|schema| address(resolved(self.prover.writer, schema))).collect();
        if goal.part == Part::All {
            let passed = self.passed.entry((address(reader), writer)).or_insert(usize::MAX);
            if *passed <= depth {
                return Vec::new();
            }
            *passed = depth;
        }
        let writer = Conjuncts::new(self.prover.writer, goal.writer.iter().copied(), goal.types);
        let mut values = Vec::new();
        if let Some((address, alternatives)) = writer.union(&goal.passed) {
            for alternative in alternatives {
                if values.len() < MAX_VALUES {
                    values.extend(self.values_below(&goal.with_alternative(address, alternative), depth + 1));
                }
            }
            return values;
        }
        match (reader, &goal.part) {
            (Value::Object(keywords), Part::All) => {
                for keyword in keywords.keys() {
                    if values.len() < MAX_VALUES {
                        self.of_keyword(keyword, keywords, goal, &writer, depth, &mut values);
                    }
                }
            }
            (Value::Object(keywords), Part::Keyword(keyword)) => {
                self.of_keyword(keyword, keywords, goal, &writer, depth, &mut values);
            }
            (_, Part::Null) => values.push(Value::Null),
            (Value::Object(keywords), Part::TypeButNull) => self.of_type(keywords, goal, &writer, &mut values),
            _ => self.some(goal, &mut values),
        }
        values
    }

    /// Values that violate a keyword of the reader.
    fn of_keyword(
        &mut self,
        keyword: &str,
        keywords: &'s Map<String, Value>,
        goal: &Goal<'s>,
        writer: &Conjuncts<'s>,
        depth: usize,
        values: &mut Vec<Value>,
    ) {
        let Some(value) = keywords.get(keyword) else { return };
        let conjunct = |reader| Goal { reader, part: Part::All, role: Role::Conjunct, ..goal.clone() };
        let schemas = || value.as_array().into_iter().flatten();
        match keyword {
            "$ref" => {
                if let Some(target) = referred(self.prover.reader, keywords) {
                    values.extend(self.values_below(&conjunct(target), depth + 1));
                }
            }
            "allOf" => {
                for schema in schemas() {
                    values.extend(self.values_below(&conjunct(schema), depth + 1));
                }
            }
            "anyOf" | "oneOf" => {
                let alternatives = schemas().map(|schema| Goal { role: Role::Alternative, ..conjunct(schema) });
                let plausible: Vec<_> = alternatives.filter(|goal| self.prover.is_plausible(goal)).collect();
                if plausible.is_empty() {
                    self.some(goal, values);
                }
                for alternative in plausible {
                    if values.len() < MAX_VALUES {
                        values.extend(self.values_below(&alternative, depth + 1));
                    }
                }
            }
            "properties" => {
                for (name, schema) in value.as_object().into_iter().flatten() {
                    self.at(Step::Field(name.clone()), schema, writer.field(name), goal, depth, values);
                }
            }
            "additionalProperties" => {
                let named = keywords.get("properties").and_then(Value::as_object);
                let is_named = |name: &str| named.is_some_and(|named| named.contains_key(name));
                for name in writer.names().into_iter().filter(|name| !is_named(name)) {
                    self.at(Step::Field(name.to_owned()), value, writer.field(name), goal, depth, values);
                }
                if let Some(name) =
                    fresh_names().find(|name| !is_named(name) && !writer.names().contains(name.as_str()))
                {
                    self.at(Step::Field(name), value, writer.additional(), goal, depth, values);
                }
            }
            "items" => self.at(Step::Item, value, writer.item(Some(0)), goal, depth, values),
            "type" => self.of_type(keywords, goal, writer, values),
            "enum" | "const" if writer.values().is_some() => {
                let accepted = if keyword == "enum" { value.as_array().map(Vec::as_slice) } else { None };
                let accepted = accepted.unwrap_or(std::slice::from_ref(value));
                let others = writer.values().unwrap_or_default().into_iter().filter(|value| !accepted.contains(value));
                values.extend(others.take(MAX_VALUES).cloned());
            }
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" | "minLength"
            | "maxLength" | "pattern" => {
                let scalars = Types::STRING.or(Types::NUMBER).and(writer.types);
                let violated = json!({keyword: value});
                values.extend((0..2).filter_map(|turn| scalar(scalars, writer, Some(&violated), turn)));
            }
            _ => self.some(goal, values),
        }
    }

    /// Values of the writer with a value of a field or item that the reader rejects.
    fn at(
        &mut self,
        step: Step,
        reader: &'s Value,
        writer: Vec<&'s Value>,
        goal: &Goal<'s>,
        depth: usize,
        values: &mut Vec<Value>,
    ) {
        if values.len() >= MAX_VALUES {
            return;
        }
        let inner = self.values_below(&Goal::new(reader, writer), depth + 1);
        let path = [step];
        let generator = Generator { schemas: self.prover.writer, work: self.prover.work, turn: 0 };
        let roots = roots(goal);
        values.extend(inner.iter().filter_map(|value| generator.value_with(&roots, &path, value)));
    }

    fn of_type(&self, keywords: &Map<String, Value>, goal: &Goal<'s>, writer: &Conjuncts<'s>, values: &mut Vec<Value>) {
        let accepted = keywords.get("type").map_or(Types::ALL, Types::of_keyword);
        for types in writer.types.without(accepted).each() {
            let generator = Generator { schemas: self.prover.writer, work: self.prover.work, turn: 0 };
            values.extend(generator.value(&Roots { types, ..roots(goal) }));
        }
    }

    /// Some values of the writer.
    fn some(&self, goal: &Goal<'s>, values: &mut Vec<Value>) {
        let roots = roots(goal);
        for turn in 0..TURNS {
            let value = Generator { schemas: self.prover.writer, work: self.prover.work, turn }.value(&roots);
            values.extend(value.filter(|value| !values.contains(value)));
        }
    }
}

fn roots<'s>(goal: &Goal<'s>) -> Roots<'s> {
    Roots { schemas: goal.writer.clone(), types: goal.types, passed: goal.passed.clone() }
}
