//! Fixes: obvious mistakes are fixed, nothing gets worse, and fixing is idempotent.
//!
//! `CALLAGENT_CASES` is the number of documents per property, `PROPTEST_RNG_SEED` the seed.

use std::collections::BTreeSet;

use crate::util::holds;
use callagent::{
    Agent, Code, Document, Reader, Report, Span, Suggestion, UpdateAgent,
    testing::{invalid_text, valid_json, valid_text},
};
use proptest::{prelude::*, sample::Index, test_runner::TestCaseResult};
use serde_json::{Map, Value};

/// A mistake: the entry of an object, and the change to it.
type Slip = (Index, u8);

fn slips() -> impl Strategy<Value = Vec<Slip>> {
    proptest::collection::vec((any::<Index>(), 0u8..6), 1..4)
}

/// A document with misspelled fields and values, quoted numbers, duplicate entries and response fields.
fn with_slips(document: &Value, slips: &[Slip]) -> String {
    let mut text = String::new();
    let mut position = 0;
    let count = count_entries(document);
    write(document, &mut text, &mut |name, value| {
        let slip = slips.iter().find(|(index, _)| index.index(count.max(1)) == position).map(|(_, slip)| *slip);
        position += 1;
        let (name_text, value_text) = (Value::from(name).to_string(), None);
        match (slip, value) {
            (Some(0), _) => (Value::from(swapped(name)).to_string(), value_text, ""),
            (Some(1), Value::String(string)) => (name_text, Some(Value::from(swapped(string)).to_string()), ""),
            (Some(2), Value::Number(_) | Value::Bool(_)) => (name_text, Some(format!("\"{value}\"")), ""),
            (Some(3), _) => (name_text, None, "repeat"),
            (Some(4), _) => (name_text, None, "response"),
            (Some(5), _) => (name_text, Some(Value::from(format!("{value},\"name\":\"x\"")).to_string()), ""),
            _ => (name_text, None, ""),
        }
    });
    text
}

fn count_entries(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.values().map(|value| 1 + count_entries(value)).sum(),
        Value::Array(items) => items.iter().map(count_entries).sum(),
        _ => 0,
    }
}

type Notation<'s> = dyn FnMut(&str, &Value) -> (String, Option<String>, &'static str) + 's;

fn write(value: &Value, text: &mut String, notation: &mut Notation<'_>) {
    match value {
        Value::Object(fields) => {
            text.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                let (name, new_value, extra) = notation(name, value);
                let mut value_text = String::new();
                write(value, &mut value_text, notation);
                let value_text = new_value.unwrap_or(value_text);
                text.push_str(if index == 0 { " " } else { " , " });
                text.extend([name.as_str(), ": ", &value_text]);
                match extra {
                    "repeat" => text.extend([",", &name, ": ", &value_text]),
                    "response" => *text += ",\"createdAt\" :\"2025-01-01T00:00:00Z\"",
                    _ => {}
                }
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                *text += if index == 0 { "" } else { "," };
                write(item, text, notation);
            }
            text.push(']');
        }
        other => *text += &other.to_string(),
    }
}

/// Swaps the second and third characters of a text.
fn swapped(text: &str) -> String {
    let mut characters: Vec<_> = text.chars().collect();
    if characters.len() > 2 {
        characters.swap(1, 2);
    }
    characters.into_iter().collect()
}

fn report<T: Document>(text: &str) -> Report {
    Reader::new().suggest().check::<T>(text)
}

fn kinds(report: &Report) -> BTreeSet<(Code, String)> {
    report.violations().map(|violation| (violation.code(), violation.pointer())).collect()
}

