//! Large schemas: unions of unions and recursion. The time grows about as the number of pairs of alternatives.

use callagent_compat::{Comparison, Direction, Document, Options, Verdict, compare};
use serde_json::{Map, Value, json};

fn compared(old: &Value, new: &Value) -> Comparison {
    let parse = |value: &Value| Document::parse(value.to_string()).expect("a document");
    compare(&parse(old), &parse(new), &Options::new(Direction::Request)).expect("they are comparable")
}

fn rules(comparison: &Comparison) -> Vec<(&str, &str)> {
    comparison.findings().iter().map(|finding| (finding.rule.name, finding.pointer.as_str())).collect()
}

/// Variants that each have a `oneOf` of all variants. One of them has another maximum.
fn variants(count: usize, changed: usize, maximum: u8) -> Value {
    let all: Vec<_> = (0..count).map(|other| json!({"$ref": format!("#/$defs/V{other}")})).collect();
    let variant = |number: usize| {
        let maximum = if number == changed { maximum } else { 10 };
        let variant = json!({
            "type": "object", "required": ["kind"],
            "properties": {
                "kind": {"const": format!("v{number}")}, "child": {"oneOf": all}, "n": {"type": "integer", "maximum": maximum},
            },
        });
        (format!("V{number}"), variant)
    };
    json!({"oneOf": all, "$defs": (0..count).map(variant).collect::<Map<_, _>>()})
}

#[test]
fn variants_of_variants() {
    let (old, new) = (variants(40, 17, 10), variants(40, 17, 11));
    assert_eq!(compared(&old, &new).verdict(), Verdict::Compatible);
    let comparison = compared(&new, &old);
    assert_eq!(rules(&comparison), [("maximum-lowered", "/$defs/V17/properties/n/maximum")]);
    assert_eq!(comparison.findings()[0].witness, Some(json!({"kind": "v17", "n": 11})));
}

/// An OpenAPI document in which every schema refers to others and, by a union, to a union of further ones.
fn api(schemas: usize, operations: usize, edit: impl Fn(usize) -> Value) -> Value {
    let to = |number: usize| json!({"$ref": format!("#/components/schemas/S{}", number % schemas)});
    let schema = |number: usize| {
        let union = json!({"anyOf": [{"type": "string", "maxLength": 50}, to(number + 1), {"anyOf": [to(2 * number + 1), to(0)]}]});
        let mut properties = Map::from_iter([
            ("kind".to_owned(), json!({"type": "string", "enum": [format!("s{number}")]})),
            ("next".to_owned(), to(number + 1)),
            ("other".to_owned(), union),
            ("list".to_owned(), json!({"type": "array", "items": to(3 * number + 2)})),
        ]);
        properties.insert("value".to_owned(), edit(number));
        (format!("S{number}"), json!({"type": "object", "required": ["kind"], "properties": properties}))
    };
    let operation = |number: usize| {
        let content = json!({"content": {"application/json": {"schema": to(number * 7)}}});
        (format!("/p{number}"), json!({"post": {"requestBody": content, "responses": {"204": {"description": ""}}}}))
    };
    json!({
        "openapi": "3.1.0", "info": {"title": "", "version": "1"},
        "paths": (0..operations).map(operation).collect::<Map<_, _>>(),
        "components": {"schemas": (0..schemas).map(schema).collect::<Map<_, _>>()},
    })
}

#[test]
fn a_large_document() {
    // Without optimizations, each break takes half a second.
    let every = if cfg!(debug_assertions) { 100 } else { 10 };
    let old = api(1000, 100, |_| json!({"type": "integer", "maximum": 10}));
    let maximum = |number: usize| if number % every == 3 { 11 } else { 10 };
    let wider = api(1000, 100, |number| json!({"type": "integer", "maximum": maximum(number)}));
    assert_eq!(rules(&compared(&old, &wider)), []);
    let comparison = compared(&wider, &old);
    assert_eq!(comparison.findings().len(), 1000 / every);
    for finding in comparison.findings() {
        assert_eq!((finding.rule.name, finding.witness.is_some()), ("maximum-lowered", true), "{}", finding.message);
    }
}
