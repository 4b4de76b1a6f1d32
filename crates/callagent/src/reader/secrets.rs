//! Finding the secrets in a text, so that no report shows them.

use std::{collections::BTreeMap, ops::Range, str};

use crate::{
    fix::normalize_name,
    model::{Code, Secrets},
    report::Report,
};

/// What a report reveals about the secrets of a text.
#[derive(Default)]
struct Known {
    /// Misspelled names of secrets, as start and end offsets.
    names: BTreeMap<usize, usize>,
    /// The offset where the text stops being JSON.
    malformed: Option<usize>,
}

impl Known {
    fn new(secrets: &Secrets, report: &Report) -> Self {
        let suggestions = report.violations().filter_map(|violation| violation.suggestion());
        let names = suggestions.filter(|suggestion| secrets.is_name(suggestion.text.trim_matches('"')));
        let malformed = report.violations().find(|violation| violation.code() == Code::MALFORMED);
        Known {
            names: names.map(|name| (name.span.offset, name.span.end())).collect(),
            malformed: malformed.map(|violation| violation.span().map_or(0, |span| span.offset)),
        }
    }
}

/// Returns the ranges of secrets in a text, in ascending order: values of secret fields, ignoring case and separators in
/// the names, and strings that contain such a name. In a text that is not JSON, too much is returned rather than too
/// little. A report on the text reveals misspelled names.
///
/// ```
/// use callagent::{Document as _, UpdateAgent, tools::secret_ranges};
///
/// let text = br#"{"elevenLabsApiKey": "sk-1", "name": "Support"}"#;
/// assert_eq!(secret_ranges(text, &UpdateAgent::CONTRACT.secrets, None), [21..27]);
/// ```
#[must_use]
pub fn secret_ranges(text: &[u8], secrets: &Secrets, report: Option<&Report>) -> Vec<Range<usize>> {
    let known = report.map(|report| Known::new(secrets, report)).unwrap_or_default();
    let mut keys = Vec::new();
    let mut position = 0;
    while position < text.len() {
        if let Some(end) = value_with_name(text, position, secrets, known.malformed) {
            keys.push(position..end);
            position = end;
            continue;
        }
        let name_end = || secrets.names().iter().find_map(|secret| name_end(text, position, secret));
        position = match known.names.get(&position).copied().or_else(name_end) {
            Some(name_end) => {
                let key = value_after(text, name_end, known.malformed);
                let end = key.end;
                keys.push(key);
                end
            }
            None => position + 1,
        };
    }
    keys
}

/// Returns the end of the string at `start` if it contains the name of a secret and is not a field name. In a text that
/// is not JSON, the last string does not count, because a colon may be missing after it.
fn value_with_name(text: &[u8], start: usize, secrets: &Secrets, malformed: Option<usize>) -> Option<usize> {
    if text.get(start) != Some(&b'"') {
        return None;
    }
    let end = start + string(&text[start..])?;
    let after = text[end..].trim_ascii_start();
    let is_followed = malformed.is_none_or(|malformed| text.len() - after.len() < malformed);
    let is_name = matches!(after.first(), Some(b':' | b'='));
    (is_followed && !is_name && secrets.are_in(&String::from_utf8_lossy(&text[start..end]))).then_some(end)
}

/// The length of the string at the beginning of the text, with both quotes.
fn string(text: &[u8]) -> Option<usize> {
    let mut position = 1;
    loop {
        match text.get(position)? {
            b'"' => return Some(position + 1),
            b'\\' => position += 2,
            _ => position += 1,
        }
    }
}

/// Returns the end of the name of a secret that begins at `start`. Its characters may be `\u` escapes.
fn name_end(text: &[u8], start: usize, secret: &str) -> Option<usize> {
    let (mut end, mut has_space) = (start, false);
    for letter in normalize_name(secret) {
        loop {
            let (character, length) = character(&text[end..])?;
            let folded = normalize_name(character.encode_utf8(&mut [0; 4])).next();
            let is_first = end == start;
            end += length;
            match folded {
                Some(folded) if folded == letter => break,
                // A separator.
                None if !is_first => has_space |= character == ' ',
                _ => return None,
            }
        }
    }
    // Words in a sentence are not a name.
    let is_quoted = || matches!(text[..start].trim_ascii_end().last(), Some(b'"' | b'\''));
    (!has_space || is_quoted()).then_some(end)
}

/// The character at the beginning of the text, which may be a `\u` escape, and its length in bytes.
fn character(text: &[u8]) -> Option<(char, usize)> {
    let escaped = text.strip_prefix(b"\\u00").and_then(|rest| str::from_utf8(rest.get(..2)?).ok());
    match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
        Some(character) => Some((character.into(), r"\u0000".len())),
        None => text.first().map(|&byte| (byte.into(), 1)),
    }
}

/// Returns the range of the value whose name ends at `name_end`. In a text that is not JSON it extends to the end,
/// unless the value is complete before the syntax error.
fn value_after(text: &[u8], name_end: usize, malformed: Option<usize>) -> Range<usize> {
    let (before, has_colon) = before_value(&text[name_end..]);
    let start = name_end + before;
    let end = start + value(&text[start..]);
    let is_whole = malformed.is_none_or(|malformed| has_colon && start < end && end < malformed);
    start..if is_whole { end } else { text.len() }
}

/// The number of bytes between a name and its value, and whether they include a colon.
fn before_value(text: &[u8]) -> (usize, bool) {
    let is_separator = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b':' | b'=');
    let separators = &text[..text.iter().take_while(|byte| is_separator(byte)).count()];
    // Without a colon, a quote directly after the name closes it.
    let colon = separators.iter().position(|byte| matches!(byte, b':' | b'='));
    let after = colon.unwrap_or_default() + 1;
    let quote = separators.iter().skip(after).position(|byte| matches!(byte, b'"' | b'\''));
    (quote.map_or(separators.len(), |quote| after + quote), colon.is_some())
}

/// The length of the value at the beginning of the text: up to the closing bracket of the parent, or the comma before
/// another name.
fn value(text: &[u8]) -> usize {
    let mut depth = 0usize;
    let mut quote = None;
    let mut position = 0;
    while let Some(&byte) = text.get(position) {
        match (quote, byte) {
            (Some(_), b'\\') => position += 1,
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{' | b'[') => depth += 1,
            (None, b'}' | b']') if depth == 0 => return position,
            (None, b'}' | b']') => depth -= 1,
            (None, b',') if depth == 0 && text[position + 1..].trim_ascii_start().starts_with(b"\"") => {
                return position;
            }
            _ => {}
        }
        position += 1;
    }
    text.len()
}
