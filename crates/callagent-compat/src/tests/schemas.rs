//! Bare schemas: findings and errors.

use serde_json::{Value, json};

use super::{AGENT, UPDATE, check_witnesses, compare, names, parsed, try_compare};
use crate::Direction::{Request, Response};

/// Sets or removes the values at pointers of a schema.
fn edited(schema: &str, edits: &[(&str, Option<Value>)]) -> String {
    let mut schema = parsed(schema);
    for (pointer, value) in edits {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = schema.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        match value {
            Some(value) => drop(parent.insert(name.to_owned(), value.clone())),
            None => drop(parent.remove(name).expect("a member")),
        }
    }
    schema.to_string()
}

#[test]
fn changes_of_the_request() {
    let words = |words: &[&str]| Some(json!(words));
    for (edits, expected) in [
        (vec![("/$defs/LlmModel/enum", words(&["gpt-5"]))], vec!["value-removed /$defs/LlmModel/enum at /llmModel"]),
        (
            vec![("/$defs/Gap/properties/days/maximum", Some(json!(29)))],
            vec!["maximum-lowered /$defs/Gap/properties/days/maximum at /gapBetweenEachAttemptForSmartCallback/0/days"],
        ),
        (vec![("/properties/name", None)], vec!["field-removed /additionalProperties at /name"]),
        (vec![("/required", words(&["llmModel", "name"]))], vec!["field-became-required /required at "]),
        (
            vec![("/$defs/TtsUpdate/if/properties/provider/enum", words(&["11labs_byo", "google"]))],
            vec!["condition-narrowed /$defs/TtsUpdate/if at /ttsModel"],
        ),
        (
            vec![("/$defs/TtsUpdate/properties/elevenLabsApiKey/type", Some(json!("string")))],
            vec!["null-refused /$defs/TtsUpdate/properties/elevenLabsApiKey/type at /ttsModel/elevenLabsApiKey"],
        ),
        (
            vec![("/properties/phoneNumberIds/items/minLength", Some(json!(1)))],
            vec!["min-length-raised /properties/phoneNumberIds/items/minLength at /phoneNumberIds/0"],
        ),
        (
            vec![
                ("/properties/variables/maxProperties", Some(json!(5))),
                ("/$defs/SettingsUpdate/additionalProperties", Some(json!(false))),
            ],
            vec![
                "max-fields-lowered /properties/variables/maxProperties at /variables",
                "object-closed /$defs/SettingsUpdate/additionalProperties at /settings/another",
            ],
        ),
    ] {
        let new = edited(UPDATE, &edits);
        let findings = compare(UPDATE, &new, Request);
        let mut found: Vec<_> = findings
            .iter()
            .map(|finding| format!("{} {} at {}", finding.rule.name, finding.pointer, finding.at))
            .collect();
        // An edited schema is in another order where serde_json keeps the order of maps.
        found.sort_unstable();
        assert_eq!(found, expected);
        check_witnesses(&findings, UPDATE, &new, Request);
        assert_eq!(names(&compare(&new, UPDATE, Request)), [""; 0], "{edits:?}");
    }
}

/// Responses are open: the usual additions break no client.
#[test]
fn a_response_may_grow() {
    for edits in [
        vec![("/properties/team", Some(json!({"type": "string"})))],
        vec![("/properties/status/examples", Some(json!(["paused"])))],
        vec![("/properties/name/description", Some(json!("Its name.")))],
    ] {
        // The old schema accepts any value in a field that it does not know.
        assert_eq!(names(&compare(AGENT, &edited(AGENT, &edits), Response)), [""; 0], "{edits:?}");
    }
    let wider = edited(AGENT, &[("/properties/maxAttemptsForSmartCallback/maximum", None)]);
    let findings = compare(AGENT, &wider, Response);
    assert_eq!(names(&findings), ["maximum-raised"]);
    assert_eq!(findings[0].pointer, "/properties/maxAttemptsForSmartCallback");
}