/// A safe suggestion, applied alone, improves the document and adds no violation.
fn safe_suggestions_are_safe<T: Document>(text: &str) -> TestCaseResult {
    let before = report::<T>(text);
    for violation in before.violations() {
        let Some(suggestion) = violation.suggestion() else { continue };
        let Span { offset, .. } = suggestion.span;
        let end = suggestion.span.end();
        let replacement = serde_json::from_str(&suggestion.text);
        let is_a_scalar = matches!(replacement, Ok(Value::String(_) | Value::Number(_) | Value::Bool(_)));
        prop_assert!(suggestion.text.is_empty() || is_a_scalar, "{suggestion:?} for {text}");
        prop_assert!(text.is_char_boundary(offset) && text.is_char_boundary(end), "{suggestion:?} in {text}");
        let fixed = format!("{}{}{}", &text[..offset], suggestion.text, &text[end..]);
        let after = report::<T>(&fixed);
        prop_assert!(kinds(&after).iter().all(|kind| *kind != (Code::MALFORMED, String::new())), "{text}\n{fixed}");
        if suggestion.safe {
            prop_assert!(
                after.violations().len() < before.violations().len(),
                "{suggestion:?} fixes nothing in {text}"
            );
            prop_assert!(kinds(&after).is_subset(&kinds(&before)), "{suggestion:?} makes {text}\nworse: {after:?}");
        }
    }
    Ok(())
}

/// Fixing ends when no safe suggestion is left. Repeating it changes nothing, and no violation is new.
fn fixing_is_idempotent<T: Document>(text: &str) -> TestCaseResult {
    let fixed = Reader::new().fix::<T>(text.as_bytes().to_vec());
    prop_assert_eq!(&Reader::new().fix::<T>(fixed.clone()), &fixed, "{}", text);
    let fixed = String::from_utf8(fixed).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let after = report::<T>(&fixed);
    prop_assert!(kinds(&after).is_subset(&kinds(&report::<T>(text))), "{text}\nbecame\n{fixed}");
    let safe = after.violations().filter_map(|violation| violation.suggestion()).filter(|suggestion| suggestion.safe);
    prop_assert_eq!(safe.count(), 0, "{}", fixed);
    Ok(())
}

fn check_fixes<T: Document>(text: &str) -> TestCaseResult {
    safe_suggestions_are_safe::<T>(text)?;
    fixing_is_idempotent::<T>(text)
}

#[test]
fn mistakes_in_requests() {
    holds((valid_json::<UpdateAgent>(), slips()), |(document, slips)| {
        check_fixes::<UpdateAgent>(&with_slips(&document, &slips))
    });
}

#[test]
fn mistakes_in_responses() {
    holds((valid_json::<Agent>(), slips()), |(document, slips)| check_fixes::<Agent>(&with_slips(&document, &slips)));
}

#[test]
fn other_violations() {
    holds(invalid_text::<UpdateAgent>(), |invalid| check_fixes::<UpdateAgent>(&invalid.text));
    holds(invalid_text::<Agent>(), |invalid| check_fixes::<Agent>(&invalid.text));
}

#[test]
fn a_valid_document_is_unchanged() {
    holds(valid_text::<UpdateAgent>(), |text| {
        prop_assert_eq!(Reader::new().fix::<UpdateAgent>(text.clone().into_bytes()), text.into_bytes());
        Ok(())
    });
}

#[test]
fn text_that_is_not_json_is_unchanged() {
    holds((invalid_text::<UpdateAgent>(), any::<Index>()), |(invalid, cut)| {
        let cut = invalid.text.as_bytes()[..cut.index(invalid.text.len())].to_vec();
        let is_malformed =
            callagent::check::<UpdateAgent>(&cut).violations().any(|found| found.code() == Code::MALFORMED);
        prop_assume!(is_malformed, "only white space was cut");
        prop_assert_eq!(Reader::new().fix::<UpdateAgent>(cut.clone()), cut);
        Ok(())
    });
}

