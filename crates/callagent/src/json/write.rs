//! Writing of compact JSON text.

use std::fmt::{self, Write as _};

use serde_json::Value;

use super::number::Number;

/// The typical number of bytes of a value or name.
const USUAL_TOKEN: usize = 8;

pub(super) fn boolean(value: bool, out: &mut String) {
    out.push_str(if value { "true" } else { "false" });
}

pub(super) fn number(value: Number, out: &mut String) {
    // Writing to a `String` cannot fail.
    let _: fmt::Result = write!(out, "{}", serde_json::Number::from(value));
}

pub(super) fn string(text: &str, out: &mut String) {
    let is_escaped = |byte| byte < b' ' || byte == b'"' || byte == b'\\';
    if text.bytes().any(is_escaped) {
        let _: fmt::Result = write!(out, "{}", Value::from(text));
    } else {
        out.reserve(text.len() + 2);
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

pub(super) fn name(text: &str, out: &mut String) {
    string(text, out);
    out.push(':');
}

/// Writes an array or object with at least `tokens` values and names. `write` writes each part.
pub(super) fn list<P>(
    [open, close]: [char; 2],
    tokens: usize,
    parts: impl Iterator<Item = P>,
    out: &mut String,
    mut write: impl FnMut(P, &mut String),
) {
    out.reserve(USUAL_TOKEN * tokens);
    out.push(open);
    for (index, part) in parts.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(part, out);
    }
    out.push(close);
}
