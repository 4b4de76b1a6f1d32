//! One line a finding: `SOURCE:LINE:COLUMN: CODE POINTER: MESSAGE`.

use std::{
    fmt,
    io::{self, Write},
};

use callagent::{EscapeControl, Finding};

use super::Judged;

pub(super) fn write(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut findings = judged.report.violations().chain(judged.report.advisories());
    findings.try_for_each(|finding| write_finding(judged, &finding, out))
}

pub(super) fn write_finding(judged: &Judged<'_>, finding: &Finding<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", line(judged, judged.document.source, finding))
}

/// The line of a finding, which calls the source what the format calls it.
pub(super) fn line(judged: &Judged<'_>, source: impl fmt::Display, finding: &Finding<'_>) -> String {
    let place = judged.place(finding);
    let (code, pointer) = (finding.code(), finding.pointer());
    let line = format!("{source}:{}:{}: {code} {pointer}: {}", place.line, place.column, finding.message());
    EscapeControl(&line).to_string()
}
