//! Findings and reports in JSON.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::Error,
    ser::{SerializeMap, SerializeStruct as _},
};

use super::{
    details::{FindingDetails, ReportDetails},
    finding::Finding,
    location::Location,
    members::Members,
    suggestion::Suggestion,
    whole::Report,
};
use crate::json::Span;

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut span = serializer.serialize_struct("Span", 2)?;
        span.serialize_field("offset", &self.offset)?;
        span.serialize_field("length", &self.length)?;
        span.end()
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Location { span: Span { offset, length }, line, column } = self;
        let mut location = serializer.serialize_struct("Location", 4)?;
        location.serialize_field("offset", offset)?;
        location.serialize_field("length", length)?;
        location.serialize_field("line", line)?;
        location.serialize_field("column", column)?;
        location.end()
    }
}

impl Serialize for Suggestion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut suggestion = serializer.serialize_struct("Suggestion", 4)?;
        suggestion.serialize_field("offset", &self.span.offset)?;
        suggestion.serialize_field("length", &self.span.length)?;
        suggestion.serialize_field("text", &self.text)?;
        suggestion.serialize_field("safe", &self.safe)?;
        suggestion.end()
    }
}

impl Serialize for FindingDetails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", &self.code)?;
        map.serialize_entry("pointer", &self.pointer)?;
        if let Some(Location { span: Span { offset, length }, line, column }) = &self.location {
            map.serialize_entry("offset", offset)?;
            map.serialize_entry("length", length)?;
            map.serialize_entry("line", line)?;
            map.serialize_entry("column", column)?;
        }
        put(&mut map, "message", self.message.as_ref())?;
        put(&mut map, "expected", self.expected.as_ref())?;
        put(&mut map, "found", self.found.as_ref())?;
        put(&mut map, "suggestion", self.suggestion.as_ref())?;
        map.end()
    }
}

impl Serialize for Finding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FindingDetails::from(*self).serialize(serializer)
    }
}

impl Serialize for ReportDetails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("valid", &self.valid)?;
        let is_cut = self.is_cut();
        put(&mut map, "violationCount", Some(self.violation_count).filter(|_| is_cut))?;
        put(&mut map, "advisoryCount", Some(self.advisory_count).filter(|_| is_cut))?;
        map.serialize_entry("violations", &self.violations)?;
        map.serialize_entry("advisories", &self.advisories)?;
        map.end()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ReportDetails::from(self).serialize(serializer)
    }
}

/// Writes a member, unless it is absent.
pub(crate) fn put<M: SerializeMap>(
    map: &mut M,
    name: &'static str,
    value: Option<impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}

/// Implements `Deserialize` by a function that reads the members of an object, and fails if required ones are missing.
macro_rules! deserialize {
    ($($type:ident: $members:literal, $read:expr;)+) => {
        $(
            impl<'de> Deserialize<'de> for $type {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let read: fn(Members) -> Option<$type> = $read;
                    let required = concat!("expected an object with the members ", $members);
                    read(Members::deserialize(deserializer)?).ok_or_else(|| D::Error::custom(required))
                }
            }
        )+
    };
}

deserialize! {
    Span: "`offset` and `length`", |members| members.span();
    Location: "`offset`, `length`, `line` and `column`", |members| members.location();
    Suggestion: "`offset`, `length`, `text` and `safe`", Members::into_suggestion;
    FindingDetails: "`code` and `pointer`", Members::into_finding;
    ReportDetails: "`valid`", Members::into_report;
}
