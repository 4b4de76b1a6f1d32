//! The report on a whole document.

use std::{collections::HashSet, fmt};

use super::{
    finding::Finding,
    findings::{Entry, Findings},
    suggestion::Suggestion,
};
use crate::{json::NameHasher, model::Code};

/// The violations and advisories of a document. Advisories never make a document invalid.
///
/// Both are sorted by location, then by code, then by pointer. A report contains no secret. It serializes as
/// [`ReportDetails`](crate::ReportDetails).
///
/// ```
/// let report = callagent::check::<callagent::UpdateAgent>(r#"{"llmModel": "gpt-6"}"#);
/// let violation = report.violations().next().expect("one violation");
/// assert_eq!(violation.code().as_str(), "unknown-value");
/// assert_eq!(violation.pointer(), "/llmModel");
/// assert_eq!(violation.found(), Some("\"gpt-6\""));
/// assert_eq!(violation.location().map(|location| (location.line, location.column)), Some((1, 14)));
/// ```
#[derive(Clone, Default)]
pub struct Report(Option<Box<Findings>>);

impl Report {
    /// Creates a report from findings and the text that was read.
    pub(crate) fn new(mut findings: Box<Findings>, text: Option<&[u8]>) -> Self {
        findings.finish(text);
        Report(Some(findings))
    }

    /// Returns whether there are no violations.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.violation_count() == 0
    }

    /// Returns whether there are more violations or advisories than the limit of the reader.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        let Findings { violations, advisories, .. } = self.findings();
        [violations, advisories].iter().any(|list| list.kept < list.count)
    }

    /// Returns whether there are neither violations nor advisories.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the violations of the contract.
    #[must_use]
    pub fn violations(&self) -> impl ExactSizeIterator<Item = Finding<'_>> {
        let findings = self.findings();
        let of = move |(index, entry)| Finding { findings, entry, field: None, index: Some(index) };
        findings.violations.entries.iter().enumerate().map(of)
    }

    /// Returns the advisories: what the contract allows but is likely a mistake.
    pub fn advisories(&self) -> impl Iterator<Item = Finding<'_>> {
        let findings = self.findings();
        let of = move |entry| Entry::fields(entry).map(move |field| Finding { findings, entry, field, index: None });
        findings.advisories.entries.iter().flat_map(of)
    }

    /// Returns the total number of violations, kept or not.
    #[must_use]
    pub fn violation_count(&self) -> usize {
        self.findings().violations.count
    }

    /// Returns the total number of advisories, kept or not.
    #[must_use]
    pub fn advisory_count(&self) -> usize {
        self.findings().advisories.count
    }

    /// Returns the violation at an offset that has one of these codes, with its index. There is at most one.
    pub(crate) fn violation_at(&self, offset: usize, codes: &[Code]) -> Option<(usize, Finding<'_>)> {
        let findings = self.findings();
        let first = findings.violations.entries.partition_point(|entry| entry.location.span.offset < offset);
        let here = findings.violations.entries.iter().enumerate().skip(first);
        let mut here = here.take_while(|(_, entry)| entry.location.span.offset == offset);
        let (index, entry) = here.find(|(_, entry)| codes.contains(&entry.code))?;
        Some((index, Finding { findings, entry, field: None, index: Some(index) }))
    }

    /// Returns the codes of the violations with hashes of their pointers, since there may be many long pointers.
    pub(crate) fn fingerprints(&self, hasher: &NameHasher) -> HashSet<(Code, u64)> {
        let findings = self.findings();
        let pointers = findings.pointer_hashes(hasher);
        let hash = |entry: &Entry| Some((entry.code, *pointers.get(entry.node.number())?));
        findings.violations.entries.iter().filter_map(hash).collect()
    }

    /// Adds suggestions for violations, sorted by their indices.
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

/// Writes all violations, separated by semicolons.
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
