//! Fuzz targets as ordinary functions, which take bytes and panic if a property is violated.
//!
//! libFuzzer calls them through `fuzz_targets/`. A test replays the seeds and the corpus without it.

#![forbid(unsafe_code)]

pub mod apply;
pub mod fix;
pub mod reader;
pub mod render;
pub mod round_trip;
pub mod seeds;

use std::collections::BTreeSet;

use callagent::{Code, Finding, Report};

/// A target: its name and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 5] = [
    ("reader", reader::target),
    ("round_trip", round_trip::target),
    ("apply", apply::target),
    ("fix", fix::target),
    ("render", render::target),
];

/// Everything in a report except suggestions.
fn details(report: &Report) -> Vec<String> {
    report.violations().chain(report.advisories()).map(|finding| detail(&finding)).collect()
}

fn detail(finding: &Finding<'_>) -> String {
    let (location, found, expected) = (finding.location(), finding.found(), finding.expected());
    let (code, pointer, note) = (finding.code(), finding.pointer(), finding.note());
    format!("{code} {pointer:?} {location:?} {found:?} {expected:?} {note:?} {} {finding}", finding.message())
}

/// The violations of a report, for comparison.
fn set(report: &Report) -> BTreeSet<(String, Code)> {
    report.violations().map(|violation| (violation.pointer(), violation.code())).collect()
}

/// Whether `serde_json` may round a number incorrectly. It replaces all digits after the 768th by a single nonzero one, so
/// half of the smallest double, which rounds to 0, becomes the smallest double.
fn is_beyond_serde_json(text: &[u8]) -> bool {
    text.split(|byte| !matches!(byte, b'0'..=b'9' | b'.')).any(|digits| digits.len() > 768)
}
