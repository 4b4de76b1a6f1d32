//! What a comparison takes and returns.

use serde_json::Value;

use crate::{direction::Direction, document::Location, rules::Rule};

/// Options of a comparison.
#[derive(Clone, Copy)]
pub struct Options<'p> {
    pub(crate) direction: Direction,
    pub(crate) progress: Option<&'p dyn Fn(usize, usize)>,
}

impl<'p> Options<'p> {
    /// Returns the options for documents of a direction. OpenAPI documents describe both directions and ignore it.
    #[must_use]
    pub const fn new(direction: Direction) -> Self {
        Options { direction, progress: None }
    }

    /// Calls a function with the number of compared parts, and that of all parts found so far.
    #[must_use]
    pub const fn progress(self, progress: &'p dyn Fn(usize, usize)) -> Self {
        Options { progress: Some(progress), ..self }
    }
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub(crate) findings: Vec<Finding>,
}

/// The summary of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing breaks.
    Compatible,
    /// No break was found, but compatibility is not proven.
    Undecided,
    /// Something breaks.
    Incompatible,
}

impl Comparison {
    /// Returns the findings: breaking changes first, each kind in the order of the new version.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns the summary.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.findings.as_slice() {
            [] => Verdict::Compatible,
            findings if findings.iter().any(|finding| finding.breaks) => Verdict::Incompatible,
            _ => Verdict::Undecided,
        }
    }
}

/// A breaking or undecided change.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule, or [`UNDECIDED`](crate::rules::UNDECIDED).
    pub rule: &'static Rule,
    /// Whether the change breaks something. Otherwise it is undecided.
    pub breaks: bool,
    /// The documents that it concerns. Absent if it concerns those of both directions.
    pub direction: Option<Direction>,
    /// The request or response, in an OpenAPI document.
    pub exchange: Option<String>,
    /// The JSON Pointer in the new version.
    pub pointer: String,
    /// The location in the text of the new version.
    pub location: Location,
    /// The affected part of documents, as a JSON Pointer.
    pub at: String,
    /// The change.
    pub message: String,
    /// A document that one version accepts and the other rejects. Every break has one, but the total size in a
    /// comparison is limited.
    pub witness: Option<Value>,
}
