//! Documents to compare: strict JSON or YAML of limited size.

use crate::{error::ParseError, strict::Strict};
use serde::de::DeserializeSeed as _;
use serde_json::Value;

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
    /// Parses a text: JSON if it begins with a brace or bracket, or else YAML.
    ///
    /// # Errors
    /// If the text is larger than [`MAX_BYTES`], not UTF-8, neither JSON nor YAML, or repeats a name in an object, and if
    /// the aliases of YAML stand for too many values.
    pub fn parse(text: impl Into<Vec<u8>>) -> Result<Self, ParseError> {
        let text = text.into();
        if text.len() > MAX_BYTES {
            return Err(ParseError(format!("it is larger than the limit of {} MiB", MAX_BYTES >> 20)));
        }
        let text = String::from_utf8(text).map_err(|error| ParseError(format!("it is not UTF-8: {error}")))?;
        if text.trim().is_empty() {
            return Err(ParseError("it is empty".to_owned()));
        }
        let value = if is_json(&text) {
            let mut json = serde_json::Deserializer::from_str(&text);
            let value = Strict::json().deserialize(&mut json).and_then(|value| json.end().map(|()| value));
            value.map_err(|error| ParseError(format!("it is not JSON: {error}")))?
        } else {
            let value = Strict::yaml().deserialize(yaml_serde::Deserializer::from_str(&text));
            value.map_err(|error| ParseError(format!("it is neither JSON nor YAML: {error}")))?
        };
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
}

/// Returns whether a text is to be read as JSON. YAML may begin in the same way, but then almost only if it is JSON.
pub(crate) fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}