/// A misspelled field of a valid request is fixed to the intended request.
#[test]
fn a_misspelled_field_is_fixed() {
    holds((valid_json::<UpdateAgent>(), any::<Index>()), |(document, index)| {
        let Value::Object(fields) = &document else { return Err(TestCaseError::reject("no object")) };
        let slip = index.index(fields.len());
        let misspelled: Map<_, _> = fields
            .iter()
            .enumerate()
            .map(|(index, (name, value))| (if index == slip { swapped(name) } else { name.clone() }, value.clone()))
            .collect();
        let fixed = Reader::new().fix::<UpdateAgent>(Value::from(misspelled).to_string().into_bytes());
        let fixed: Value = serde_json::from_slice(&fixed).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(fixed, document);
        Ok(())
    });
}

#[test]
fn suggestions() {
    let cases = [
        // Misspelled, quoted, response-only, or duplicate.
        (r#"{"llm_model":"gpt-5"}"#, r#"{"llmModel":"gpt-5"}"#),
        (r#"{"llmModel":"GPT-5"}"#, r#"{"llmModel":"gpt-5"}"#),
        (
            r#"{"llmModel":"gpt-5","maxAttemptsForSmartCallback":"3"}"#,
            r#"{"llmModel":"gpt-5","maxAttemptsForSmartCallback":3}"#,
        ),
        (r#"{"llmModel":"gpt-5","smartCallback":"true"}"#, r#"{"llmModel":"gpt-5","smartCallback":true}"#),
        (r#"{"llmModel":"gpt-5" , "status":"ready" }"#, r#"{"llmModel":"gpt-5" }"#),
        (r#"{"_id":"a", "llmModel":"gpt-5","userId":"b"}"#, r#"{"llmModel":"gpt-5"}"#),
        (r#"{"llmModel":"gpt-5","llmModel":"gpt-5"}"#, r#"{"llmModel":"gpt-5"}"#),
        (
            r#"{"llmModel":"gpt-5","gapBetweenEachAttemptForSmartCallback":[{},{"days":"3"}]}"#,
            r#"{"llmModel":"gpt-5","gapBetweenEachAttemptForSmartCallback":[{},{"days":3}]}"#,
        ),
        (
            r#"{"ttsModel":{"providr":"11labs_byo","elevenlabsApiKey":"k"},"llmModel":"gpt-5"}"#,
            r#"{"ttsModel":{"provider":"11labs_byo","elevenLabsApiKey":"k"},"llmModel":"gpt-5"}"#,
        ),
        (
            r#"{"llmModel":"gpt-5","settings":{"speed":"0.5"},"status":1,"settings":{"speed":"0.5"}}"#,
            r#"{"llmModel":"gpt-5","settings":{"speed":0.5}}"#,
        ),
        // Uncovers another violation, or is ambiguous.
        (r#"{"llmModel":"gpt-5","nmae":7}"#, ""),
        (r#"{"llmModel":"gpt-5","ttsModel":{"provider":"11labs-byo"}}"#, ""),
        (r#"{"llmModel":"gpt-5","ttsModel":{"providr":"11labs_byo"}}"#, ""),
        (r#"{"llmModel":"gpt-5","name":"a","nmae":"b"}"#, ""),
        (r#"{"llmModel":"gpt-6"}"#, ""),
        (r#"{"llmModel":"gpt-5","name":"a","name":"b"}"#, ""),
        (r#"{"llmModel":"gpt-5","gapBetweenEachAttemptForSmartCallback":[{"days":"31"}]}"#, ""),
        (r#"{"llmModel":"gpt-5","maxAttemptsForSmartCallback":"03"}"#, ""),
    ];
    for (text, expected) in cases {
        let fixed = Reader::new().fix::<UpdateAgent>(text.as_bytes().to_vec());
        let expected = if expected.is_empty() { text } else { expected };
        assert_eq!(String::from_utf8_lossy(&fixed), expected);
    }
}

/// A limit applies to reports, not to fixes. Tolerated findings need no fix.
#[test]
fn fixes_respect_tolerances_but_not_the_limit() {
    let text = r#"{"llmModel":"gpt-4.1-mni","smartCallback":"true","nmae":"Support"}"#;
    let cases = [
        (Reader::new().limit(1), r#"{"llmModel":"gpt-4.1-mini","smartCallback":true,"name":"Support"}"#),
        (
            Reader::new().tolerate_unknown_values(),
            r#"{"llmModel":"gpt-4.1-mni","smartCallback":true,"name":"Support"}"#,
        ),
        (
            Reader::new().tolerate_unknown_fields(),
            r#"{"llmModel":"gpt-4.1-mini","smartCallback":true,"nmae":"Support"}"#,
        ),
    ];
    for (reader, expected) in cases {
        assert_eq!(String::from_utf8_lossy(&reader.fix::<UpdateAgent>(text.into())), expected, "{reader:?}");
    }
}

#[test]
fn useless_changes_are_not_suggested() {
    let cases = [
        (r#"{"llmModel":"gpt-5","nmae":"b"}"#, Some((r#""name""#, true))),
        // The field already exists.
        (r#"{"llmModel":"gpt-5","name":"a","nmae":"b"}"#, None),
        // It would uncover a wrong value, or require a key.
        (r#"{"llmModel":"gpt-5","nmae":7}"#, Some((r#""name""#, false))),
        (r#"{"llmModel":"gpt-5","ttsModel":{"provider":"11labs-byo"}}"#, Some((r#""11labs_byo""#, false))),
        // Without its quotes it would still be wrong.
        (r#"{"llmModel":"gpt-5","smartCallback":"true"}"#, Some(("true", true))),
        (r#"{"llmModel":"gpt-5","smartCallback":"yes"}"#, None),
        (r#"{"llmModel":"gpt-5","maxAttemptsForSmartCallback":" 3\n"}"#, Some(("3", true))),
        // It would add more than a value.
        (r#"{"llmModel":"gpt-5","smartCallback":"true, \"name\": \"x\""}"#, None),
        (r#"{"llmModel":"gpt-5","maxAttemptsForSmartCallback":"3}"}"#, None),
        (r#"{"llmModel":"gpt-5","maxAttemptsForSmartCallback":"-3"}"#, None),
        (r#"{"llmModel":"gpt-5","maxAttemptsForSmartCallback":"[3]"}"#, None),
        // Another model may be intended.
        (r#"{"llmModel":"gpt-6"}"#, Some((r#""gpt-5""#, false))),
        (r#"{"llmModel":"gemini-2.5-flash-exp"}"#, Some((r#""gemini-2.5-flash""#, false))),
        (r#"{"llmModel":"gpt-5","game":"chess"}"#, Some((r#""name""#, false))),
        (r#"{"llmModel":"claude-sonnet-4"}"#, None),
    ];
    for (text, expected) in cases {
        let report = report::<UpdateAgent>(text);
        let [violation] = report.violations().collect::<Vec<_>>()[..] else {
            panic!("expected one violation, found {report}")
        };
        let found = violation.suggestion().map(|suggestion| (suggestion.text.as_str(), suggestion.safe));
        assert_eq!(found, expected, "{text}");
    }
}

/// The check of a change takes time for each violation around it.
#[test]
fn nothing_is_safe_among_too_many_violations() {
    for (others, safe) in [(999, true), (1000, false)] {
        let others: String = (0..others).map(|index| format!("\"#{index}\": 0, ")).collect();
        let text = format!(r#"{{{others}"llmModel": "gpt-5", "nmae": "Support"}}"#);
        let report = Reader::new().suggest().check::<UpdateAgent>(&text);
        let suggestions: Vec<_> = report.violations().filter_map(|violation| violation.suggestion()).collect();
        let [Suggestion { text, safe: is_safe, .. }] = &suggestions[..] else { panic!("{suggestions:?}") };
        assert_eq!((text.as_str(), *is_safe), ("\"name\"", safe));
    }
}
