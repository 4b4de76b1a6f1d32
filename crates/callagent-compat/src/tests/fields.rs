//! Every field of OpenAPI's objects: changes are checked, undecided or silent.

use serde_json::{Map, Value, json};

use super::{cases::status, parsed};
use crate::{
    Direction,
    fields::{OBJECTS, Role},
};

const FIELDS: &str = include_str!("../../../../fixtures/compat/openapi-fields.json");

/// An object of OpenAPI by its pointer in `api`, and a field with its new value.
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

/// A document with each kind of object.
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

/// Sets or removes a field of an object.
fn with(mut document: Value, pointer: &str, field: &str, value: &str) -> Value {
    let pointer = pointer.strip_prefix('#').map_or_else(|| format!("{OPERATION}{pointer}"), str::to_owned);
    let object = document.pointer_mut(&pointer).and_then(Value::as_object_mut).expect("an object");
    match parsed(value) {
        Value::Null => drop(object.remove(field).expect("the field")),
        value => drop(object.insert(field.to_owned(), value)),
    }
    document
}

pub(super) fn specified() -> Map<String, Value> {
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

/// Changes of fields are never lost: they are silent only if the table says so.
#[test]
fn every_field_of_openapi_has_its_effect() {
    for (name, pointer, fields) in ROWS {
        let object = OBJECTS.iter().find(|object| object.name == *name).expect(name);
        let unknown = if object.others.is_some() { None } else { Some(&("unheardOf", "1")) };
        for (field, value) in fields.iter().chain(unknown) {
            let role = object.field(field).map_or(Role::Compared, |field| field.role);
            let (old, new) = (api(), with(api(), pointer, field, value));
            let statuses = [status(&old, &new, Direction::Request), status(&new, &old, Direction::Request)];
            let is_right = match role {
                Role::Silent => statuses.iter().all(|(status, _)| *status == 0),
                Role::Checked => statuses.iter().any(|(status, _)| *status != 0),
                Role::Compared => statuses.iter().all(|(status, _)| *status != 0),
            };
            assert!(is_right, "{field} of {name}: {statuses:?}");
        }
    }
}
