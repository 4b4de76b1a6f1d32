//! Why a text is not JSON.

use std::fmt;

/// How deep objects and arrays may be nested; the outermost counts as one.
pub(crate) const MAX_DEPTH: u32 = 127;

/// Why a text is not JSON, and where that shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) offset: usize,
    pub(crate) reason: Reason,
}

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Empty,
    Ended,
    Value,
    Literal,
    Digit,
    LeadingZero,
    NumberRange,
    Name,
    Colon,
    CommaOrBrace,
    CommaOrBracket,
    Control,
    Escape,
    Surrogate,
    Utf8,
    ByteOrderMark,
    Depth,
    Trailing,
    /// Of a tree: a value that JSON does not have.
    NotJson,
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
