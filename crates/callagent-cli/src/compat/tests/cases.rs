//! The pairs of versions in `fixtures/compat`, with their expected verdicts.

use std::time::Duration;

use serde_json::Value;

use super::{DIRECTIONS, check_witnesses, names, parsed, text};
use crate::{
    Direction,
    compat::{
        self,
        report::{Report, Verdict},
    },
};

const CASES: [&str; 2] = [
    include_str!("../../../../../fixtures/compat/cases.json"),
    include_str!("../../../../../fixtures/compat/edges.json"),
];

/// The exit status for a pair, and the names of its findings.
pub(super) fn status(old: &Value, new: &Value, direction: Direction) -> (u64, String) {
    let read = |name: &str, value: &Value| text(name, &value.to_string()).expect("a document");
    let (old, new) = (read("old.json", old), read("new.json", new));
    match compat::compare(&old, &new, direction) {
        Err(failure) => (2, failure.to_string()),
        Ok(findings) => {
            let report = Report { old: &old, new: &new, findings: &findings, time: Duration::ZERO };
            let status = match report.verdict() {
                Verdict::Compatible => 0,
                Verdict::Incompatible => 1,
                Verdict::Undecided => 2,
            };
            if old.value.get("openapi").is_none() {
                check_witnesses(&findings, &old.value.to_string(), &new.value.to_string(), direction);
            }
            (status, names(&findings).join(", "))
        }
    }
}

#[test]
fn every_pair_has_a_right_status() {
    let cases = CASES.map(parsed);
    let mut wrong = Vec::new();
    for case in cases.iter().filter_map(Value::as_array).flatten() {
        let directions = match case["as"].as_str() {
            Some("agent") => vec![Direction::Agent],
            Some("update") => vec![Direction::Update],
            _ => DIRECTIONS.to_vec(),
        };
        for direction in directions {
            let (status, found) = status(&case["old"], &case["new"], direction);
            if !case["exit"].as_array().expect("statuses").contains(&status.into()) {
                wrong.push(format!("{}: {status}, expected {}: {found}", case["id"], case["exit"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
