//! The messages of findings.

use std::fmt;

use super::{
    escape::EscapeControl,
    findings::{Expected, Step},
};
use crate::model::{Code, Listing, Object};

/// The data of a finding's message.
pub(super) struct Message<'r> {
    pub(super) code: Code,
    /// The field or item that the finding is about; `None` for the document itself.
    pub(super) subject: Option<Step<'r>>,
    /// The object or array that contains it.
    pub(super) parent: Option<Step<'r>>,
    pub(super) expected: Expected,
    pub(super) found: Option<&'r str>,
}

/// The subject of a message: a field by its name, or an item by its index.
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
            Code::DUPLICATE_FIELD => self.field(out, "duplicate"),
            Code::MISSING_FIELD => {
                self.field(out, "missing")?;
                if let Expected::RequiredIf(due) = expected { write!(out, ": {due}") } else { Ok(()) }
            }
            Code::UNKNOWN_FIELD => {
                self.field(out, "unknown")?;
                if is_of_response(expected, self.subject) { out.write_str(": only responses have it") } else { Ok(()) }
            }
            Code::OUT_OF_RANGE => {
                write!(out, "{subject} is out of range: ")?;
                self.expected_found(out)
            }
            Code::WRONG_TYPE => {
                write!(out, "invalid type for {subject}: ")?;
                self.expected_found(out)
            }
            Code::UNKNOWN_VALUE => match self.found {
                Some(found) => write!(out, "unknown value {} for {subject}", EscapeControl(found)),
                None => write!(out, "unknown value for {subject}"),
            },
            code => write!(out, "{subject} {}", code.predicate()),
        }
    }
}

impl Message<'_> {
    /// Writes what is wrong with a field of an object.
    fn field(&self, out: &mut fmt::Formatter<'_>, problem: &str) -> fmt::Result {
        write!(out, "{problem} field {}", Subject(self.subject))?;
        if self.parent.is_some() { write!(out, " in {}", Subject(self.parent)) } else { Ok(()) }
    }

    /// Writes the expected type and the value found, unless that is a secret.
    fn expected_found(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expected {}", self.expected)?;
        let Some(found) = self.found else { return Ok(()) };
        write!(out, ", found {}", EscapeControl(found))
    }
}

/// Whether an unknown field of a request is a field of the response.
fn is_of_response(expected: Expected, step: Option<Step<'_>>) -> bool {
    match (expected, step) {
        (Expected::FieldOf(Object { response: Some(response), .. }), Some(Step::Name(name))) => {
            response.field(name).is_some()
        }
        _ => false,
    }
}

/// A note where the documented page is ambiguous and the contract is not.
pub(super) fn note(code: Code, expected: Expected, subject: Option<Step<'_>>) -> Option<&'static str> {
    match (code, expected) {
        (Code::UNKNOWN_FIELD, _) if is_of_response(expected, subject) => {
            Some("the service sets this field; a request cannot change it")
        }
        (Code::MISSING_FIELD, Expected::RequiredIf(due)) => due.note,
        _ => None,
    }
}

/// A noun phrase for the expected value; empty if there is no single one.
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
            Expected::Once => out.write_str("unique field names"),
            Expected::Json(_) => out.write_str("JSON (RFC 8259)"),
        }
    }
}
