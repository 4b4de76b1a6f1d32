//! Problems: their creation from reports, serialization, and schema.

use std::collections::BTreeSet;

use callagent::{InvalidDocument, Problem, ProblemType, Reader, UpdateAgent, schemas};
use serde_json::{Value, json};

fn of(text: &str) -> Problem {
    Reader::new().suggest().read::<UpdateAgent>(text).expect_err("the update is invalid").into()
}

fn written(problem: &Problem) -> String {
    serde_json::to_string_pretty(problem).expect("it is written")
}

#[test]
fn a_text_that_is_not_json_is_a_bad_request() {
    let sentence = "expected a field name in double quotes; JSON does not allow trailing commas";
    let expected = json!({
        "type": "urn:callagent:problem:malformed",
        "title": "The body is not JSON.",
        "status": 400,
        "detail": sentence,
        "violations": [{
            "code": "malformed", "pointer": "", "offset": 21, "length": 1, "line": 1, "column": 22,
            "message": sentence, "expected": "JSON (RFC 8259)",
        }],
    });
    assert_eq!(json!(of(r#"{"llmModel": "gpt-5",}"#)), expected);
}

#[test]
fn an_invalid_update_is_unprocessable() {
    let sentence = "invalid type for `smartCallback`: expected true or false, found \"true\"";
    let expected = json!({
        "type": "urn:callagent:problem:invalid-update",
        "title": "The update violates the contract.",
        "status": 422,
        "detail": format!("2 violations; the first: /smartCallback: {sentence}"),
        "violations": [
            {
                "code": "wrong-type", "pointer": "/smartCallback", "offset": 18, "length": 6, "line": 1, "column": 19,
                "message": sentence, "expected": "true or false", "found": "\"true\"",
                "suggestion": {"offset": 18, "length": 6, "text": "true", "safe": true},
            },
            {
                "code": "missing-field", "pointer": "/ttsModel/provider", "offset": 38, "length": 1, "line": 1,
                "column": 39, "message": "missing field `provider` in `ttsModel`",
                "expected": "one of `openai`, `rime`, `elevenlabs`, `11labs_byo`, `google`",
            },
        ],
    });
    assert_eq!(json!(of(r#"{"smartCallback": "true", "ttsModel": {}, "llmModel": "gpt-5"}"#)), expected);
}

#[test]
fn a_problem_survives_the_round_trip() {
    for text in [
        r#"{"llmModel": "gpt-5",}"#,
        r#"{"smartCallback": "true", "ttsModel": {}, "llmModel": "gpt-5"}"#,
        // A suggestion that is not safe.
        r#"{"nmae": 7, "llmModel": "gpt-5"}"#,
    ] {
        let problem = of(text);
        assert_eq!(serde_json::from_str::<Problem>(&written(&problem)).expect("it is read"), problem);
    }
}

#[test]
fn its_detail_is_one_line() {
    let detail = of(r#"{"llmModel": "gpt-5", "a\nb": 1}"#).detail.unwrap_or_default();
    assert!(detail.starts_with(r"/a\u000ab: unknown field `a\u000ab`"), "{detail}");
}

#[test]
fn a_valid_report_has_no_problem() {
    let report = callagent::check::<UpdateAgent>(r#"{"llmModel": "gpt-5", "name": " "}"#);
    assert!(report.advisory_count() > 0);
    assert!(InvalidDocument::try_from(report).is_err());
}

#[test]
fn a_truncated_report_is_marked() {
    let text = r#"{"name": 1, "smartCallback": 2, "llmModel": 3}"#;
    let cut = |limit| Problem::from(Reader::new().limit(limit).read::<UpdateAgent>(text).expect_err("it is invalid"));
    assert_eq!(cut(0), cut(1));
    for (limit, truncated) in [(1, true), (2, true), (3, false)] {
        let problem = cut(limit);
        assert_eq!((problem.violations.len(), problem.truncated), (limit, truncated));
        let json = serde_json::to_value(&problem).expect("it is written");
        assert_eq!(json.get("truncated"), truncated.then_some(&json!(true)));
        assert_eq!(serde_json::from_value::<Problem>(json).expect("it is read"), problem);
        let detail = problem.detail.unwrap_or_default();
        assert_eq!(detail, "3 violations; the first: /name: invalid type for `name`: expected a string, found 1");
    }
}

#[test]
fn it_contains_no_key() {
    for text in [
        r#"{"ttsModel": {"provider": "openai", "elevenLabsApiKey": ["SECRET"]}}"#,
        r#"{"ttsModel": {"provider": "openai", "elevenLabsApiKey": "SECRET"}"#,
        r#"{"ttsModel": {"provider": "openai", "elevenLabsApiKey": "SECRET", "elevenLabsApiKey": "SECRET"}}"#,
    ] {
        let problem = of(text);
        let shown = format!("{problem:?}{}", written(&problem));
        assert!(!shown.contains("SECRET"), "{shown}");
    }
}

#[test]
fn types_differ_and_are_found_by_their_urns() {
    assert!(ProblemType::ALL.is_sorted_by_key(|known| known.status()));
    let urns: BTreeSet<_> = ProblemType::ALL.iter().map(|known| known.as_str()).collect();
    assert_eq!(urns.len(), ProblemType::ALL.len());
    for &known in ProblemType::ALL {
        assert_eq!(Problem::new(known).problem_type(), Some(known));
        assert!(known.as_str().ends_with(known.name()));
        assert!(known.title().starts_with(char::is_uppercase) && known.title().ends_with('.'), "{}", known.title());
    }
}

/// RFC 9457, section 3: members may be missing, and unknown members or members of the wrong type are ignored.
#[test]
fn any_problem_of_any_server_is_read() {
    let read = |value: &Value| serde_json::from_value::<Problem>(value.clone()).expect("a problem");
    let blank = read(&json!({}));
    assert_eq!(blank.r#type, "about:blank");
    assert_eq!((blank.problem_type(), blank.status, blank.title, blank.detail), (None, None, None, None));
    assert!(blank.violations.is_empty());

    let odd = json!({"type": 1, "title": [], "status": "404", "detail": {}, "violations": {}, "balance": 30});
    assert_eq!(read(&odd), read(&json!({})));
    assert_eq!(read(&json!({"status": 70000})).status, None);

    let newer =
        read(&json!({"violations": [7, {"code": "newer"}, {"code": "newer", "pointer": "/a", "suggestion": 1}]}));
    let codes: Vec<_> = newer.violations.iter().map(|violation| violation.code.as_str()).collect();
    assert_eq!(codes, ["newer"]);
    assert_eq!((newer.violations[0].location, &newer.violations[0].suggestion), (None, &None));

    assert!(serde_json::from_str::<Problem>("[]").is_err());
}

#[test]
fn its_schema_describes_its_serialization() {
    let schema = schemas::problem().to_value();
    let validator = jsonschema::draft202012::new(&schema).expect("a valid schema");
    let examples = schema["examples"].as_array().expect("there are examples");
    let mut written = BTreeSet::new();
    for example in examples {
        assert!(validator.is_valid(example), "{example}");
        let problem: Problem = serde_json::from_value(example.clone()).expect("it is read");
        assert_eq!(serde_json::to_value(&problem).expect("it is written"), *example);
        names(example, &mut written);
    }
    let types: BTreeSet<_> = examples.iter().filter_map(|example| example["type"].as_str()).collect();
    assert_eq!(types, ProblemType::ALL.iter().map(|known| known.as_str()).collect());
    // Together, the examples have every field, and none that is missing in the schema.
    let mut described = BTreeSet::new();
    for object in [&schema, &schema["$defs"]["Violation"], &schema["$defs"]["Suggestion"]] {
        described.extend(object["properties"].as_object().expect("an object").keys().cloned());
    }
    assert_eq!(written, described);
}

/// The names of all fields in a value.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            found.insert(name.clone());
            names(value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}
