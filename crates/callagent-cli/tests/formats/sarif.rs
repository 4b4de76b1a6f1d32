//! SARIF logs: valid against the published schema, with regions, fixes and fingerprints.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::{Document, Run, number, runs, schema::sarif_schema, sentence, string, to_usize};

#[test]
fn sarif() {
    let validator = jsonschema::options().should_validate_formats(true).build(&sarif_schema()).expect("a schema");
    let mut fixes = 0;
    for run in runs() {
        let log = run.report("sarif");
        let log: Value = serde_json::from_str(&log).expect("a log is JSON");
        let errors: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
        assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
        let mut fingerprints = BTreeSet::new();
        let mut results = log["runs"][0]["results"].as_array().expect("results").iter();
        for document in run.documents() {
            for (level, finding) in document.leveled() {
                let result = results.next().expect("a result of each finding");
                assert_eq!(result["level"], level);
                assert_eq!(result["ruleId"], finding["code"]);
                assert_eq!(rules[number(&result["ruleIndex"])]["id"], finding["code"]);
                let message = sarif_text(string(&result["message"]["text"]));
                assert!(message.starts_with(&sentence(finding)), "{message}");
                let location = &result["locations"][0];
                match string(&finding["pointer"]) {
                    "" => assert_eq!(location["logicalLocations"], Value::Null),
                    pointer => assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], pointer),
                }
                let place = &location["physicalLocation"];
                let uri = percent_decode_str(string(&place["artifactLocation"]["uri"])).decode_utf8().expect("text");
                assert_eq!(uri, document.file());
                let is_whole = document.0["line"].is_null();
                region(&place["region"], finding, &run.text_of(&document, finding), is_whole);
                fix(result, &run, &document, finding);
                fixes += usize::from(result.get("fixes").is_some());
                let fingerprint = string(&result["partialFingerprints"]["callagent/v1"]).to_owned();
                assert!(fingerprints.insert((document.file().to_owned(), fingerprint)), "{result}");
            }
        }
        assert_eq!(results.next(), None);
    }
    assert!(fixes > 10, "{fixes}");
}

/// A result has the suggestion of its finding as a fix.
fn fix(result: &Value, run: &Run, document: &Document, finding: &Value) {
    let Some(suggestion) = finding.get("suggestion") else { return assert_eq!(result.get("fixes"), None) };
    let [fix] = &result["fixes"].as_array().expect("fixes")[..] else { panic!("one fix") };
    let [change] = &fix["artifactChanges"].as_array().expect("changes")[..] else { panic!("one file") };
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(change["artifactLocation"], place["artifactLocation"]);
    let [replacement] = &change["replacements"].as_array().expect("replacements")[..] else { panic!("one place") };
    assert_eq!(replacement["insertedContent"]["text"], suggestion["text"]);
    assert_eq!(fix["properties"]["safe"], suggestion["safe"]);
    let text = run.text(document);
    let offset = number(&suggestion["offset"]);
    let before = std::str::from_utf8(&text[..offset]).expect("what has a suggestion is UTF-8");
    let line = document.0["line"].as_u64().map_or(1, to_usize) + before.matches('\n').count();
    let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
    let mut expected = suggestion.clone();
    (expected["line"], expected["column"]) = (line.into(), column.into());
    let deleted = run.text_of(document, suggestion);
    region(&replacement["deletedRegion"], &expected, &deleted, document.0["line"].is_null());
}

/// The fingerprints of a log.
fn fingerprints(log: &str) -> Vec<String> {
    let log: Value = serde_json::from_str(log).expect("a log is JSON");
    let results = log["runs"][0]["results"].as_array().expect("results").iter();
    results.map(|result| string(&result["partialFingerprints"]["callagent/v1"]).to_owned()).collect()
}

#[test]
fn fingerprints_do_not_depend_on_position() {
    let of = |text: &str| fingerprints(&Run::of_files(&[("a.json", text.as_bytes())], &[]).report("sarif"));
    let document = r#"{"llmModel":"gpt-6","name":1,"name":2,"name":3,"ttsModel":{"elevenLabsApiKey":["k"]}}"#;
    let original = of(document);
    assert_eq!(original.len(), 6, "{original:?}");
    let moved = document.replace(',', ",\r\n\t").replace('{', "\n\n{ ").replace(r#""name":2"#, r#""name":"längst""#);
    assert_eq!(of(&moved), original);
    assert_eq!(of(&document.replace("[\"k\"]", "[\"another\"]")), original, "a secret takes no part");
    assert_ne!(of(&document.replace("gpt-6", "gpt-7")), original);
    let (first, second): (Vec<_>, Vec<_>) = original.iter().partition(|fingerprint| fingerprint.ends_with(":1"));
    assert_eq!((first.len(), second.len()), (5, 1), "a name that is repeated twice: {original:?}");
    // Fingerprints are stable across versions of the command.
    assert_eq!(of("{}"), ["0c108b949b58507f:1"]);
}

#[test]
fn equal_results_are_numbered_per_file() {
    let files: &[(&str, &[u8])] = &[("a.json", b"{}"), ("b.json", b"{}"), ("lines.json", &b"{}\n".repeat(20_000))];
    let numbers = |fingerprints: &[String]| -> Vec<usize> {
        let number = |fingerprint: &String| fingerprint.split_once(':').and_then(|(_, number)| number.parse().ok());
        fingerprints.iter().map(|fingerprint| number(fingerprint).expect("a number")).collect()
    };
    let log = Run::of_files(files, &["--lines"]).report("sarif");
    let expected: Vec<_> = [1, 1].into_iter().chain(1..=20_000).collect();
    assert_eq!(numbers(&fingerprints(&log)), expected);
}

fn region(region: &Value, finding: &Value, text: &str, is_whole: bool) {
    assert_eq!((&region["startLine"], &region["startColumn"]), (&finding["line"], &finding["column"]));
    let bytes = if is_whole { (&finding["offset"], &finding["length"]) } else { (&Value::Null, &Value::Null) };
    assert_eq!((&region["byteOffset"], &region["byteLength"]), bytes);
    let last_line = text.rsplit('\n').next().unwrap_or_default().chars().count();
    let start = if text.contains('\n') { 1 } else { number(&finding["column"]) };
    assert_eq!(number(&region["endLine"]), number(&finding["line"]) + text.matches('\n').count());
    assert_eq!(number(&region["endColumn"]), start + last_line);
}

/// Unescapes a message as SARIF viewers do: double braces, and backslashes before brackets.
pub(crate) fn sarif_text(text: &str) -> String {
    assert!(!text.replace(r"\]", "").contains("]("), "{text} has a link");
    let text = if text.contains(r"\](") {
        text.replace(r"\[", "[").replace(r"\]", "]").replace(r"\\", r"\")
    } else {
        text.to_owned()
    };
    assert!(!text.replace("{{", "").replace("}}", "").contains(['{', '}']), "{text} has a placeholder");
    text.replace("{{", "{").replace("}}", "}")
}

#[test]
fn sarif_explains_every_code() {
    let log: Value = serde_json::from_str(&Run::of_lines("", &[]).report("sarif")).expect("a log is JSON");
    let driver = &log["runs"][0]["tool"]["driver"];
    for (rule, code) in driver["rules"].as_array().expect("rules").iter().zip(callagent::Code::ALL) {
        assert_eq!(rule["id"], code.as_str());
        assert_eq!(rule["shortDescription"]["text"], code.title());
        assert!(string(&rule["help"]["text"]).contains(code.explanation().expect("it is explained").fixed));
    }
}
