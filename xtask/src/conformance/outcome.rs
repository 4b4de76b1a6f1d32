//! The comparison of an answer to a vector with the expected result.

use std::fmt::Display;

use crate::{
    engines::{Entries, Verdict, compare::is_same_text},
    vectors::{Apply, Case, Check, Vector},
};

/// An answer to a vector.
#[derive(Debug)]
pub(crate) enum Answer {
    Verdict(Verdict),
    /// The agent after an update, as it holds it and as a server sends it.
    Applied {
        after: String,
        sent: Option<String>,
    },
    /// The vector does not apply to it.
    NotApplicable,
    /// There is no valid answer, for this reason.
    Broken(String),
}

/// The outcome of a vector.
pub(super) enum Outcome {
    Passed,
    /// With the expected and actual results.
    Failed(String),
    /// Failed as expected.
    Expected,
    NotApplicable,
}

/// The number of characters shown of a document.
const SHOWN: usize = 1000;

pub(super) fn outcome(vector: &Vector, answer: Answer) -> Outcome {
    let wrong = match (&vector.case, answer) {
        (_, Answer::NotApplicable) => return Outcome::NotApplicable,
        (Case::Check(expected), Answer::Verdict(verdict)) => checked(expected, &verdict),
        (Case::Apply(expected), Answer::Applied { after, sent }) => applied(expected, &after, sent.as_deref()),
        (_, Answer::Broken(reason)) => vec![format!("      {reason}")],
        (Case::Check(_), Answer::Applied { .. }) => vec!["      expected a verdict, found an agent".to_owned()],
        (Case::Apply(_), Answer::Verdict(_)) => vec!["      expected an agent, found a verdict".to_owned()],
    };
    if wrong.is_empty() { Outcome::Passed } else { Outcome::Failed(wrong.join("\n")) }
}

/// Formats the input of a vector.
pub(super) fn shown(case: &Case) -> String {
    match case {
        Case::Check(check) => format!("    document: {}", cut(&String::from_utf8_lossy(&check.text))),
        Case::Apply(apply) => format!("    agent: {}\n    update: {}", cut(&apply.agent), cut(&apply.update)),
    }
}

fn checked(expected: &Check, verdict: &Verdict) -> Vec<String> {
    let mut wrong = Vec::new();
    let valid = expected.violations.is_empty();
    let name = |valid: bool| if valid { "valid" } else { "invalid" };
    if verdict.valid != valid {
        wrong.push(not("verdict", name(valid), name(verdict.valid)));
    }
    if !verdict.violations.agrees(&expected.violations) {
        wrong.push(not("violations", Entries(&expected.violations), &verdict.violations));
    }
    if !verdict.advisories.agrees(&expected.advisories) {
        wrong.push(not("advisories", Entries(&expected.advisories), &verdict.advisories));
    }
    if let (Some(expected), Some(found)) = (expected.offset, verdict.offset)
        && expected != found
    {
        wrong.push(not("offset", expected, found));
    }
    if let (Some(expected), Some(found)) = (&expected.output, &verdict.output)
        && !is_same_text(expected, found)
    {
        wrong.push(not("output", expected, found));
    }
    wrong
}

fn applied(expected: &Apply, after: &str, sent: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    if !is_same_text(&expected.after, after) {
        wrong.push(not("after", &expected.after, after));
    }
    if let (Some(expected), Some(sent)) = (expected.sent.as_deref(), sent)
        && !is_same_text(expected, sent)
    {
        wrong.push(not("sent", expected, sent));
    }
    wrong
}

fn not(about: &str, expected: impl Display, found: impl Display) -> String {
    format!("      {about}: expected {expected}\n        found {found}")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", text.get(..end).unwrap_or(text), text.len()),
        None => text.to_owned(),
    }
}
