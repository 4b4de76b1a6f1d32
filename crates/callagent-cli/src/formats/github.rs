//! Workflow commands, which GitHub's runner shows as annotations.

use std::io::{self, Write};

use callagent::{Finding, Location};

use super::Checked;

pub(super) fn write(checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
    for violation in checked.report.violations() {
        annotate(checked, "error", &violation, out)?;
    }
    for advisory in checked.report.advisories() {
        annotate(checked, "warning", &advisory, out)?;
    }
    Ok(())
}

fn annotate(checked: &Checked<'_>, level: &str, finding: &Finding<'_>, out: &mut impl Write) -> io::Result<()> {
    let location = checked.location(finding);
    let (code, text) = (finding.code().as_str(), finding.to_string());
    write_annotation(level, &checked.document.source.file(), (location, checked.end(location)), code, &text, out)
}

/// Writes an annotation for a location and its end.
pub(crate) fn write_annotation(
    level: &str,
    file: &str,
    (location, (end_line, end_column)): (Location, (usize, usize)),
    title: &str,
    text: &str,
    out: &mut impl Write,
) -> io::Result<()> {
    write!(out, "::{level} file={},line={},col={}", property(file), location.line, location.column)?;
    // The runner expects the last column, and only if it is on the same line.
    if end_line == location.line && location.column < end_column {
        write!(out, ",endColumn={}", end_column - 1)?;
    }
    writeln!(out, ",title={}::{}", property(title), data(text))
}

/// Writes an annotation without a location.
#[cfg(feature = "verify")]
pub(crate) fn write_message(level: &str, title: &str, text: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "::{level} title={}::{}", property(title), data(text))
}

/// Escapes characters that would end a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes characters that would end a command or a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
