//! Conversion of numbers from JSON text and from `serde_json`.

use super::{
    number::Number,
    source::{Halt, Kind, Source as _},
    syntax::SyntaxError,
    text::Text,
};

/// Whether `serde_json` keeps the text of numbers, as with its feature `arbitrary_precision`.
fn keeps_spelling() -> bool {
    serde_json::Number::from_u128(u128::MAX).is_some()
}

impl Number {
    /// Converts a number of `serde_json`, which with its feature `arbitrary_precision` can be out of range for a
    /// double.
    pub(crate) fn of(number: &serde_json::Number) -> Option<Self> {
        (number.as_u64().map(Number::Unsigned)).or_else(|| number.as_i64().map(Number::signed)).or_else(|| {
            if keeps_spelling() {
                return Number::parse(&number.to_string()).ok();
            }
            number.as_f64().filter(|value| value.is_finite()).map(Number::real)
        })
    }

    /// Parses a number from JSON text.
    pub(crate) fn parse(spelling: &str) -> Result<Self, SyntaxError> {
        let mut text = Text::new(spelling.as_bytes());
        let number = match text.peek() {
            Ok(Kind::Number) => text.number(),
            _ => return Err(SyntaxError::Digit),
        };
        number.and_then(|number| text.finish().map(|()| number)).map_err(|Halt| text.malformed().reason)
    }
}
