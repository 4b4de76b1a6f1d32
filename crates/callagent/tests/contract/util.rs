//! Shared code of the tests: fixtures, schemas that panic where they are wrong, and the expected result of a round trip.

use std::{collections::BTreeSet, env};

use callagent::{
    Code, Report,
    model::{Direction, Presence, Type},
};
use callagent_testkit::engines::schemas::{Jsonschema, Validator as _};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, RngSeed, TestCaseResult, TestRunner},
};
use schemars::JsonSchema;
use serde_json::Value;

#[track_caller]
pub(crate) fn read_fixture(name: &str) -> String {
    in_project(&format!("fixtures/{name}"))
}

/// The pointers and codes of the violations of a report.
pub(crate) fn violations(report: &Report) -> BTreeSet<(String, Code)> {
    report.violations().map(|violation| (violation.pointer(), violation.code())).collect()
}

/// A schema that validates values.
pub(crate) struct SchemaEngine(Jsonschema);

impl SchemaEngine {
    pub(crate) fn new<T: JsonSchema>() -> Self {
        SchemaEngine::compile(schemars::schema_for!(T).as_value())
    }

    pub(crate) fn compile(schema: &Value) -> Self {
        SchemaEngine(Jsonschema::compile(schema).expect("a valid schema"))
    }

    /// A schema of an OpenAPI document.
    pub(crate) fn for_component(document: &Value, name: &str) -> Self {
        SchemaEngine(Jsonschema::compile_component(document, name).expect("a valid schema"))
    }

    /// The violations of a value, with the codes and pointers of the contract.
    pub(crate) fn violations(&self, value: &Value) -> BTreeSet<(String, Code)> {
        self.0.violations(value).unwrap_or_else(|error| panic!("{value}: {error}"))
    }
}

/// A committed schema.
pub(crate) fn committed(name: &str) -> Value {
    serde_json::from_str(&in_project(&format!("schemas/{name}"))).expect("a schema is JSON")
}

/// A file of the project.
#[track_caller]
pub(crate) fn in_project(path: &str) -> String {
    callagent_testkit::read(path).unwrap_or_else(|error| panic!("{error}"))
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
