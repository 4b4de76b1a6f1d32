//! Mutations of JSON text by token: another notation of a number, a string instead of an object, a duplicate field.

use std::sync::LazyLock;

use super::rng::Rng;
use crate::world;

/// Tokens that are difficult or invalid.
const HARD: &str = r#"
    { } [ ] : , {} [] // nul True NaN Infinity 'a' " \ "\x" "\ud83d\ude00" "\ud83d" "\ude00" "\u0000"
    - +1 01 1. .5 1e -0 -0.0 0e999 10e-1 1e400 -1e400 -1e-400 1e308 1.8e308 4.9e-324 2e-324 1.0000000000000001
    1.0000000000000002 9007199254740993 9223372036854775807 -9223372036854775808 -9223372036854775809
    18446744073709551615 18446744073709551616
"#;

/// Difficult tokens with white space and invisible characters.
const BLANK: [&str; 5] = [" ", "\u{a0}", "\u{feff}", "\"\t\"", "\"\u{7f}\""];

/// Replacements of a token: all documented names, all values of the finite set, and difficult tokens.
static TOKENS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = world::names().into_iter().map(|name| format!("{name:?}"));
    let known: Vec<_> = names.chain(world::values()).collect();
    let escaped = known.iter().filter_map(|token| escaped(token));
    let hard = HARD.split_whitespace().chain(BLANK).map(str::to_owned);
    hard.chain(escaped).chain(known.iter().cloned()).collect()
});

/// Writes the last character of a string as an escape.
fn escaped(token: &str) -> Option<String> {
    let mut text: String = serde_json::from_str(token).ok()?;
    let last = text.pop()?;
    Some(format!(r#""{text}\u{:04x}""#, u32::from(last)))
}

/// Changes one to three tokens of a text.
pub(super) fn mutate(rng: &mut Rng, text: &str) -> String {
    let mut tokens = split(text);
    for _ in 0..=rng.below(3) {
        let (at, other) = (rng.below(tokens.len()), rng.below(tokens.len()));
        if tokens.is_empty() {
            return String::new();
        }
        match rng.below(8) {
            0..=3 => tokens[at] = rng.pick(&TOKENS).map_or("", String::as_str),
            4 => tokens.swap(at, other),
            5 => drop(tokens.remove(at)),
            6 => repeat_field(rng, &mut tokens, at),
            _ => tokens.insert(at, rng.pick(&TOKENS).map_or("", String::as_str)),
        }
    }
    tokens.concat()
}

/// Duplicates the field after `at`, with the same or another value.
fn repeat_field(rng: &mut Rng, tokens: &mut Vec<&str>, at: usize) {
    let is_space = |token: &str| token.trim_ascii().is_empty();
    let Some(colon) = (at..tokens.len()).find(|&index| tokens[index] == ":") else { return };
    let name = (0..colon).rfind(|&index| !is_space(tokens[index])).unwrap_or_default();
    let Some(value) = (colon + 1..tokens.len()).find(|&index| !is_space(tokens[index])) else { return };
    let again = match tokens[value] {
        same if rng.one_in(2) && !matches!(same, "{" | "[") => same,
        _ => rng.pick(&TOKENS).map_or("", String::as_str),
    };
    tokens.splice(name..name, [tokens[name], ":", again, ","]);
}

/// The tokens of a JSON text, including white space.
fn split(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '{' | '}' | '[' | ']' | ':' | ',' => 1,
            _ if first.is_ascii_whitespace() => rest.find(|c: char| !c.is_ascii_whitespace()).unwrap_or(rest.len()),
            _ => rest.find(|c: char| "{}[]:,\"".contains(c) || c.is_ascii_whitespace()).unwrap_or(rest.len()),
        };
        let (token, left) = rest.split_at(length.max(first.len_utf8()));
        tokens.push(token);
        rest = left;
    }
    tokens
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}
