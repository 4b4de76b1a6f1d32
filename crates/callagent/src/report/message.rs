//! The words of reports: what a finding says to people.

use std::fmt::{self, Write as _};

use super::{
    Finding,
    entries::{Expected, Step},
};
use crate::model::{Code, Listing, Object, Type};

/// A finding's sentence.
pub(super) struct Message<'r>(pub(super) Finding<'r>);

/// What a finding is about: a field by its name, an item by its number.
struct Subject<'s>(Option<Step<'s>>);

/// A text of a document as it may stand in a line for people, such as a log's, which it must not end, colour or turn
/// around: characters that could are spelled as JSON spells them. Sentences of reports have texts so; a pointer or what
/// was found is the text itself.
///
/// ```
/// assert_eq!(callagent::Printable("/a\nb").to_string(), r"/a\u000ab");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Printable<'t>(pub &'t str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_spelled = |character: char| {
            let turns_text = matches!(
                character,
                '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            );
            character.is_control() || turns_text
        };
        if !self.0.contains(is_spelled) {
            return out.write_str(self.0);
        }
        self.0.chars().try_for_each(|character| match character {
            _ if is_spelled(character) => write!(out, "\\u{:04x}", u32::from(character)),
            _ => out.write_char(character),
        })
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => out.write_str("the document"),
            Some(Step::Field(field)) => write!(out, "`{}`", field.name),
            Some(Step::Name(name)) => write!(out, "`{}`", Printable(name)),
            Some(Step::Index(index)) => write!(out, "item {index}"),
        }
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let finding = self.0;
        let (findings, entry) = (finding.findings, finding.entry);
        let subject = Subject(finding.subject());
        let expected = finding.right();
        match entry.code {
            Code::MALFORMED => match expected {
                Expected::Json(reason) => reason.fmt(out),
                _ => Ok(()),
            },
            Code::MISSING_FIELD => match expected {
                Expected::Due(due) => write!(out, "{subject} {due}"),
                Expected::Type(Type::Word(_)) => write!(out, "{subject} is required"),
                _ => write!(out, "{subject} is required; it must be {expected}"),
            },
            Code::UNKNOWN_FIELD => {
                let holder = findings.last_step(entry.node).and_then(|(parent, _)| findings.last_step(parent));
                unknown_field(out, &subject, &Subject(holder.map(|(_, step)| step)), expected)
            }
            Code::OUT_OF_RANGE | Code::WRONG_TYPE => {
                write!(out, "{subject} must be {expected}")?;
                findings.found(entry).map_or(Ok(()), |found| write!(out, ", not {}", Printable(found)))
            }
            Code::UNKNOWN_VALUE => {
                let found = findings.found(entry).unwrap_or("the word");
                let found = Printable(found);
                write!(out, "{found} is not one of the words that the contract lists for {subject}")
            }
            code => write!(out, "{subject} {}", code.predicate()),
        }
    }
}

fn unknown_field(
    out: &mut fmt::Formatter<'_>,
    subject: &Subject<'_>,
    holder: &Subject<'_>,
    expected: Expected,
) -> fmt::Result {
    let holder = if holder.0.is_none() { "a request".to_owned() } else { format!("{holder} in a request") };
    write!(out, "{subject} is not a field of {holder}")?;
    if is_of_response(expected, subject.0) { out.write_str("; it is a field of the response") } else { Ok(()) }
}

/// Whether a field that a request does not have is one of the response's.
fn is_of_response(expected: Expected, step: Option<Step<'_>>) -> bool {
    match (expected, step) {
        (Expected::FieldOf(Object { answer: Some(answer), .. }), Some(Step::Name(name))) => {
            answer.field(name).is_some()
        }
        _ => false,
    }
}

/// What the contract settles, where the documented page leaves a doubt.
pub(super) fn note(finding: Finding<'_>) -> Option<&'static str> {
    match (finding.code(), finding.right()) {
        (Code::UNKNOWN_FIELD, expected) if is_of_response(expected, finding.subject()) => {
            Some("the service answers with this field; a request cannot set it")
        }
        (Code::MISSING_FIELD, Expected::Due(due)) => due.note,
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
                write!(out, "one of {}", Listing(object.fields.iter().map(|field| field.name)))
            }
            Expected::Due(due) => out.write_str(&due.expected()),
            Expected::Once => out.write_str("each name once"),
            Expected::Json(_) => out.write_str("JSON (RFC 8259)"),
        }
    }
}
