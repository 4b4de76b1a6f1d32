//! The formats of reports.

mod concise;
mod excerpt;
mod human;
mod json;

use std::io::{self, Write};

use callagent::{Finding, Place, Report};
use clap::ValueEnum;

use crate::documents::Document;
pub(crate) use excerpt::Masked;

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// One line a violation: SOURCE:LINE:COLUMN: CODE POINTER: MESSAGE.
    Concise,
    /// One JSON array of an object a document.
    Json,
    /// One line of JSON a document.
    Ndjson,
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
}

impl Format {
    /// Writes the report on one document.
    pub(crate) fn write(self, judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
        match self {
            Format::Human => human::write(judged, out),
            Format::Concise => concise::write(judged, out),
            Format::Json => json::write_item(judged, out),
            Format::Ndjson => json::write_line(judged, out),
        }
    }

    pub(crate) fn frame(self) -> Frame {
        Frame { is_array: self == Format::Json, is_empty: true }
    }
}

/// What stands around the reports on the documents.
pub(crate) struct Frame {
    is_array: bool,
    is_empty: bool,
}

impl Frame {
    /// Writes a part of the reports. An array's items each come after a comma; the first one gives way to the bracket.
    pub(crate) fn write(&mut self, text: &[u8], out: &mut impl Write) -> io::Result<()> {
        match text.strip_prefix(json::SEPARATOR) {
            Some(rest) if self.is_array && self.is_empty => {
                out.write_all(b"[")?;
                out.write_all(rest)?;
            }
            _ => out.write_all(text)?,
        }
        self.is_empty &= text.is_empty();
        Ok(())
    }

    pub(crate) fn finish(&self, out: &mut impl Write) -> io::Result<()> {
        match (self.is_array, self.is_empty) {
            (true, true) => out.write_all(b"[]\n"),
            (true, false) => out.write_all(b"]\n"),
            (false, _) => Ok(()),
        }
    }
}
