//! Objects of any names and values: variables, custom settings, a response's undocumented fields.

use std::fmt;

use serde::ser::SerializeMap;
use serde_json::{Map, Value};

use crate::{
    declare::deserialize,
    error::FieldError,
    read::{MAX_DEPTH, Number, Reason},
    update::TtsUpdate,
};

/// An object of any names and values that JSON text can hold.
///
/// ```
/// use callagent::FreeForm;
/// use serde_json::json;
///
/// let mut variables = FreeForm::new();
/// variables.insert("plan", "gold")?;
/// variables.insert("limits", json!({"calls": 3}))?;
/// assert_eq!(variables.get("limits"), Some(&json!({"calls": 3})));
/// # Ok::<(), callagent::FieldError>(())
/// ```
#[derive(Clone, PartialEq, Default)]
pub struct FreeForm(Map<String, Value>);

/// How deep a value given by hand may be nested: wherever the contract has free-form values, at most three objects
/// and arrays stand around them.
const VALUE_DEPTH: u32 = MAX_DEPTH - 3;

impl FreeForm {
    /// The empty object.
    #[must_use]
    pub fn new() -> Self {
        FreeForm(Map::new())
    }

    /// Adds a field, or replaces its value.
    ///
    /// # Errors
    /// If JSON text cannot hold the value: it is nested more than 124 deep, or a number in it is beyond an IEEE double.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Result<(), FieldError> {
        let (name, mut value) = (name.into(), value.into());
        match admit(&mut value, VALUE_DEPTH) {
            Ok(()) => {
                self.put(name, value);
                Ok(())
            }
            Err(reason) => Err(FieldError::new(name, reason)),
        }
    }

    /// A field's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Removes a field.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// The fields.
    #[must_use]
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A map whose values are known to be fine.
    pub(crate) fn of(map: Map<String, Value>) -> Self {
        FreeForm(map)
    }

    /// Adds a value that is known to be fine.
    pub(crate) fn put(&mut self, name: String, value: Value) {
        self.0.insert(name, value);
    }

    pub(crate) fn put_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, &Written(value)))
    }
}

/// A value as it is written: by itself, since `serde_json`'s feature `arbitrary_precision` writes numbers to other formats as
/// objects of its own.
struct Written<'v>(&'v Value);

impl serde::Serialize for Written<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Number(number) => match Number::of(number) {
                Some(Number::Unsigned(value)) => serializer.serialize_u64(value),
                Some(Number::Negative(value)) => serializer.serialize_i64(value),
                Some(Number::Double(value)) => serializer.serialize_f64(value),
                None => number.serialize(serializer),
            },
            Value::Array(items) => serializer.collect_seq(items.iter().map(Written)),
            Value::Object(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, Written(value)))),
            other => other.serialize(serializer),
        }
    }
}

/// Makes sure that JSON text can hold a value, and gives its numbers the one spelling of their value.
fn admit(value: &mut Value, depth: u32) -> Result<(), Reason> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) => {
            *number = Number::of(number).ok_or(Reason::NumberRange)?.into();
            Ok(())
        }
        Value::Array(_) | Value::Object(_) if depth == 0 => Err(Reason::Depth),
        Value::Array(items) => items.iter_mut().try_for_each(|item| admit(item, depth - 1)),
        Value::Object(fields) => fields.values_mut().try_for_each(|value| admit(value, depth - 1)),
    }
}

impl TryFrom<Map<String, Value>> for FreeForm {
    type Error = FieldError;

    fn try_from(map: Map<String, Value>) -> Result<Self, FieldError> {
        let mut free_form = FreeForm::new();
        map.into_iter().try_for_each(|(name, value)| free_form.insert(name, value))?;
        Ok(free_form)
    }
}

impl From<FreeForm> for Map<String, Value> {
    fn from(free_form: FreeForm) -> Self {
        free_form.0
    }
}

impl serde::Serialize for FreeForm {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Written(value))))
    }
}

deserialize!(FreeForm);

impl fmt::Debug for FreeForm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        RedactedFields(&self.0).fmt(out)
    }
}

struct RedactedFields<'v>(&'v Map<String, Value>);

/// A value, but for what stands under a key's name in it: it may be a key that strayed.
struct Redacted<'v>(&'v Value);

impl fmt::Debug for RedactedFields<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_secret = |name| TtsUpdate::OBJECT.field(name).is_some_and(|field| field.r#type.is_secret());
        let mut map = out.debug_map();
        for (name, value) in self.0 {
            if is_secret(name) {
                map.entry(name, &format_args!("…"));
            } else {
                map.entry(name, &Redacted(value));
            }
        }
        map.finish()
    }
}

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Array(items) => out.debug_list().entries(items.iter().map(Redacted)).finish(),
            Value::Object(fields) => RedactedFields(fields).fmt(out),
            other => other.fmt(out),
        }
    }
}
