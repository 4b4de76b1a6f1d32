//! Workflow commands for GitHub's runner, which shows each as an annotation.

use std::io::{self, Write};

use callagent::{Finding, Location};

use super::Judged;

pub(super) fn write(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    for violation in judged.report.violations() {
        annotate(judged, "error", &violation, out)?;
    }
    for advisory in judged.report.advisories() {
        annotate(judged, "warning", &advisory, out)?;
    }
    Ok(())
}

fn annotate(judged: &Judged<'_>, level: &str, finding: &Finding<'_>, out: &mut impl Write) -> io::Result<()> {
    let place = judged.place(finding);
    let (code, text) = (finding.code().as_str(), finding.to_string());
    write_annotation(level, &judged.document.source.file(), (place, judged.end(place)), code, &text, out)
}

/// Writes an annotation of a place and its end in a file.
pub(crate) fn write_annotation(
    level: &str,
    file: &str,
    (place, (end_line, end_column)): (Location, (usize, usize)),
    title: &str,
    text: &str,
    out: &mut impl Write,
) -> io::Result<()> {
    write!(out, "::{level} file={},line={},col={}", property(file), place.line, place.column)?;
    // The runner takes the last column itself, and none where it is on another line.
    if end_line == place.line && place.column < end_column {
        write!(out, ",endColumn={}", end_column - 1)?;
    }
    writeln!(out, ",title={}::{}", property(title), data(text))
}

/// Escapes what would end a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what would end a property too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
