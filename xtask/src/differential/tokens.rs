//! Mutations of JSON text by its tokens: another number's spelling, a string for an object, a field twice.

use std::sync::LazyLock;

use super::dice::Dice;
use crate::world;

/// Tokens that are hard for a reader of text, or none at all.
const HARD: &str = r#"
    { } [ ] : , {} [] // nul True NaN Infinity 'a' " \ "\x" "\ud83d\ude00" "\ud83d" "\ude00" "\u0000"
    - +1 01 1. .5 1e -0 -0.0 0e999 10e-1 1e400 -1e400 -1e-400 1e308 1.8e308 4.9e-324 2e-324 1.0000000000000001
    1.0000000000000002 9007199254740993 9223372036854775807 -9223372036854775808 -9223372036854775809
    18446744073709551615 18446744073709551616
"#;

/// The same, with white space and characters that are not seen.
const BLANK: [&str; 5] = [" ", "\u{a0}", "\u{feff}", "\"\t\"", "\"\u{7f}\""];

/// What a token may become: every documented name, every value of the closed world, and what is hard.
static TOKENS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = world::names().into_iter().map(|name| format!("{name:?}"));
    let known: Vec<_> = names.chain(world::values()).collect();
    let spelled = known.iter().filter_map(|token| spelled(token));
    let hard = HARD.split_whitespace().chain(BLANK).map(str::to_owned);
    hard.chain(spelled).chain(known.iter().cloned()).collect()
});

/// The same string with its last character as an escape.
fn spelled(token: &str) -> Option<String> {
    let mut text: String = serde_json::from_str(token).ok()?;
    let last = text.pop()?;
    Some(format!(r#""{text}\u{:04x}""#, u32::from(last)))
}

/// Changes the tokens of a text in one to three places.
pub(super) fn mutate(dice: &mut Dice, text: &str) -> String {
    let mut tokens = split(text);
    for _ in 0..=dice.below(3) {
        let (at, other) = (dice.below(tokens.len()), dice.below(tokens.len()));
        if tokens.is_empty() {
            return String::new();
        }
        match dice.below(8) {
            0..=3 => tokens[at] = dice.pick(&TOKENS).map_or("", String::as_str),
            4 => tokens.swap(at, other),
            5 => drop(tokens.remove(at)),
            6 => repeat_field(dice, &mut tokens, at),
            _ => tokens.insert(at, dice.pick(&TOKENS).map_or("", String::as_str)),
        }
    }
    tokens.concat()
}

/// Puts the field after `at` there a second time: the same name, with the same value or another one.
fn repeat_field(dice: &mut Dice, tokens: &mut Vec<&str>, at: usize) {
    let is_space = |token: &str| token.trim_ascii().is_empty();
    let Some(colon) = (at..tokens.len()).find(|&index| tokens[index] == ":") else { return };
    let name = (0..colon).rfind(|&index| !is_space(tokens[index])).unwrap_or_default();
    let Some(value) = (colon + 1..tokens.len()).find(|&index| !is_space(tokens[index])) else { return };
    let again = match tokens[value] {
        same if dice.one_in(2) && !matches!(same, "{" | "[") => same,
        _ => dice.pick(&TOKENS).map_or("", String::as_str),
    };
    tokens.splice(name..name, [tokens[name], ":", again, ","]);
}

/// The tokens of a JSON text, white space included.
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
