//! Where the keys of a text stand, which no report shows.

use std::{collections::BTreeMap, ops::Range};

use callagent::{Code, Report, UpdateAgent, contains_secret_name, is_secret_name, normalize_name};

/// What a report knows of a text's keys.
#[derive(Default)]
pub(super) struct Known {
    /// Names that a suggestion takes for one of a secret: where they begin and end.
    names: BTreeMap<usize, usize>,
    /// Where the text stops being JSON.
    malformed: Option<usize>,
}

impl Known {
    pub(super) fn of(report: &Report) -> Self {
        let suggestions = report.violations().filter_map(|violation| violation.suggestion());
        let names = suggestions.filter(|suggestion| is_secret_name(suggestion.text.trim_matches('"')));
        let malformed = report.violations().find(|violation| violation.code() == Code::MALFORMED);
        Known {
            names: names.map(|name| (name.offset, name.offset + name.length)).collect(),
            malformed: malformed.map(|violation| violation.location().map_or(0, |place| place.offset)),
        }
    }
}

/// Where keys are, in ascending order: the values of the fields that hold them, however their names are spelled, and strings
/// that contain such a name. A text that is not JSON is masked too, and too much of it rather than too little.
pub(super) fn keys(text: &[u8], known: &Known) -> Vec<Range<usize>> {
    let secrets = UpdateAgent::OBJECT.secrets();
    let mut keys = Vec::new();
    let mut position = 0;
    while position < text.len() {
        if let Some(end) = value_with_name(text, position, known.malformed) {
            keys.push(position..end);
            position = end;
            continue;
        }
        let spelled = || secrets.iter().find_map(|secret| spelled(text, position, secret));
        position = match known.names.get(&position).copied().or_else(spelled) {
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

/// Where a string ends that begins at `start`, if it contains a secret's name and is not itself a name. What precedes the end of
/// a text that is not JSON is no such string: a colon may be missing there.
fn value_with_name(text: &[u8], start: usize, malformed: Option<usize>) -> Option<usize> {
    if text.get(start) != Some(&b'"') {
        return None;
    }
    let end = start + string(&text[start..])?;
    let after = text[end..].trim_ascii_start();
    let is_followed = malformed.is_none_or(|malformed| text.len() - after.len() < malformed);
    let is_name = matches!(after.first(), Some(b':' | b'='));
    (is_followed && !is_name && contains_secret_name(&String::from_utf8_lossy(&text[start..end]))).then_some(end)
}

/// How many bytes a string has at the beginning of the text, with both quotes.
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

/// Where a secret's name ends that begins there, each of its characters by itself or as a `\u` escape.
fn spelled(text: &[u8], start: usize, secret: &str) -> Option<usize> {
    let (mut end, mut has_space) = (start, false);
    for letter in normalize_name(secret) {
        loop {
            let (character, length) = character(&text[end..])?;
            let folded = normalize_name(character.encode_utf8(&mut [0; 4])).next();
            let is_first = end == start;
            end += length;
            match folded {
                Some(folded) if folded == letter => break,
                // A mark between words.
                None if !is_first => has_space |= character == ' ',
                _ => return None,
            }
        }
    }
    // Within a sentence such words are no name.
    let is_quoted = || matches!(text[..start].trim_ascii_end().last(), Some(b'"' | b'\''));
    (!has_space || is_quoted()).then_some(end)
}

/// The character at the beginning of the text, by itself or as a `\u` escape, and how many bytes it takes.
fn character(text: &[u8]) -> Option<(char, usize)> {
    let escaped = text.strip_prefix(b"\\u00").and_then(|rest| str::from_utf8(rest.get(..2)?).ok());
    match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
        Some(character) => Some((character.into(), r"\u0000".len())),
        None => text.first().map(|&byte| (byte.into(), 1)),
    }
}

/// Where the value stands whose name ends there. It goes on to the end of a text that is not JSON, unless the value is
/// whole before that shows.
fn value_after(text: &[u8], name_end: usize, malformed: Option<usize>) -> Range<usize> {
    let (before, has_colon) = before_value(&text[name_end..]);
    let start = name_end + before;
    let end = start + value(&text[start..]);
    let is_whole = malformed.is_none_or(|malformed| has_colon && start < end && end < malformed);
    start..if is_whole { end } else { text.len() }
}

/// How many bytes stand between a name and its value, whose opening quote is a part of it, and whether a colon is one of
/// them.
fn before_value(text: &[u8]) -> (usize, bool) {
    let is_separator = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b':' | b'=');
    let separators = &text[..text.iter().take_while(|byte| is_separator(byte)).count()];
    // Without a colon, a quote that stands right there closes the name.
    let colon = separators.iter().position(|byte| matches!(byte, b':' | b'='));
    let after = colon.unwrap_or_default() + 1;
    let quote = separators.iter().skip(after).position(|byte| matches!(byte, b'"' | b'\''));
    (quote.map_or(separators.len(), |quote| after + quote), colon.is_some())
}

/// How many bytes a value has at the beginning of the text: up to the bracket that closes the object around it, or the
/// comma before another name.
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
