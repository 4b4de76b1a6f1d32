//! One violation or advisory of a report.

use std::fmt::{self, Write as _};

use super::{
    escape::EscapeControl,
    findings::{Entry, Expected, Findings, Step},
    location::Location,
    message::{self, Message},
    suggestion::Suggestion,
};
use crate::{
    json::Span,
    model::{Code, Field, Object},
};

/// One violation or advisory of a [`Report`](crate::Report).
#[derive(Clone, Copy)]
pub struct Finding<'r> {
    pub(super) findings: &'r Findings,
    pub(super) entry: &'r Entry,
    /// The field of the object at the entry's node, if the entry covers several fields.
    pub(super) field: Option<&'static Field>,
    /// The index of the violation in the report.
    pub(super) index: Option<usize>,
}

/// The initial capacity of a message.
const USUAL_MESSAGE: usize = 96;

impl<'r> Finding<'r> {
    /// Returns the kind of violation or advisory.
    #[must_use]
    pub fn code(&self) -> Code {
        self.entry.code
    }

    /// Returns the JSON Pointer (RFC 6901) of the value or field; empty for the whole document.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut pointer = self.findings.pointer(self.entry.node);
        if let Some(field) = self.field {
            Step::Field(field).write_token(&mut pointer);
        }
        pointer
    }

    /// Returns the bytes of the value or name in the text; `None` if the document was not read from text.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.location().map(|location| location.span)
    }

    /// Returns the location in the text; `None` if the document was not read from text.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.findings.is_located.then_some(self.entry.location)
    }

    /// Returns what was found, as written in the text and cut at 60 characters; `None` if there is nothing to show or it
    /// is a secret.
    #[must_use]
    pub fn found(&self) -> Option<&'r str> {
        self.findings.found(self.entry)
    }

    /// Returns what was expected, as a noun phrase; `None` if nothing specific was.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        Some(self.expectation().to_string()).filter(|noun| !noun.is_empty())
    }

    /// Returns how the contract resolves an ambiguity of the documented page here.
    #[must_use]
    pub fn note(&self) -> Option<&'static str> {
        message::note(self.code(), self.expectation(), self.subject())
    }

    /// Returns the suggested fix, if there is an obvious one and [`Reader::suggest`](crate::Reader::suggest) is on.
    #[must_use]
    pub fn suggestion(&self) -> Option<&'r Suggestion> {
        let suggestions = &self.findings.suggestions;
        let found = suggestions.binary_search_by_key(&self.index?, |(index, _)| *index).ok()?;
        suggestions.get(found).map(|(_, suggestion)| suggestion)
    }

    /// Returns the model of the object that the field belongs to, in a document of the object `root`.
    pub(crate) fn parent(&self, root: &'static Object) -> Option<&'static Object> {
        self.findings.parent(root, self.entry.node)
    }

    pub(crate) fn expectation(&self) -> Expected {
        match (self.entry.expected, self.field) {
            (Expected::Fields(..), Some(field)) => Expected::Type(field.accepted()),
            (expected, _) => expected,
        }
    }

    /// Returns the last step of the path to the value or field; `None` for the document itself.
    fn subject(&self) -> Option<Step<'r>> {
        match self.field {
            Some(field) => Some(Step::Field(field)),
            None => self.findings.last_step(self.entry.node).map(|(_, step)| step),
        }
    }

    fn sentence(&self) -> Message<'r> {
        let parent = self.findings.last_step(self.entry.node).and_then(|(parent, _)| self.findings.last_step(parent));
        Message {
            code: self.code(),
            subject: self.subject(),
            parent: parent.map(|(_, step)| step),
            expected: self.expectation(),
            found: self.found(),
        }
    }

    /// Returns the message, a single line in which control characters of the document are escaped. It does not list the
    /// expected values or fields; see [`Finding::expected`].
    #[must_use]
    pub fn message(&self) -> String {
        let mut message = String::with_capacity(USUAL_MESSAGE);
        // Writing to a `String` cannot fail.
        let _: fmt::Result = write!(message, "{}", self.sentence());
        message
    }
}

impl Finding<'_> {
    /// Returns the pointer and the message, on one line.
    pub(crate) fn subject_and_message(&self) -> String {
        let pointer = self.pointer();
        let colon = if pointer.is_empty() { "" } else { ": " };
        format!("{}{colon}{}", EscapeControl(&pointer), self.sentence())
    }
}

/// Writes the pointer and the message, and the expected values or fields that the message omits.
impl fmt::Display for Finding<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = self.pointer();
        if !pointer.is_empty() {
            EscapeControl(&pointer).fmt(out)?;
            out.write_str(": ")?;
        }
        self.sentence().fmt(out)?;
        match self.code() {
            Code::UNKNOWN_FIELD | Code::UNKNOWN_VALUE => {
                out.write_str("; expected ")?;
                self.expectation().fmt(out)
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Finding<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {self}", self.code())
    }
}
