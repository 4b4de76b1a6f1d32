//! Checks of bounded numbers, and their error.

use std::fmt;

use crate::{
    json::Number,
    model::{Bounds, Code, Type},
};

/// Converts a number to an integer within bounds.
#[inline]
pub(crate) fn integer_within<T: TryFrom<i128>>(number: Number, bounds: &Bounds<i128>) -> Result<T, Code> {
    let whole = number.whole().ok_or(Code::WRONG_TYPE)?;
    let within = Some(whole).filter(|whole| bounds.contain(whole));
    within.and_then(|whole| whole.try_into().ok()).ok_or(Code::OUT_OF_RANGE)
}

/// Checks the bounds of a number. Negative zero becomes zero, so that equal numbers serialize identically.
#[inline]
pub(crate) fn float_within(number: f64, bounds: &Bounds<f64>) -> Result<f64, Code> {
    if bounds.contain(&number) && number.is_finite() { Ok(number + 0.0) } else { Err(Code::OUT_OF_RANGE) }
}

/// An error returned when a number is outside the bounds of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfRange {
    expected: String,
    found: String,
}

impl OutOfRange {
    pub(crate) fn new(expected: &Type, found: impl fmt::Display) -> Self {
        OutOfRange { expected: expected.to_string(), found: found.to_string() }
    }
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for OutOfRange {}
