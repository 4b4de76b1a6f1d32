//! Every keyword of JSON Schema and of OpenAPI's schemas: changes are checked, undecided or silent.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{DIRECTIONS, cases::status, fields::specified};
use crate::Direction;

/// The effect of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Nothing breaks.
    Silent,
    /// Adding the keyword breaks requests and removing it breaks responses, or it is undecided.
    Asserted,
    /// Undecided in both directions.
    Undecided,
}

use Effect::{Asserted, Silent, Undecided};

/// Keywords, each with a schema and the value to add to it.
fn keywords() -> Vec<(&'static str, Value, Value, Effect)> {
    vec![
        ("$anchor", json!({}), json!("a"), Silent),
        ("$comment", json!({}), json!("a"), Silent),
        ("$defs", json!({}), json!({"a": {}}), Silent),
        ("$dynamicAnchor", json!({}), json!("a"), Silent),
        ("$dynamicRef", json!({}), json!("#a"), Undecided),
        ("$id", json!({}), json!("urn:a"), Silent),
        ("$recursiveAnchor", json!({}), json!(true), Undecided),
        ("$recursiveRef", json!({}), json!("#"), Undecided),
        ("$ref", json!({}), json!("#/nowhere"), Undecided),
        ("$schema", json!({}), json!("https://json-schema.org/draft/2020-12/schema"), Silent),
        ("$vocabulary", json!({}), json!({"urn:a": true}), Undecided),
        ("additionalItems", json!({"items": [{}]}), json!(false), Undecided),
        ("additionalProperties", json!({}), json!(false), Asserted),
        ("allOf", json!({}), json!([{"type": "string"}]), Asserted),
        ("anyOf", json!({}), json!([{"type": "string"}, {"type": "integer"}]), Asserted),
        ("const", json!({}), json!("a"), Asserted),
        ("contains", json!({"type": "array"}), json!({"type": "string"}), Asserted),
        ("contentEncoding", json!({"type": "string"}), json!("base64"), Undecided),
        ("contentMediaType", json!({"type": "string"}), json!("text/html"), Undecided),
        ("contentSchema", json!({"type": "string"}), json!({"type": "string"}), Undecided),
        ("default", json!({}), json!(1), Silent),
        ("definitions", json!({}), json!({"a": {}}), Silent),
        ("dependencies", json!({}), json!({"a": ["b"]}), Undecided),
        ("dependentRequired", json!({}), json!({"a": ["b"]}), Asserted),
        ("dependentSchemas", json!({}), json!({"a": {"required": ["b"]}}), Asserted),
        ("deprecated", json!({}), json!(true), Silent),
        ("description", json!({}), json!("a"), Silent),
        ("discriminator", json!({}), json!({"propertyName": "a"}), Undecided),
        ("else", json!({"if": {"type": "string"}}), json!({"type": "integer"}), Asserted),
        ("enum", json!({}), json!(["a"]), Asserted),
        ("example", json!({}), json!(1), Silent),
        ("examples", json!({}), json!([1]), Silent),
        ("exclusiveMaximum", json!({}), json!(5), Asserted),
        ("exclusiveMinimum", json!({}), json!(5), Asserted),
        ("externalDocs", json!({}), json!({"url": "/"}), Silent),
        ("format", json!({"type": "integer"}), json!("int32"), Asserted),
        ("format", json!({"type": "number"}), json!("float"), Asserted),
        ("format", json!({"type": "string"}), json!("email"), Asserted),
        ("format", json!({}), json!("unheard-of"), Asserted),
        ("id", json!({}), json!("urn:a"), Undecided),
        ("if", json!({"then": {"type": "string"}}), json!({"minLength": 1}), Asserted),
        ("items", json!({"type": "array"}), json!({"type": "string"}), Asserted),
        ("maxContains", json!({"contains": {"type": "string"}}), json!(1), Asserted),
        ("maxItems", json!({}), json!(1), Asserted),
        ("maxLength", json!({}), json!(1), Asserted),
        ("maxProperties", json!({}), json!(1), Asserted),
        ("maximum", json!({}), json!(1), Asserted),
        ("minContains", json!({"contains": {"type": "string"}}), json!(2), Asserted),
        ("minItems", json!({}), json!(1), Asserted),
        ("minLength", json!({}), json!(1), Asserted),
        ("minProperties", json!({}), json!(1), Asserted),
        ("minimum", json!({}), json!(1), Asserted),
        ("multipleOf", json!({}), json!(2), Asserted),
        ("not", json!({}), json!({"type": "string"}), Asserted),
        ("nullable", json!({}), json!(true), Undecided),
        ("oneOf", json!({}), json!([{"type": "string"}, {"type": "integer"}]), Asserted),
        ("pattern", json!({}), json!("^a"), Asserted),
        ("patternProperties", json!({}), json!({"^a": {"type": "string"}}), Asserted),
        ("prefixItems", json!({}), json!([{"type": "string"}]), Asserted),
        ("properties", json!({}), json!({"a": {"type": "string"}}), Asserted),
        ("propertyNames", json!({}), json!({"maxLength": 3}), Asserted),
        ("readOnly", json!({}), json!(true), Undecided),
        ("required", json!({}), json!(["a"]), Asserted),
        ("then", json!({"if": {"type": "string"}}), json!({"minLength": 1}), Asserted),
        ("title", json!({}), json!("a"), Silent),
        ("type", json!({}), json!("string"), Asserted),
        ("unevaluatedItems", json!({}), json!(false), Asserted),
        ("unevaluatedProperties", json!({}), json!(false), Asserted),
        ("uniqueItems", json!({}), json!(true), Asserted),
        ("writeOnly", json!({}), json!(true), Undecided),
        ("xml", json!({}), json!({"name": "a"}), Undecided),
        ("unheard-of", json!({}), json!(1), Undecided),
    ]
}

