//! One line a finding: `SOURCE:LINE:COLUMN: CODE POINTER: MESSAGE`.

use std::io::{self, Write};

use callagent::{Finding, Printable};

use super::Judged;

pub(super) fn write(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut findings = judged.report.violations().chain(judged.report.advisories());
    findings.try_for_each(|finding| write_finding(judged, &finding, out))
}

pub(super) fn write_finding(judged: &Judged<'_>, finding: &Finding<'_>, out: &mut impl Write) -> io::Result<()> {
    let place = judged.place(finding);
    let (source, code, pointer) = (judged.document.source, finding.code(), finding.pointer());
    let line = format!("{source}:{}:{}: {code} {pointer}: {}", place.line, place.column, finding.message());
    writeln!(out, "{}", Printable(&line))
}
