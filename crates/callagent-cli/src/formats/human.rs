//! Reports for people.

use std::io::{self, Write};

use callagent::Finding;

use super::Judged;

pub(super) fn write(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    let verdict = if judged.report.is_valid() { "valid" } else { "invalid" };
    match judged.document.line {
        None => writeln!(out, "{}: {verdict}", judged.document.source)?,
        Some(line) => writeln!(out, "{}:{line}: {verdict}", judged.document.source)?,
    }
    for violation in judged.report.violations() {
        finding(judged, "violation", &violation, out)?;
    }
    for advisory in judged.report.advisories() {
        finding(judged, "advisory", &advisory, out)?;
    }
    Ok(())
}

fn finding(judged: &Judged<'_>, kind: &str, finding: &Finding<'_>, out: &mut impl Write) -> io::Result<()> {
    let place = judged.place(finding);
    writeln!(
        out,
        "  {kind}[{}] at line {}, column {}: {}",
        finding.code(),
        place.line,
        place.column,
        finding.pointer()
    )?;
    writeln!(out, "    {}", finding.message())?;
    if let Some(found) = finding.found() {
        writeln!(out, "    found:    {found}")?;
    }
    if let Some(expected) = finding.expected() {
        writeln!(out, "    expected: {expected}")?;
    }
    Ok(())
}
