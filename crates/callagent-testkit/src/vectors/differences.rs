//! The comparison of results with a vector.

use std::fmt::Display;

use super::{Apply, Check};
use crate::{
    engines::{Entries, Verdict},
    is_same_text,
};

impl Check {
    /// Returns the differences of a verdict from the expected one.
    #[must_use]
    pub fn differences(&self, verdict: &Verdict) -> Vec<String> {
        let mut wrong = Vec::new();
        let valid = self.violations.is_empty();
        let name = |valid: bool| if valid { "valid" } else { "invalid" };
        if verdict.valid != valid {
            wrong.push(not("verdict", name(valid), name(verdict.valid)));
        }
        if !verdict.violations.agrees(&self.violations) {
            wrong.push(not("violations", Entries(&self.violations), &verdict.violations));
        }
        if !verdict.advisories.agrees(&self.advisories) {
            wrong.push(not("advisories", Entries(&self.advisories), &verdict.advisories));
        }
        match (self.offset, verdict.offset) {
            (Some(expected), Some(found)) if expected != found => wrong.push(not("offset", expected, found)),
            _ => {}
        }
        if let (Some(expected), Some(found)) = (&self.output, &verdict.output) {
            wrong.extend(texts("output", expected, found));
        }
        wrong
    }
}

impl Apply {
    /// Returns the differences of an agent after the update, and of a response, from the expected ones.
    #[must_use]
    pub fn differences(&self, after: &str, sent: Option<&str>) -> Vec<String> {
        let mut wrong = texts("after", &self.after, after);
        if let (Some(expected), Some(sent)) = (&self.sent, sent) {
            wrong.extend(texts("sent", expected, sent));
        }
        wrong
    }
}

fn texts(about: &str, expected: &str, found: &str) -> Vec<String> {
    if is_same_text(expected, found) { Vec::new() } else { vec![not(about, expected, found)] }
}

fn not(about: &str, expected: impl Display, found: impl Display) -> String {
    format!("      {about}: expected {expected}\n        found {found}")
}
