//! Realistic documents: the valid ones survive the round trip, and the invalid ones have exactly the violations in
//! `invalid.expected`, with every engine.
//!
//! Each line of that file is `FILE CODE POINTER LINE:COLUMN`, in the order of the report. The empty pointer is `""`.

use std::fmt;

use crate::util::{SchemaEngine, kept, read_fixture, violations};
use callagent::{Agent, Code, Document, Reader, Report, UpdateAgent, check, model::Type, read};
use callagent_testkit::is_same;
use schemars::JsonSchema;
use serde_json::Value;

#[test]
fn valid_requests() {
    are_valid::<UpdateAgent>("requests/valid");
}

#[test]
fn valid_responses() {
    are_valid::<Agent>("responses/valid");
}

#[test]
fn invalid_requests() {
    are_invalid::<UpdateAgent>("requests/invalid");
}

#[test]
fn invalid_responses() {
    are_invalid::<Agent>("responses/invalid");
}

/// The documents of a folder, by file name.
fn documents(folder: &str) -> Vec<(String, Vec<u8>)> {
    callagent_testkit::documents(folder).unwrap_or_else(|error| panic!("{error}"))
}

fn are_valid<T: Document + JsonSchema + PartialEq + fmt::Debug>(folder: &str) {
    let engine = SchemaEngine::new::<T>();
    for (file, text) in documents(folder) {
        let report = check::<T>(&text);
        assert!(report.is_valid(), "{file}: {report}");
        let model = read::<T>(&text).unwrap_or_else(|report| panic!("{file}: {report}"));
        assert_eq!(serde_json::from_slice::<T>(&text).as_ref().ok(), Some(&model), "{file}");
        let value: Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(Reader::new().read_value::<T>(&value).as_ref().ok(), Some(&model), "{file}");
        assert!(engine.violations(&value).is_empty(), "{file}: {:?}", engine.violations(&value));

        let once = serde_json::to_string(&model).expect("a document serialises");
        let back: Value = serde_json::from_str(&once).expect("JSON");
        let expected = kept(value, &Type::Object(T::OBJECT));
        assert!(is_same(&back, &expected), "{file} comes back as {back}");
        let twice = read::<T>(&once).map(|model| serde_json::to_string(&model).expect("a document serialises"));
        assert_eq!(twice.ok(), Some(once), "{file}");
    }
}

fn are_invalid<T: Document + JsonSchema>(folder: &str) {
    let engine = SchemaEngine::new::<T>();
    let mut found = Vec::new();
    for (file, text) in documents(folder) {
        let report = check::<T>(&text);
        found.extend(lines(&file, &report));
        assert!(!report.is_valid(), "{file}");
        assert_eq!(
            read::<T>(&text).err().map(|invalid| lines(&file, invalid.report())),
            Some(lines(&file, &report)),
            "{file}"
        );
        assert!(serde_json::from_slice::<T>(&text).is_err(), "{file}");

        // Values have no duplicate names, and text that is not JSON has no value.
        let of_text = |code| matches!(code, Code::MALFORMED | Code::DUPLICATE_FIELD);
        let violations = violations(&report);
        if !violations.iter().any(|(_, code)| of_text(*code)) {
            let value: Value = serde_json::from_slice(&text).expect("JSON");
            assert_eq!(crate::util::violations(&Reader::new().check_value::<T>(&value)), violations, "{file}");
            assert_eq!(engine.violations(&value), violations, "{file}");
        }
    }
    let list = format!("{folder}.expected");
    let expected = read_fixture(&list);
    let expected: Vec<_> = expected.lines().collect();
    let missing =
        expected.iter().filter(|line| !found.iter().any(|other| other == *line)).map(|line| format!("- {line}"));
    let unexpected = found.iter().filter(|line| !expected.contains(&line.as_str())).map(|line| format!("+ {line}"));
    let difference: Vec<_> = missing.chain(unexpected).collect();
    assert!(
        found == expected,
        "fixtures/{list} and the reports differ (-: expected, +: found; no such lines if only the order differs):\n{}\n\
         Fix the reader or, if the contract has changed, the list.",
        difference.join("\n"),
    );
}

/// The violations of a report in the format of the list.
fn lines(file: &str, report: &Report) -> Vec<String> {
    let line = |violation: callagent::Finding<'_>| {
        let location = violation.location().expect("a text has locations");
        let pointer = Some(violation.pointer()).filter(|pointer| !pointer.is_empty());
        let pointer = pointer.as_deref().unwrap_or("\"\"");
        format!("{file} {} {pointer} {}:{}", violation.code(), location.line, location.column)
    };
    report.violations().map(line).collect()
}
