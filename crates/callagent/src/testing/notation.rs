//! Different notations of the same JSON value.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Number;

use super::tree::{Rng, Tree};

/// Above this number, not every integer is a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Writes values as JSON text.
#[derive(Debug)]
pub(super) struct Writer {
    rng: Rng,
    variation: usize,
}

/// How often the writer uses another notation than the plain one. 0 means never.
pub(super) fn variation() -> impl Strategy<Value = usize> + Clone {
    0..=4_usize
}

impl Writer {
    pub(super) fn new(rng: Rng, variation: usize) -> Self {
        Writer { rng, variation }
    }

    fn varies(&mut self) -> bool {
        self.variation > 0 && self.rng.below(16) < self.variation
    }

    pub(super) fn write(&mut self, tree: &Tree) -> String {
        let mut out = String::new();
        self.space(&mut out);
        self.value(tree, &mut out);
        self.space(&mut out);
        out
    }

    fn value(&mut self, tree: &Tree, out: &mut String) {
        match tree {
            Tree::Null => out.push_str("null"),
            Tree::Boolean(true) => out.push_str("true"),
            Tree::Boolean(false) => out.push_str("false"),
            Tree::Number(value) => self.number(value, out),
            Tree::Text(value) => self.text(value, out),
            Tree::Array(items) => self.list('[', items, ']', out, Writer::value),
            Tree::Object(fields) => self.list('{', fields, '}', out, |writer, (name, value), out| {
                writer.text(name, out);
                writer.space(out);
                out.push(':');
                writer.space(out);
                writer.value(value, out);
            }),
        }
    }

    fn list<T>(
        &mut self,
        open: char,
        items: &[T],
        close: char,
        out: &mut String,
        item: impl Fn(&mut Self, &T, &mut String),
    ) {
        out.push(open);
        self.space(out);
        for (index, each) in items.iter().enumerate() {
            if index > 0 {
                out.push(',');
                self.space(out);
            }
            item(self, each, out);
            self.space(out);
        }
        out.push(close);
    }

    fn space(&mut self, out: &mut String) {
        while self.varies() {
            out.push_str(self.rng.pick(vec!["\n", " ", "\t", "\r\n"]));
        }
    }

    fn text(&mut self, text: &str, out: &mut String) {
        out.push('"');
        for character in text.chars() {
            let is_required = matches!(character, '"' | '\\' | '\0'..='\u{1f}');
            if !is_required && !self.varies() {
                out.push(character);
                continue;
            }
            let short = match character {
                '"' | '\\' | '/' => Some(character),
                '\u{8}' => Some('b'),
                '\u{c}' => Some('f'),
                '\n' => Some('n'),
                '\r' => Some('r'),
                '\t' => Some('t'),
                _ => None,
            };
            match short {
                Some(short) if !self.varies() => out.extend(['\\', short]),
                _ => self.units(character, out),
            }
        }
        out.push('"');
    }

    /// Writes a character as one or two `\u` escapes. Writing to a `String` cannot fail.
    fn units(&mut self, character: char, out: &mut String) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = if self.varies() { write!(out, "\\u{unit:04X}") } else { write!(out, "\\u{unit:04x}") };
        }
    }

    fn number(&mut self, number: &Number, out: &mut String) {
        let plain = number.to_string();
        let magnitude = number.as_f64().expect("a number is a double").abs();
        let is_integer = !number.is_f64();
        if !self.varies() || is_integer && magnitude > EXACT {
            out.push_str(&plain);
        } else if magnitude == 0.0 {
            out.push_str(self.rng.pick(vec!["0", "0.0", "0e0", "0E+9", "-0.0", "-0e-2"]));
        } else if is_integer && self.rng.one_in(8) {
            // Too close to the integer to be a different double.
            let zeros = "0".repeat(20 + self.rng.below(20));
            let _ = write!(out, "{plain}.{zeros}1");
        } else {
            self.decimal(&plain, magnitude > EXACT, out);
        }
    }

    /// Writes the same decimal number with its point moved. A plain integer would not be rounded to a double.
    fn decimal(&mut self, plain: &str, needs_exponent: bool, out: &mut String) {
        let (mantissa, exponent) = plain.split_once(['e', 'E']).unwrap_or((plain, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
        let significant = digits.trim_start_matches('0');
        let padded = format!("{significant}{}", "0".repeat(self.rng.below(3)));
        let count = |text: &str| i64::try_from(text.len()).expect("a number is short");
        // The value is 0.PADDED times ten to the power of this.
        let power =
            exponent.parse::<i64>().expect("a number has a short exponent") - count(fraction) + count(significant);

        let (whole, fraction) = padded.split_at(self.rng.below(padded.len() + 1));
        let power = power - count(whole);
        out.push_str(if plain.starts_with('-') { "-" } else { "" });
        out.push_str(if whole.is_empty() { "0" } else { whole });
        match fraction {
            "" if self.rng.one_in(2) => {}
            "" => out.push_str(".0"),
            fraction => out.extend([".", fraction]),
        }
        if power != 0 || needs_exponent || self.rng.one_in(4) {
            out.push(if self.rng.one_in(2) { 'e' } else { 'E' });
            out.push_str(match power {
                ..0 => "-",
                _ if self.rng.one_in(4) => "+",
                _ => "",
            });
            let zeros = "0".repeat(self.rng.below(3) / 2);
            let _ = write!(out, "{zeros}{}", power.unsigned_abs());
        }
    }
}
