//! Repairs of texts that are not JSON, as lenient parsers make them.

use serde_json::{Value, de::Deserializer};

use callagent::{LlmModel, UpdateAgent};

/// A part of a text: a string with its quotes, a word (a number or a literal), or a single other character.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |character: char| character.is_ascii_alphanumeric() || "+-._".contains(character);
        let length = match first {
            '"' | '\'' => string_length(rest, first),
            _ if is_word(first) => rest.find(|character| !is_word(character)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Returns the length of the string at the beginning of a text.
fn string_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (index, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// Returns the numbers of a text as they are spelled.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = &str> {
    tokens(text).into_iter().filter(|token| token.starts_with(|first: char| first == '-' || first.is_ascii_digit()))
}

/// Returns how deep a text is nested.
pub(super) fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for token in tokens(text) {
        match token {
            "{" | "[" => depth += 1,
            "}" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Replaces tokens.
fn replace(text: &[u8], replace: impl Fn(&str) -> String) -> Vec<u8> {
    tokens(&String::from_utf8_lossy(text)).into_iter().map(replace).collect::<String>().into_bytes()
}

/// Drops what follows the document.
pub(super) fn first_document(text: &[u8]) -> Vec<u8> {
    let mut documents = Deserializer::from_slice(text).into_iter::<Value>();
    let is_document = documents.next().is_some_and(|document| document.is_ok());
    text.get(..documents.byte_offset()).filter(|_| is_document).unwrap_or_default().to_vec()
}

/// Drops commas before a closing bracket.
pub(super) fn without_trailing_commas(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let tokens: Vec<_> = tokens(&text).into_iter().filter(|token| !token.trim().is_empty()).collect();
    let mut repaired = String::new();
    for (index, token) in tokens.iter().enumerate() {
        if *token != "," || !matches!(tokens.get(index + 1), Some(&"}" | &"]")) {
            repaired.push_str(token);
        }
    }
    repaired.into_bytes()
}

/// Drops comments.
pub(super) fn without_comments(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let (mut repaired, mut end) = (String::new(), None);
    let tokens = tokens(&text);
    for (index, token) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1).copied();
        match (end, *token, next) {
            (None, "/", Some("/")) => end = Some("\n"),
            (None, "/", Some("*")) => end = Some("*/"),
            (None, ..) => repaired.push_str(token),
            (Some("\n"), "\n", _) => end = None,
            (Some("*/"), "/", _) if index > 1 && tokens.get(index - 1) == Some(&"*") => end = None,
            _ => {}
        }
    }
    repaired.into_bytes()
}

/// Drops the byte-order mark.
pub(super) fn without_bom(text: &[u8]) -> Vec<u8> {
    text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text).to_vec()
}

/// Replaces invalid UTF-8.
pub(super) fn lossy(text: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(text).into_owned().into_bytes()
}

/// Replaces lone surrogates. A pair is kept only if nothing else is wrong with its string.
pub(super) fn without_surrogates(text: &[u8]) -> Vec<u8> {
    replace(text, |token| {
        if !token.starts_with('"') || serde_json::from_str::<String>(token).is_ok() {
            return token.to_owned();
        }
        let mut parts = token.split("\\u");
        let mut repaired = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let is_surrogate = part.starts_with(['d', 'D']) && part[1..].starts_with(|next: char| !next.is_digit(8));
            match part.get(4..).filter(|_| is_surrogate) {
                Some(rest) => repaired.extend(["\\ufffd", rest]),
                None => repaired.extend(["\\u", part]),
            }
        }
        repaired
    })
}

/// Reads NaN and infinities as zero.
pub(super) fn without_nan(text: &[u8]) -> Vec<u8> {
    let is_nan = |token: &str| matches!(token, "NaN" | "Infinity" | "-Infinity");
    replace(text, |token| if is_nan(token) { "0".to_owned() } else { token.to_owned() })
}

/// Reads numbers beyond the range of a double as the largest one.
pub(super) fn saturated(text: &[u8]) -> Vec<u8> {
    let is_infinite = |token: &str| token.parse::<f64>().is_ok_and(f64::is_infinite) && token.contains('e');
    replace(text, |token| if is_infinite(token) { "1.7976931348623157e308".to_owned() } else { token.to_owned() })
}

/// Reads numbers with leading zeros.
pub(super) fn without_leading_zeros(text: &[u8]) -> Vec<u8> {
    replace(text, |token| {
        let stripped = token.trim_start_matches('0');
        let is_number = token.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && !stripped.is_empty() { stripped.to_owned() } else { token.to_owned() }
    })
}

/// Reads control characters in strings.
pub(super) fn with_escaped_controls(text: &[u8]) -> Vec<u8> {
    replace(text, |token| {
        let escape = |character: char| match character {
            '\0'..'\u{20}' => format!("\\u{:04x}", u32::from(character)),
            _ => character.to_string(),
        };
        if token.starts_with('"') { token.chars().map(escape).collect() } else { token.to_owned() }
    })
}

/// Reads strings in single quotes.
pub(super) fn with_double_quotes(text: &[u8]) -> Vec<u8> {
    replace(text, |token| match token.strip_prefix('\'').and_then(|token| token.strip_suffix('\'')) {
        Some(token) => format!("\"{token}\""),
        None => token.to_owned(),
    })
}

/// Closes the brackets that a cut text leaves open.
pub(super) fn closed(text: &[u8]) -> Vec<u8> {
    let mut open = Vec::new();
    for token in tokens(&String::from_utf8_lossy(text)) {
        match token {
            "{" => open.push(b'}'),
            "[" => open.push(b']'),
            "}" | "]" => drop(open.pop()),
            _ => {}
        }
    }
    open.reverse();
    [text, &open].concat()
}

/// Reads an empty text as an update that changes nothing.
pub(super) fn minimal_if_empty(text: &[u8]) -> Vec<u8> {
    if !text.trim_ascii().is_empty() {
        return text.to_vec();
    }
    serde_json::to_vec(&UpdateAgent::new(LlmModel::default())).unwrap_or_default()
}

/// Replaces what is nested too deep.
pub(super) fn flattened(text: &[u8]) -> Vec<u8> {
    const MAX_DEPTH: usize = 127;
    let text = String::from_utf8_lossy(text);
    let (mut depth, mut repaired) = (0_usize, String::new());
    for token in tokens(&text) {
        let closes = matches!(token, "}" | "]");
        depth += usize::from(matches!(token, "{" | "["));
        if depth <= MAX_DEPTH {
            repaired.push_str(token);
        }
        depth = depth.saturating_sub(usize::from(closes));
        if closes && depth == MAX_DEPTH {
            repaired.push('0');
        }
    }
    repaired.into_bytes()
}
