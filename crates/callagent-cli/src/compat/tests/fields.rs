//! Every field of OpenAPI's objects and every keyword of JSON Schema: a change of it is judged, undecided or silent.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{DIRECTIONS, cases::status, parsed};
use crate::{
    Direction,
    compat::fields::{OBJECTS, Role},
};

const FIELDS: &str = include_str!("../../../../../fixtures/compat/openapi-fields.json");

/// What becomes of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Nothing breaks.
    Silent,
    /// Adding the keyword breaks requests and removing it breaks responses, or it is undecided.
    Asserted,
    /// Nobody knows, whichever way it goes.
    Undecided,
}

use Effect::{Asserted, Silent, Undecided};

/// Keywords: a schema, and what each adds to it.
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

/// An object of OpenAPI by its pointer in `api`, and a field with what it is set to.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const OPERATION: &str = "/paths/~1a/put";

/// The objects, each with its pointer below `OPERATION` or, from the root, after `#`; and values for each field.
const ROWS: &[Row] = &[
    (
        "OpenAPI",
        "#",
        &[
            ("info", r#"{"title": "other", "version": "2"}"#),
            ("tags", r#"[{"name": "a"}]"#),
            ("externalDocs", r#"{"url": "/"}"#),
            ("openapi", r#""4.0""#),
            ("jsonSchemaDialect", r#""urn:other""#),
            ("paths", "{}"),
            ("components", "{}"),
            ("servers", r#"[{"url": "/v2"}]"#),
            ("security", "[]"),
            ("webhooks", r#"{"a": {"get": {}}}"#),
        ],
    ),
    (
        "Path Item",
        "#/paths/~1a",
        &[
            ("summary", r#""a""#),
            ("description", r#""a""#),
            ("$ref", r##""#/components/pathItems/A""##),
            ("put", "null"),
            ("get", "null"),
            ("post", "null"),
            ("delete", "null"),
            ("options", "null"),
            ("head", "null"),
            ("patch", "null"),
            ("trace", "null"),
            ("servers", r#"[{"url": "/v2"}]"#),
            ("parameters", r#"[{"in": "query", "name": "p", "required": true, "schema": {}}]"#),
        ],
    ),
    (
        "Operation",
        "",
        &[
            ("tags", r#"["a"]"#),
            ("summary", r#""a""#),
            ("description", r#""a""#),
            ("externalDocs", r#"{"url": "/"}"#),
            ("operationId", r#""a""#),
            ("deprecated", "true"),
            ("parameters", r#"[{"in": "query", "name": "p", "required": true, "schema": {}}]"#),
            ("requestBody", "null"),
            ("responses", r#"{"201": {}}"#),
            ("callbacks", r#"{"c": {"/a": {"get": {}}}}"#),
            ("security", "[]"),
            ("servers", r#"[{"url": "/v2"}]"#),
        ],
    ),
    (
        "Parameter",
        "/parameters/0",
        &[
            ("description", r#""a""#),
            ("deprecated", "true"),
            ("example", "1"),
            ("examples", r#"{"a": {"value": 1}}"#),
            ("name", r#""other""#),
            ("in", r#""header""#),
            ("required", "false"),
            ("schema", r#"{"type": "integer"}"#),
            ("content", r#"{"text/a": {}}"#),
            ("style", r#""pipeDelimited""#),
            ("explode", "false"),
            ("allowReserved", "true"),
            ("allowEmptyValue", "true"),
        ],
    ),
    (
        "Header",
        "/responses/200/headers/x-a",
        &[
            ("description", r#""a""#),
            ("deprecated", "true"),
            ("example", "1"),
            ("examples", r#"{"a": {"value": 1}}"#),
            ("required", "false"),
            ("schema", r#"{"type": "integer"}"#),
            ("content", r#"{"text/a": {}}"#),
            ("style", r#""other""#),
            ("explode", "true"),
            ("allowReserved", "true"),
            ("allowEmptyValue", "true"),
        ],
    ),
    (
        "Request Body",
        "/requestBody",
        &[("description", r#""a""#), ("required", "true"), ("content", r#"{"text/a": {}}"#)],
    ),
    (
        "Media Type",
        "/requestBody/content/multipart~1form-data",
        &[
            ("example", "1"),
            ("examples", r#"{"a": {"value": 1}}"#),
            ("schema", r#"{"type": "string"}"#),
            ("encoding", "null"),
        ],
    ),
    (
        "Encoding",
        "/requestBody/content/multipart~1form-data/encoding/a",
        &[
            ("contentType", r#""text/b""#),
            ("style", r#""form""#),
            ("explode", "true"),
            ("allowReserved", "true"),
            ("headers", r#"{"x-b": {"schema": {}}}"#),
        ],
    ),
    ("Responses", "/responses", &[("default", r#"{"content": {"text/a": {"schema": {"type": "integer"}}}}"#)]),
    (
        "Response",
        "/responses/200",
        &[("description", r#""other""#), ("headers", "{}"), ("content", "null"), ("links", "null")],
    ),
    (
        "Link",
        "/responses/200/links/l",
        &[
            ("description", r#""a""#),
            ("operationRef", r##""#/a""##),
            ("operationId", r#""other""#),
            ("parameters", r#"{"a": 1}"#),
            ("requestBody", "1"),
            ("server", r#"{"url": "/v2"}"#),
        ],
    ),
    ("Callback", "/callbacks/c", &[]),
    ("Server", "/servers/0", &[("description", r#""a""#), ("url", r#""/v2""#), ("variables", "null")]),
    (
        "Server Variable",
        "/servers/0/variables/v",
        &[("description", r#""a""#), ("enum", r#"["b"]"#), ("default", r#""b""#)],
    ),
    (
        "Security Scheme",
        "#/components/securitySchemes/k",
        &[
            ("description", r#""a""#),
            ("type", r#""http""#),
            ("name", r#""other""#),
            ("in", r#""query""#),
            ("scheme", r#""basic""#),
            ("bearerFormat", r#""a""#),
            ("openIdConnectUrl", r#""/a""#),
            ("flows", "null"),
        ],
    ),
    (
        "OAuth Flows",
        "#/components/securitySchemes/k/flows",
        &[("implicit", "null"), ("password", "{}"), ("clientCredentials", "{}"), ("authorizationCode", "{}")],
    ),
    (
        "OAuth Flow",
        "#/components/securitySchemes/k/flows/implicit",
        &[
            ("authorizationUrl", r#""/a""#),
            ("tokenUrl", r#""/a""#),
            ("refreshUrl", r#""/a""#),
            ("scopes", r#"{"b": ""}"#),
        ],
    ),
];

/// A document that has each kind of object.
fn api() -> Value {
    let operation = json!({
        "parameters": [{"in": "query", "name": "q", "required": true, "schema": {"type": "array"}}],
        "requestBody": {"content": {"multipart/form-data": {"schema": {}, "encoding": {"a": {"contentType": "text/a"}}}}},
        "responses": {
            "200": {
                "description": "",
                "headers": {"x-a": {"required": true, "schema": {"type": "string"}}},
                "content": {"text/a": {"schema": {"type": "string"}}},
                "links": {"l": {"operationId": "a"}},
            },
            "404": {"content": {"text/a": {"schema": {"type": "string"}}}},
            "default": {"content": {"text/a": {"schema": {"type": "string"}}}},
        },
        "callbacks": {"c": {"{$url}": {"post": {"responses": {"200": {"description": ""}}}}}},
        "servers": [{"url": "/{v}", "variables": {"v": {"default": "a"}}}],
        "security": [{"k": ["a"]}],
    });
    let plain = || json!({"responses": {"200": {"description": ""}}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "", "version": "1"},
        "security": [{"k": []}],
        "paths": {"/a": {
            "put": operation, "get": plain(), "post": plain(), "delete": plain(), "options": plain(), "head": plain(),
            "patch": plain(), "trace": plain(),
        }},
        "components": {
            "securitySchemes": {"k": {"type": "oauth2", "flows": {"implicit": {"scopes": {"a": ""}}}}},
            "pathItems": {"A": {"put": plain(), "parameters": [{"in": "header", "name": "h", "required": true}]}},
        },
    })
}

/// A document with a field of an object set, or taken out.
fn with(mut document: Value, pointer: &str, field: &str, value: &str) -> Value {
    let pointer = pointer.strip_prefix('#').map_or_else(|| format!("{OPERATION}{pointer}"), str::to_owned);
    let object = document.pointer_mut(&pointer).and_then(Value::as_object_mut).expect("an object");
    match parsed(value) {
        Value::Null => drop(object.remove(field).expect("the field")),
        value => drop(object.insert(field.to_owned(), value)),
    }
    document
}

fn specified() -> Map<String, Value> {
    parsed(FIELDS).as_object().cloned().expect("versions")
}

#[test]
fn every_field_of_openapi_is_in_the_table() {
    for (version, objects) in specified() {
        for (name, fields) in objects.as_object().expect("objects").iter().filter(|(name, _)| *name != "Schema") {
            let object = OBJECTS.iter().find(|object| object.name == name).expect(name);
            let changed = ROWS.iter().find(|(other, ..)| other == name).expect(name).2;
            for field in fields.as_array().expect("fields").iter().filter_map(Value::as_str) {
                assert!(object.field(field).is_some(), "{version}: {field} of {name}");
                assert!(changed.iter().any(|(other, _)| *other == field), "{version}: {field} of {name}");
            }
        }
    }
}

/// A change of a field is never lost: it is silent only where the table says so.
#[test]
fn every_field_of_openapi_has_its_effect() {
    for (name, pointer, fields) in ROWS {
        let object = OBJECTS.iter().find(|object| object.name == *name).expect(name);
        let unknown = if object.others.is_some() { None } else { Some(&("unheardOf", "1")) };
        for (field, value) in fields.iter().chain(unknown) {
            let role = object.field(field).map_or(Role::Compared, |field| field.role);
            let (old, new) = (api(), with(api(), pointer, field, value));
            let statuses = [status(&old, &new, Direction::Update), status(&new, &old, Direction::Update)];
            let is_right = match role {
                Role::Silent => statuses.iter().all(|(status, _)| *status == 0),
                Role::Judged => statuses.iter().any(|(status, _)| *status != 0),
                Role::Compared => statuses.iter().all(|(status, _)| *status != 0),
            };
            assert!(is_right, "{field} of {name}: {statuses:?}");
        }
    }
}

/// The keywords of all drafts of JSON Schema, as their own schemas have them.
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

/// A document whose one operation has the schema in its request or in its response.
fn api_of(version: &str, schema: &Value, direction: Direction) -> Value {
    let content = json!({"content": {"application/json": {"schema": schema}}});
    let operation = match direction {
        Direction::Update => json!({"requestBody": content, "responses": {}}),
        Direction::Agent => json!({"responses": {"200": content}}),
    };
    json!({"openapi": version, "info": {"title": "", "version": "1"}, "paths": {"/a": {"put": operation}}})
}

/// A change of a keyword is never lost, in any kind of document.
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
                // An identity of its own is refused below the root.
                ("3.1", documents("3.1.0"), if name == "$id" { Undecided } else { effect }),
                ("3.0", documents("3.0.3"), if is_of_30 { effect } else { Undecided }),
            ] {
                let (added, removed) = (status(&old, &new, direction), status(&new, &old, direction));
                let is_right = match effect {
                    Silent => added.0 == 0 && removed.0 == 0,
                    Undecided => added.0 != 0 && removed.0 != 0,
                    Asserted if direction == Direction::Update => added.0 != 0 && removed.0 == 0,
                    Asserted => added.0 == 0 && removed.0 != 0,
                };
                assert!(is_right, "{name} in {kind}, {direction:?}: {added:?}, {removed:?}");
            }
        }
    }
}
