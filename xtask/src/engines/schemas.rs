//! Validators with the committed schemas: `jsonschema` and `boon`. Their errors are translated to codes and pointers.

use std::{collections::BTreeSet, fs};

use boon::{ErrorKind, ValidationError};
use callagent::{Code, model::Direction};
use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::Value;

use super::{Document, Engine, Entry, Reported, Verdict};

pub(super) fn engines() -> Result<[Engine; 2], String> {
    Ok([by_jsonschema()?, by_boon()?])
}

/// The file of a direction's schema, relative to the workspace.
pub(crate) const fn file(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "schemas/update-agent.schema.json",
        Direction::Response => "schemas/agent.schema.json",
    }
}

fn schema(direction: Direction) -> Result<Value, String> {
    let file = file(direction);
    let text = fs::read(crate::root().join(file)).map_err(|error| format!("cannot read {file}: {error}"))?;
    serde_json::from_slice(&text).map_err(|error| format!("{file} is not JSON: {error}"))
}

fn by_jsonschema() -> Result<Engine, String> {
    let compile = |direction| {
        let compiled = jsonschema::draft202012::new(&schema(direction)?);
        compiled.map_err(|error| format!("`jsonschema` rejects {}: {error}", file(direction)))
    };
    let (request, response) = (compile(Direction::Request)?, compile(Direction::Response)?);
    let check = move |validator: &Validator, value: &Value| {
        let mut findings = Findings::default();
        for error in validator.iter_errors(value) {
            let at = error.instance_path().as_str();
            let broken = match error.kind() {
                ValidationErrorKind::Required { property: Value::String(name) } => Broken::Required(vec![name]),
                ValidationErrorKind::AdditionalProperties { unexpected } => {
                    Broken::Additional(unexpected.iter().map(String::as_str).collect())
                }
                ValidationErrorKind::Type { .. } => Broken::Type,
                ValidationErrorKind::Enum { .. } => Broken::Enum,
                ValidationErrorKind::Minimum { .. } | ValidationErrorKind::Maximum { .. } => Broken::Bound,
                ValidationErrorKind::MinLength { .. } => Broken::MinLength,
                other => Broken::Else(other.keyword().to_owned()),
            };
            findings.add(at, error.schema_path().as_str(), broken);
        }
        findings.verdict()
    };
    Ok(Engine::new("jsonschema", move |document| {
        let validator = match document.direction {
            Direction::Request => &request,
            Direction::Response => &response,
        };
        value(document).map(|value| check(validator, value))
    }))
}

fn by_boon() -> Result<Engine, String> {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    let mut compile = |direction| {
        let schema = schema(direction)?;
        let name = file(direction);
        let added = compiler.add_resource(name, schema).map_err(|error| error.to_string());
        let index = added.and_then(|()| compiler.compile(name, &mut schemas).map_err(|error| error.to_string()));
        index.map_err(|error| format!("`boon` rejects {name}: {error}"))
    };
    let (request, response) = (compile(Direction::Request)?, compile(Direction::Response)?);
    Ok(Engine::new("boon", move |document| {
        let index = match document.direction {
            Direction::Request => request,
            Direction::Response => response,
        };
        let mut findings = Findings::default();
        if let Err(error) = schemas.validate(value(document)?, index) {
            add_boon(&mut findings, &error);
        }
        Some(findings.verdict())
    }))
}

/// Schemas have no tolerances.
fn value<'d>(document: &Document<'d>) -> Option<&'d Value> {
    if document.tolerant.is_some() { None } else { document.value }
}

fn add_boon(findings: &mut Findings, error: &ValidationError<'_, '_>) {
    let broken = match &error.kind {
        ErrorKind::Group | ErrorKind::Schema { .. } | ErrorKind::Reference { .. } => {
            return error.causes.iter().for_each(|cause| add_boon(findings, cause));
        }
        ErrorKind::Required { want } => Broken::Required(want.clone()),
        ErrorKind::AdditionalProperties { got } => Broken::Additional(got.iter().map(AsRef::as_ref).collect()),
        ErrorKind::Type { .. } => Broken::Type,
        ErrorKind::Enum { .. } => Broken::Enum,
        ErrorKind::Minimum { .. } | ErrorKind::Maximum { .. } => Broken::Bound,
        ErrorKind::MinLength { .. } => Broken::MinLength,
        other => Broken::Else(other.to_string()),
    };
    findings.add(&error.instance_location.to_string(), error.schema_url, broken);
}

/// The violated keyword, with the affected fields.
enum Broken<'n> {
    Required(Vec<&'n str>),
    Additional(Vec<&'n str>),
    Type,
    Enum,
    Bound,
    MinLength,
    Else(String),
}

/// A validator's errors as codes and pointers.
#[derive(Default)]
struct Findings {
    entries: BTreeSet<Entry>,
    /// Keywords without a code in the contract.
    others: Vec<String>,
}

impl Findings {
    fn add(&mut self, at: &str, keyword: &str, broken: Broken<'_>) {
        // The condition's `then` excludes null and the empty string.
        let is_conditional = keyword.contains("/then/");
        let code = match broken {
            Broken::Required(names) => return self.add_fields(at, &names, Code::MISSING_FIELD),
            Broken::Additional(names) => return self.add_fields(at, &names, Code::UNKNOWN_FIELD),
            Broken::Type | Broken::MinLength if is_conditional => Code::MISSING_FIELD,
            Broken::Type => Code::WRONG_TYPE,
            Broken::Enum => Code::UNKNOWN_VALUE,
            Broken::Bound => Code::OUT_OF_RANGE,
            Broken::MinLength => return self.others.push(format!("minLength at {at:?}")),
            Broken::Else(keyword) => return self.others.push(format!("{keyword} at {at:?}")),
        };
        self.entries.insert((at.to_owned(), code));
    }

    fn add_fields(&mut self, at: &str, names: &[&str], code: Code) {
        self.entries.extend(names.iter().map(|name| (child(at, name), code)));
    }

    fn verdict(mut self) -> Verdict {
        // A value of the wrong type violates other keywords, which the contract does not report.
        let mistyped: BTreeSet<_> =
            self.entries.iter().filter(|(_, code)| *code == Code::WRONG_TYPE).map(|(at, _)| at.clone()).collect();
        self.entries.retain(|(at, code)| *code == Code::WRONG_TYPE || !mistyped.contains(at));
        let valid = self.entries.is_empty() && self.others.is_empty();
        let reported = match self.others.as_slice() {
            [] => Reported::Entries(self.entries.into_iter().collect()),
            others => Reported::Else(format!("the contract has no code for {}", others.join(", "))),
        };
        Verdict::new(valid, reported)
    }
}

/// The pointer of a field of an object.
fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}
