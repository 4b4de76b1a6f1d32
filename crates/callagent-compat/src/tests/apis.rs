//! OpenAPI 3.0 and 3.1 documents: operations, parameters, bodies and responses.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{compare, names, try_compare};
use crate::Direction;

/// A document like the contract's, with a patch merged into its operation.
fn api(change: &Value) -> String {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Agents", "version": "1"},
        "paths": {"/v1/api/agents/{agentId}": {"put": {
            "parameters": [
                {"name": "agentId", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}},
                {"$ref": "#/components/parameters/Workspace"},
            ],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Update"}}}},
            "responses": {
                "200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Agent"}}}},
                "422": {"description": "", "content": {"application/problem+json": {"schema": {"type": "object"}}}},
            },
        }}},
        "components": {
            "parameters": {"Workspace": {"name": "x-workspace-id", "in": "header", "required": true, "schema": {"type": "string"}}},
            "schemas": {
                "Update": {
                    "type": "object", "properties": {"days": {"type": "integer", "maximum": 30}, "key": {"type": ["string", "null"]}},
                    "additionalProperties": false,
                },
                "Agent": {"type": "object", "properties": {"status": {"type": "string", "enum": ["ready"]}}, "required": ["status"]},
            },
        },
    });
    merge(&mut document, change);
    document.to_string()
}

/// Applies a merge patch (RFC 7396): null removes.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else { return *target = patch.clone() };
    if !target.is_object() {
        *target = json!({});
    }
    let fields = target.as_object_mut().expect("an object");
    for (name, patch) in patch {
        if patch.is_null() {
            fields.remove(name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), patch);
        }
    }
}

fn merged(mut target: Value, patch: &Value) -> Value {
    merge(&mut target, patch);
    target
}

fn put(change: &Value) -> Value {
    json!({"paths": {"/v1/api/agents/{agentId}": {"put": change}}})
}

fn schemas(change: &Value) -> Value {
    json!({"components": {"schemas": change}})
}

/// `RULE POINTER` of each finding between the original and the changed document.
fn changes(change: &Value) -> Vec<String> {
    let findings = compare(&api(&json!({})), &api(change), Direction::Request);
    for finding in &findings {
        assert!(finding.exchange.is_some() || !finding.breaks);
    }
    findings.iter().map(|finding| format!("{} {}", finding.rule.name, finding.pointer)).collect()
}

const PUT: &str = "/paths/~1v1~1api~1agents~1{agentId}/put";

#[test]
fn changes_and_whom_they_break() {
    for (change, expected) in [
        (json!({}), vec![]),
        (
            schemas(&json!({"Update": {"properties": {"days": {"maximum": 29}}}})),
            vec!["maximum-lowered /components/schemas/Update/properties/days/maximum".to_owned()],
        ),
        (schemas(&json!({"Update": {"properties": {"days": {"maximum": 31}, "new": {}}}})), vec![]),
        (
            schemas(&json!({"Update": {"required": ["days"]}})),
            vec!["field-became-required /components/schemas/Update/required".to_owned()],
        ),
        (
            schemas(&json!({"Agent": {"properties": {"status": {"enum": ["ready", "paused"]}}}})),
            vec!["value-added /components/schemas/Agent/properties/status/enum".to_owned()],
        ),
        (
            schemas(&json!({"Agent": {"required": null}})),
            vec!["field-became-optional /components/schemas/Agent".to_owned()],
        ),
        (schemas(&json!({"Agent": {"required": ["status", "name"]}})), vec![]),
        (put(&json!({"responses": {"429": {"description": ""}}})), vec![]),
        (
            put(&json!({"responses": {"202": {"description": ""}}})),
            vec![format!("success-status-added {PUT}/responses/202")],
        ),
        (
            put(&json!({"responses": {"200": {"content": null}}})),
            vec![format!("body-became-optional {PUT}/responses/200")],
        ),
        (put(&json!({"responses": {"422": null}})), vec![]),
        (
            put(&json!({"requestBody": {"content": {"application/json": null, "application/xml": {}}}})),
            vec![format!("request-media-type-removed {PUT}/requestBody")],
        ),
        (put(&json!({"requestBody": {"content": {"application/json": null, "application/*": {}}}})), vec![]),
        (
            put(&json!({"requestBody": {"content": {"application/json": null, "application/json;v=2": {}}}})),
            vec![format!("request-media-type-removed {PUT}/requestBody")],
        ),
        (put(&json!({"requestBody": null})), vec![format!("body-removed {PUT}")]),
        (json!({"components": {"parameters": {"Workspace": {"required": false}}}}), vec![]),
        (json!({"components": {"parameters": {"Workspace": {"name": "X-Workspace-Id"}}}}), vec![]),
        (
            json!({"components": {"parameters": {"Workspace": {"schema": {"maxLength": 9}}}}}),
            vec!["max-length-lowered /components/parameters/Workspace/schema/maxLength".to_owned()],
        ),
        (put(&json!({"parameters": []})), vec![]),
        (json!({"security": [{"key": []}]}), vec!["undecided /security".to_owned()]),
        (
            put(&json!({"parameters": [{"name": "q", "in": "query", "required": true}]})),
            vec![format!("required-parameter-added {PUT}/parameters/0")],
        ),
        (
            json!({"paths": {"/v1/api/agents/{agentId}": {"put": null}}}),
            vec!["operation-removed /paths/~1v1~1api~1agents~1{agentId}".to_owned()],
        ),
        (json!({"paths": {"/v1/api/agents/{agentId}": {"get": {"responses": {"200": {}}}}}}), vec![]),
    ] {
        assert_eq!(changes(&change), expected, "{change}");
    }
}

