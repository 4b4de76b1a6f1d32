//! Values that schemas probably accept, without the algebra: small ones, also of recursive schemas.

use serde_json::{Map, Value, json};

use crate::{
    algebra::{self, fresh_names, set},
    conjuncts::{Conjuncts, Types},
    disjoint::numbers,
    schemas::Schemas,
    spot::Step,
    work::Work,
};

/// The maximum depth of a value.
const MAX_DEPTH: usize = 40;
/// The maximum number of items or fields that are added because of a minimum.
const MAX_LENGTH: u64 = 1000;

/// The steps of a string or number.
const SCALAR_STEPS: u64 = 100;

/// The keywords of strings and numbers.
const SCALARS: [&str; 9] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "not",
];

/// The order in which types are tried: simple ones first.
const ORDER: [&str; 7] = ["string", "integer", "boolean", "number", "null", "array", "object"];

/// Creates values. Different turns may give different values.
pub(crate) struct Generator<'g, 's> {
    pub(crate) schemas: &'s Schemas<'s>,
    pub(crate) work: &'g Work,
    pub(crate) turn: usize,
}

/// The schemas of a value, and the unions of which one alternative is already among them.
#[derive(Clone)]
pub(crate) struct Roots<'s> {
    pub(crate) schemas: Vec<&'s Value>,
    pub(crate) types: Types,
    pub(crate) passed: Vec<usize>,
}

impl<'s> Roots<'s> {
    pub(crate) fn new(schemas: Vec<&'s Value>) -> Self {
        Roots { schemas, types: Types::ALL, passed: Vec::new() }
    }
}

