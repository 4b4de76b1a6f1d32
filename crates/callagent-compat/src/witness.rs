//! Witnesses: whole documents that the writer may write and the reader rejects because of a given part.

use std::cell::OnceCell;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::{
    algebra::{self, Set, set, simple_values, validator, validator_with_formats},
    boundary::Boundary,
    samples::with_formats,
    schemas::Schemas,
    walk::{At, Step},
};

/// The number of documents to try per set.
const TURNS: usize = 12;

/// The number of single values to try.
const VALUES: usize = 10;

/// The number of simple values to check a proof with.
const MAX_PLAIN: usize = 200;

pub(crate) struct Witnesses<'s> {
    reader: &'s Schemas<'s>,
    reader_root: &'s Value,
    writer: &'s Schemas<'s>,
    whole: Value,
    accepts: Validator,
    rejects: Validator,
    /// The writer's validator with formats asserted.
    accepts_formats: OnceCell<Option<Validator>>,
    /// The set of everything that the writer may write, if the algebra can represent it.
    all: OnceCell<Option<Set>>,
}

/// The best document so far, with the number of errors of the reader.
struct Best {
    document: Value,
    errors: usize,
}

impl<'s> Witnesses<'s> {
    pub(crate) fn new(
        (reader, reader_root): (&'s Schemas<'s>, &'s Value),
        (writer, writer_root): (&'s Schemas<'s>, &'s Value),
    ) -> Result<Self, String> {
        let whole = writer.whole(writer_root);
        Ok(Witnesses {
            reader,
            reader_root,
            writer,
            accepts: validator(&whole)?,
            rejects: validator(&reader.whole(reader_root))?,
            accepts_formats: OnceCell::new(),
            all: OnceCell::new(),
            whole,
        })
    }

    /// Finds a document whose value at the path violates `part`, a part of the reader's schema at `at`. `rest` is that
    /// schema without the part. If possible, the document violates nothing else.
    pub(crate) fn find(&self, path: &[Step], writer: &Value, part: &Value, at: &At<'_>, rest: &Value) -> Option<Value> {
        let broken = validator(&self.reader.whole(part)).ok()?;
        let mut best: Option<Best> = None;
        let with_rest = self.without(at, rest);
        for other in [with_rest.as_ref(), None] {
            let Some(documents) = self.documents(path, &self.reader.whole(&json!({"not": part})), other) else {
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
            let fits = validator(&self.writer.whole(writer)).ok()?;
            let values = self.values(writer, part).into_iter();
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

    /// Keeps a document if it is a witness and better than the best so far.
    fn consider(&self, document: Value, path: &[Step], broken: &Validator, best: &mut Option<Best>) {
        let Some(document) = self.accepts_formats().and_then(|formats| with_formats(document, formats)) else { return };
        let shows = values_at(&document, path).into_iter().any(|value| !broken.is_valid(value));
        if shows && self.accepts(&document) {
            let errors = self.rejects.iter_errors(&document).count();
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

    fn all(&self) -> Option<&Set> {
        self.all.get_or_init(|| set(&self.whole)).as_ref()
    }

    /// The set of the writer's documents with such a value at the path, intersected with `others`.
    fn documents(&self, path: &[Step], value: &Value, others: Option<&Set>) -> Option<Set> {
        let at_path = path.iter().rev().fold(json!({"$ref": "#/$defs/value"}), |inner, step| match step {
            Step::Field(name) => {
                json!({"type": "object", "properties": {name: inner}, "required": [name]})
            }
            Step::Item => json!({"type": "array", "prefixItems": [inner], "minItems": 1}),
        });
        // References in the value expect its definitions at the root.
        let mut schema = value.clone();
        let members = schema.as_object_mut()?;
        let mut definitions =
            members.remove("$defs").and_then(|definitions| definitions.as_object().cloned()).unwrap_or_default();
        members.remove("$schema");
        definitions.insert("value".into(), schema);
        let documents = self.all()?.intersect(&set(&json!({"allOf": [at_path], "$defs": definitions}))?)?;
        match others {
            Some(others) => documents.intersect(others),
            None => Some(documents),
        }
    }

    /// The set that the reader accepts with the schema at a position replaced by `rest`.
    fn without(&self, at: &At<'_>, rest: &Value) -> Option<Set> {
        let Some(definition) = self.reader.definition(at.definition) else { return set(&self.reader.whole(rest)) };
        let definition = replaced(definition, &at.pointer, rest)?;
        set(&self.reader.whole_but(self.reader_root, Some((at.definition, &definition))))
    }

    /// Some document of the writer.
    fn base(&self) -> Value {
        let guess = self.all().and_then(|all| algebra::value(all, 0));
        guess.filter(|document| self.accepts(document)).unwrap_or_else(|| json!({}))
    }

    /// Candidate values: of changed alternatives, named by the schemas, and neighbors of those.
    fn values(&self, writer: &Value, part: &Value) -> Vec<Value> {
        let mut values = self.of_alternatives(writer, part);
        values.extend(simple_values());
        let (writer, part) = (self.writer.whole(writer), self.reader.whole(part));
        for schema in [&writer, &part] {
            neighbours(schema, &mut values);
        }
        values.extend(Boundary { writer: &writer, part: &part }.values());
        values
    }

    /// Values of the writer's alternatives that the reader's alternatives at the same position reject.
    fn of_alternatives(&self, writer: &Value, part: &Value) -> Vec<Value> {
        let listed = writer.get("allOf").and_then(Value::as_array).map_or(std::slice::from_ref(writer), Vec::as_slice);
        let pairs = listed.iter().flat_map(|writer| alternatives(writer).iter().zip(alternatives(part)));
        let value = |(writer, reader): (&Value, &Value)| {
            let more =
                set(&self.writer.whole(writer))?.intersect(&set(&self.reader.whole(&json!({"not": reader})))?)?;
            algebra::value(&more, 0)
        };
        pairs.filter_map(value).collect()
    }
}

/// Returns whether some simple value refutes that one schema is a subset of another.
pub(super) fn is_refuted(subset: &Value, superset: &Value) -> bool {
    let (Ok(accepts), Ok(rejects)) = (validator(subset), validator(superset)) else { return true };
    let mut values = simple_values();
    for schema in [subset, superset] {
        neighbours(schema, &mut values);
    }
    values.iter().take(MAX_PLAIN).any(|value| accepts.is_valid(value) && !rejects.is_valid(value))
}

/// The alternatives of a schema.
fn alternatives(schema: &Value) -> &[Value] {
    let list = schema.get("anyOf").or_else(|| schema.get("oneOf"));
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Replaces the value at a pointer of a schema.
fn replaced(schema: &Value, pointer: &str, value: &Value) -> Option<Value> {
    let mut schema = schema.clone();
    *schema.pointer_mut(pointer)? = value.clone();
    Some(schema)
}

/// The values at a path, with all items of arrays.
fn values_at<'v>(document: &'v Value, path: &[Step]) -> Vec<&'v Value> {
    path.iter().fold(vec![document], |values, step| match step {
        Step::Field(name) => values.into_iter().filter_map(|value| value.get(name)).collect(),
        Step::Item => values.into_iter().filter_map(Value::as_array).flatten().collect(),
    })
}

/// Puts a value at a path of a document.
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

/// Collects values from keywords: listed values, bounds and their neighbors.
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
