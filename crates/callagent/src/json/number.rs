//! JSON numbers: 64-bit integers and doubles.

/// A JSON number. Any number that is not a 64-bit integer is the nearest double, which is finite and not negative zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Unsigned(u64),
    Negative(i64),
    Double(f64),
}

impl Number {
    pub(crate) fn signed(value: i64) -> Self {
        u64::try_from(value).map_or(Number::Negative(value), Number::Unsigned)
    }

    /// Creates a finite double. `-0` and `-0.0` become zero.
    pub(crate) fn real(value: f64) -> Self {
        if value == 0.0 && value.is_sign_negative() { Number::Unsigned(0) } else { Number::Double(value) }
    }

    /// Returns the value if it has no fraction. A double beyond the 128-bit integers becomes the nearest one, which is
    /// out of any bounds anyway.
    pub(crate) fn whole(self) -> Option<i128> {
        match self {
            Number::Unsigned(value) => Some(value.into()),
            Number::Negative(value) => Some(value.into()),
            Number::Double(value) if value.fract() != 0.0 => None,
            #[expect(clippy::cast_possible_truncation, reason = "whole")]
            Number::Double(value) => Some(value as i128),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds are small; larger numbers stay out of range")]
    pub(crate) fn double(self) -> f64 {
        match self {
            Number::Unsigned(value) => value as f64,
            Number::Negative(value) => value as f64,
            Number::Double(value) => value,
        }
    }
}

impl From<Number> for serde_json::Number {
    fn from(number: Number) -> Self {
        match number {
            Number::Unsigned(value) => value.into(),
            Number::Negative(value) => value.into(),
            Number::Double(value) => serde_json::Number::from_f64(value).expect("a double of JSON is finite"),
        }
    }
}
