//! The formats of reports.

mod concise;
mod excerpt;
pub(crate) mod github;
mod human;
pub(crate) mod json;
pub(crate) mod junit;
mod keys;
pub(crate) mod sarif;

use std::{
    borrow::Cow,
    io::{self, Write},
};

use callagent::{Finding, Place, Report};
use clap::ValueEnum;

use crate::{documents::Document, failure::Failure};
pub(crate) use excerpt::Masked;

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
}

/// Whether colours are wanted there: by `NO_COLOR`, `CLICOLOR_FORCE`, and whether it is a terminal.
pub(crate) fn colored(stream: &impl anstream::stream::RawStream) -> bool {
    anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

impl Judged<'_> {
    /// Where a finding stands in its source.
    fn place(&self, finding: &Finding<'_>) -> Place {
        let place = finding.place().unwrap_or(Place { offset: 0, length: 0, line: 1, column: 1 });
        Place { line: place.line + self.document.line.map_or(0, |line| line - 1), ..place }
    }

    /// The line and column after the last character of a place.
    fn end(&self, place: Place) -> (usize, usize) {
        end(self.document.text, place)
    }
}

/// The line and column after the last character of a place in a text.
pub(crate) fn end(text: &[u8], place: Place) -> (usize, usize) {
    let text = text.get(place.offset..place.offset + place.length).unwrap_or_default();
    let lines = text.split(|&byte| byte == b'\n');
    lines.enumerate().fold((place.line, place.column), |(_, column), (index, line)| {
        // Every byte but a continuation byte begins a character.
        let characters = line.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        (place.line + index, characters + if index == 0 { column } else { 1 })
    })
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
        matches!(self, Format::Human | Format::Json | Format::Ndjson)
    }

    pub(crate) fn frame(self) -> Frame {
        match self {
            Format::Human | Format::Concise | Format::Ndjson | Format::Github => Frame::default(),
            Format::Json => json::frame(),
            Format::Sarif => sarif::frame(),
            Format::Junit => junit::frame(),
        }
    }

    /// What stands after the reports, in place of the frame's end, if some of the work could not be done.
    pub(crate) fn tail(self, failures: &[Failure]) -> Option<String> {
        (self == Format::Sarif && !failures.is_empty()).then(|| sarif::tail(failures))
    }
}

/// What stands around the reports on the documents.
#[derive(Default)]
pub(crate) struct Frame {
    head: Cow<'static, str>,
    /// What stands before each item of the reports; the first one goes without.
    separator: &'static str,
    tail: Cow<'static, str>,
    has_begun: bool,
}

impl Frame {
    /// Writes a part of the reports, which begins with an item if it is the first.
    pub(crate) fn write(&mut self, text: &[u8], out: &mut impl Write) -> io::Result<()> {
        if self.has_begun || text.is_empty() {
            return out.write_all(text);
        }
        self.begin(out)?;
        out.write_all(text.strip_prefix(self.separator.as_bytes()).unwrap_or(text))
    }

    pub(crate) fn finish(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.finish_with(None, out)
    }

    /// Finishes with another end.
    pub(crate) fn finish_with(&mut self, tail: Option<&str>, out: &mut impl Write) -> io::Result<()> {
        self.begin(out)?;
        out.write_all(tail.unwrap_or(&self.tail).as_bytes())
    }

    fn begin(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.has_begun {
            return Ok(());
        }
        self.has_begun = true;
        out.write_all(self.head.as_bytes())
    }
}
