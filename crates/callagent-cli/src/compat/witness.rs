//! Witnesses: whole documents that the wide schema accepts and the narrow one refuses, for the reason that is named.

use std::cell::OnceCell;

use jsonschema::{Validator, canonical::CanonicalSchema};
use serde_json::{Map, Value, json};

use super::{
    algebra::{self, set, simple_values, validator, validator_with_formats},
    boundary::Boundary,
    samples::with_formats,
    schemas::Schemas,
    walk::{At, Step},
};

/// How many documents are tried of one set.
const TURNS: usize = 12;

/// How many values are tried by themselves.
const VALUES: usize = 10;

/// How many plain values a proof is checked with.
const MOST_PLAIN: usize = 200;

pub(crate) struct Witnesses<'s> {
    narrow: &'s Schemas<'s>,
    narrow_root: &'s Value,
    wide: &'s Schemas<'s>,
    whole: Value,
    accepts: Validator,
    refuses: Validator,
    /// What accepts with formats asserted, too, as some readers do.
    accepts_formats: OnceCell<Option<Validator>>,
    /// All that the wide side accepts, where the algebra can hold it.
    all: OnceCell<Option<CanonicalSchema>>,
}

/// The best document so far, and how much the narrow side has against it.
struct Best {
    document: Value,
    errors: usize,
}

