//! Offsets in the units of the object that was read.

use std::collections::BTreeSet;

use callagent::{Report, Span};

use crate::document::Text;

/// Converts offsets in UTF-8 to offsets in the object that was read: bytes, or the code points of a `str`.
#[derive(Default)]
pub(crate) struct Offsets {
    /// The offsets of a report in bytes and in code points, in ascending order. Empty if they are the same.
    table: Vec<(usize, usize)>,
}

impl Offsets {
    pub(crate) fn new(text: &Text<'_>, report: &Report) -> Self {
        if !text.is_str || report.is_clean() || text.bytes.is_ascii() {
            return Offsets::default();
        }
        let findings = report.violations().chain(report.advisories());
        let spans =
            findings.flat_map(|finding| [finding.span(), finding.suggestion().map(|suggestion| suggestion.span)]);
        let offsets: BTreeSet<_> = spans.flatten().flat_map(|span| [span.offset, span.end()]).collect();
        let (mut position, mut code_points) = (0, 0);
        let count = |offset| {
            let passed = text.bytes.get(position..offset).unwrap_or_default();
            // Every byte except a continuation byte begins a code point.
            code_points += passed.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
            position = offset;
            (offset, code_points)
        };
        Offsets { table: offsets.into_iter().map(count).collect() }
    }

    /// Returns a span of the report in the units of the object.
    pub(crate) fn convert(&self, span: Span) -> Span {
        let [offset, end] = [span.offset, span.end()].map(|offset| self.at(offset));
        Span { offset, length: end - offset }
    }

    fn at(&self, offset: usize) -> usize {
        let found = self.table.binary_search_by_key(&offset, |(bytes, _)| *bytes).ok();
        found.and_then(|index| self.table.get(index)).map_or(offset, |(_, code_points)| *code_points)
    }
}
