//! The report on a whole document.

use std::{collections::HashSet, fmt, hash::RandomState};

use super::{
    finding::Finding,
    findings::{Entry, Findings},
    suggestion::Suggestion,
};
use crate::model::Code;

/// What the reader found in one document: its violations, and its advisories, which are never fatal.
///
/// Both are in the order of their places, then their codes, then their pointers. It owns all it shows, and never
/// holds a secret.
///
/// ```
/// let report = callagent::check::<callagent::UpdateAgent>(r#"{"llmModel": "gpt-6"}"#);
/// let violation = report.violations().next().expect("one violation");
/// assert_eq!(violation.code().as_str(), "unknown-value");
/// assert_eq!(violation.pointer(), "/llmModel");
/// assert_eq!(violation.found(), Some("\"gpt-6\""));
/// assert_eq!(violation.location().map(|place| (place.line, place.column)), Some((1, 14)));
/// ```
#[derive(Clone, Default)]
pub struct Report(Option<Box<Findings>>);

impl Report {
    /// The report of what was found, with the text that it was found in.
    pub(crate) fn new(mut findings: Box<Findings>, text: Option<&[u8]>) -> Self {
        findings.finish(text);
        Report(Some(findings))
    }

    /// Whether there is no violation.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.violation_count() == 0
    }

    /// Whether there were more violations or advisories than the reader was to keep.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        let Findings { violations, advisories, .. } = self.findings();
        [violations, advisories].iter().any(|list| list.kept < list.count)
    }

    /// Whether there is neither a violation nor an advisory.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.0.is_none()
    }

    /// What breaks the contract.
    #[must_use]
    pub fn violations(&self) -> impl ExactSizeIterator<Item = Finding<'_>> {
        let findings = self.findings();
        let of = move |(index, entry)| Finding { findings, entry, field: None, index: Some(index) };
        findings.violations.entries.iter().enumerate().map(of)
    }

    /// What the contract allows but is likely not meant.
    pub fn advisories(&self) -> impl Iterator<Item = Finding<'_>> {
        let findings = self.findings();
        let of = move |entry| Entry::fields(entry).map(move |field| Finding { findings, entry, field, index: None });
        findings.advisories.entries.iter().flat_map(of)
    }

    /// How many violations there were, kept or not.
    #[must_use]
    pub fn violation_count(&self) -> usize {
        self.findings().violations.count
    }

    /// How many advisories there were, kept or not.
    #[must_use]
    pub fn advisory_count(&self) -> usize {
        self.findings().advisories.count
    }

    /// The violation that stands at an offset and has one of these codes, with its number; there is one at most.
    pub(crate) fn violation_at(&self, offset: usize, codes: &[Code]) -> Option<(usize, Finding<'_>)> {
        let findings = self.findings();
        let first = findings.violations.entries.partition_point(|entry| entry.place.offset < offset);
        let here = findings.violations.entries.iter().enumerate().skip(first);
        let mut here = here.take_while(|(_, entry)| entry.place.offset == offset);
        let (index, entry) = here.find(|(_, entry)| codes.contains(&entry.code))?;
        Some((index, Finding { findings, entry, field: None, index: Some(index) }))
    }

    /// What tells violations apart, their codes and pointers, in little: there may be many with long pointers.
    pub(crate) fn fingerprints(&self, hasher: &RandomState) -> HashSet<(Code, u64)> {
        let findings = self.findings();
        let pointers = findings.pointer_hashes(hasher);
        let hash = |entry: &Entry| Some((entry.code, *pointers.get(entry.node.number())?));
        findings.violations.entries.iter().filter_map(hash).collect()
    }

    /// The same report with suggestions for violations, by their numbers in ascending order.
    pub(crate) fn with_suggestions(mut self, suggestions: Vec<(usize, Suggestion)>) -> Self {
        if let Some(findings) = &mut self.0 {
            findings.suggestions = suggestions;
        }
        self
    }

    fn findings(&self) -> &Findings {
        static NOTHING: Findings = Findings::NOTHING;
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

/// All violations, one after the other.
impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_valid() {
            return out.write_str("no violation");
        }
        for (index, violation) in self.violations().enumerate() {
            if index > 0 {
                out.write_str("; ")?;
            }
            violation.fmt(out)?;
        }
        match self.violation_count() - self.violations().len() {
            0 => Ok(()),
            left_out => write!(out, "; and {left_out} more"),
        }
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let violations: Vec<_> = self.violations().collect();
        let advisories: Vec<_> = self.advisories().collect();
        out.debug_struct("Report").field("violations", &violations).field("advisories", &advisories).finish()
    }
}
