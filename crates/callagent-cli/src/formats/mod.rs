//! The formats of reports.

mod concise;
mod drawing;
mod excerpt;
mod frame;
pub(crate) mod github;
mod human;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod sarif;

use std::{
    fmt,
    io::{self, Write},
    time::Duration,
};

use callagent::{Finding, Location, Report, Span, Suggestion, tools::EscapeControl};
use clap::ValueEnum;

use crate::{documents::Document, failure::Failure};
#[cfg(feature = "compat")]
pub(crate) use drawing::{Drawing, note, render_without_excerpt};
pub(crate) use excerpt::Masked;
pub(crate) use frame::{Frame, Totals};

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Excerpts and notes, for people.
    Human,
    /// One line per finding: SOURCE:LINE:COLUMN: CODE POINTER: MESSAGE.
    Concise,
    /// A JSON array with one object per document.
    Json,
    /// One line of JSON per document.
    Ndjson,
    /// Annotations for a GitHub workflow.
    Github,
    /// A SARIF 2.1.0 log.
    Sarif,
    /// JUnit XML, one test case per document.
    Junit,
}

/// A document and the report on it.
pub(crate) struct Checked<'d> {
    pub(crate) document: &'d Document<'d>,
    pub(crate) report: &'d Report,
    /// Whether to use colors.
    pub(crate) colored: bool,
    /// The duration of the validation.
    pub(crate) time: Duration,
}

/// Returns whether to use colors on a stream: depends on `NO_COLOR`, `CLICOLOR_FORCE`, and whether it is a terminal.
pub(crate) fn colored(stream: &impl anstream::stream::RawStream) -> bool {
    anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

impl Checked<'_> {
    /// The location of a finding in its source.
    fn location(&self, finding: &Finding<'_>) -> Location {
        let location =
            finding.location().unwrap_or(Location { span: Span { offset: 0, length: 0 }, line: 1, column: 1 });
        Location { line: location.line + self.document.line.map_or(0, |line| line - 1), ..location }
    }

    /// The location of other bytes of the text, near a known location.
    fn location_near(&self, near: Location, span: Span) -> Location {
        let text = self.document.text;
        let Span { offset, .. } = span;
        let between = Span { offset: near.span.offset, length: offset.saturating_sub(near.span.offset) };
        let (line, column) = match text.get(offset..near.span.offset) {
            None => end(text, Location { span: between, ..near }),
            Some(between) => match memchr::memchr_iter(b'\n', between).count() {
                0 => (near.line, near.column.saturating_sub(characters(between))),
                lines => {
                    let before = text.get(..offset).unwrap_or_default();
                    let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
                    (near.line.saturating_sub(lines), 1 + characters(before.get(start..).unwrap_or_default()))
                }
            },
        };
        Location { span, line, column }
    }

    /// The line and column after the last character of a location.
    fn end(&self, location: Location) -> (usize, usize) {
        end(self.document.text, location)
    }
}

/// The line and column after the last character of a location in a text.
pub(crate) fn end(text: &[u8], location: Location) -> (usize, usize) {
    let text = text.get(location.span.range()).unwrap_or_default();
    let lines = text.split(|&byte| byte == b'\n');
    lines.enumerate().fold((location.line, location.column), |(_, column), (index, line)| {
        (location.line + index, characters(line) + if index == 0 { column } else { 1 })
    })
}

/// The number of characters: bytes other than continuation bytes.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

impl Format {
    /// Writes the report on one document.
    pub(crate) fn write(self, checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
        match self {
            Format::Human => human::write(checked, out),
            Format::Concise => concise::write(checked, out),
            Format::Json => json::write_item(checked, out),
            Format::Ndjson => json::write_line(checked, out),
            Format::Github => github::write(checked, out),
            Format::Sarif => sarif::write(checked, out),
            Format::Junit => junit::write(checked, out),
        }
    }

    /// Writes a failure if the format lists failures among the documents.
    pub(crate) fn write_failure(self, failure: &Failure, out: &mut impl Write) -> io::Result<()> {
        if self == Format::Junit { junit::write_failure(failure, out) } else { Ok(()) }
    }

    /// Returns whether the format includes suggestions.
    pub(crate) fn shows_suggestions(self) -> bool {
        matches!(self, Format::Human | Format::Json | Format::Ndjson | Format::Sarif)
    }

    pub(crate) fn frame(self) -> Frame {
        match self {
            Format::Human | Format::Concise | Format::Ndjson | Format::Github => Frame::default(),
            Format::Json => json::frame(),
            Format::Sarif => sarif::frame(),
            Format::Junit => junit::frame(),
        }
    }

    /// A replacement for the frame's tail if there were failures.
    pub(crate) fn tail(self, failures: &[Failure]) -> Option<String> {
        (self == Format::Sarif && !failures.is_empty()).then(|| sarif::tail(failures))
    }
}

/// The help text of a suggestion.
fn help(suggestion: &Suggestion) -> String {
    let fix = if suggestion.text.is_empty() {
        "remove it".to_owned()
    } else {
        format!("replace with {}", EscapeControl(&suggestion.text))
    };
    if suggestion.safe { fix + " (fixable with `--fix`)" } else { fix }
}

/// Formats a count with its noun.
pub(crate) fn count<N: fmt::Display + Copy + PartialEq + From<u8>>(count: N, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == N::from(1) { singular } else { plural })
}