/// The same change in several places is reported in each of them.
#[test]
fn equal_breaks_are_all_reported() {
    let closed = |fields: Value| json!({"properties": fields, "additionalProperties": false}).to_string();
    let of_type = |name: &str, fields: &[&str]| {
        let fields = fields.iter().map(|field| ((*field).to_owned(), json!({"type": name})));
        json!({"properties": fields.collect::<serde_json::Map<_, _>>()}).to_string()
    };
    let further = |kind: &str| json!({"additionalProperties": {"type": kind}}).to_string();
    let removed = [("/$defs/TtsUpdate/properties/voiceId", None), ("/$defs/TtsUpdate/properties/language", None)];
    let shared = |kind: &str| {
        let shared = json!({"$ref": "#/$defs/shared"});
        json!({"properties": {"a": shared, "b": shared}, "$defs": {"shared": {"type": kind}}}).to_string()
    };
    for (old, new, direction, expected) in [
        (closed(json!({"x": {}, "y": {}})), closed(json!({})), Request, vec!["field-removed /x", "field-removed /y"]),
        (
            UPDATE.to_owned(),
            edited(UPDATE, &removed),
            Request,
            vec!["field-removed /ttsModel/language", "field-removed /ttsModel/voiceId"],
        ),
        (
            of_type("integer", &["a", "b", "c", "d"]),
            of_type("string", &["a", "b", "c", "d"]),
            Response,
            vec!["type-widened /a", "type-widened /b", "type-widened /c", "type-widened /d"],
        ),
        // One side has a schema for all additional fields, the other names two of them.
        (
            of_type("string", &["a", "b"]),
            further("integer"),
            Request,
            vec!["null-refused /another", "type-narrowed /a", "type-narrowed /another", "type-narrowed /b"],
        ),
        (
            of_type("integer", &["a", "b"]),
            "{}".to_owned(),
            Response,
            vec!["null-added /a", "null-added /b", "type-widened /a", "type-widened /b"],
        ),
        // A definition shared by two fields in both versions is reported once.
        (shared("string"), shared("integer"), Request, vec!["type-narrowed /a"]),
    ] {
        let findings = compare(&old, &new, direction);
        let mut found: Vec<_> =
            findings.iter().map(|finding| format!("{} {}", finding.rule.name, finding.at)).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{old} {new}");
        check_witnesses(&findings, &old, &new, direction);
    }
}

/// A witness violates only one constraint, if the schemas permit that.
#[test]
fn a_witness_shows_its_own_break_alone() {
    let new = edited(
        UPDATE,
        &[
            ("/required", Some(json!(["llmModel", "name"]))),
            ("/$defs/LlmModel/enum", Some(json!(["gpt-5"]))),
            ("/properties/name/minLength", Some(json!(2))),
        ],
    );
    let reader = super::validator(&parsed(&new)).expect("a schema");
    let findings = compare(UPDATE, &new, Request);
    assert_eq!(findings.len(), 3);
    for finding in findings {
        let witness = finding.witness.expect("a witness");
        assert_eq!(reader.iter_errors(&witness).count(), 1, "{}: {witness}", finding.message);
    }
}

