//! JUnit XML: one test case per document, which fails if there are violations.

use std::{
    borrow::Cow,
    io::{self, Seek as _, Write},
    time::{Duration, Instant},
};

use quick_xml::{
    Writer,
    events::{BytesText, Event},
};
use tempfile::SpooledTempFile;

use super::{Checked, Frame, Totals, concise};
use crate::{failure::Failure, source::Source};

/// The number of bytes of test cases kept in memory before a temporary file is used.
const IN_MEMORY: usize = 8 << 20;

/// The class of test cases about documents.
pub(crate) const CLASS: &str = "callagent";

pub(crate) fn frame() -> Frame {
    Frame { suite: Some(Suite::new()), ..Frame::default() }
}

/// The test cases of a run, held back because their counts come first.
pub(crate) struct Suite {
    cases: SpooledTempFile,
    started: Instant,
}

impl Suite {
    fn new() -> Self {
        Suite { cases: tempfile::spooled_tempfile(IN_MEMORY), started: Instant::now() }
    }

    pub(super) fn keep(&mut self, cases: &[u8]) -> io::Result<()> {
        self.cases.write_all(cases)
    }

    pub(super) fn write(mut self, totals: Totals, out: &mut impl Write) -> io::Result<()> {
        let Totals { tests, failures, errors, skipped } = totals;
        let time = seconds(self.started.elapsed());
        let counts = format!("name=\"callagent\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(
            out,
            "<testsuites {counts} time=\"{time}\">\n<testsuite {counts} skipped=\"{skipped}\" time=\"{time}\">"
        )?;
        self.cases.rewind()?;
        io::copy(&mut self.cases, out)?;
        writeln!(out, "</testsuite>\n</testsuites>")
    }
}

/// A test case. It has at most one failure or error, because most consumers show only the first.
pub(crate) struct Case<'c> {
    pub(crate) class: &'c str,
    pub(crate) name: &'c str,
    /// The file, if any.
    pub(crate) file: Option<&'c str>,
    pub(crate) time: Duration,
    /// Its failure or error, or why it was skipped.
    pub(crate) end: Option<End<'c>>,
    pub(crate) notes: Option<Lines<'c>>,
}

/// Lines of text, generated lazily because there may be many.
pub(crate) type Lines<'c> = Box<dyn Iterator<Item = String> + 'c>;

/// The failure or error of a test case, or why it was skipped.
pub(crate) struct End<'c> {
    pub(crate) element: &'static str,
    pub(crate) kind: &'c str,
    pub(crate) message: String,
    pub(crate) lines: Option<Lines<'c>>,
}

impl<'c> End<'c> {
    /// Creates a failure or error from findings, with the kind and message of the first one.
    pub(crate) fn from_findings(
        element: &'static str,
        (kind, first): (&'c str, String),
        lines: Lines<'c>,
        count: usize,
    ) -> Self {
        let message = if count > 1 { format!("{first}; and {} more", count - 1) } else { first };
        End { element, kind, message, lines: Some(lines) }
    }
}

impl Case<'_> {
    pub(crate) fn write(self, out: &mut impl Write) -> io::Result<()> {
        let (name, time) = (xml(self.name), seconds(self.time));
        let mut writer = Writer::new(&mut *out);
        let case = writer.create_element("testcase").with_attributes([
            ("classname", self.class),
            ("name", &name),
            ("time", &time),
        ]);
        let file = self.file.map(xml);
        let case = case.with_attributes(file.iter().map(|file| ("file", &**file)));
        if self.end.is_none() && self.notes.is_none() {
            case.write_empty()?;
        } else {
            case.write_inner_content(|writer| write_content(self.end, self.notes, writer))?;
        }
        writeln!(out)
    }
}

fn write_content(
    end: Option<End<'_>>,
    notes: Option<Lines<'_>>,
    writer: &mut Writer<&mut impl Write>,
) -> io::Result<()> {
    if let Some(End { element, kind, message, lines }) = end {
        writeln!(writer.get_mut())?;
        let element = writer.create_element(element);
        let element = element.with_attributes([("type", kind), ("message", &xml(&message))]);
        match lines {
            None => element.write_empty()?,
            Some(lines) => element.write_inner_content(|writer| write_lines(lines, writer))?,
        };
    }
    if let Some(notes) = notes {
        writeln!(writer.get_mut())?;
        writer.create_element("system-out").write_inner_content(|writer| write_lines(notes, writer))?;
    }
    writeln!(writer.get_mut())
}

fn write_lines(mut lines: Lines<'_>, writer: &mut Writer<&mut impl Write>) -> io::Result<()> {
    writeln!(writer.get_mut())?;
    lines.try_for_each(|line| {
        writer.write_event(Event::Text(BytesText::new(&xml(&line))))?;
        writeln!(writer.get_mut())
    })
}

pub(super) fn write(checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
    let file = checked.document.source.file();
    let line = checked.document.line.map(|line| format!(":{line}")).unwrap_or_default();
    let line_of = |finding| concise::line(checked, &file, &finding);
    let (violations, mut advisories) = (checked.report.violations(), checked.report.advisories().peekable());
    let (first, count) = (checked.report.violations().next(), checked.report.violation_count());
    let end = first.map(|first| {
        let sentence = (first.code().as_str(), first.to_string());
        End::from_findings("failure", sentence, Box::new(violations.map(line_of)), count)
    });
    Case {
        class: CLASS,
        name: &format!("{file}{line}"),
        file: Some(&file),
        time: checked.time,
        end,
        notes: advisories.peek().is_some().then(|| Box::new(advisories.map(line_of)) as Lines<'_>),
    }
    .write(out)
}

/// Writes a test case with an error for a failure of the command.
pub(crate) fn write_failure(failure: &Failure, out: &mut impl Write) -> io::Result<()> {
    let file = failure.path().map(|path| Source::new(path).file());
    let kind = match failure {
        Failure::Interrupted => "interrupted",
        Failure::Unwritable { .. } => "unwritable",
        _ => "unreadable",
    };
    Case {
        class: CLASS,
        name: file.as_deref().unwrap_or(kind),
        file: file.as_deref(),
        time: Duration::ZERO,
        end: Some(End { element: "error", kind, message: failure.to_string(), lines: None }),
        notes: None,
    }
    .write(out)
}

/// Formats a duration as JUnit's schemas require.
fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// Escapes characters that XML does not allow as JSON escapes.
fn xml(text: &str) -> Cow<'_, str> {
    let is_disallowed = |character: char| matches!(character, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}');
    if !text.contains(is_disallowed) {
        return text.into();
    }
    let escape = |escaped: String, character| match character {
        _ if is_disallowed(character) => escaped + &format!("\\u{:04x}", u32::from(character)),
        _ => escaped + character.encode_utf8(&mut [0; 4]),
    };
    text.chars().fold(String::new(), escape).into()
}
