//! Random pairs of schemas: no break is called compatible, and every witness is one. Another validator, `boon`, judges.
//!
//! `CALLAGENT_CASES` is the number of pairs and `CALLAGENT_SEED` the first seed; each pair has a seed of its own.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use callagent_compat::{Comparison, Direction, Document, Options, Verdict, compare};
use fastrand::Rng;
use serde_json::{Map, Value, json};

const NAMES: [&str; 3] = ["a", "b", "c"];

fn pick(rng: &mut Rng, values: &[Value]) -> Value {
    rng.choice(values).cloned().unwrap_or_default()
}

/// A random schema, of few keywords and values so that two of them often meet.
fn schema(rng: &mut Rng, depth: usize) -> Value {
    if depth == 0 || rng.u8(..8) == 0 {
        return pick(
            rng,
            &[json!(true), json!({}), json!({"type": "string"}), json!({"type": "integer"}), json!(false)],
        );
    }
    (0..rng.usize(1..4)).map(|_| keyword(rng, depth)).collect::<Map<_, _>>().into()
}

fn keyword(rng: &mut Rng, depth: usize) -> (String, Value) {
    const TYPES: [&str; 7] = ["string", "integer", "number", "object", "array", "boolean", "null"];
    let count = Value::from(rng.u8(..4));
    let is_first = rng.bool();
    let either = |first: &'static str, second: &'static str| if is_first { first } else { second };
    let (name, value) = match rng.u8(..26) {
        0..4 => ("type", json!(rng.choose_multiple(TYPES, 2))),
        4 => ("type", json!(rng.choice(TYPES))),
        5 => ("enum", json!(rng.choose_multiple(values(), 3))),
        6 => ("const", pick(rng, &values())),
        7 => (either("minimum", "exclusiveMinimum"), count),
        8 => (either("maximum", "exclusiveMaximum"), count),
        9 => ("multipleOf", json!(rng.u8(1..4))),
        10 => (either("minLength", "maxLength"), count),
        11 => ("pattern", pick(rng, &["^a", "b$", "^[a-c]+$", "x"].map(Value::from))),
        12 => (either("minItems", "maxItems"), count),
        13 => ("uniqueItems", json!(is_first)),
        14 => (either("minProperties", "maxProperties"), count),
        15 => ("required", json!(rng.choose_multiple(NAMES, 1))),
        16..19 => {
            let names = rng.choose_multiple(NAMES, 2);
            let fields = names.into_iter().map(|name| (name.to_owned(), schema(rng, depth - 1)));
            ("properties", fields.collect::<Map<_, _>>().into())
        }
        19 => ("additionalProperties", schema(rng, depth - 1)),
        20 => ("items", schema(rng, depth - 1)),
        21 => ("prefixItems", json!([schema(rng, depth - 1)])),
        22 => ("not", schema(rng, depth - 1)),
        23 => ("$ref", json!(format!("#/$defs/{}", rng.u8(..2)))),
        24 => (either("anyOf", "oneOf"), json!([schema(rng, depth - 1), schema(rng, depth - 1)])),
        _ => ("allOf", json!([schema(rng, depth - 1), schema(rng, depth - 1)])),
    };
    (name.to_owned(), value)
}

/// A schema with definitions, of which the first one is recursive.
fn document(rng: &mut Rng) -> Value {
    let recursive = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/0"}, "b": schema(rng, 1)}});
    let recursive = if recursive.to_string().matches("$ref").count() > 1 { json!({}) } else { recursive };
    let mut root = schema(rng, 3);
    if let Some(keywords) = root.as_object_mut() {
        keywords.insert("$defs".into(), json!({"0": recursive, "1": {"type": ["string", "object"], "maxLength": 2}}));
    }
    root
}

/// Changes one keyword of a schema.
fn edited(rng: &mut Rng, schema: &Value) -> Value {
    let mut schema = schema.clone();
    let mut pointers = Vec::new();
    pointers_of_schemas(&schema, String::new(), &mut pointers);
    let pointer = rng.choice(pointers).unwrap_or_default();
    let (name, value) = keyword(rng, 2);
    if let Some(Value::Object(keywords)) = schema.pointer_mut(&pointer) {
        let others: Vec<_> = keywords.keys().filter(|name| *name != "$defs").cloned().collect();
        match rng.choice(others).filter(|_| rng.bool()) {
            Some(other) => drop(keywords.remove(&other)),
            None => drop(keywords.insert(name, value)),
        }
    }
    schema
}

