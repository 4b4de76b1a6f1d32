//! The words of reports: what a finding says to people.

use std::fmt;

use super::{
    escape::EscapeControl,
    findings::{Expected, Step},
};
use crate::model::{Code, Listing, Object, Type};

/// A finding's sentence.
pub(super) struct Message<'r> {
    pub(super) code: Code,
    /// What it is about; `None` for the document itself.
    pub(super) subject: Option<Step<'r>>,
    /// The object or list that this is in.
    pub(super) parent: Option<Step<'r>>,
    pub(super) expected: Expected,
    pub(super) found: Option<&'r str>,
}

/// What a finding is about: a field by its name, an item by its number.
struct Subject<'s>(Option<Step<'s>>);

impl fmt::Display for Subject<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => out.write_str("the document"),
            Some(Step::Field(field)) => {
                out.write_str("`")?;
                out.write_str(field.name)?;
                out.write_str("`")
            }
            Some(Step::Name(name)) => write!(out, "`{}`", EscapeControl(name)),
            Some(Step::Index(index)) => write!(out, "item {index}"),
        }
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (subject, expected) = (Subject(self.subject), self.expected);
        match self.code {
            Code::MALFORMED => match expected {
                Expected::Json(reason) => reason.fmt(out),
                _ => Ok(()),
            },
            Code::MISSING_FIELD => match expected {
                Expected::RequiredIf(due) => write!(out, "{subject} {due}"),
                Expected::Type(Type::Enum(_)) => write!(out, "{subject} is required"),
                _ => write!(out, "{subject} is required; it must be {expected}"),
            },
            Code::UNKNOWN_FIELD => unknown_field(out, &subject, &Subject(self.parent), expected),
            Code::OUT_OF_RANGE | Code::WRONG_TYPE => {
                subject.fmt(out)?;
                out.write_str(" must be ")?;
                expected.fmt(out)?;
                let Some(found) = self.found else { return Ok(()) };
                out.write_str(", not ")?;
                EscapeControl(found).fmt(out)
            }
            Code::UNKNOWN_VALUE => {
                let found = EscapeControl(self.found.unwrap_or("the word"));
                write!(out, "{found} is not one of the words that the contract lists for {subject}")
            }
            code => write!(out, "{subject} {}", code.predicate()),
        }
    }
}

fn unknown_field(
    out: &mut fmt::Formatter<'_>,
    subject: &Subject<'_>,
    parent: &Subject<'_>,
    expected: Expected,
) -> fmt::Result {
    let parent = if parent.0.is_none() { "a request".to_owned() } else { format!("{parent} in a request") };
    write!(out, "{subject} is not a field of {parent}")?;
    if is_of_response(expected, subject.0) { out.write_str("; it is a field of the response") } else { Ok(()) }
}

/// Whether a field that a request does not have is one of the response's.
fn is_of_response(expected: Expected, step: Option<Step<'_>>) -> bool {
    match (expected, step) {
        (Expected::FieldOf(Object { response: Some(response), .. }), Some(Step::Name(name))) => {
            response.field(name).is_some()
        }
        _ => false,
    }
}

/// What the contract settles, where the documented page leaves a doubt.
pub(super) fn note(code: Code, expected: Expected, subject: Option<Step<'_>>) -> Option<&'static str> {
    match (code, expected) {
        (Code::UNKNOWN_FIELD, _) if is_of_response(expected, subject) => {
            Some("the service answers with this field; a request cannot set it")
        }
        (Code::MISSING_FIELD, Expected::RequiredIf(due)) => due.note,
        _ => None,
    }
}

/// What would be right, as a noun; empty where nothing definite would.
impl fmt::Display for Expected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Nothing | Expected::Fields(..) => Ok(()),
            Expected::Type(r#type) => r#type.fmt(out),
            Expected::FieldOf(object) => {
                out.write_str("one of ")?;
                Listing(object.fields.iter().map(|field| field.name)).fmt(out)
            }
            Expected::RequiredIf(due) => out.write_str(&due.expected()),
            Expected::Once => out.write_str("each name once"),
            Expected::Json(_) => out.write_str("JSON (RFC 8259)"),
        }
    }
}