impl<'s> Generator<'_, 's> {
    /// A value that all of the schemas accept.
    pub(crate) fn value(&self, roots: &Roots<'s>) -> Option<Value> {
        self.value_at(roots, &[], None, 0)
    }

    /// A value with the given one at a path.
    pub(crate) fn value_with(&self, roots: &Roots<'s>, path: &[Step], value: &Value) -> Option<Value> {
        self.value_at(roots, path, Some(value), 0)
    }

    fn value_at(&self, roots: &Roots<'s>, path: &[Step], given: Option<&Value>, depth: usize) -> Option<Value> {
        if let Some(value) = given.filter(|_| path.iter().all(|step| matches!(step, Step::Alternative(..)))) {
            return Some(value.clone());
        }
        if depth > MAX_DEPTH || !self.work.take(1) {
            return None;
        }
        let conjuncts = Conjuncts::new(self.schemas, roots.schemas.iter().copied(), roots.types);
        if conjuncts.is_false {
            return None;
        }
        if let Some((address, alternatives)) = conjuncts.union(&roots.passed) {
            let turn = if depth == 0 { self.turn } else { 0 };
            let count = alternatives.len();
            // The path may name the alternative.
            let (named, path) = match path.split_first() {
                Some((Step::Alternative(union, index), rest)) if *union == address => (Some(*index), rest),
                _ => (None, path),
            };
            return (0..if named.is_some() { 1 } else { count }).find_map(|index| {
                let mut roots = roots.clone();
                roots.schemas.push(alternatives.get(named.unwrap_or((index + turn) % count))?);
                roots.passed.push(address);
                self.value_at(&roots, path, given, depth + 1)
            });
        }
        if let (None, Some(values)) = (given, conjuncts.values()) {
            return values.get(self.turn % values.len().max(1)).map(|value| (*value).clone());
        }
        match path.first() {
            Some(Step::Field(_)) => self.object(&conjuncts, path, given, depth),
            Some(Step::Item) => self.array(&conjuncts, path, given, depth),
            // Other schemas of the value have no such union.
            Some(Step::Alternative(..)) => None,
            None => {
                let turn = if depth == 0 { self.turn } else { 0 };
                let types: Vec<_> =
                    ORDER.into_iter().map(Types::named).filter(|types| types.has(conjuncts.types)).collect();
                (0..types.len()).find_map(|index| {
                    let types = types.get((index + turn) % types.len()).copied()?.and(conjuncts.types);
                    self.of_type(types, &conjuncts, depth)
                })
            }
        }
    }

    fn of_type(&self, types: Types, conjuncts: &Conjuncts<'s>, depth: usize) -> Option<Value> {
        if types.has(Types::OBJECT) {
            return self.object(conjuncts, &[], None, depth);
        }
        if types.has(Types::ARRAY) {
            return self.array(conjuncts, &[], None, depth);
        }
        if types.has(Types::NULL) {
            return Some(Value::Null);
        }
        if !self.work.take(SCALAR_STEPS) {
            return None;
        }
        scalar(types, conjuncts, None, self.turn)
    }

    fn object(&self, conjuncts: &Conjuncts<'s>, path: &[Step], given: Option<&Value>, depth: usize) -> Option<Value> {
        if !conjuncts.types.has(Types::OBJECT) {
            return None;
        }
        let field = |name: &str, path: &[Step], given: Option<&Value>| {
            self.value_at(&Roots::new(conjuncts.field(name)), path, given, depth + 1)
        };
        let mut fields = Map::new();
        if let Some((Step::Field(name), path)) = path.split_first() {
            // A field that may not occur cannot have the value.
            if Conjuncts::new(self.schemas, conjuncts.field(name), Types::ALL).is_false {
                return None;
            }
            fields.insert(name.clone(), field(name, path, given)?);
        }
        for name in conjuncts.required() {
            if !fields.contains_key(name) {
                fields.insert(name.to_owned(), field(name, &[], None)?);
            }
        }
        let least =
            numbers(conjuncts, "minProperties").filter_map(serde_json::Number::as_u64).max().unwrap_or_default();
        let known = conjuncts.names().into_iter().map(str::to_owned);
        let mut names = known.chain(fresh_names()).take(usize::try_from(MAX_LENGTH).ok()?);
        while (fields.len() as u64) < least {
            let name = names.next()?;
            if !fields.contains_key(&name)
                && let Some(value) = field(&name, &[], None)
            {
                fields.insert(name, value);
            }
        }
        Some(fields.into())
    }

    fn array(&self, conjuncts: &Conjuncts<'s>, path: &[Step], given: Option<&Value>, depth: usize) -> Option<Value> {
        if !conjuncts.types.has(Types::ARRAY) {
            return None;
        }
        let mut items = Vec::new();
        let least = numbers(conjuncts, "minItems").filter_map(serde_json::Number::as_u64).max().unwrap_or_default();
        let least = least.max(u64::from(!path.is_empty()));
        if least > MAX_LENGTH {
            return None;
        }
        for index in 0..usize::try_from(least).ok()? {
            let (path, given) = match path.split_first() {
                Some((_, path)) if index == 0 => (path, given),
                _ => (&[][..], None),
            };
            let generator = Generator { turn: self.turn + index, ..*self };
            items.push(generator.value_at(&Roots::new(conjuncts.item(Some(index))), path, given, depth + 1)?);
        }
        for contains in conjuncts.each("contains").filter(|_| path.is_empty()) {
            items.push(self.value_at(&Roots::new(vec![contains]), &[], None, depth + 1)?);
        }
        Some(items.into())
    }
}

/// A string, number or boolean of the types that the schemas accept and that violates another schema.
pub(crate) fn scalar(types: Types, conjuncts: &Conjuncts<'_>, violated: Option<&Value>, turn: usize) -> Option<Value> {
    let mut all: Vec<_> = conjuncts
        .keywords()
        .map(|keywords| {
            let own = keywords.iter().filter(|(name, value)| SCALARS.contains(&name.as_str()) && !has_reference(value));
            own.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>()
        })
        .filter(|own| !own.is_empty())
        .map(Value::from)
        .collect();
    if all.is_empty() && violated.is_none() {
        return algebra::simple_values().into_iter().find(|value| Types::of_value(value).has(types));
    }
    all.push(json!({"type": types.each().map(Types::name).collect::<Vec<_>>()}));
    if !types.has(Types::named("integer")) {
        all.push(json!({"not": {"type": "integer"}}));
    }
    all.extend(violated.map(|violated| json!({"not": violated})));
    algebra::value(&set(&json!({"allOf": all}))?, turn)
}

fn has_reference(value: &Value) -> bool {
    !crate::schemas::reference_texts(value).is_empty()
}
