//! The findings of a report as JSON, with places in the units of the host.

use callagent::{Finding, Location, Report, Span, Suggestion};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::units::Units;

/// Returns the findings of a report on a text.
pub(crate) fn json(report: &Report, text: &[u8], utf16: bool) -> Vec<u8> {
    let lists = Lists {
        violations: placed(report.violations(), Units::new(text, utf16)),
        advisories: placed(report.advisories(), Units::new(text, utf16)),
    };
    serde_json::to_vec(&lists).expect("findings serialize")
}

fn placed<'r>(findings: impl Iterator<Item = Finding<'r>>, mut units: Units<'_>) -> Vec<Placed<'r>> {
    findings.map(|finding| Placed::new(finding, &mut units)).collect()
}

struct Lists<'r> {
    violations: Vec<Placed<'r>>,
    advisories: Vec<Placed<'r>>,
}

/// A finding and its location in units.
struct Placed<'r> {
    finding: Finding<'r>,
    location: Option<Location>,
    suggestion: Option<Suggestion>,
}

impl<'r> Placed<'r> {
    fn new(finding: Finding<'r>, units: &mut Units<'_>) -> Self {
        let location = finding.location().map(|Location { span, line, .. }| {
            let (offset, column) = units.advance(span.offset);
            Location { span: Span { offset, length: units.unit(span.end()) - offset }, line, column }
        });
        let suggestion = finding.suggestion().map(|suggestion| {
            let [offset, end] = [suggestion.span.offset, suggestion.span.end()].map(|place| units.unit(place));
            Suggestion { span: Span { offset, length: end - offset }, ..suggestion.clone() }
        });
        Placed { finding, location, suggestion }
    }
}

impl Serialize for Lists<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut lists = serializer.serialize_map(None)?;
        lists.serialize_entry("violations", &self.violations)?;
        lists.serialize_entry("advisories", &self.advisories)?;
        lists.end()
    }
}

impl Serialize for Placed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Placed { finding, location, suggestion } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", finding.code().as_str())?;
        map.serialize_entry("pointer", &finding.pointer())?;
        if let Some(Location { span: Span { offset, length }, line, column }) = location {
            map.serialize_entry("offset", offset)?;
            map.serialize_entry("length", length)?;
            map.serialize_entry("line", line)?;
            map.serialize_entry("column", column)?;
        }
        map.serialize_entry("message", &finding.message())?;
        put(&mut map, "expected", finding.expected())?;
        put(&mut map, "found", finding.found())?;
        put(&mut map, "note", finding.note())?;
        put(&mut map, "suggestion", suggestion.as_ref())?;
        map.end()
    }
}

/// Writes a member, unless it is absent.
fn put<M: SerializeMap>(map: &mut M, name: &'static str, value: Option<impl Serialize>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}
