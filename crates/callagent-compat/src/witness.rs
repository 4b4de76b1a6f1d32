//! Witnesses: whole documents that the writer may write and the reader rejects because of a given part.

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::{
    algebra::{self, MAX_EXTENT, Set, set, simple_values, validator, validator_with_formats},
    boundary::Boundary,
    generate::{Generator, Roots},
    prover::{Goal, Prover},
    refute::{DEPTHS, Refuter},
    samples::with_formats,
    schemas::Schemas,
    spot::{At, Spot, Step},
    units::Unit,
    work::Work,
};

/// The number of documents to try per set.
const TURNS: usize = 12;

/// The number of single values to try.
const VALUES: usize = 10;

/// The number of simple values to check a proof with.
const MAX_PLAIN: usize = 200;

/// The maximum number of subschemas of a validator.
const MAX_SUBSCHEMAS: usize = 16_000;

/// The steps of a validator for each subschema.
const VALIDATOR_STEPS: u64 = 40;

/// The number of documents to try with a value that the reader rejects.
const PLACES: usize = 3;

pub(crate) struct Witnesses<'s> {
    reader: &'s Schemas<'s>,
    reader_root: &'s Value,
    writer: &'s Schemas<'s>,
    writer_root: &'s Value,
    work: &'s Work,
    /// The set of everything that the writer may write, if the algebra can represent it.
    all: OnceCell<Option<Set>>,
    /// Whether both schemas are small enough for the algebra, and its steps.
    steps: Option<u64>,
    /// The validators for documents with certain names of fields.
    validators: RefCell<BTreeMap<BTreeSet<String>, Option<Rc<Validators>>>>,
}

/// The validators of both versions.
struct Validators {
    accepts: Validator,
    /// The same, with formats asserted.
    accepts_formats: Validator,
    rejects: Validator,
}

