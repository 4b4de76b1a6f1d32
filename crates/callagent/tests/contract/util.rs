//! Shared code of the tests: fixtures, conversion of schema errors to codes, and the expected result of a round trip.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use callagent::{
    Code, Report,
    model::{Direction, Presence, Type},
};
use jsonschema::{Validator, error::ValidationErrorKind};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, RngSeed, TestCaseResult, TestRunner},
};
use schemars::JsonSchema;
use serde_json::{Value, json};

/// A file or folder of the fixtures, such as `requests/valid`.
pub(crate) fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "fixtures", name].iter().collect()
}

#[track_caller]
pub(crate) fn read_fixture(name: &str) -> String {
    fs::read_to_string(fixture(name)).unwrap_or_else(|error| panic!("fixtures/{name}: {error}"))
}

/// The pointers and codes of the violations of a report.
pub(crate) fn violations(report: &Report) -> BTreeSet<(String, Code)> {
    report.violations().map(|violation| (violation.pointer(), violation.code())).collect()
}

/// A schema that validates values.
pub(crate) struct SchemaEngine(Validator);

impl SchemaEngine {
    pub(crate) fn new<T: JsonSchema>() -> Self {
        SchemaEngine::compile(schemars::schema_for!(T).as_value())
    }

    pub(crate) fn compile(schema: &Value) -> Self {
        SchemaEngine(jsonschema::draft202012::new(schema).expect("a valid schema"))
    }

    /// A schema of an OpenAPI document.
    pub(crate) fn for_component(document: &Value, name: &str) -> Self {
        let reference = format!("#/components/schemas/{name}");
        SchemaEngine::compile(&json!({"$ref": reference, "components": {"schemas": document["components"]["schemas"]}}))
    }

    /// The violations of a value, with the codes and pointers of the contract.
    pub(crate) fn violations(&self, value: &Value) -> BTreeSet<(String, Code)> {
        let mut violations = BTreeSet::new();
        for error in self.0.iter_errors(value) {
            let at = error.instance_path().as_str();
            let is_conditional = error.schema_path().as_str().contains("/then/");
            match error.kind() {
                ValidationErrorKind::Required { property: Value::String(name) } => {
                    violations.insert((child(at, name), Code::MISSING_FIELD));
                }
                ValidationErrorKind::AdditionalProperties { unexpected } => {
                    violations.extend(unexpected.iter().map(|name| (child(at, name), Code::UNKNOWN_FIELD)));
                }
                kind => {
                    let code = match kind {
                        // The condition requires a non-empty string.
                        ValidationErrorKind::Type { .. } | ValidationErrorKind::MinLength { .. } if is_conditional => {
                            Code::MISSING_FIELD
                        }
                        ValidationErrorKind::Type { .. } => Code::WRONG_TYPE,
                        ValidationErrorKind::Enum { .. } => Code::UNKNOWN_VALUE,
                        ValidationErrorKind::Minimum { .. } | ValidationErrorKind::Maximum { .. } => Code::OUT_OF_RANGE,
                        other => panic!("no code for the keyword `{}`", other.keyword()),
                    };
                    violations.insert((at.to_owned(), code));
                }
            }
        }
        // A value of the wrong type also violates other keywords, which the contract does not report.
        let mistyped = violations.iter().filter(|(_, code)| *code == Code::WRONG_TYPE);
        let mistyped: BTreeSet<_> = mistyped.map(|(pointer, _)| pointer.clone()).collect();
        violations.retain(|(pointer, code)| *code == Code::WRONG_TYPE || !mistyped.contains(pointer));
        violations
    }
}

/// Converts schemas of OpenAPI 3.0 to JSON Schema, with null in the type.
pub(crate) fn without_nullable(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(keywords) => {
            if keywords.remove("nullable") == Some(Value::Bool(true)) {
                let r#type = keywords.remove("type").expect("a nullable schema has a type");
                keywords.insert("type".to_owned(), json!([r#type, "null"]));
            }
            keywords.values_mut().for_each(|value| *value = without_nullable(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_nullable(item.take())),
        _ => {}
    }
    schema
}

/// A committed schema.
pub(crate) fn committed(name: &str) -> Value {
    serde_json::from_str(&in_project(&format!("schemas/{name}"))).expect("a schema is JSON")
}

/// A file of the project.
pub(crate) fn in_project(path: &str) -> String {
    let file: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", path].iter().collect();
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The pointer of a field of the object at a pointer.
pub(crate) fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The expected result of a round trip: without the documented nulls of a response, and with values that are defaults
/// when absent.
pub(crate) fn kept(value: Value, r#type: &Type) -> Value {
    match (r#type, value) {
        (Type::List(item), Value::Array(items)) => items.into_iter().map(|value| kept(value, item)).collect(),
        (Type::Object(object), Value::Object(mut fields)) => {
            for field in object.fields {
                let value = match (fields.remove(field.name), field.presence, field.default) {
                    (Some(Value::Null), ..) if object.direction == Direction::Response => continue,
                    (Some(value), ..) => kept(value, &field.r#type),
                    (None, Presence::Defaulted, Some(default)) => default.into(),
                    (None, ..) => continue,
                };
                fields.insert(field.name.to_owned(), value);
            }
            Value::Object(fields)
        }
        (_, value) => value,
    }
}

/// The doubles just below and above a bound. `f64::next_up` requires Rust 1.86.
pub(crate) fn neighbours(bound: f64) -> [f64; 2] {
    let above = f64::from_bits(bound.to_bits() + 1);
    [if bound == 0.0 { -above } else { f64::from_bits(bound.to_bits() - 1) }, above]
}

/// Whether two values are equal, comparing numbers by value.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() || other.is_f64() => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

/// Tests a property with the configured number of values, which are the same in every run.
#[track_caller]
pub(crate) fn holds<S: Strategy>(strategy: S, property: impl Fn(S::Value) -> TestCaseResult) {
    let cases = env::var("CALLAGENT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256);
    // Without optimization, the default generator takes most of the time.
    let rng_algorithm = RngAlgorithm::XorShift;
    let mut config = ProptestConfig { cases, rng_algorithm, failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let seed = config.rng_seed;
    if let Err(error) = TestRunner::new(config).run(&strategy, property) {
        panic!("PROPTEST_RNG_SEED={seed}: {error}");
    }
}