impl<'s> Witnesses<'s> {
    pub(crate) fn new(
        (narrow, narrow_root): (&'s Schemas<'s>, &'s Value),
        (wide, wide_root): (&'s Schemas<'s>, &'s Value),
    ) -> Result<Self, String> {
        let whole = wide.whole(wide_root);
        Ok(Witnesses {
            narrow,
            narrow_root,
            wide,
            accepts: validator(&whole)?,
            refuses: validator(&narrow.whole(narrow_root))?,
            accepts_formats: OnceCell::new(),
            all: OnceCell::new(),
            whole,
        })
    }

    /// A document in which the value at the path breaks `part`, a part of the narrow schema at `at`, of which `rest` is
    /// what else it says. It is one that the narrow side has nothing else against, if there is such a one.
    pub(crate) fn find(&self, path: &[Step], wide: &Value, part: &Value, at: &At<'_>, rest: &Value) -> Option<Value> {
        let broken = validator(&self.narrow.whole(part)).ok()?;
        let mut best: Option<Best> = None;
        let with_rest = self.without(at, rest);
        for other in [with_rest.as_ref(), None] {
            let Some(documents) = self.documents(path, &self.narrow.whole(&json!({"not": part})), other) else {
                continue;
            };
            for turn in 0..TURNS {
                let Some(document) = algebra::value(&documents, turn) else { break };
                self.consider(document, path, &broken, &mut best);
                if best.as_ref().is_some_and(|best| best.errors == 1) {
                    return best.map(|best| best.document);
                }
            }
        }
        if best.is_none() {
            let fits = validator(&self.wide.whole(wide)).ok()?;
            let values = self.values(wide, part).into_iter();
            let values = values.filter(|value| !broken.is_valid(value) && fits.is_valid(value));
            for value in values.take(VALUES) {
                let exactly = json!({"const": value});
                let set =
                    [with_rest.as_ref(), None].into_iter().find_map(|other| self.documents(path, &exactly, other));
                let document = set.and_then(|set| algebra::value(&set, 0)).or_else(|| placed(self.base(), path, value));
                if let Some(document) = document {
                    self.consider(document, path, &broken, &mut best);
                }
                if best.is_some() {
                    break;
                }
            }
        }
        best.map(|best| best.document)
    }

    /// Takes a document if it is a witness, and a better one.
    fn consider(&self, document: Value, path: &[Step], broken: &Validator, best: &mut Option<Best>) {
        let Some(document) = self.accepts_formats().and_then(|formats| with_formats(document, formats)) else { return };
        let shows = values_at(&document, path).into_iter().any(|value| !broken.is_valid(value));
        if shows && self.accepts(&document) {
            let errors = self.refuses.iter_errors(&document).count();
            if errors > 0 && best.as_ref().is_none_or(|best| errors < best.errors) {
                *best = Some(Best { document, errors });
            }
        }
    }

    fn accepts(&self, document: &Value) -> bool {
        let accepts_formats = self.accepts_formats().is_some_and(|validator| validator.is_valid(document));
        accepts_formats && self.accepts.is_valid(document)
    }

    fn accepts_formats(&self) -> Option<&Validator> {
        self.accepts_formats.get_or_init(|| validator_with_formats(&self.whole, true).ok()).as_ref()
    }

    fn all(&self) -> Option<&CanonicalSchema> {
        self.all.get_or_init(|| set(&self.whole)).as_ref()
    }

    /// The documents that the wide side accepts, with such a value at the path; and, if asked, by the others.
    fn documents(&self, path: &[Step], value: &Value, others: Option<&CanonicalSchema>) -> Option<CanonicalSchema> {
        let at_path = path.iter().rev().fold(json!({"$ref": "#/$defs/value"}), |inner, step| match step {
            Step::Field(name) => {
                json!({"type": "object", "properties": {name: inner}, "required": [name]})
            }
            Step::Item => json!({"type": "array", "prefixItems": [inner], "minItems": 1}),
        });
        // The definitions of the value go where its references look for them.
        let mut schema = value.clone();
        let members = schema.as_object_mut()?;
        let mut definitions =
            members.remove("$defs").and_then(|definitions| definitions.as_object().cloned()).unwrap_or_default();
        members.remove("$schema");
        definitions.insert("value".into(), schema);
        let documents = self.all()?.intersect(&set(&json!({"allOf": [at_path], "$defs": definitions}))?).ok()?;
        match others {
            Some(others) => documents.intersect(others).ok(),
            None => Some(documents),
        }
    }

    /// What the narrow side accepts but for the schema at a place, of which only `rest` is left.
    fn without(&self, at: &At<'_>, rest: &Value) -> Option<CanonicalSchema> {
        let Some(definition) = self.narrow.definition(at.definition) else { return set(&self.narrow.whole(rest)) };
        let definition = replaced(definition, &at.pointer, rest)?;
        set(&self.narrow.whole_but(self.narrow_root, Some((at.definition, &definition))))
    }

    /// Any document of the wide side.
    fn base(&self) -> Value {
        let guess = self.all().and_then(|all| algebra::value(all, 0));
        guess.filter(|document| self.accepts(document)).unwrap_or_else(|| json!({}))
    }

    /// Values that are worth a try: of alternatives that changed, of those that the schemas name, and their neighbours.
    fn values(&self, wide: &Value, part: &Value) -> Vec<Value> {
        let mut values = self.of_alternatives(wide, part);
        values.extend(simple_values());
        let (wide, part) = (self.wide.whole(wide), self.narrow.whole(part));
        for schema in [&wide, &part] {
            neighbours(schema, &mut values);
        }
        values.extend(Boundary { wide: &wide, part: &part }.values());
        values
    }

    /// Of alternatives that stand at the same position, values that the wide one accepts and the narrow one does not.
    fn of_alternatives(&self, wide: &Value, part: &Value) -> Vec<Value> {
        let listed = wide.get("allOf").and_then(Value::as_array).map_or(std::slice::from_ref(wide), Vec::as_slice);
        let pairs = listed.iter().flat_map(|wide| alternatives(wide).iter().zip(alternatives(part)));
        let value = |(wide, narrow): (&Value, &Value)| {
            let more =
                set(&self.wide.whole(wide))?.intersect(&set(&self.narrow.whole(&json!({"not": narrow})))?).ok()?;
            algebra::value(&more, 0)
        };
        pairs.filter_map(value).collect()
    }
}

/// Whether one of the plainest values is accepted by the one whole schema and refused by the other.
pub(super) fn is_refuted(subset: &Value, superset: &Value) -> bool {
    let (Ok(accepts), Ok(refuses)) = (validator(subset), validator(superset)) else { return true };
    let mut values = simple_values();
    for schema in [subset, superset] {
        neighbours(schema, &mut values);
    }
    values.iter().take(MOST_PLAIN).any(|value| accepts.is_valid(value) && !refuses.is_valid(value))
}

/// The alternatives of a schema.
fn alternatives(schema: &Value) -> &[Value] {
    let list = schema.get("anyOf").or_else(|| schema.get("oneOf"));
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A schema with what stands at a pointer replaced.
fn replaced(schema: &Value, pointer: &str, value: &Value) -> Option<Value> {
    let mut schema = schema.clone();
    *schema.pointer_mut(pointer)? = value.clone();
    Some(schema)
}

/// The values at a path; of an array, all items.
fn values_at<'v>(document: &'v Value, path: &[Step]) -> Vec<&'v Value> {
    path.iter().fold(vec![document], |values, step| match step {
        Step::Field(name) => values.into_iter().filter_map(|value| value.get(name)).collect(),
        Step::Item => values.into_iter().filter_map(Value::as_array).flatten().collect(),
    })
}

/// A document with a value put at a path.
fn placed(document: Value, path: &[Step], value: Value) -> Option<Value> {
    let Some((step, rest)) = path.split_first() else { return Some(value) };
    match step {
        Step::Field(name) => {
            let mut fields = match document {
                Value::Object(fields) => fields,
                _ => Map::new(),
            };
            let inner = fields.remove(name).unwrap_or_default();
            fields.insert(name.clone(), placed(inner, rest, value)?);
            Some(fields.into())
        }
        Step::Item => Some(json!([placed(Value::Null, rest, value)?])),
    }
}

/// What a schema's keywords suggest: listed values, bounds and what is next to them, lengths.
fn neighbours(schema: &Value, values: &mut Vec<Value>) {
    let keywords = match schema {
        Value::Object(keywords) => keywords,
        Value::Array(schemas) => return schemas.iter().for_each(|schema| neighbours(schema, values)),
        _ => return,
    };
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("const", value) => values.push(value.clone()),
            ("enum", Value::Array(listed)) => values.extend(listed.iter().cloned()),
            ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf", Value::Number(bound)) => {
                values.push(value.clone());
                if let Some(bound) = bound.as_i64() {
                    values.extend([-1, 1].into_iter().filter_map(|step| bound.checked_add(step)).map(Value::from));
                } else if let Some(bound) = bound.as_f64() {
                    values.extend([bound - 0.5, bound + 0.5, bound * 2.0].map(Value::from));
                }
            }
            _ => neighbours(value, values),
        }
    }
}
