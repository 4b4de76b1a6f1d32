//! The report on a document: every violation and advisory, with its code, pointer, place, and what would be right.

mod entries;
mod message;
mod suggestion;

use std::{
    collections::HashSet,
    fmt::{self, Write as _},
    hash::RandomState,
};

use crate::model::{Code, Field, Object};
use entries::Entry;
pub(crate) use entries::{Expected, FieldSet, Findings, NodeId, Section, Step};
pub use message::Printable;
pub use suggestion::Suggestion;

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
/// assert_eq!(violation.place().map(|place| (place.line, place.column)), Some((1, 14)));
/// ```
#[derive(Clone, Default)]
pub struct Report(Option<Box<Findings>>);

/// One violation or advisory of a [`Report`].
#[derive(Clone, Copy)]
pub struct Finding<'r> {
    findings: &'r Findings,
    entry: &'r Entry,
    /// The field below the entry's node that it is about, where the entry stands for several.
    field: Option<&'static Field>,
    /// The violation's number in the report.
    index: Option<usize>,
}

/// Where something stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The first byte, from 0.
    pub offset: usize,
    /// How many bytes; 0 at the end of the text.
    pub length: usize,
    /// The line, from 1; a line ends at LF.
    pub line: usize,
    /// The column, from 1, in Unicode code points.
    pub column: usize,
}

/// A message that is no longer is written without growing.
const USUAL_MESSAGE: usize = 96;

impl Report {
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

impl<'r> Finding<'r> {
    /// What kind of violation or advisory it is.
    #[must_use]
    pub fn code(&self) -> Code {
        self.entry.code
    }

    /// The JSON Pointer (RFC 6901) of the value or field; empty for the whole document.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut pointer = self.findings.pointer(self.entry.node);
        if let Some(field) = self.field {
            Step::Field(field).write_token(&mut pointer);
        }
        pointer
    }

    /// Where it stands in the text; `None` if the document was not read from text.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.findings.placed.then_some(self.entry.place)
    }

    /// What was found, in its JSON spelling, cut at 60 characters; `None` where there is nothing to show or it is a
    /// secret.
    #[must_use]
    pub fn found(&self) -> Option<&'r str> {
        self.findings.found(self.entry)
    }

    /// What would be right, as a noun; `None` where nothing definite would.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        Some(self.right().to_string()).filter(|noun| !noun.is_empty())
    }

    /// What the contract settles here, where the documented page leaves a doubt.
    #[must_use]
    pub fn note(&self) -> Option<&'static str> {
        message::note(*self)
    }

    /// What to put in its place, where that is plain and the reader was asked for it by
    /// [`Reader::suggest`](crate::Reader::suggest).
    #[must_use]
    pub fn suggestion(&self) -> Option<&'r Suggestion> {
        let suggestions = &self.findings.suggestions;
        let found = suggestions.binary_search_by_key(&self.index?, |(index, _)| *index).ok()?;
        suggestions.get(found).map(|(_, suggestion)| suggestion)
    }

    /// What the contract says of the object that the field belongs to, in a document of the declaration `root`.
    pub(crate) fn holder(&self, root: &'static Object) -> Option<&'static Object> {
        self.findings.holder(root, self.entry.node)
    }

    pub(crate) fn right(&self) -> Expected {
        match (self.entry.expected, self.field) {
            (Expected::Fields(..), Some(field)) => Expected::Type(field.accepted()),
            (expected, _) => expected,
        }
    }

    /// The last step to what it is about; `None` for the document itself.
    fn subject(&self) -> Option<Step<'r>> {
        match self.field {
            Some(field) => Some(Step::Field(field)),
            None => self.findings.last_step(self.entry.node).map(|(_, step)| step),
        }
    }

    /// What is wrong, as a sentence of one line, in which control characters of the document are spelled out. A list of
    /// words or fields that would be right is left to [`Finding::expected`].
    #[must_use]
    pub fn message(&self) -> String {
        let mut message = String::with_capacity(USUAL_MESSAGE);
        // Writing to a `String` cannot fail.
        let _: fmt::Result = write!(message, "{}", message::Message(*self));
        message
    }
}

/// The pointer, the message, and what it leaves out of what would be right.
impl fmt::Display for Finding<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = self.pointer();
        if !pointer.is_empty() {
            write!(out, "{}: ", Printable(&pointer))?;
        }
        message::Message(*self).fmt(out)?;
        match self.code() {
            Code::UNKNOWN_FIELD | Code::UNKNOWN_VALUE => write!(out, "; it must be {}", self.right()),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Finding<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {self}", self.code())
    }
}

/// All violations, one after the other.
impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_valid() {
            return out.write_str("no violation");
        }
        for (index, violation) in self.violations().enumerate() {
            write!(out, "{}{violation}", if index == 0 { "" } else { "; " })?;
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

impl std::error::Error for Report {}