fn pointers_of_schemas(schema: &Value, pointer: String, found: &mut Vec<String>) {
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        let at = format!("{pointer}/{keyword}");
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(schemas)) => {
                schemas.iter().for_each(|(name, schema)| pointers_of_schemas(schema, format!("{at}/{name}"), found));
            }
            ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(schemas)) => {
                let schemas = schemas.iter().enumerate();
                schemas.for_each(|(index, schema)| pointers_of_schemas(schema, format!("{at}/{index}"), found));
            }
            ("items" | "not" | "additionalProperties", schema) => pointers_of_schemas(schema, at, found),
            _ => {}
        }
    }
    found.push(pointer);
}

fn values() -> Vec<Value> {
    let scalars = [json!(null), json!(true), json!(0), json!(1), json!(2), json!(3), json!(0.5), json!(-1), json!(4)];
    let texts = ["", "a", "b", "ab", "abc", "x", "bb"].map(Value::from);
    scalars.into_iter().chain(texts).collect()
}

/// The values that are searched for a break.
fn world() -> Vec<Value> {
    let mut world = values();
    for value in values() {
        world.extend([json!([value]), json!([value, value]), json!([value, 1]), json!([1, value])]);
        world.extend(["a", "b", "c", "d"].map(|name| json!({ name: value })));
        world.extend([json!({"a": value, "b": 1}), json!({"a": "a", "b": value}), json!({"a": {"a": value}})]);
        world.extend([json!({"a": {"b": value}}), json!({"a": value, "b": value, "c": value})]);
    }
    world.extend([json!([]), json!({}), json!([1, 2, 3]), json!([[]]), json!({"a": [], "b": {}, "c": 1, "d": 2})]);
    world
}

/// A schema of the judge.
struct Judge {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    fn new(schema: &Value) -> Option<Self> {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(Draft::V2020_12);
        compiler.add_resource("schema.json", schema.clone()).ok()?;
        let index = compiler.compile("schema.json", &mut schemas).ok()?;
        Some(Judge { schemas, index })
    }

    fn accepts(&self, value: &Value) -> bool {
        self.schemas.validate(value, self.index).is_ok()
    }
}

fn compared(old: &Value, new: &Value) -> Option<Comparison> {
    let parse = |value: &Value| Document::parse(value.to_string()).ok();
    compare(&parse(old)?, &parse(new)?, &Options::new(Direction::Request)).ok()
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
}

#[test]
fn random_pairs_are_judged_as_another_validator_does() {
    let (cases, first) = (number("CALLAGENT_CASES", 300), number("CALLAGENT_SEED", 1));
    let world = world();
    let (mut counts, mut wrong) = ([0; 3], Vec::new());
    for seed in first..first + cases {
        let mut rng = Rng::with_seed(seed);
        let old = document(&mut rng);
        let new = if rng.u8(..5) == 0 { document(&mut rng) } else { edited(&mut rng, &old) };
        // A boolean root is not a document, and circular references are refused.
        if !old.is_object() || !new.is_object() {
            continue;
        }
        let Some(comparison) = compared(&old, &new) else { continue };
        let (Some(writer), Some(reader)) = (Judge::new(&old), Judge::new(&new)) else { continue };
        let is_break = |value: &&Value| writer.accepts(value) && !reader.accepts(value);
        let mut witnesses = comparison.findings().iter().filter_map(|finding| finding.witness.as_ref());
        if let Some(witness) = witnesses.find(|witness| !is_break(witness)) {
            wrong.push(format!("CALLAGENT_SEED={seed}: a false witness {witness}\n{old}\n{new}"));
        }
        if comparison.findings().iter().any(|finding| finding.breaks && finding.witness.is_none()) {
            wrong.push(format!("CALLAGENT_SEED={seed}: a break without a witness\n{old}\n{new}"));
        }
        let verdict = comparison.verdict();
        if let Some(value) = world.iter().find(|value| verdict == Verdict::Compatible && is_break(value)) {
            wrong.push(format!("CALLAGENT_SEED={seed}: a break called compatible: {value}\n{old}\n{new}"));
        }
        counts[match verdict {
            Verdict::Compatible => 0,
            Verdict::Incompatible => 1,
            Verdict::Undecided => 2,
        }] += 1;
    }
    let [compatible, incompatible, undecided] = counts;
    eprintln!("seeds from {first}: {compatible} compatible, {incompatible} incompatible, {undecided} undecided");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    let judged = compatible + incompatible + undecided;
    assert!(compatible > judged / 10 && incompatible > judged / 10 && undecided < judged / 10);
}
