//! Mutations of JSON text by its tokens: another number's spelling, a string for an object, a field twice.

use std::sync::LazyLock;

use super::dice::Dice;
use crate::world;

/// What a token may become: every scalar of the closed world, and what is hard for a reader of text.
static TOKENS: LazyLock<Vec<String>> = LazyLock::new(|| {
    const HARD: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "{}",
        "[]",
        " ",
        "\u{a0}",
        "\u{feff}",
        "//",
        "nul",
        "True",
        "NaN",
        "Infinity",
        "-",
        "+1",
        "01",
        "1.",
        ".5",
        "1e",
        "-0",
        "0e999",
        "1e400",
        "-1e400",
        "-1e-400",
        "1e308",
        "1.8e308",
        "30.0000000000000001",
        "30.000000000000001",
        "10e-1",
        "300e-1",
        "-0.0",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "9007199254740993",
        "4294967295.0",
        "4294967295.5",
        "1.0000000000000001",
        "1.0000000000000002",
        "4.9e-324",
        "2e-324",
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\u0000""#,
        r#""\x""#,
        "\"\t\"",
        "\"\u{7f}\"",
        r#""gpt\u002d5""#,
        r#""llmMode\u006c""#,
        r#""elevenLabsApiKe\u0079""#,
        "'gpt-5'",
        "\"",
        "\\",
    ];
    HARD.iter()
        .map(|token| (*token).to_owned())
        .chain(world::values())
        .chain(world::names().iter().map(|name| format!("{name:?}")))
        .collect()
});

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
