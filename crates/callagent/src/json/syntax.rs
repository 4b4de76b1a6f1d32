//! Syntax errors of JSON text.

use std::fmt;

/// The maximum nesting depth of objects and arrays; the outermost counts as one.
pub(crate) const MAX_DEPTH: u32 = 127;

/// A syntax error and its offset in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) offset: usize,
    pub(crate) reason: SyntaxError,
}

/// The reason why a text is not JSON.
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
    /// A value in memory that JSON cannot represent.
    NotJson,
}

/// Describes the error without repeating the text.
impl fmt::Display for SyntaxError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            SyntaxError::Depth => {
                return write!(out, "objects and arrays are nested more than {MAX_DEPTH} levels deep");
            }
            SyntaxError::Empty => "expected a JSON value, found empty text",
            SyntaxError::Ended => "unexpected end of text in a JSON value",
            SyntaxError::Value => "expected a JSON value",
            SyntaxError::Literal => "expected `true`, `false` or `null`; strings need double quotes",
            SyntaxError::Digit => "expected a digit",
            SyntaxError::LeadingZero => "numbers must not have leading zeros",
            SyntaxError::NumberRange => "the number is out of range for an IEEE 754 double",
            SyntaxError::Name => "expected a field name in double quotes; JSON does not allow trailing commas",
            SyntaxError::Colon => "expected `:` after a field name",
            SyntaxError::CommaOrBrace => "expected `,` or `}` after a field value",
            SyntaxError::CommaOrBracket => "expected `,` or `]` after an array item",
            SyntaxError::Control => "control characters in strings must be escaped",
            SyntaxError::Escape => {
                r#"invalid escape: expected one of \" \\ \/ \b \f \n \r \t, or \u and four hexadecimal digits"#
            }
            SyntaxError::Surrogate => "unpaired surrogate escape",
            SyntaxError::Utf8 => "invalid UTF-8",
            SyntaxError::ByteOrderMark => "unexpected byte-order mark; JSON text must not begin with one",
            SyntaxError::Trailing => "expected end of text after the JSON value",
            SyntaxError::NotJson => "the value cannot be represented in JSON",
        })
    }
}
