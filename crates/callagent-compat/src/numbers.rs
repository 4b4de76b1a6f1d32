//! Exact comparisons of numbers and values.

use serde_json::{Number, Value};

/// Integers up to this one are exact as floating-point numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns whether one number is proven to be at least another one.
pub(crate) fn is_at_least(one: &Number, other: &Number) -> bool {
    if one == other {
        return true;
    }
    if let (Some(one), Some(other)) = (one.as_i128(), other.as_i128()) {
        return one >= other;
    }
    exact(one).zip(exact(other)).is_some_and(|(one, other)| one >= other)
}

/// Returns whether one number is proven to be greater than another one.
pub(crate) fn is_greater(one: &Number, other: &Number) -> bool {
    if let (Some(one), Some(other)) = (one.as_i128(), other.as_i128()) {
        return one > other;
    }
    exact(one).zip(exact(other)).is_some_and(|(one, other)| one > other)
}

/// Returns whether one number is proven to be a multiple of another one.
pub(crate) fn is_multiple(one: &Number, other: &Number) -> bool {
    if one == other {
        return true;
    }
    let exact = |number| exact(number).filter(|number| number.fract() == 0.0 && *number > 0.0);
    exact(one).zip(exact(other)).is_some_and(|(one, other)| one % other == 0.0)
}

fn exact(number: &Number) -> Option<f64> {
    number.as_f64().filter(|number| number.abs() < EXACT)
}

/// Returns whether two values may be equal as JSON values, where `1` and `1.0` are.
pub(crate) fn may_be_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => !is_greater(one, other) && !is_greater(other, one),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| may_be_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| may_be_equal(one, other)))
        }
        (one, other) => one == other,
    }
}