/// Media types match regardless of charset, and their contents are compared.
#[test]
fn a_charset_is_no_other_media_type() {
    let body = |name: &str, kind: &str| {
        let content = json!({"content": {name: {"schema": {"type": kind}}}});
        json!({"requestBody": content, "responses": {"200": content}})
    };
    let plain = body("application/json", "string");
    check(&[
        (plain.clone(), body("Application/JSON; charset=utf-8", "string"), &[]),
        (body("application/json;charset=UTF-8", "string"), plain.clone(), &[]),
        (plain, body("application/json; charset=utf-8", "integer"), &["type-narrowed /body", "type-widened /body"]),
    ]);
}

/// OpenAPI 3.1 documents may lack `paths`, which may contain extensions.
#[test]
fn paths_may_lack() {
    let [none, extended] = [json!({}), json!({"paths": {"x-note": "none", "/a": {"get": {}}}})]
        .map(|paths| merged(json!({"openapi": "3.1", "info": {"title": "", "version": ""}}), &paths).to_string());
    assert_eq!(names(&compare(&none, &extended, Direction::Request)), [""; 0]);
    assert_eq!(names(&compare(&extended, &none, Direction::Request)), ["operation-removed"]);
}

/// A document with one operation of the given members.
fn operation(members: &Value) -> String {
    let mut get = json!({"responses": {}});
    merge(&mut get, members);
    json!({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/a": {"get": get}}}).to_string()
}

/// `RULE AT` of each finding between two operations, sorted, since the order of members depends on the features of
/// `serde_json`.
#[track_caller]
fn check(cases: &[(Value, Value, &[&str])]) {
    for (old, new, expected) in cases {
        let findings = compare(&operation(old), &operation(new), Direction::Request);
        let mut reported: Vec<_> =
            findings.iter().map(|finding| format!("{} {}", finding.rule.name, finding.at)).collect();
        reported.sort();
        assert_eq!(reported, *expected, "{old} {new}");
    }
}

fn parameter(place: &str, required: bool) -> Value {
    json!({"parameters": [{"name": "q", "in": place, "required": required, "schema": {"type": "integer"}}]})
}

#[test]
fn parameters_and_headers_that_one_version_alone_names() {
    let header = |required: bool| json!({"responses": {"200": {"headers": {"x-a": {"required": required, "schema": {"type": "integer"}}}}}});
    let none = json!({"responses": {"200": {}}});
    check(&[
        (json!({}), parameter("query", false), &[]),
        (json!({}), parameter("header", false), &[]),
        (json!({}), parameter("cookie", false), &[]),
        (json!({}), parameter("query", true), &["required-parameter-added "]),
        (json!({}), parameter("header", true), &["required-parameter-added "]),
        (parameter("query", false), parameter("query", true), &["parameter-became-required "]),
        (parameter("query", true), json!({}), &[]),
        // A query parameter does not match a header.
        (parameter("query", true), parameter("header", true), &["required-parameter-added "]),
        (none.clone(), header(true), &[]),
        (header(false), none.clone(), &[]),
        (header(true), none, &["required-header-removed "]),
        (header(true), header(false), &["header-became-optional "]),
    ]);
}

#[test]
fn equal_breaks_of_several_operations_are_all_reported() {
    let api = |members: &Value| {
        let operation = merged(json!({"get": {"responses": {"200": {}}}}), &json!({"get": members}));
        let paths = json!({"/a": operation, "/b": operation, "/c": operation});
        json!({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}).to_string()
    };
    let exchanges = |old: &Value, new: &Value| {
        let findings = compare(&api(old), &api(new), Direction::Request);
        findings
            .into_iter()
            .map(|finding| (finding.rule.name, finding.exchange.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let expected = |rule, prefix: &str| ["a", "b", "c"].map(|path| (rule, format!("the {prefix} of GET /{path}")));
    let became_required = exchanges(&parameter("header", false), &parameter("header", true));
    assert_eq!(became_required, expected("parameter-became-required", "request"));
    let added = exchanges(&json!({}), &parameter("query", true));
    assert_eq!(added, expected("required-parameter-added", "request"));
    let header = json!({"responses": {"200": {"headers": {"x-a": {"required": true, "schema": {"type": "integer"}}}}}});
    assert_eq!(exchanges(&header, &json!({})), expected("required-header-removed", "response 200"));
    let body = |maximum: u8| {
        let union = json!({"anyOf": [{"type": "string"}, {"anyOf": [{"type": "integer", "maximum": maximum}, {"type": "null"}]}]});
        json!({"requestBody": {"content": {"application/json": {"schema": union}}}})
    };
    let narrowed = exchanges(&body(11), &body(10));
    let paths: BTreeSet<_> = narrowed.iter().map(|(_, exchange)| exchange.as_str()).collect();
    assert_eq!(paths.len(), 3, "{narrowed:?}");
}

#[test]
fn statuses_by_their_class_and_by_default() {
    let answers = |status: &str, kind: &str| json!({status: {"content": {"text/a": {"schema": {"type": kind}}}}});
    let of = |statuses: &[&Value]| {
        let responses = statuses.iter().fold(json!({}), |responses, status| merged(responses, status));
        json!({"responses": responses})
    };
    let (ok, other) = (answers("200", "string"), answers("201", "string"));
    check(&[
        (of(&[&ok]), of(&[&answers("default", "integer")]), &["type-widened /body"]),
        (of(&[&ok]), of(&[&answers("default", "string")]), &[]),
        (of(&[&answers("2XX", "string")]), of(&[&answers("default", "integer")]), &["type-widened /body"]),
        (of(&[&ok]), of(&[&answers("2XX", "integer")]), &["success-status-added ", "type-widened /body"]),
        (of(&[&ok, &other]), of(&[&ok, &answers("default", "integer")]), &["type-widened /body"]),
        // `default` next to a success covers the other statuses.
        (of(&[&ok]), of(&[&ok, &answers("default", "integer")]), &[]),
        // A status that is no longer listed belongs to a range or to `default`.
        (of(&[&answers("404", "string")]), of(&[&answers("default", "integer")]), &["type-widened /body"]),
        (of(&[&answers("404", "string")]), of(&[&answers("4XX", "integer")]), &["type-widened /body"]),
        (of(&[&answers("404", "string")]), of(&[&answers("4XX", "string")]), &[]),
        (of(&[&answers("404", "string")]), of(&[&answers("5XX", "integer")]), &[]),
        (of(&[&answers("4XX", "string")]), of(&[&answers("default", "integer")]), &["type-widened /body"]),
        (of(&[&answers("4XX", "string")]), of(&[&answers("404", "integer")]), &["type-widened /body"]),
        (of(&[&answers("default", "string")]), of(&[&answers("default", "integer")]), &["type-widened /body"]),
        (of(&[&ok]), of(&[]), &[]),
    ]);
}

#[test]
fn an_empty_content_is_no_body() {
    let empty = |parameter: &Value| merged(json!({"requestBody": {"content": {}}}), parameter);
    let body = json!({"requestBody": {"content": {"text/a": {}}}});
    check(&[
        (empty(&parameter("query", false)), empty(&parameter("query", true)), &["parameter-became-required "]),
        (json!({"requestBody": {}}), parameter("query", true), &["required-parameter-added "]),
        (empty(&json!({})), json!({}), &[]),
        (empty(&json!({})), body.clone(), &[]),
        (body, empty(&json!({})), &["body-removed /body"]),
    ]);
}

/// The serialization of a parameter or header is not part of its schema.
#[test]
fn media_types_of_parameters_are_undecided() {
    let of = |value: &Value| {
        let parameter = merged(json!({"name": "q", "in": "query"}), value);
        json!({"parameters": [parameter], "responses": {"200": {"headers": {"x-a": value}}}})
    };
    let content = |name: &str| of(&json!({"content": {name: {"schema": {"type": "string"}}}}));
    let schema = of(&json!({"schema": {"type": "string"}, "explode": true}));
    let explode = of(&json!({"schema": {"type": "string"}, "explode": false}));
    let both = ["undecided ", "undecided "];
    check(&[
        (content("application/json"), content("application/json"), &[]),
        (content("application/json"), content("application/xml"), &both),
        (schema.clone(), explode, &both),
        (content("application/json"), of(&json!({"schema": {"type": "string"}})), &both),
        (of(&json!({"schema": {"type": "string"}})), content("application/json"), &both),
        (content("application/json"), content("application/json; charset=utf-8"), &[]),
        (schema.clone(), merged(schema.clone(), &json!({"parameters": []})), &[]),
        // The order does not matter.
        (
            schema.clone(),
            merged(schema.clone(), &json!({"parameters": [{"name": "p", "in": "query"}, schema["parameters"][0]]})),
            &[],
        ),
        // Parts that exist in one version only are not sent.
        (json!({"responses": {"200": {}}}), content("application/json"), &[]),
        (json!({"responses": {"200": {}}}), schema.clone(), &[]),
        (schema, json!({"responses": {"200": {}}}), &[]),
    ]);
}

/// Messages to third parties and everything that they refer to are undecided.
#[test]
fn webhooks_and_callbacks_are_compared_with_their_references() {
    let event =
        json!({"post": {"requestBody": {"content": {"text/a": {"schema": {"$ref": "#/components/schemas/A"}}}}}});
    let document = |kind: &str| {
        json!({
            "openapi": "3.1.0",
            "info": {"title": "", "version": ""},
            "paths": {"/a": {"get": {"callbacks": {"c": {"$ref": "#/components/callbacks/C"}}}}},
            "webhooks": {"w": event},
            "components": {
                "callbacks": {"C": {"{$request.query.q}": {"post": {"$ref": "https://example.org/elsewhere"}}}},
                "schemas": {"A": {"items": {"$ref": "#/components/schemas/B"}}, "B": {"items": {"$ref": "#/components/schemas/A"}, "type": kind}},
            },
        })
    };
    let (old, mut new) = (document("array"), document("string"));
    assert_eq!(names(&compare(&old.to_string(), &old.to_string(), Direction::Request)), [""; 0]);
    let reported = |new: &Value| {
        let findings = compare(&old.to_string(), &new.to_string(), Direction::Request);
        findings.iter().map(|finding| format!("{} {}", finding.pointer, finding.message)).collect::<Vec<_>>()
    };
    let changed = "/components/schemas/B/type `type` changed from \"array\" to \"string\"; no rule covers it";
    assert_eq!(reported(&new), [changed]);

    merge(
        &mut new,
        &json!({"components": {"callbacks": {"C": {"{$request.query.q}": {"post": {"$ref": "urn:other"}}}}}}),
    );
    merge(&mut new, &json!({"components": {"schemas": {"B": {"type": "array"}}}}));
    let changed = "`$ref` changed from \"https://example.org/elsewhere\" to \"urn:other\"; no rule covers it";
    assert_eq!(reported(&new), [format!("/components/callbacks/C/{{$request.query.q}}/post/$ref {changed}")]);
}

/// Path parameters may be renamed, which clients do not see.
#[test]
fn names_in_a_path_may_change() {
    let old = api(&json!({}));
    let new = old.replace("agentId", "id");
    assert_eq!(names(&compare(&old, &new, Direction::Request)), [""; 0]);
    let findings = compare(&old, &new.replace("\"minLength\":1", "\"minLength\":2"), Direction::Request);
    assert_eq!(names(&findings), ["min-length-raised"]);
    assert_eq!(findings[0].at, "/path agentId");
}

#[test]
fn a_witness_is_a_whole_message() {
    let new = api(&schemas(&json!({"Update": {"properties": {"days": {"maximum": 29}}}})));
    let findings = compare(&api(&json!({})), &new, Direction::Request);
    let expected = json!({"body": {"days": 30}, "header x-workspace-id": "x", "path agentId": "x"});
    assert_eq!(findings[0].witness, Some(expected));
    assert_eq!(
        findings[0].exchange.as_deref(),
        Some("the request of PUT /v1/api/agents/{agentId} as application/json")
    );
}

/// Keywords that OpenAPI 3.0 writes differently are equal.
#[test]
fn openapi_3_0() {
    let new = api(&json!({}));
    let old = new
        .replace("3.1.0", "3.0.3")
        .replace(r#""type":["string","null"]"#, r#""type":"string","nullable":true"#)
        .replace(r#""maximum":30"#, r#""maximum":31,"exclusiveMaximum":true"#);
    assert_ne!(old, new);
    // 31 is excluded, so 30 is the largest integer of both.
    assert_eq!(names(&compare(&old, &new, Direction::Request)), [""; 0]);
    assert_eq!(names(&compare(&new, &old, Direction::Request)), [""; 0]);
    let not_null = new.replace(r#""type":["string","null"]"#, r#""type":"string""#);
    assert_eq!(names(&compare(&old, &not_null, Direction::Request)), ["null-refused"]);
}

#[test]
fn documents_that_cannot_be_compared_give_a_reason() {
    let loop_ = json!({"components": {"parameters": {"Workspace": {"$ref": "#/components/parameters/Workspace"}}}});
    for (new, reason) in [
        (api(&json!({"openapi": "2.0"})), "is not supported; expected 3.0 or 3.1"),
        (api(&json!({"openapi": null, "swagger": "2.0"})), "is not supported; expected 3.0 or 3.1"),
        (
            api(&json!({"jsonSchemaDialect": "urn:other"})),
            "`#/jsonSchemaDialect` has the unsupported dialect \"urn:other\"",
        ),
        (api(&json!({"openapi": 3.1})), "expected `openapi` to be a string such as \"3.1.0\", found 3.1"),
        (api(&json!({"openapi": "3.10.0"})), "is not supported; expected 3.0 or 3.1"),
        (api(&json!({"openapi": "3.0.3", "paths": null})), "expected an object at `#/paths`"),
        (api(&loop_), "has a circular reference"),
        (api(&put(&json!({"requestBody": {"$ref": "https://example.org/b"}}))), "never fetched"),
        (
            api(&json!({
                "paths": {"/a": {"$ref": "#/components/pathItems/A", "get": {}}},
                "components": {"pathItems": {"A": {"get": {}}}},
            })),
            "`get` is defined at `#/components/pathItems/A` and at `#/paths/~1a`, which refers to it",
        ),
        (
            api(&put(&json!({"requestBody": {"content": {"application/JSON": {}}}}))),
            "duplicate media type `application/json`",
        ),
        (api(&put(&json!({"parameters": [{}]}))), "expected `in` and `name` in the parameter at"),
        (api(&put(&json!({"parameters": [5]}))), "expected an object at"),
        ("{}".to_owned(), "expected two of the same kind"),
    ] {
        let failure = try_compare(&api(&json!({})), &new, Direction::Request).err().unwrap_or_else(|| panic!("{new}"));
        assert!(failure.contains(reason), "{failure}");
    }
}
