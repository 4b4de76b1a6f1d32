//! One line a finding: `SOURCE:LINE:COLUMN: CODE POINTER: MESSAGE`.

use std::io::{self, Write};

use super::Judged;

pub(super) fn write(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    let source = judged.document.source;
    for finding in judged.report.violations().chain(judged.report.advisories()) {
        let place = judged.place(&finding);
        let (code, pointer, message) = (finding.code(), finding.pointer(), finding.message());
        writeln!(out, "{source}:{}:{}: {code} {pointer}: {message}", place.line, place.column)?;
    }
    Ok(())
}
