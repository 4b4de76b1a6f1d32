//! An answer to a vector, held against what is due.

use std::fmt::Display;

use crate::{
    engines::{Entries, Verdict, compare::is_same_text},
    vectors::{Apply, Case, Judge, Vector},
};

/// What is said of a vector.
#[derive(Debug)]
pub(crate) enum Answer {
    Judged(Verdict),
    /// The agent after an update, as it holds it and as a server sends it.
    Applied {
        after: String,
        sent: Option<String>,
    },
    /// It has no say in it.
    NotApplicable,
    /// There is no answer to use, and why.
    Broken(String),
}

/// What became of a vector.
pub(super) enum Outcome {
    Passed,
    /// With what was due and what was said.
    Failed(String),
    /// It failed, as written down.
    Expected,
    NotApplicable,
}

/// How much of a document is shown.
const SHOWN: usize = 1000;

pub(super) fn outcome(vector: &Vector, answer: Answer) -> Outcome {
    let wrong = match (&vector.case, answer) {
        (_, Answer::NotApplicable) => return Outcome::NotApplicable,
        (Case::Judge(due), Answer::Judged(verdict)) => judged(due, &verdict),
        (Case::Apply(due), Answer::Applied { after, sent }) => applied(due, &after, sent.as_deref()),
        (_, Answer::Broken(reason)) => vec![format!("      {reason}")],
        (Case::Judge(_), Answer::Applied { .. }) => vec!["      it answers with an agent; a verdict is due".to_owned()],
        (Case::Apply(_), Answer::Judged(_)) => vec!["      it answers with a verdict; an agent is due".to_owned()],
    };
    if wrong.is_empty() { Outcome::Passed } else { Outcome::Failed(wrong.join("\n")) }
}

/// What a vector asks, for people.
pub(super) fn shown(case: &Case) -> String {
    match case {
        Case::Judge(judge) => format!("    document: {}", cut(&String::from_utf8_lossy(&judge.text))),
        Case::Apply(apply) => format!("    agent: {}\n    update: {}", cut(&apply.agent), cut(&apply.update)),
    }
}

fn judged(due: &Judge, verdict: &Verdict) -> Vec<String> {
    let mut wrong = Vec::new();
    let valid = due.violations.is_empty();
    let word = |valid: bool| if valid { "valid" } else { "invalid" };
    if verdict.valid != valid {
        wrong.push(not("verdict", word(valid), word(verdict.valid)));
    }
    if !verdict.violations.agrees(&due.violations) {
        wrong.push(not("violations", Entries(&due.violations), &verdict.violations));
    }
    if !verdict.advisories.agrees(&due.advisories) {
        wrong.push(not("advisories", Entries(&due.advisories), &verdict.advisories));
    }
    if let (Some(due), Some(said)) = (due.offset, verdict.offset)
        && due != said
    {
        wrong.push(not("offset", due, said));
    }
    if let (Some(due), Some(said)) = (&due.output, &verdict.output)
        && !is_same_text(due, said)
    {
        wrong.push(not("output", due, said));
    }
    wrong
}

fn applied(due: &Apply, after: &str, sent: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    if !is_same_text(&due.after, after) {
        wrong.push(not("after", &due.after, after));
    }
    if let (Some(due), Some(sent)) = (due.sent.as_deref(), sent)
        && !is_same_text(due, sent)
    {
        wrong.push(not("sent", due, sent));
    }
    wrong
}

fn not(about: &str, due: impl Display, said: impl Display) -> String {
    format!("      {about}: {said}\n        instead of: {due}")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", text.get(..end).unwrap_or(text), text.len()),
        None => text.to_owned(),
    }
}
