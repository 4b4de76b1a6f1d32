//! The words of reports: what a finding says to people.

use std::fmt::{self, Write as _};

use super::{
    Code, Finding,
    entries::{Expected, Step},
};
use crate::{
    declaration::{Listing, Object, Type},
    read::{MAX_DEPTH, Reason},
};

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
            Code::Malformed => match expected {
                Expected::Json(reason) => reason.fmt(out),
                _ => Ok(()),
            },
            Code::DuplicateField => write!(out, "{subject} stands here again; a name may stand once in an object"),
            Code::MissingField => match expected {
                Expected::Due(due) => write!(out, "{subject} {due}"),
                Expected::Type(Type::Word(_)) => write!(out, "{subject} is required"),
                _ => write!(out, "{subject} is required; it must be {expected}"),
            },
            Code::UnknownField => {
                let holder = findings.last_step(entry.node).and_then(|(parent, _)| findings.last_step(parent));
                unknown_field(out, &subject, &Subject(holder.map(|(_, step)| step)), expected)
            }
            Code::OutOfRange | Code::WrongType => {
                write!(out, "{subject} must be {expected}")?;
                findings.found(entry).map_or(Ok(()), |found| write!(out, ", not {}", Printable(found)))
            }
            Code::UnknownValue => {
                let found = findings.found(entry).unwrap_or("the word");
                let found = Printable(found);
                write!(out, "{found} is not one of the words that the contract lists for {subject}")
            }
            Code::AbsentField => write!(out, "{subject} is documented, but not given"),
            Code::BlankName => write!(out, "{subject} is blank"),
            Code::CallbackOff => {
                write!(out, "{subject} is switched off, so the attempts and gaps given have no effect")
            }
            Code::GapCount => write!(out, "{subject} does not hold as many gaps as there are attempts"),
            Code::KeyDisclosed => write!(out, "{subject} is shown beside a provider that has no use for it"),
            Code::KeyUnused => write!(out, "{subject} is given beside a provider that has no use for it"),
            Code::LanguageTag => {
                write!(out, "{subject} is not a well-formed language tag (BCP 47), such as `en` or `fr-CA`")
            }
            Code::RepeatedPhoneNumber => write!(out, "{subject} stands in the list already"),
            Code::Timestamp => write!(out, "{subject} is not a date-time of RFC 3339, such as `2025-01-31T09:30:00Z`"),
            Code::ZeroGap => write!(out, "{subject} waits no time at all"),
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
        (Code::UnknownField, expected) if is_of_response(expected, finding.subject()) => {
            Some("the service answers with this field; a request cannot set it")
        }
        (Code::MissingField, Expected::Due(_)) => {
            Some("every update to this provider carries the key; null removes a key only on leaving the provider")
        }
        _ => None,
    }
}

impl Expected {
    /// The same in a response, which may hold any word.
    pub(crate) fn of_response(self) -> Self {
        match self {
            Expected::Type(Type::Word(_)) => Expected::Type(&Type::Text),
            other => other,
        }
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
            Expected::Due(_) => out.write_str("a string that is not empty"),
            Expected::Once => out.write_str("each name once"),
            Expected::Json(_) => out.write_str("JSON (RFC 8259)"),
        }
    }
}

/// Why a text is not JSON, as a sentence that never repeats the text.
impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Reason::Depth => return write!(out, "objects and arrays are nested more than {MAX_DEPTH} deep"),
            Reason::Empty => "the text is empty; a JSON value is due",
            Reason::Ended => "the text ends before its JSON value does",
            Reason::Value => "a JSON value is due here: an object, an array, a string, a number, true, false or null",
            Reason::Literal => "only true, false and null are words in JSON; strings need double quotes",
            Reason::Digit => "a number needs a digit here",
            Reason::LeadingZero => "a number has no leading zeros",
            Reason::NumberRange => "the number is beyond the range of an IEEE double",
            Reason::Name => "a field's name in double quotes is due here; JSON has no trailing commas",
            Reason::Colon => "a colon is due here, between a field's name and its value",
            Reason::CommaOrBrace => "a comma or `}` is due here, after a field's value",
            Reason::CommaOrBracket => "a comma or `]` is due here, after an array's item",
            Reason::Control => "a control character in a string must be escaped",
            Reason::Escape => r#"an escape must be one of \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits"#,
            Reason::Surrogate => "a surrogate escape needs its other half beside it",
            Reason::Utf8 => "the text is not UTF-8 here",
            Reason::ByteOrderMark => "the text begins with a byte-order mark, which JSON does not have",
            Reason::Trailing => "nothing may follow the JSON value but white space",
            Reason::NotJson => "the value cannot stand in JSON",
        })
    }
}
