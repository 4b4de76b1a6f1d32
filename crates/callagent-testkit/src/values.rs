//! The comparison of JSON values.

use serde_json::{Map, Value};

/// Returns whether two JSON texts are equal, comparing numbers by value.
#[must_use]
pub fn is_same_text(one: &str, other: &str) -> bool {
    one == other
        || match (serde_json::from_str(one), serde_json::from_str(other)) {
            (Ok(one), Ok(other)) => is_same(&one, &other),
            _ => false,
        }
}

/// Returns whether two values are equal, comparing numbers by value.
#[must_use]
pub fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() || other.is_f64() => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| is_same(one, other)))
        }
        (one, other) => one == other,
    }
}

/// Returns whether objects keep the order of their fields, which is a feature of `serde_json`. Otherwise they are sorted
/// by name.
#[must_use]
pub fn preserves_order() -> bool {
    let object: Map<String, Value> =
        [("b", 0), ("a", 0)].map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect();
    object.keys().eq(["b", "a"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value() {
        for (one, other, expected) in [
            ("[1, {\"a\": 2.0}]", "[1.0,{\"a\":2e0}]", true),
            ("0", "-0.0", true),
            ("1", "1.5", false),
            ("9007199254740993", "9007199254740992", false),
            ("{\"a\": 1}", "{\"a\": 1, \"b\": 1}", false),
            ("{\"a\": null}", "{\"b\": null}", false),
            ("[1]", "[1, 1]", false),
            ("1", "\"1\"", false),
            ("1", "", false),
        ] {
            assert_eq!(is_same_text(one, other), expected, "{one} and {other}");
            assert_eq!(is_same_text(other, one), expected, "{other} and {one}");
        }
    }
}
