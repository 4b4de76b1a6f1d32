//! The request's JSON Schema on `serde_json::Value`: `jsonschema`, built at run time and compiled by its macro, and
//! `boon`.

use std::{fmt::Write as _, hint::black_box, rc::Rc};

use boon::{Compiler, Schemas};
use jsonschema::ValidationError;
use serde_json::Value;

use super::{Contestant, Gives, contestant};
use crate::flaws::Flaw;

const SCHEMA: &str = include_str!("../../../schemas/update-agent.schema.json");

#[jsonschema::validator(path = "../schemas/update-agent.schema.json")]
struct Compiled;

/// A `Value` has only the last of duplicate fields.
const BLIND: &[Flaw] = &[Flaw::RepeatedField, Flaw::RepeatedName];

pub(super) fn contestants() -> Vec<Contestant> {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let validator = Rc::new(jsonschema::validator_for(&schema).expect("the schema is one"));
    let all_errors = Rc::clone(&validator);
    let (parsed, parsed_all) = (Rc::clone(&validator), Rc::clone(&validator));

    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler.add_resource("urn:update", schema).expect("the schema is JSON");
    let index = compiler.compile("urn:update", &mut schemas).expect("the schema is one");
    let schemas = Rc::new(schemas);
    let boon = Rc::clone(&schemas);

    vec![
        contestant("Value, parsed only", Gives::Nothing, Flaw::ALL, |document| {
            black_box(parse(&document.text)).is_object()
        }),
        contestant("Value + jsonschema, verdict", Gives::Verdict, BLIND, move |document| {
            validator.is_valid(&parse(&document.text))
        }),
        contestant("Value + jsonschema, all errors", Gives::All, BLIND, move |document| {
            render(all_errors.iter_errors(&parse(&document.text)))
        }),
        contestant("Value + jsonschema macro, verdict", Gives::Verdict, BLIND, |document| {
            Compiled::is_valid(&parse(&document.text))
        }),
        contestant("Value + jsonschema macro, all errors", Gives::All, BLIND, |document| {
            render(Compiled::iter_errors(&parse(&document.text)))
        }),
        contestant("Value + boon, all errors", Gives::All, BLIND, move |document| {
            render_boon(&boon, index, &parse(&document.text))
        }),
        contestant("parsed: jsonschema, verdict", Gives::Verdict, BLIND, move |document| {
            parsed.is_valid(&document.value)
        }),
        contestant("parsed: jsonschema, all errors", Gives::All, BLIND, move |document| {
            render(parsed_all.iter_errors(&document.value))
        }),
        contestant("parsed: jsonschema macro, verdict", Gives::Verdict, BLIND, |document| {
            Compiled::is_valid(&document.value)
        }),
        contestant("parsed: jsonschema macro, all errors", Gives::All, BLIND, |document| {
            render(Compiled::iter_errors(&document.value))
        }),
        contestant("parsed: boon, all errors", Gives::All, BLIND, move |document| {
            render_boon(&schemas, index, &document.value)
        }),
    ]
}

fn parse(text: &str) -> Value {
    serde_json::from_slice(text.as_bytes()).expect("the documents are JSON")
}

/// Formats every error with its pointer. Returns whether there is none.
fn render<'i>(errors: impl Iterator<Item = ValidationError<'i>>) -> bool {
    let mut out = String::new();
    for error in errors {
        let _ = writeln!(out, "{} {}: {error}", error.kind().keyword(), error.instance_path());
    }
    black_box(out).is_empty()
}

fn render_boon(schemas: &Schemas, index: boon::SchemaIndex, value: &Value) -> bool {
    match schemas.validate(value, index) {
        Ok(()) => true,
        Err(error) => {
            black_box(error.to_string());
            false
        }
    }
}
