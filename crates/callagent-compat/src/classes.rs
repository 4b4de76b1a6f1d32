//! Equivalence classes of the schemas of two documents, by structure and independent of position and order.
//!
//! References are resolved, so moving a schema behind a reference does not change its class. Recursive schemas are
//! distinguished by partition refinement: the initial classes compare keywords only, and are split by the classes of
//! subschemas until nothing changes.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, HashSet},
};

use serde_json::{Map, Value, json};

use crate::{
    dialect::{Dialect, Keyword, below},
    schemas::{Schemas, UNDECIDED, number_of},
};

/// The maximum number of refinement rounds.
const MAX_ROUNDS: usize = 400;

/// A version, which references refer to.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Old,
    New,
}

/// The classes of the schemas of two documents.
pub(super) struct Classes {
    /// The class of each definition, by number.
    definitions: [Vec<usize>; 2],
    by_signature: RefCell<HashMap<String, usize>>,
    /// The class of each schema of the documents, by its address.
    by_address: HashMap<usize, usize>,
    /// The number of classes in the documents.
    count: usize,
}

/// A subschema.
enum Part<'s> {
    Definition(usize),
    Schema(&'s Value),
}

struct Node<'s> {
    side: usize,
    schema: &'s Value,
}

struct Nodes<'s> {
    all: Vec<Node<'s>>,
    /// The node of a schema, by its address.
    index: HashMap<usize, usize>,
    /// The node of each definition.
    definitions: [Vec<usize>; 2],
}

impl Classes {
    pub(super) fn new(old: &Schemas<'_>, new: &Schemas<'_>) -> Result<Self, String> {
        let nodes = Nodes::new([old, new]);
        let mut classes = vec![0; nodes.all.len()];
        let mut count = 1;
        for _ in 0..MAX_ROUNDS {
            let mut by_signature = HashMap::new();
            let split = nodes.all.iter().map(|node| {
                let next = by_signature.len();
                *by_signature.entry(nodes.signature(node, &classes)).or_insert(next)
            });
            classes = split.collect();
            if by_signature.len() == count {
                return Ok(nodes.finish(&classes, count));
            }
            count = by_signature.len();
        }
        Err(format!("its schemas differ only after chains of more than {MAX_ROUNDS} references"))
    }

    /// The class of a schema, which may be synthetic. Its references refer to definitions of `side`.
    pub(super) fn of(&self, side: Side, schema: &Value) -> usize {
        if let Some(class) = self.by_address.get(&address(schema)) {
            return *class;
        }
        if let Some(part) = alias(schema) {
            return self.of_part(side, &part);
        }
        let signature = signature(schema, &|part| self.of_part(side, &part));
        let mut by_signature = self.by_signature.borrow_mut();
        // The classes of the documents have smaller numbers.
        let next = self.count + by_signature.len();
        *by_signature.entry(signature).or_insert(next)
    }

    /// A value that no rule covers, with its references replaced by classes.
    pub(super) fn undecided(&self, side: Side, value: &Value) -> String {
        with_classes(value, &|part| self.of_part(side, &part)).to_string()
    }

    fn of_part(&self, side: Side, part: &Part<'_>) -> usize {
        match part {
            Part::Definition(number) => self.definitions[side as usize].get(*number).copied().unwrap_or(usize::MAX),
            Part::Schema(schema) => self.of(side, schema),
        }
    }
}

impl<'s> Nodes<'s> {
    fn new(sides: [&'s Schemas<'_>; 2]) -> Self {
        let mut nodes = Nodes { all: Vec::new(), index: HashMap::new(), definitions: [Vec::new(), Vec::new()] };
        for (side, schemas) in sides.into_iter().enumerate() {
            for schema in schemas.definitions() {
                let node = nodes.all.len();
                nodes.definitions[side].push(node);
                nodes.add(side, schema);
            }
        }
        nodes
    }

    fn add(&mut self, side: usize, schema: &'s Value) {
        self.index.insert(address(schema), self.all.len());
        self.all.push(Node { side, schema });
        for schema in below(schema) {
            self.add(side, schema);
        }
    }

    fn signature(&self, node: &Node<'_>, classes: &[usize]) -> String {
        signature(node.schema, &|part| self.class(node.side, &part, classes))
    }

    /// The class of a schema in this round.
    fn class(&self, side: usize, part: &Part<'_>, classes: &[usize]) -> usize {
        self.node(side, part).and_then(|node| classes.get(node).copied()).unwrap_or(usize::MAX)
    }

