//! Tests of comparisons.

mod apis;
mod cases;
mod edits;
mod fields;
mod keywords;
mod patterns;
mod schemas;

use serde_json::Value;

use crate::{Comparison, Direction, Document, Finding, Options, algebra::validator, rules};

const UPDATE: &str = include_str!("../../../../schemas/update-agent.schema.json");
const AGENT: &str = include_str!("../../../../schemas/agent.schema.json");

fn try_compare(old: &str, new: &str, direction: Direction) -> Result<Comparison, String> {
    let parse = |text| Document::parse(text).map_err(|error| error.to_string());
    crate::compare(&parse(old)?, &parse(new)?, &Options::new(direction)).map_err(|error| error.to_string())
}

#[track_caller]
fn compare(old: &str, new: &str, direction: Direction) -> Vec<Finding> {
    try_compare(old, new, direction).unwrap_or_else(|error| panic!("{error}\n{old}\n{new}")).findings
}

/// The names of the rules, and `undecided`.
fn names(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.name).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Checks the witnesses of a comparison of bare schemas.
#[track_caller]
fn check_witnesses(findings: &[Finding], old: &str, new: &str, direction: Direction) {
    if findings.iter().all(|finding| !finding.breaks && finding.witness.is_none()) {
        return;
    }
    let (writer, reader) = if direction == Direction::Request { (old, new) } else { (new, old) };
    let [writer, reader] = [writer, reader].map(|schema| validator(&parsed(schema)).expect("a schema"));
    for finding in findings {
        assert_eq!(finding.breaks, finding.witness.is_some(), "{}", finding.message);
        let Some(witness) = &finding.witness else { continue };
        assert!(writer.is_valid(witness) && !reader.is_valid(witness), "{}: {witness}", finding.message);
    }
}

const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];

#[test]
fn every_rule_fires_on_its_example_only_in_its_direction() {
    for (row, direction, rule) in rules::all() {
        let (old, new) = row.versions(direction);
        let findings = compare(old, new, direction);
        let is_of_rule = |finding: &&Finding| finding.rule == rule;
        let finding =
            findings.iter().find(is_of_rule).unwrap_or_else(|| panic!("{}: {:?}", rule.name, names(&findings)));
        assert!(finding.breaks && finding.witness.is_some() && finding.direction == Some(direction), "{}", rule.name);
        assert!(finding.message.starts_with(rule.title), "{}", finding.message);

        let back = compare(new, old, direction);
        assert!(!back.iter().any(|finding| finding.rule == rule), "{}", rule.name);
        if parsed(old).get("openapi").is_none() {
            assert_eq!(names(&findings), [rule.name]);
            assert_eq!(names(&back), [""; 0], "what {} forbids is allowed the other way round", rule.name);
            check_witnesses(&findings, old, new, direction);
        }
    }
}

#[test]
fn rule_names_are_unique() {
    let mut names: Vec<_> = rules::all().map(|(_, _, rule)| rule.name).chain([rules::UNDECIDED.name]).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn a_document_is_compatible_with_itself() {
    let examples = rules::all().flat_map(|(row, ..)| [row.subset, row.superset]);
    for document in [UPDATE, AGENT].into_iter().chain(examples) {
        for direction in DIRECTIONS {
            assert_eq!(names(&compare(document, document, direction)), [""; 0], "{document}");
        }
    }
}
