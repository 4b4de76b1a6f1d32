//! One line per finding: `SOURCE:LINE:COLUMN: CODE POINTER: MESSAGE`.

use std::{
    fmt,
    io::{self, Write},
};

use callagent::{Finding, tools::EscapeControl};

use super::Checked;

pub(super) fn write(checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut findings = checked.report.violations().chain(checked.report.advisories());
    findings.try_for_each(|finding| write_finding(checked, &finding, out))
}

pub(super) fn write_finding(checked: &Checked<'_>, finding: &Finding<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", line(checked, checked.document.source, finding))
}

/// Formats the line of a finding, with the name of the source as the format has it.
pub(super) fn line(checked: &Checked<'_>, source: impl fmt::Display, finding: &Finding<'_>) -> String {
    let location = checked.location(finding);
    let (code, pointer) = (finding.code(), finding.pointer());
    let line = format!("{source}:{}:{}: {code} {pointer}: {}", location.line, location.column, finding.message());
    EscapeControl(&line).to_string()
}
