//! Reports for people, drawn as compilers draw theirs.

use std::io::{self, Write};

use annotate_snippets::Level;
use callagent::{Code, EscapeControl, Finding, Location, Suggestion};

use super::{
    Judged, concise,
    drawing::{Drawing, note},
    excerpt::Masked,
    help,
};

/// How many findings of a document are drawn; what is beyond is told in a line each.
const DRAWN: usize = 100;

pub(super) fn write(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    let source = judged.document.source;
    let line = judged.document.line.map(|line| format!(":{line}")).unwrap_or_default();
    let verdict = if judged.report.is_valid() { "valid" } else { "invalid" };
    writeln!(out, "{source}{line}: {verdict}")?;
    let violations = judged.report.violations().map(|violation| (Level::ERROR.with_name("violation"), violation));
    let advisories = judged.report.advisories().filter(|advisory| advisory.code() != Code::ABSENT_FIELD);
    let advisories = advisories.map(|advisory| (Level::WARNING.with_name("advisory"), advisory));
    let text = Masked::of(if judged.report.is_clean() { &[] } else { judged.document.text }, judged.report);
    for (number, (level, finding)) in violations.chain(advisories).enumerate() {
        if number < DRAWN {
            let place = judged.place(&finding);
            write!(out, "\n{source}:{}:{}: ", place.line, place.column)?;
            writeln!(out, "{}", drawing(&text, place, level, &finding).render(judged.colored))?;
        } else {
            concise::write_finding(judged, &finding, out)?;
        }
    }
    absent(judged, out)?;
    left_out(judged, out)
}

/// Says how much a report that was cut leaves out.
fn left_out(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    let (report, source) = (judged.report, judged.document.source);
    if !report.is_cut() {
        return Ok(());
    }
    let violations = report.violation_count() - report.violations().len();
    let advisories = report.advisory_count() - report.advisories().count();
    writeln!(out, "\n{source}: not shown: violations: {violations}, advisories: {advisories}; `--limit 0` shows all")
}

/// What a response lacks, a line an object: a small one lacks much.
fn absent(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    let is_absent = |advisory: &Finding<'_>| advisory.code() == Code::ABSENT_FIELD;
    let mut fields = judged.report.advisories().filter(is_absent).peekable();
    while let Some(field) = fields.next() {
        let place = judged.place(&field);
        write!(out, "\n{}:{}:{}: advisory[{}]: ", judged.document.source, place.line, place.column, field.code())?;
        write!(out, "documented, but not given: {}", EscapeControl(&field.pointer()))?;
        while let Some(field) = fields.next_if(|next| next.location() == field.location()) {
            write!(out, ", {}", EscapeControl(&field.pointer()))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn drawing<'f>(text: &Masked<'_>, place: Location, level: Level<'f>, finding: &Finding<'_>) -> Drawing<'f> {
    let mut notes = Vec::new();
    let pointer = finding.pointer();
    if !pointer.is_empty() {
        notes.push(note(format!("at {}", EscapeControl(&pointer))));
    }
    let is_unsaid = matches!(finding.code(), Code::UNKNOWN_FIELD | Code::UNKNOWN_VALUE);
    if let Some(expected) = finding.expected().filter(|_| is_unsaid) {
        notes.push(note(format!("expected {expected}")));
    }
    notes.extend(finding.note().map(|note| Level::NOTE.message(note)));
    notes.extend(finding.suggestion().map(|suggestion| Level::HELP.message(help(suggestion))));
    Drawing {
        title: level.primary_title(finding.message()).id(finding.code().as_str()),
        excerpt: text.excerpt(place),
        line: place.line,
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