/// Changes that cannot be decided are undecided, never compatible.
#[test]
fn undecided() {
    for (old, new) in [
        // No witness shows a format: some validators assert formats, others do not.
        (r#"{"type": "string"}"#, r#"{"type": "string", "format": "email"}"#),
        (r#"{"readOnly": true}"#, r"{}"),
        (r"{}", r#"{"minimun": 5}"#),
        (
            r#"{"properties": {"a": {"pattern": "^(?=.*b)a"}}}"#,
            r#"{"properties": {"a": {"pattern": "^(?=.*b)(?=.*c)a"}}}"#,
        ),
    ] {
        assert_eq!(names(&compare(old, new, Request)), ["undecided"], "{old} {new}");
    }
    // Removing a format accepts more.
    assert_eq!(names(&compare(r#"{"format": "email"}"#, "{}", Request)), [""; 0]);
}

#[test]
fn references_may_go_round() {
    let tree = r##"{"type": "object", "properties": {"left": {"$ref": "#"}, "value": {"maximum": 9}}, "required": ["value"]}"##;
    let new = tree.replace('9', "8");
    assert_eq!(names(&compare(tree, tree, Request)), [""; 0]);
    assert_eq!(names(&compare(tree, &new, Request)), ["maximum-lowered"]);
    assert_eq!(names(&compare(&new, tree, Request)), [""; 0]);

    let pair = r##"{"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/b"}}, "b": {"items": {"$ref": "#/$defs/a"}, "maxItems": 3}}}"##;
    let findings = compare(pair, &pair.replace('3', "2"), Request);
    assert_eq!(names(&findings), ["max-items-lowered"]);
    assert_eq!(findings[0].at, "/0");

    // All definitions refer to each other. Each is reported once.
    let web = |most: u64| {
        let fields: Value =
            (0..6).map(|other| (format!("f{other}"), json!({"$ref": format!("#/$defs/{other}")}))).collect();
        let definition = json!({"type": "object", "properties": fields, "maxProperties": most});
        let definitions: Value = (0..6).map(|number| (number.to_string(), definition.clone())).collect();
        json!({"$ref": "#/$defs/0", "$defs": definitions}).to_string()
    };
    assert_eq!(names(&compare(&web(9), &web(8), Request)), ["max-fields-lowered"; 6]);
}

/// A keyword that exists in one version only.
#[test]
fn removed_and_added_keywords_are_described() {
    let old = r#"{"properties": {"a": {"type": ["integer", "null"]}}}"#;
    let findings = compare(old, "{}", Response);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].message, "A value may have a new type: `type` [\"integer\",\"null\"] was removed");
    assert_eq!(findings[0].pointer, "");
    let findings = compare("{}", old, Request);
    assert_eq!(findings[0].message, "A type is no longer accepted: `type` [\"integer\",\"null\"] was added");
}

#[test]
fn schemas_that_cannot_be_compared_give_a_reason() {
    let links: Vec<_> = (0..100).map(|link| format!(r##""{link}": {{"$ref": "#/$defs/{}"}}"##, link + 1)).collect();
    let long_chain = format!(r##"{{"$ref": "#/$defs/0", "$defs": {{{}, "100": {{}}}}}}"##, links.join(","));
    let doubling: Vec<_> = (0..20)
        .map(|link| {
            format!(r##""{link}": {{"allOf": [{{"$ref": "#/$defs/{0}"}}, {{"$ref": "#/$defs/{0}"}}]}}"##, link + 1)
        })
        .collect();
    let doubling = format!(r##"{{"$ref": "#/$defs/0", "$defs": {{{}, "20": {{}}}}}}"##, doubling.join(","));
    let laughs = (1..9).fold("a0: &a0 [x, x]".to_owned(), |text, level| {
        let aliases = format!("*a{}, ", level - 1).repeat(10);
        format!("{text}\na{level}: &a{level} [{aliases}]")
    });
    let deep = format!("{}{}", r#"{"items":"#.repeat(200), "{}".to_owned() + &"}".repeat(200));
    for (document, reason) in [
        ("", "it is empty"),
        ("hello", "expected a schema at `#`: an object, `true` or `false`"),
        ("a: [", "it is neither JSON nor YAML"),
        ("a: 1\na: 2", "duplicate field `a`"),
        ("a: &a {b: 1}\nc:\n  <<: *a", "merge keys"),
        ("maximum: .inf", "no infinite numbers"),
        (&laughs, "repetition limit"),
        ("\u{feff}{}", "it is not JSON"),
        ("{\n  \"a\": 1,\n}", "trailing comma at line 3 column 1"),
        (r#"{"type": "string", "type": "number"}"#, "duplicate field `type`"),
        (&deep, "recursion limit exceeded"),
        ("[1]", "expected a schema at `#`: an object, `true` or `false`"),
        (r#"{"type": "strin"}"#, "invalid schema at `#/type`"),
        (r#"{"pattern": "("}"#, "invalid schema"),
        (r#"{"properties": []}"#, "expected an object of schemas at `#/properties`"),
        (
            r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#,
            "has the unsupported dialect \"http://json-schema.org/draft-07/schema#\"; expected",
        ),
        (r#"{"properties": {"a": {"$ref": "https://example.org/a.json"}}}"#, "which is never fetched"),
        (r#"{"properties": {"a": {"$ref": "other.json#/a"}}}"#, "which is never fetched"),
        (r##"{"$ref": "#/$defs/a"}"##, "which does not exist"),
        (r##"{"$ref": "#a", "$defs": {"a": {"$anchor": "a"}}}"##, "use a JSON Pointer"),
        (r##"{"$dynamicRef": "#a"}"##, "use `$ref`"),
        (r##"{"$ref": "#"}"##, "has a circular reference"),
        (
            r##"{"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"not": {"$ref": "#/$defs/a"}}}}"##,
            "has a circular reference",
        ),
        (r#"{"$defs": {"a": {"$id": "urn:a"}}, "properties": {"b": {"$id": "urn:b"}}}"#, "has an `$id`"),
        (&long_chain, "at the end of a chain of more than 64 references"),
        (&doubling, "expands to more than 100000 schemas for one value"),
        (r#"{"swagger": "2.0"}"#, "expected two of the same kind"),
    ] {
        for (old, new) in [(document, "{}"), ("{}", document)] {
            let failure = try_compare(old, new, Request).err().unwrap_or_else(|| panic!("{document} is compared"));
            assert!(failure.contains(reason), "{document}: {failure}");
        }
    }
    let large = format!("{}{{}}", " ".repeat(17 << 20));
    assert!(
        try_compare(&large, "{}", Request)
            .err()
            .is_some_and(|failure| failure.contains("larger than the limit of 16 MiB"))
    );
}

/// A reference by the document's `$id` is internal.
#[test]
fn own_identity() {
    let old = r#"{"$id": "urn:a", "properties": {"a": {"$ref": "urn:a#/$defs/b"}}, "$defs": {"b": {"maximum": 2}}}"#;
    assert_eq!(names(&compare(old, &old.replace('2', "1"), Request)), ["maximum-lowered"]);
}

/// YAML says the same as JSON.
#[test]
fn yaml_is_read() {
    let yaml = "# A schema.\n$schema: https://json-schema.org/draft/2020-12/schema\nproperties:\n  days: &days {type: integer, maximum: 30}\n  hours: *days\n";
    let json =
        r#"{"properties": {"days": {"type": "integer", "maximum": 30}, "hours": {"type": "integer", "maximum": 30}}}"#;
    assert_eq!(names(&compare(yaml, json, Request)), [""; 0]);
    assert_eq!(names(&compare(json, yaml, Response)), [""; 0]);
    let findings = compare(json, &yaml.replace("30", "29"), Request);
    assert_eq!(names(&findings), ["maximum-lowered", "maximum-lowered"]);
    assert_eq!(findings[0].pointer, "/properties/days/maximum");

    let api = "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        200: {content: {text/a: {}}}\n";
    assert_eq!(names(&compare(api, &api.replace("200", "201"), Request)), ["success-status-added"]);
    assert_eq!(names(&compare(api, api, Request)), [""; 0]);
}
