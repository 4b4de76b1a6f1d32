//! Reports for people, in the style of compiler diagnostics.

use std::io::{self, Write};

use annotate_snippets::Level;
use callagent::{Code, Finding, Location, Suggestion, tools::EscapeControl};

use super::{
    Checked, concise, count,
    drawing::{Drawing, note},
    excerpt::Masked,
    help,
};

/// The maximum number of findings per document with an excerpt. Each further finding is one line.
const MAX_EXCERPTS: usize = 100;

pub(super) fn write(checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
    let source = checked.document.source;
    let line = checked.document.line.map(|line| format!(":{line}")).unwrap_or_default();
    let verdict = if checked.report.is_valid() { "valid" } else { "invalid" };
    writeln!(out, "{source}{line}: {verdict}")?;
    let violations = checked.report.violations().map(|violation| (Level::ERROR.with_name("violation"), violation));
    let advisories = checked.report.advisories().filter(|advisory| advisory.code() != Code::ABSENT_FIELD);
    let advisories = advisories.map(|advisory| (Level::WARNING.with_name("advisory"), advisory));
    let text = Masked::with_report(if checked.report.is_clean() { &[] } else { checked.document.text }, checked.report);
    for (number, (level, finding)) in violations.chain(advisories).enumerate() {
        if number < MAX_EXCERPTS {
            let location = checked.location(&finding);
            write!(out, "\n{source}:{}:{}: ", location.line, location.column)?;
            writeln!(out, "{}", drawing(&text, location, level, &finding).render(checked.colored))?;
        } else {
            concise::write_finding(checked, &finding, out)?;
        }
    }
    absent(checked, out)?;
    omitted(checked, out)
}

/// Writes how many findings a limited report omits.
fn omitted(checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
    let (report, source) = (checked.report, checked.document.source);
    if !report.is_cut() {
        return Ok(());
    }
    let violations = count(report.violation_count() - report.violations().len(), "violation", "violations");
    let advisories = count(report.advisory_count() - report.advisories().count(), "advisory", "advisories");
    writeln!(out, "\n{source}: {violations} and {advisories} not shown; use `--limit 0` to show all")
}

/// Writes the absent fields of a response, one line per object, since a small response has many.
fn absent(checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
    let is_absent = |advisory: &Finding<'_>| advisory.code() == Code::ABSENT_FIELD;
    let mut fields = checked.report.advisories().filter(is_absent).peekable();
    while let Some(field) = fields.next() {
        let location = checked.location(&field);
        write!(
            out,
            "\n{}:{}:{}: advisory[{}]: ",
            checked.document.source,
            location.line,
            location.column,
            field.code()
        )?;
        write!(out, "documented but absent: {}", EscapeControl(&field.pointer()))?;
        while let Some(field) = fields.next_if(|next| next.location() == field.location()) {
            write!(out, ", {}", EscapeControl(&field.pointer()))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn drawing<'f>(text: &Masked<'_>, location: Location, level: Level<'f>, finding: &Finding<'_>) -> Drawing<'f> {
    let mut notes = Vec::new();
    let pointer = finding.pointer();
    if !pointer.is_empty() {
        notes.push(note(format!("at {}", EscapeControl(&pointer))));
    }
    let message_omits_it = matches!(finding.code(), Code::UNKNOWN_FIELD | Code::UNKNOWN_VALUE);
    if let Some(expected) = finding.expected().filter(|_| message_omits_it) {
        notes.push(note(format!("expected {expected}")));
    }
    notes.extend(finding.note().map(|note| Level::NOTE.message(note)));
    notes.extend(finding.suggestion().map(|suggestion| Level::HELP.message(help(suggestion))));
    Drawing {
        title: level.primary_title(finding.message()).id(finding.code().as_str()),
        excerpt: text.excerpt(location.span),
        line: location.line,
        label: finding.suggestion().map(label),
        notes,
    }
}

fn label(suggestion: &Suggestion) -> String {
    if suggestion.text.is_empty() {
        "remove it".to_owned()
    } else {
        format!("did you mean `{}`?", EscapeControl(bare(suggestion)))
    }
}

/// The replacement without quotes.
fn bare(suggestion: &Suggestion) -> &str {
    suggestion.text.trim_matches('"')
}
