//! OpenAPI documents: operations, parameters, bodies, answers; both versions of it.

use serde_json::{Value, json};

use super::{compare, names, try_compare};
use crate::Direction;

/// A document like that of the contract, with something merged into its operation.
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

/// A merge patch (RFC 7396): null takes out.
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

fn put(change: &Value) -> Value {
    json!({"paths": {"/v1/api/agents/{agentId}": {"put": change}}})
}

fn schemas(change: &Value) -> Value {
    json!({"components": {"schemas": change}})
}

/// `RULE POINTER` of what breaks from the document as it is to the changed one.
fn changes(change: &Value) -> Vec<String> {
    let findings = compare(&api(&json!({})), &api(change), Direction::Update);
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

/// A document with one operation, of the members given.
fn operation(members: &Value) -> String {
    let mut get = json!({"responses": {}});
    merge(&mut get, members);
    json!({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/a": {"get": get}}}).to_string()
}

/// From one operation to another: `RULE AT` of what is told.
#[track_caller]
fn check(cases: &[(Value, Value, &[&str])]) {
    for (old, new, expected) in cases {
        let findings = compare(&operation(old), &operation(new), Direction::Update);
        let told: Vec<_> = findings.iter().map(|finding| format!("{} {}", finding.rule.name, finding.at)).collect();
        assert_eq!(told, *expected, "{old} {new}");
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
        // What was sent in the query does not fit the header.
        (parameter("query", true), parameter("header", true), &["required-parameter-added "]),
        (none.clone(), header(true), &[]),
        (header(false), none.clone(), &[]),
        (header(true), none, &["required-header-removed "]),
        (header(true), header(false), &["header-became-optional "]),
    ]);
}

#[test]
fn statuses_by_their_class_and_by_default() {
    let answers = |status: &str, kind: &str| json!({status: {"content": {"text/a": {"schema": {"type": kind}}}}});
    let of = |statuses: &[Value]| {
        let mut responses = json!({});
        statuses.iter().for_each(|status| merge(&mut responses, status));
        json!({"responses": responses})
    };
    let (ok, other) = (answers("200", "string"), answers("201", "string"));
    check(&[
        (of(&[ok.clone()]), of(&[answers("default", "integer")]), &["type-widened /body"]),
        (of(&[ok.clone()]), of(&[answers("default", "string")]), &[]),
        (of(&[answers("2XX", "string")]), of(&[answers("default", "integer")]), &["type-widened /body"]),
        (of(&[ok.clone()]), of(&[answers("2XX", "integer")]), &["success-status-added ", "type-widened /body"]),
        (of(&[ok.clone(), other]), of(&[ok.clone(), answers("default", "integer")]), &["type-widened /body"]),
        // A default beside the success is for the rest.
        (of(&[ok.clone()]), of(&[ok.clone(), answers("default", "integer")]), &[]),
        (of(&[answers("404", "string")]), of(&[answers("default", "integer")]), &[]),
        (of(&[answers("default", "string")]), of(&[answers("default", "integer")]), &["type-widened /body"]),
        (of(&[ok]), of(&[]), &[]),
    ]);
}

/// A parameter of the path may have another name: callers do not see it.
#[test]
fn names_in_a_path_may_change() {
    let old = api(&json!({}));
    let new = old.replace("agentId", "id");
    assert_eq!(names(&compare(&old, &new, Direction::Update)), [""; 0]);
    let findings = compare(&old, &new.replace("\"minLength\":1", "\"minLength\":2"), Direction::Update);
    assert_eq!(names(&findings), ["min-length-raised"]);
    assert_eq!(findings[0].at, "/path agentId");
}

#[test]
fn a_witness_is_a_whole_message() {
    let new = api(&schemas(&json!({"Update": {"properties": {"days": {"maximum": 29}}}})));
    let findings = compare(&api(&json!({})), &new, Direction::Update);
    let expected = json!({"body": {"days": 30}, "header x-workspace-id": "x", "path agentId": "x"});
    assert_eq!(findings[0].witness, Some(expected));
    assert_eq!(
        findings[0].exchange.as_deref(),
        Some("the request of PUT /v1/api/agents/{agentId} as application/json")
    );
}

/// What 3.0 writes otherwise is the same.
#[test]
fn openapi_3_0() {
    let new = api(&json!({}));
    let old = new
        .replace("3.1.0", "3.0.3")
        .replace(r#""type":["string","null"]"#, r#""type":"string","nullable":true"#)
        .replace(r#""maximum":30"#, r#""maximum":31,"exclusiveMaximum":true"#);
    assert_ne!(old, new);
    // 31 is excluded, so 30 is the largest integer of both.
    assert_eq!(names(&compare(&old, &new, Direction::Update)), [""; 0]);
    assert_eq!(names(&compare(&new, &old, Direction::Update)), [""; 0]);
    let not_null = new.replace(r#""type":["string","null"]"#, r#""type":"string""#);
    assert_eq!(names(&compare(&old, &not_null, Direction::Update)), ["null-refused"]);
}

#[test]
fn what_cannot_be_compared_says_why() {
    let loop_ = json!({"components": {"parameters": {"Workspace": {"$ref": "#/components/parameters/Workspace"}}}});
    for (new, reason) in [
        (api(&json!({"openapi": "2.0"})), "only 3.0 and 3.1 are compared"),
        (api(&json!({"openapi": null, "swagger": "2.0"})), "only 3.0 and 3.1 are compared"),
        (
            api(&json!({"jsonSchemaDialect": "urn:other"})),
            "`#/jsonSchemaDialect` is written in the dialect \"urn:other\"",
        ),
        (api(&json!({"paths": null})), "at `#/paths`, an object is due"),
        (api(&loop_), "lead back to it"),
        (api(&put(&json!({"requestBody": {"$ref": "https://example.org/b"}}))), "never fetched"),
        (api(&put(&json!({"parameters": [{}]}))), "lacks `in` or `name`"),
        (api(&put(&json!({"parameters": [5]}))), "an object is due"),
        ("{}".to_owned(), "compare two of a kind"),
    ] {
        let failure = try_compare(&api(&json!({})), &new, Direction::Update).err().unwrap_or_else(|| panic!("{new}"));
        assert!(failure.contains(reason), "{failure}");
    }
}
