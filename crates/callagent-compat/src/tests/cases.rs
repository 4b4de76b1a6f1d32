//! The pairs of versions in `fixtures/compat`, with their expected verdicts.

use serde_json::Value;

use super::{DIRECTIONS, check_witnesses, names, parsed, try_compare};
use crate::{Direction, Verdict};

const CASES: [&str; 2] =
    [include_str!("../../../../fixtures/compat/cases.json"), include_str!("../../../../fixtures/compat/edges.json")];

/// The exit status for a pair, and the names of its findings.
pub(super) fn status(old: &Value, new: &Value, direction: Direction) -> (u64, String) {
    let (old_text, new_text) = (old.to_string(), new.to_string());
    match try_compare(&old_text, &new_text, direction) {
        Err(error) => (2, error),
        Ok(comparison) => {
            let status = match comparison.verdict() {
                Verdict::Compatible => 0,
                Verdict::Incompatible => 1,
                Verdict::Undecided => 2,
            };
            if old.get("openapi").is_none() {
                check_witnesses(comparison.findings(), &old_text, &new_text, direction);
            }
            (status, names(comparison.findings()).join(", "))
        }
    }
}

#[test]
fn every_pair_has_a_right_status() {
    let cases = CASES.map(parsed);
    let mut wrong = Vec::new();
    for case in cases.iter().filter_map(Value::as_array).flatten() {
        let directions = match case["as"].as_str() {
            Some("agent") => vec![Direction::Response],
            Some("update") => vec![Direction::Request],
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