/// A search by structure.
struct Search {
    /// The values and documents that were tried.
    tried: BTreeSet<String>,
    /// The validators of the violated part, by the names of fields.
    broken: BTreeMap<BTreeSet<String>, Option<Validator>>,
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
        work: &'s Work,
    ) -> Self {
        let extents = reader.extent(reader_root, MAX_EXTENT).zip(writer.extent(writer_root, MAX_EXTENT));
        Witnesses {
            reader,
            reader_root,
            writer,
            writer_root,
            work,
            all: OnceCell::new(),
            steps: extents.map(|(reader, writer)| algebra::steps(reader + writer)),
            validators: RefCell::new(BTreeMap::new()),
        }
    }

    /// Finds a document whose value at the path of a spot violates a unit of the reader's schema. If possible, the
    /// document violates nothing else.
    pub(crate) fn find(&self, prover: &mut Prover<'s>, spot: &Spot<'s>, writer: &Value, unit: &Unit) -> Option<Value> {
        let mut best = None;
        if self.steps.is_some_and(|steps| self.work.take(steps)) {
            self.search_sets(spot, unit, &mut best);
            if best.is_none() {
                self.search_values(spot, writer, unit, &mut best);
            }
        }
        if best.is_none() {
            self.search_structure(prover, spot, unit, &mut best);
        }
        best.map(|best| best.document)
    }

    /// Tries values of sets.
    fn search_sets(&self, spot: &Spot<'s>, unit: &Unit, best: &mut Option<Best>) {
        let Ok(broken) = validator(&self.reader.whole(&unit.part)) else { return };
        let with_rest = self.without(&spot.reader, &unit.rest);
        for other in [with_rest.as_ref(), None] {
            let not = self.reader.whole(&json!({"not": unit.part}));
            let Some(documents) = self.documents(&spot.path, &not, other) else { continue };
            for turn in 0..TURNS {
                let Some(document) = algebra::value(&documents, turn) else { break };
                self.consider(document, &spot.path, &broken, best);
                if best.as_ref().is_some_and(|best| best.errors == 1) {
                    return;
                }
            }
        }
    }

    /// Tries single values.
    fn search_values(&self, spot: &Spot<'s>, writer: &Value, unit: &Unit, best: &mut Option<Best>) {
        let with_rest = self.without(&spot.reader, &unit.rest);
        let validators = (validator(&self.reader.whole(&unit.part)), validator(&self.writer.whole(writer)));
        let (Ok(broken), Ok(fits)) = validators else { return };
        let values = self.values(writer, &unit.part).into_iter();
        let values = values.filter(|value| !broken.is_valid(value) && fits.is_valid(value));
        for value in values.take(VALUES) {
            let exactly = json!({"const": value});
            let set =
                [with_rest.as_ref(), None].into_iter().find_map(|other| self.documents(&spot.path, &exactly, other));
            let document =
                set.and_then(|set| algebra::value(&set, 0)).or_else(|| placed(self.base(), &spot.path, value));
            if let Some(document) = document {
                self.consider(document, &spot.path, &broken, best);
            }
            if best.is_some() {
                return;
            }
        }
    }

    /// Tries values of where the proof fails.
    fn search_structure(&self, prover: &mut Prover<'s>, spot: &Spot<'s>, unit: &Unit, best: &mut Option<Best>) {
        let goal = Goal::new(spot.reader.schema, spot.writer.iter().map(|at| at.schema).collect());
        let goal = goal.part(unit.part());
        let mut search = Search { tried: BTreeSet::new(), broken: BTreeMap::new() };
        for depth in DEPTHS {
            let mut values = Refuter::new(prover, depth).values(&goal);
            values.retain(|value| search.tried.insert(value.to_string()));
            for value in values {
                self.place(&value, spot, unit, &mut search, best);
                if best.is_some() {
                    return;
                }
            }
        }
    }

    /// Tries documents with a value at the path of a spot.
    fn place(&self, value: &Value, spot: &Spot<'s>, unit: &Unit, search: &mut Search, best: &mut Option<Best>) {
        let root = Roots::new(vec![self.writer_root]);
        for turn in 0..PLACES {
            let generator = Generator { schemas: self.writer, work: self.work, turn };
            let Some(document) = generator.value_with(&root, &spot.path, value) else { break };
            if !search.tried.insert(document.to_string()) && turn > 0 {
                continue;
            }
            let broken = search.broken.entry(names(&document)).or_insert_with_key(|names| {
                let names = names.iter().map(String::as_str).collect();
                let broken = self.reader.whole_for(&unit.part, &names, MAX_SUBSCHEMAS);
                let extent = broken.as_ref().map_or(MAX_SUBSCHEMAS, |(_, extent)| *extent);
                let is_affordable = self.work.take(VALIDATOR_STEPS * extent as u64);
                broken.filter(|_| is_affordable).and_then(|(broken, _)| validator(&broken).ok())
            });
            let Some(broken) = broken else { break };
            self.consider(document, &spot.path, broken, best);
            if best.as_ref().is_some_and(|best| best.errors == 1) {
                return;
            }
        }
    }

    /// Keeps a document if it is a witness and better than the best so far.
    fn consider(&self, document: Value, path: &[Step], broken: &Validator, best: &mut Option<Best>) {
        let Some(validators) = self.validators(&document) else { return };
        let Some(document) = with_formats(document, &validators.accepts_formats) else { return };
        let shows = values_at(&document, path).into_iter().any(|value| !broken.is_valid(value));
        if shows && validators.accepts_formats.is_valid(&document) && validators.accepts.is_valid(&document) {
            let errors = validators.rejects.iter_errors(&document).count();
            if errors > 0 && best.as_ref().is_none_or(|best| errors < best.errors) {
                *best = Some(Best { document, errors });
            }
        }
    }

    /// The validators for a document. Those of large schemas have only the fields of the document.
    fn validators(&self, document: &Value) -> Option<Rc<Validators>> {
        let names = if self.steps.is_some() { BTreeSet::new() } else { names(document) };
        if let Some(validators) = self.validators.borrow().get(&names) {
            return validators.clone();
        }
        let schemas = if self.steps.is_some() {
            Some((self.writer.whole(self.writer_root), self.reader.whole(self.reader_root)))
        } else {
            let names = names.iter().map(String::as_str).collect();
            let writer = self.writer.whole_for(self.writer_root, &names, MAX_SUBSCHEMAS);
            let both = writer.zip(self.reader.whole_for(self.reader_root, &names, MAX_SUBSCHEMAS));
            let extent = both.as_ref().map_or(MAX_SUBSCHEMAS, |((_, writer), (_, reader))| 2 * writer + reader);
            let is_affordable = self.work.take(VALIDATOR_STEPS * extent as u64);
            let both = both.filter(|_| is_affordable);
            both.map(|((writer, _), (reader, _))| (writer, reader))
        };
        let validators = schemas.and_then(|(writer, reader)| {
            let accepts_formats = validator_with_formats(&writer, true).ok()?;
            Some(Rc::new(Validators {
                accepts: validator(&writer).ok()?,
                accepts_formats,
                rejects: validator(&reader).ok()?,
            }))
        });
        self.validators.borrow_mut().insert(names, validators.clone());
        validators
    }

    fn all(&self) -> Option<&Set> {
        self.all.get_or_init(|| set(&self.writer.whole(self.writer_root))).as_ref()
    }

    /// The set of the writer's documents with such a value at the path, intersected with `others`.
    fn documents(&self, path: &[Step], value: &Value, others: Option<&Set>) -> Option<Set> {
        let at_path = path.iter().rev().fold(json!({"$ref": "#/$defs/value"}), |inner, step| match step {
            Step::Field(name) => {
                json!({"type": "object", "properties": {name: inner}, "required": [name]})
            }
            Step::Item => json!({"type": "array", "prefixItems": [inner], "minItems": 1}),
            Step::Alternative(..) => inner,
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
        let accepts = |document: &Value| {
            let validators = self.validators(document);
            validators.is_some_and(|both| both.accepts.is_valid(document) && both.accepts_formats.is_valid(document))
        };
        guess.filter(accepts).unwrap_or_else(|| json!({}))
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
        Step::Alternative(..) => values,
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
        Step::Alternative(..) => placed(document, rest, value),
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

/// The names of all fields in a document.
fn names(document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                names.extend(members.keys().cloned());
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    names
}
