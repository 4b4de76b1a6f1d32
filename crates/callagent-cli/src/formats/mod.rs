//! The formats of reports.

mod concise;
mod drawing;
mod excerpt;
mod frame;
pub(crate) mod github;
mod human;
pub(crate) mod json;
pub(crate) mod junit;
mod keys;
pub(crate) mod sarif;

use std::{
    io::{self, Write},
    time::Duration,
};

use callagent::{EscapeControl, Finding, Location, Report, Suggestion};
use clap::ValueEnum;

use crate::{documents::Document, failure::Failure};
pub(crate) use drawing::{Drawing, note};
pub(crate) use excerpt::Masked;
pub(crate) use frame::{Frame, Totals};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// One line a violation: SOURCE:LINE:COLUMN: CODE POINTER: MESSAGE.
    Concise,
    /// One JSON array of an object a document.
    Json,
    /// One line of JSON a document.
    Ndjson,
    /// Annotations of a GitHub workflow.
    Github,
    /// A SARIF 2.1.0 log.
    Sarif,
    /// JUnit XML, a test case a document.
    Junit,
}

/// A document and the report on it.
pub(crate) struct Judged<'d> {
    pub(crate) document: &'d Document<'d>,
    pub(crate) report: &'d Report,
    /// Whether it is written where colours are wanted.
    pub(crate) colored: bool,
    /// How long the validation took.
    pub(crate) time: Duration,
}

/// Whether colours are wanted there: by `NO_COLOR`, `CLICOLOR_FORCE`, and whether it is a terminal.
pub(crate) fn colored(stream: &impl anstream::stream::RawStream) -> bool {
    anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

impl Judged<'_> {
    /// Where a finding stands in its source.
    fn place(&self, finding: &Finding<'_>) -> Location {
        let place = finding.location().unwrap_or(Location { offset: 0, length: 0, line: 1, column: 1 });
        Location { line: place.line + self.document.line.map_or(0, |line| line - 1), ..place }
    }

    /// The place of other bytes of the text, near a known one.
    fn place_near(&self, near: Location, offset: usize, length: usize) -> Location {
        let text = self.document.text;
        let (line, column) = match text.get(offset..near.offset) {
            None => end(text, Location { length: offset.saturating_sub(near.offset), ..near }),
            Some(between) => match memchr::memchr_iter(b'\n', between).count() {
                0 => (near.line, near.column.saturating_sub(characters(between))),
                lines => {
                    let before = text.get(..offset).unwrap_or_default();
                    let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
                    (near.line.saturating_sub(lines), 1 + characters(before.get(start..).unwrap_or_default()))
                }
            },
        };
        Location { offset, length, line, column }
    }

    /// The line and column after the last character of a place.
    fn end(&self, place: Location) -> (usize, usize) {
        end(self.document.text, place)
    }
}

/// The line and column after the last character of a place in a text.
pub(crate) fn end(text: &[u8], place: Location) -> (usize, usize) {
    let text = text.get(place.offset..place.offset + place.length).unwrap_or_default();
    let lines = text.split(|&byte| byte == b'\n');
    lines.enumerate().fold((place.line, place.column), |(_, column), (index, line)| {
        (place.line + index, characters(line) + if index == 0 { column } else { 1 })
    })
}

/// How many characters there are: every byte but a continuation byte begins one.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

impl Format {
    /// Writes the report on one document.
    pub(crate) fn write(self, judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
        match self {
            Format::Human => human::write(judged, out),
            Format::Concise => concise::write(judged, out),
            Format::Json => json::write_item(judged, out),
            Format::Ndjson => json::write_line(judged, out),
            Format::Github => github::write(judged, out),
            Format::Sarif => sarif::write(judged, out),
            Format::Junit => junit::write(judged, out),
        }
    }

    /// Writes what could not be read, where it has a place among the documents.
    pub(crate) fn write_failure(self, failure: &Failure, out: &mut impl Write) -> io::Result<()> {
        if self == Format::Junit { junit::write_failure(failure, out) } else { Ok(()) }
    }

    /// Whether the report says how a violation could be mended.
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

    /// The end of the report in place of the frame's, if some of the work could not be done.
    pub(crate) fn tail(self, failures: &[Failure]) -> Option<String> {
        (self == Format::Sarif && !failures.is_empty()).then(|| sarif::tail(failures))
    }
}

/// What to do about a violation.
fn help(suggestion: &Suggestion) -> String {
    let fix = if suggestion.text.is_empty() {
        "take it out".to_owned()
    } else {
        format!("write {}", EscapeControl(&suggestion.text))
    };
    if suggestion.safe { fix + "; `--fix` does so" } else { fix }
}