/// The keywords of all drafts of JSON Schema, from their metaschemas.
fn specified_keywords() -> BTreeSet<String> {
    use referencing::meta;
    let drafts: [&Value; 19] = [
        &meta::DRAFT4,
        &meta::DRAFT6,
        &meta::DRAFT7,
        &meta::DRAFT201909,
        &meta::DRAFT201909_APPLICATOR,
        &meta::DRAFT201909_CONTENT,
        &meta::DRAFT201909_CORE,
        &meta::DRAFT201909_FORMAT,
        &meta::DRAFT201909_META_DATA,
        &meta::DRAFT201909_VALIDATION,
        &meta::DRAFT202012,
        &meta::DRAFT202012_CORE,
        &meta::DRAFT202012_APPLICATOR,
        &meta::DRAFT202012_UNEVALUATED,
        &meta::DRAFT202012_VALIDATION,
        &meta::DRAFT202012_META_DATA,
        &meta::DRAFT202012_FORMAT_ANNOTATION,
        &meta::DRAFT202012_FORMAT_ASSERTION,
        &meta::DRAFT202012_CONTENT,
    ];
    let properties = drafts.into_iter().filter_map(|draft| draft.get("properties")?.as_object());
    let mut keywords: BTreeSet<_> = properties.flat_map(Map::keys).cloned().collect();
    for objects in specified().values() {
        keywords
            .extend(objects["Schema"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
    }
    keywords
}

#[test]
fn every_keyword_is_in_the_table() {
    let known: BTreeSet<_> = keywords().into_iter().map(|(name, ..)| name.to_owned()).collect();
    let missing: Vec<_> = specified_keywords().difference(&known).cloned().collect();
    assert_eq!(missing, [""; 0]);
}

/// A document with one operation that has the schema in its request or response.
fn api_of(version: &str, schema: &Value, direction: Direction) -> Value {
    let content = json!({"content": {"application/json": {"schema": schema}}});
    let operation = match direction {
        Direction::Request => json!({"requestBody": content, "responses": {}}),
        Direction::Response => json!({"responses": {"200": content}}),
    };
    json!({"openapi": version, "info": {"title": "", "version": "1"}, "paths": {"/a": {"put": operation}}})
}

/// Changes of keywords are never lost, in any kind of document.
#[test]
fn every_keyword_has_its_effect() {
    let specified = specified();
    let of_30 = specified["3.0"]["Schema"].as_array().expect("keywords");
    for (name, base, value, effect) in keywords() {
        let mut new = base.clone();
        new.as_object_mut().expect("a schema").insert(name.to_owned(), value);
        for direction in DIRECTIONS {
            let documents = |version: &str| (api_of(version, &base, direction), api_of(version, &new, direction));
            let is_of_30 = of_30.iter().any(|keyword| keyword == name) || name == "unheard-of";
            for (kind, (old, new), effect) in [
                ("a schema", (base.clone(), new.clone()), effect),
                // `$id` is rejected below the root.
                ("3.1", documents("3.1.0"), if name == "$id" { Undecided } else { effect }),
                ("3.0", documents("3.0.3"), if is_of_30 { effect } else { Undecided }),
            ] {
                let (added, removed) = (status(&old, &new, direction), status(&new, &old, direction));
                let is_right = match effect {
                    Silent => added.0 == 0 && removed.0 == 0,
                    Undecided => added.0 != 0 && removed.0 != 0,
                    Asserted if direction == Direction::Request => added.0 != 0 && removed.0 == 0,
                    Asserted => added.0 == 0 && removed.0 != 0,
                };
                assert!(is_right, "{name} in {kind}, {direction:?}: {added:?}, {removed:?}");
            }
        }
    }
}
