//! Reports and findings in JSON, and checks of JSON text alone.

use callagent::{
    Agent, Code, FindingDetails, InvalidDocument, Location, Reader, Report, ReportDetails, Span, Suggestion,
    UpdateAgent, check, check_json,
};
use schemars::{JsonSchema, schema_for};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// A value survives the round trip through JSON, which its schema describes.
fn survives<T: Serialize + DeserializeOwned + JsonSchema + PartialEq + std::fmt::Debug>(value: &T) -> Value {
    let json = serde_json::to_value(value).expect("it serializes");
    assert_eq!(serde_json::from_value::<T>(json.clone()).as_ref().ok(), Some(value), "{json}");
    assert!(jsonschema::is_valid(schema_for!(T).as_value(), &json), "{json}");
    json
}

fn reports() -> impl Iterator<Item = Report> {
    let texts = [
        r#"{"llmModel": "gpt-5"}"#,
        r#"{"llmModel": "gpt-5", "name": " "}"#,
        r#"{"llmModel": "gpt-6", "nmae": "Support", "smartCallback": "true", "ttsModel": {}}"#,
        r#"{"llmModel": "gpt-5",}"#,
    ];
    texts.into_iter().map(|text| Reader::new().suggest().limit(3).check::<UpdateAgent>(text)).chain([
        check::<Agent>(r#"{"llmModel": 1}"#),
        Reader::new().check_value::<UpdateAgent>(&json!({"llmModel": 1})),
        Reader::new().limit(1).check::<Agent>("{}"),
    ])
}

#[test]
fn reports_survive_the_round_trip() {
    let mut codes = Vec::new();
    for report in reports() {
        let details = ReportDetails::from(&report);
        let json = survives(&details);
        assert_eq!(serde_json::to_value(&report).expect("it serializes"), json);
        assert_eq!((details.valid, details.is_cut()), (report.is_valid(), report.is_cut()));
        assert_eq!(json.get("violationCount").is_some(), report.is_cut());
        for finding in report.violations().chain(report.advisories()) {
            let details = FindingDetails::from(finding);
            let json = survives(&details);
            assert_eq!(serde_json::to_value(finding).expect("it serializes"), json);
            assert_eq!(details.code.parse(), Ok(finding.code()));
            details.location.as_ref().map(survives);
            details.location.as_ref().map(|location| survives(&location.span));
            details.suggestion.as_ref().map(survives);
            codes.push(finding.code());
        }
    }
    for code in [Code::MALFORMED, Code::UNKNOWN_VALUE, Code::BLANK_NAME, Code::ABSENT_FIELD] {
        assert!(codes.contains(&code), "{code}");
    }
}

#[test]
fn reports_of_other_programs_are_read() {
    let json = json!({
        "source": "a.json", "valid": false, "violationCount": 5,
        "violations": [7, {"code": "new-code", "pointer": "/a", "line": 1, "found": 3, "more": true}, {"code": "x"}],
    });
    let report: ReportDetails = serde_json::from_value(json).expect("a report");
    assert_eq!((report.valid, report.violation_count, report.advisory_count, report.is_cut()), (false, 5, 0, true));
    let [finding] = &report.violations[..] else { panic!("{report:?}") };
    assert_eq!((finding.code.as_str(), finding.pointer.as_str()), ("new-code", "/a"));
    assert_eq!((finding.location, &finding.found), (None, &None));
}

#[test]
fn required_members_are_required() {
    fn error<T: DeserializeOwned + std::fmt::Debug>(json: Value) -> String {
        serde_json::from_value::<T>(json).expect_err("a member is missing").to_string()
    }
    for (error, members) in [
        (error::<Span>(json!({"offset": 1})), "`offset` and `length`"),
        (error::<Location>(json!({"offset": 1, "length": 2, "line": 3})), "`offset`, `length`, `line` and `column`"),
        (error::<Suggestion>(json!({"offset": 1, "length": 2, "text": ""})), "`offset`, `length`, `text` and `safe`"),
        (error::<FindingDetails>(json!({"code": "a", "pointer": 1})), "`code` and `pointer`"),
        (error::<ReportDetails>(json!({"violations": [], "advisories": []})), "`valid`"),
    ] {
        assert_eq!(error, format!("expected an object with the members {members}"));
    }
}

#[test]
fn json_text_is_checked_alone() {
    for text in ["{}", " 7 ", r#"{"a": {"b": [null]}, "a": 1}"#, "\"\\ud83d\\ude00\""] {
        assert!(check_json(text).is_ok(), "{text}");
    }
    let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(check_json(deep(127)).is_ok());
    let cases: [(&[u8], usize); 7] = [
        (b"", 0),
        (b"{\"a\": }", 6),
        (b"7 8", 2),
        (b"\xEF\xBB\xBF{}", 0),
        (b"\"a\xFF\"", 2),
        (b"[\"\\ud800\"]", 2),
        (b"[1e400]", 1),
    ];
    for (text, offset) in cases.into_iter().chain([(deep(128).as_bytes(), 127)]) {
        let error: InvalidDocument = check_json(text).expect_err("it is not JSON");
        let [violation] = &error.report().violations().collect::<Vec<_>>()[..] else { panic!("{error}") };
        assert_eq!(
            (violation.code(), violation.span().map(|span| span.offset)),
            (Code::MALFORMED, Some(offset)),
            "{error}"
        );
    }
}

#[test]
fn an_invalid_document_is_its_report() {
    let text = r#"{"llmModel": "gpt-5", "name": 7}"#;
    let error = Reader::new().read::<UpdateAgent>(text).expect_err("it is invalid");
    let message = "/name: invalid type for `name`: expected a string, found 7";
    assert_eq!(error.to_string(), message);
    assert_eq!(format!("{error:?}"), format!("{:?}", error.report()));
    assert!(format!("{error:?}").contains("wrong-type /name: invalid type"), "{error:?}");
    let report: &Report = error.as_ref();
    assert_eq!(report.to_string(), message);
    assert_eq!(error.into_report().to_string(), message);
}
