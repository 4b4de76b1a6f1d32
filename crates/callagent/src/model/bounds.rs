//! Bounds of numbers.

use std::fmt;

use serde_json::Value;

/// The inclusive bounds of a number. `None` means unbounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds<N> {
    /// The smallest value.
    pub minimum: Option<N>,
    /// The largest value.
    pub maximum: Option<N>,
}

impl<N: PartialOrd> Bounds<N> {
    /// No bounds.
    pub const NONE: Self = Bounds { minimum: None, maximum: None };

    /// Returns whether a number is within the bounds.
    ///
    /// ```
    /// use callagent::model::Bounds;
    ///
    /// let bounds = Bounds { minimum: Some(-1), maximum: None };
    /// assert_eq!([-2, -1, 9].map(|number| bounds.contain(&number)), [false, true, true]);
    /// ```
    #[must_use]
    pub fn contain(&self, number: &N) -> bool {
        self.minimum.as_ref().is_none_or(|minimum| minimum <= number)
            && self.maximum.as_ref().is_none_or(|maximum| number <= maximum)
    }
}

impl Bounds<i128> {
    /// Returns both bounds as JSON numbers. Those that do not fit into 64 bits are rounded.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "documented")]
    pub fn to_json(&self) -> [Option<Value>; 2] {
        let number = |bound| integer(bound).unwrap_or_else(|| (bound as f64).into());
        [self.minimum, self.maximum].map(|bound| bound.map(number))
    }
}

impl Bounds<f64> {
    /// Returns both bounds as JSON numbers. Bounds without a fraction become integers if they fit into 64 bits.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "without a fraction")]
    pub fn to_json(&self) -> [Option<Value>; 2] {
        let whole = |bound: f64| Some(bound as i128).filter(|_| bound.fract() == 0.0).and_then(integer);
        [self.minimum, self.maximum].map(|bound| bound.map(|bound| whole(bound).unwrap_or_else(|| bound.into())))
    }
}

fn integer(value: i128) -> Option<Value> {
    u64::try_from(value).map(Value::from).or_else(|_| i64::try_from(value).map(Value::from)).ok()
}

/// A suffix for a noun, such as ` from 0 to 30` for `an integer`; empty without bounds.
impl<N: fmt::Display> fmt::Display for Bounds<N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.minimum, &self.maximum) {
            (Some(minimum), Some(maximum)) => write!(out, " from {minimum} to {maximum}"),
            (Some(minimum), None) => write!(out, " of at least {minimum}"),
            (None, Some(maximum)) => write!(out, " of at most {maximum}"),
            (None, None) => Ok(()),
        }
    }
}
