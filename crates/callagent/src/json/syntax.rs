//! Why a text is not JSON.

use std::fmt;

/// How deep objects and arrays may be nested; the outermost counts as one.
pub(crate) const MAX_DEPTH: u32 = 127;

/// Why a text is not JSON, and where that shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) offset: usize,
    pub(crate) reason: SyntaxError,
}

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SyntaxError {
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
impl fmt::Display for SyntaxError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            SyntaxError::Depth => return write!(out, "objects and arrays are nested more than {MAX_DEPTH} deep"),
            SyntaxError::Empty => "the text is empty; a JSON value is due",
            SyntaxError::Ended => "the text ends before its JSON value does",
            SyntaxError::Value => {
                "a JSON value is due here: an object, an array, a string, a number, true, false or null"
            }
            SyntaxError::Literal => "only true, false and null are words in JSON; strings need double quotes",
            SyntaxError::Digit => "a number needs a digit here",
            SyntaxError::LeadingZero => "a number has no leading zeros",
            SyntaxError::NumberRange => "the number is beyond the range of an IEEE double",
            SyntaxError::Name => "a field's name in double quotes is due here; JSON has no trailing commas",
            SyntaxError::Colon => "a colon is due here, between a field's name and its value",
            SyntaxError::CommaOrBrace => "a comma or `}` is due here, after a field's value",
            SyntaxError::CommaOrBracket => "a comma or `]` is due here, after an array's item",
            SyntaxError::Control => "a control character in a string must be escaped",
            SyntaxError::Escape => {
                r#"an escape must be one of \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits"#
            }
            SyntaxError::Surrogate => "a surrogate escape needs its other half beside it",
            SyntaxError::Utf8 => "the text is not UTF-8 here",
            SyntaxError::ByteOrderMark => "the text begins with a byte-order mark, which JSON does not have",
            SyntaxError::Trailing => "nothing may follow the JSON value but white space",
            SyntaxError::NotJson => "the value cannot stand in JSON",
        })
    }
}
