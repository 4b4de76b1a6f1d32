//! The comparison of a response to a vector with the expected result.

use callagent_testkit::{
    engines::Verdict,
    vectors::{Case, Vector},
};

/// A response to a vector.
#[derive(Debug)]
pub(crate) enum Response {
    Verdict(Verdict),
    /// The agent after an update, as it holds it and as a server sends it.
    Applied {
        after: String,
        sent: Option<String>,
    },
    /// The vector does not apply to it.
    NotApplicable,
    /// There is no valid response, for this reason.
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

pub(super) fn outcome(vector: &Vector, response: Response) -> Outcome {
    let wrong = match (&vector.case, response) {
        (_, Response::NotApplicable) => return Outcome::NotApplicable,
        (Case::Check(expected), Response::Verdict(verdict)) => expected.differences(&verdict),
        (Case::Apply(expected), Response::Applied { after, sent }) => expected.differences(&after, sent.as_deref()),
        (_, Response::Broken(reason)) => vec![format!("      {reason}")],
        (Case::Check(_), Response::Applied { .. }) => vec!["      expected a verdict, found an agent".to_owned()],
        (Case::Apply(_), Response::Verdict(_)) => vec!["      expected an agent, found a verdict".to_owned()],
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

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", text.get(..end).unwrap_or(text), text.len()),
        None => text.to_owned(),
    }
}
