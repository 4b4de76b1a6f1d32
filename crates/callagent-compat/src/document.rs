//! Documents to compare: strict JSON of limited size, with locations by pointer.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    error::ParseError,
    pointer::{child, unescaped},
};

/// The maximum size of a document in bytes. Schemas of large services have a few MiB.
pub const MAX_BYTES: usize = 16 << 20;

/// A document to compare: a JSON Schema or an OpenAPI document.
#[derive(Debug, Clone)]
pub struct Document {
    text: String,
    pub(crate) value: Value,
}

/// A place in the text of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The offset in bytes.
    pub offset: usize,
    /// The length in bytes.
    pub length: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Document {
    /// Parses a JSON text.
    ///
    /// # Errors
    /// If the text is larger than [`MAX_BYTES`], not UTF-8, not JSON, or repeats a name in an object.
    pub fn parse(text: impl Into<Vec<u8>>) -> Result<Self, ParseError> {
        let text = text.into();
        if text.len() > MAX_BYTES {
            return Err(ParseError(format!("it is larger than the limit of {} MiB", MAX_BYTES >> 20)));
        }
        let text = String::from_utf8(text).map_err(|error| ParseError(format!("it is not UTF-8: {error}")))?;
        if text.trim().is_empty() {
            return Err(ParseError("it is empty".to_owned()));
        }
        let Strict(value) =
            serde_json::from_str(&text).map_err(|error| ParseError(format!("it is not JSON: {error}")))?;
        Ok(Document { text, value })
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the value of the text.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The location of the value at a pointer, or of its nearest existing parent, with the pointer of that.
    pub(crate) fn location(&self, pointer: &str) -> (String, Location) {
        let (mut slice, mut reached) = (self.text.trim_ascii(), String::new());
        for token in pointer.split('/').skip(1).map(unescaped) {
            let Some(inner) = member(slice, &token) else { break };
            (slice, reached) = (inner, child(&reached, &token));
        }
        let offset = slice.as_ptr().addr() - self.text.as_ptr().addr();
        let before = self.text.get(..offset).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
        (reached, Location { offset, length: slice.len(), line, column })
    }
}

/// The text of a member or item of the object or array that the text holds.
fn member<'t>(text: &'t str, token: &str) -> Option<&'t str> {
    if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        return items.get(token.parse::<usize>().ok()?).map(|item| item.get());
    }
    let mut members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    members.remove(token).map(RawValue::get)
}

/// A JSON value without duplicate names in objects, which implementations resolve differently.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            let Strict(value) = access.next_value()?;
            members.insert(name, value);
        }
        Ok(members.into())
    }
}
