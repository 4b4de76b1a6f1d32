//! This workspace's reader.

use std::{fmt::Write as _, hint::black_box};

use callagent::{Reader, Report, UpdateAgent, check, read};

use super::{Contestant, Gives, contestant};
use crate::flaws::Flaw;

pub(super) fn contestants() -> Vec<Contestant> {
    vec![
        contestant("callagent: check", Gives::Places, &[], |document| {
            black_box(check::<UpdateAgent>(document.text.as_bytes())).is_valid()
        }),
        contestant("callagent: check, full report", Gives::Places, &[], |document| {
            render(&check::<UpdateAgent>(document.text.as_bytes()))
        }),
        contestant("callagent: read", Gives::Places, &[], |document| {
            black_box(read::<UpdateAgent>(document.text.as_bytes())).is_ok()
        }),
        contestant("callagent: Deserialize", Gives::All, &[], |document| {
            black_box(serde_json::from_slice::<UpdateAgent>(document.text.as_bytes())).is_ok()
        }),
        contestant("parsed: callagent check_value", Gives::All, BLIND, |document| {
            black_box(Reader::new().check_value::<UpdateAgent>(&document.value)).is_valid()
        }),
    ]
}

/// The flaws that a parsed value no longer has.
const BLIND: &[Flaw] = &[Flaw::RepeatedField, Flaw::RepeatedName];

/// Formats every finding. Returns whether there is no violation.
fn render(report: &Report) -> bool {
    let mut out = String::new();
    for finding in report.violations().chain(report.advisories()) {
        let place = finding.location().map_or((0, 0), |location| (location.line, location.column));
        let (code, pointer, message) = (finding.code(), finding.pointer(), finding.message());
        let _ = writeln!(out, "{code} {pointer} {}:{} {message}", place.0, place.1);
    }
    black_box(out);
    report.is_valid()
}