    /// The node of a schema, after following references.
    fn node(&self, side: usize, part: &Part<'_>) -> Option<usize> {
        let find = |part: &Part<'_>| match part {
            Part::Definition(number) => self.definitions[side].get(*number).copied(),
            Part::Schema(schema) => self.index.get(&address(schema)).copied(),
        };
        let mut node = find(part)?;
        let mut passed = HashSet::new();
        while let Some(part) = alias(self.all.get(node)?.schema) {
            if !passed.insert(node) {
                return None;
            }
            node = find(&part)?;
        }
        Some(node)
    }

    /// The classes with their signatures.
    fn finish(&self, classes: &[usize], count: usize) -> Classes {
        let nodes = self.all.iter().zip(classes).filter(|(node, _)| alias(node.schema).is_none());
        let by_signature = nodes.map(|(node, class)| (self.signature(node, classes), *class)).collect();
        let definitions = [0, 1].map(|side| {
            let numbers = 0..self.definitions[side].len();
            numbers.map(|number| self.class(side, &Part::Definition(number), classes)).collect()
        });
        let by_address = self.all.iter().map(|node| (address(node.schema), Part::Schema(node.schema), node.side));
        let by_address = by_address.map(|(address, part, side)| (address, self.class(side, &part, classes))).collect();
        Classes { definitions, by_signature: RefCell::new(by_signature), by_address, count }
    }
}

/// The schema that an alias refers to: a lone reference or a single-member `allOf`.
fn alias(schema: &Value) -> Option<Part<'_>> {
    let keywords = schema.as_object().filter(|keywords| keywords.len() == 1)?;
    if let Some(reference) = keywords.get("$ref") {
        return number_of(reference.as_str()?).map(Part::Definition);
    }
    match keywords.get("allOf")?.as_array()?.as_slice() {
        [schema] => Some(Part::Schema(schema)),
        _ => None,
    }
}

fn address(schema: &Value) -> usize {
    std::ptr::from_ref(schema).addr()
}

/// The canonical text of a schema's keywords, with the classes of its subschemas.
fn signature(schema: &Value, class: &dyn Fn(Part<'_>) -> usize) -> String {
    let Value::Object(keywords) = schema else { return schema.to_string() };
    let class_of = |schema: &Value| Value::from(class(Part::Schema(schema)));
    let mut all = Vec::new();
    let mut said = BTreeMap::new();
    for (keyword, value) in keywords {
        let value = match (keyword.as_str(), Dialect::Draft202012.keyword(keyword), value) {
            (UNDECIDED, ..) => with_classes(value, class),
            ("$ref", _, Value::String(reference)) => {
                all.push(class(Part::Definition(number_of(reference).unwrap_or(usize::MAX))).into());
                continue;
            }
            ("allOf", _, Value::Array(schemas)) => {
                all.extend(schemas.iter().map(class_of));
                continue;
            }
            ("anyOf", _, Value::Array(schemas)) => set(schemas.iter().map(class_of)),
            ("oneOf", _, Value::Array(schemas)) => sorted(schemas.iter().map(class_of)).into(),
            (_, Keyword::Schema, schema) => class_of(schema),
            (_, Keyword::List, Value::Array(schemas)) => schemas.iter().map(class_of).collect(),
            (_, Keyword::Named, Value::Object(schemas)) => {
                in_order(schemas.iter().map(|(name, schema)| (name.as_str(), class_of(schema))))
            }
            _ => match assertion(keyword, value) {
                Some(value) => value,
                None => continue,
            },
        };
        said.insert(keyword.as_str(), value);
    }
    if !all.is_empty() {
        said.insert("allOf", set(all.into_iter()));
    }
    if said.is_empty() { true.to_string() } else { in_order(said.into_iter()).to_string() }
}

/// An assertion in canonical form, or `None` if it always holds.
fn assertion(keyword: &str, value: &Value) -> Option<Value> {
    Some(match (keyword, value) {
        ("minLength" | "minItems" | "minProperties", value) if value.as_f64() == Some(0.0) => return None,
        ("uniqueItems", Value::Bool(false)) => return None,
        ("required", Value::Array(names)) if names.is_empty() => return None,
        ("type", Value::String(_)) => json!([value]),
        ("type" | "enum" | "required", Value::Array(items)) => set(items.iter().map(plain)),
        ("dependentRequired", Value::Object(fields)) => in_order(
            fields.iter().map(|(name, names)| (name.as_str(), set(names.as_array().into_iter().flatten().cloned()))),
        ),
        (_, value) => plain(value),
    })
}

/// A value that no rule covers, with its references replaced by classes.
fn with_classes(value: &Value, class: &dyn Fn(Part<'_>) -> usize) -> Value {
    match value {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str).and_then(number_of) {
            Some(number) => class(Part::Definition(number)).into(),
            None => in_order(members.iter().map(|(name, value)| (name.as_str(), with_classes(value, class)))),
        },
        Value::Array(items) => items.iter().map(|value| with_classes(value, class)).collect(),
        value => value.clone(),
    }
}

/// A value in canonical form: integral numbers as integers, members sorted.
#[expect(clippy::cast_possible_truncation, reason = "an integral number that is exact")]
fn plain(value: &Value) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT => (float as i64).into(),
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => in_order(members.iter().map(|(name, value)| (name.as_str(), plain(value)))),
        value => value.clone(),
    }
}

/// Sorts members, even if `serde_json` preserves their order.
fn in_order<'m>(members: impl Iterator<Item = (&'m str, Value)>) -> Value {
    let members: BTreeMap<_, _> = members.collect();
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn sorted(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut values: Vec<_> = values.collect();
    values.sort_by_cached_key(Value::to_string);
    values
}

fn set(values: impl Iterator<Item = Value>) -> Value {
    let mut values = sorted(values);
    values.dedup();
    values.into()
}
