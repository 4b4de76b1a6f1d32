//! Lenient reading of JSON objects that other programs wrote.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{
    details::{FindingDetails, ReportDetails},
    location::Location,
    suggestion::Suggestion,
};
use crate::json::Span;

/// The members of a JSON object. A member with an unexpected type reads as absent (RFC 9457, section 3.1).
pub(crate) struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Members)
    }
}

impl Members {
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        match self.0.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn number<N: TryFrom<u64>>(&self, name: &str) -> Option<N> {
        self.0.get(name)?.as_u64()?.try_into().ok()
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// Returns the findings in an array. Items that are not findings are skipped.
    pub(crate) fn findings(&mut self, name: &str) -> Vec<FindingDetails> {
        match self.0.remove(name) {
            Some(Value::Array(items)) => {
                items.into_iter().filter_map(Members::of).filter_map(Members::into_finding).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn span(&self) -> Option<Span> {
        Some(Span { offset: self.number("offset")?, length: self.number("length")? })
    }

    pub(super) fn location(&self) -> Option<Location> {
        Some(Location { span: self.span()?, line: self.number("line")?, column: self.number("column")? })
    }

    pub(super) fn into_suggestion(mut self) -> Option<Suggestion> {
        Some(Suggestion { span: self.span()?, text: self.text("text")?, safe: self.flag("safe")? })
    }

    pub(super) fn into_finding(mut self) -> Option<FindingDetails> {
        Some(FindingDetails {
            code: self.text("code")?,
            pointer: self.text("pointer")?,
            location: self.location(),
            message: self.text("message"),
            expected: self.text("expected"),
            found: self.text("found"),
            suggestion: self.0.remove("suggestion").and_then(Members::of).and_then(Members::into_suggestion),
        })
    }

    pub(super) fn into_report(mut self) -> Option<ReportDetails> {
        let (violations, advisories) = (self.findings("violations"), self.findings("advisories"));
        Some(ReportDetails {
            valid: self.flag("valid")?,
            violation_count: self.number("violationCount").unwrap_or(violations.len()),
            advisory_count: self.number("advisoryCount").unwrap_or(advisories.len()),
            violations,
            advisories,
        })
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Members(members)),
            _ => None,
        }
    }
}
