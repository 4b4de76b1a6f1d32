//! Problems in JSON.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    ser::{SerializeMap, SerializeStruct as _},
};
use serde_json::{Map, Value};

use super::{ABOUT_BLANK, FindingDetails, Problem};
use crate::report::{Location, Suggestion};

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &self.r#type)?;
        put(&mut map, "title", self.title.as_ref())?;
        put(&mut map, "status", self.status)?;
        put(&mut map, "detail", self.detail.as_ref())?;
        put(&mut map, "violations", Some(&self.violations).filter(|violations| !violations.is_empty()))?;
        put(&mut map, "truncated", Some(true).filter(|_| self.truncated))?;
        map.end()
    }
}

impl Serialize for FindingDetails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", &self.code)?;
        map.serialize_entry("pointer", &self.pointer)?;
        if let Some(Location { offset, length, line, column }) = self.place {
            map.serialize_entry("offset", &offset)?;
            map.serialize_entry("length", &length)?;
            map.serialize_entry("line", &line)?;
            map.serialize_entry("column", &column)?;
        }
        put(&mut map, "message", self.message.as_ref())?;
        put(&mut map, "expected", self.expected.as_ref())?;
        put(&mut map, "found", self.found.as_ref())?;
        put(&mut map, "suggestion", self.suggestion.as_ref())?;
        map.end()
    }
}

impl Serialize for Suggestion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut suggestion = serializer.serialize_struct("Suggestion", 4)?;
        suggestion.serialize_field("offset", &self.offset)?;
        suggestion.serialize_field("length", &self.length)?;
        suggestion.serialize_field("text", &self.text)?;
        suggestion.serialize_field("safe", &self.safe)?;
        suggestion.end()
    }
}

/// Writes a member, unless it is absent.
fn put<M: SerializeMap>(map: &mut M, name: &'static str, value: Option<impl Serialize>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}

impl<'de> Deserialize<'de> for Problem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members(Map::deserialize(deserializer)?);
        Ok(Problem {
            r#type: members.text("type").unwrap_or_else(|| ABOUT_BLANK.to_owned()),
            title: members.text("title"),
            status: members.number("status"),
            detail: members.text("detail"),
            truncated: members.flag("truncated") == Some(true),
            violations: members.items("violations").into_iter().filter_map(FindingDetails::of).collect(),
        })
    }
}

impl FindingDetails {
    /// What the members say, if they say what is wrong where.
    fn of(mut members: Members) -> Option<Self> {
        Some(FindingDetails {
            code: members.text("code")?,
            pointer: members.text("pointer")?,
            place: members.location(),
            message: members.text("message"),
            expected: members.text("expected"),
            found: members.text("found"),
            suggestion: members.object("suggestion").and_then(Suggestion::of),
        })
    }
}

impl Suggestion {
    fn of(mut members: Members) -> Option<Self> {
        Some(Suggestion {
            offset: members.number("offset")?,
            length: members.number("length")?,
            text: members.text("text")?,
            safe: members.flag("safe")?,
        })
    }
}

/// The members of a JSON object. One of another type than documented reads as absent (RFC 9457, section 3.1).
struct Members(Map<String, Value>);

impl Members {
    fn text(&mut self, name: &str) -> Option<String> {
        match self.0.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    fn number<N: TryFrom<u64>>(&self, name: &str) -> Option<N> {
        self.0.get(name)?.as_u64()?.try_into().ok()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    fn object(&mut self, name: &str) -> Option<Members> {
        self.0.remove(name).and_then(Members::of)
    }

    /// The objects of an array.
    fn items(&mut self, name: &str) -> Vec<Members> {
        match self.0.remove(name) {
            Some(Value::Array(items)) => items.into_iter().filter_map(Members::of).collect(),
            _ => Vec::new(),
        }
    }

    fn location(&self) -> Option<Location> {
        Some(Location {
            offset: self.number("offset")?,
            length: self.number("length")?,
            line: self.number("line")?,
            column: self.number("column")?,
        })
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Members(members)),
            _ => None,
        }
    }
}
