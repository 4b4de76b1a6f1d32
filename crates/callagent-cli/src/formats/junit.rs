//! JUnit XML: one test case per document, which fails by its violations.

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

use super::{Frame, Judged, Totals, concise};
use crate::{failure::Failure, source::Source};

/// How many bytes of test cases are kept in memory, before they go to a temporary file.
const IN_MEMORY: usize = 8 << 20;

pub(crate) fn frame() -> Frame {
    Frame { suite: Some(Suite::new()), ..Frame::default() }
}

/// The test cases of a run, kept because their counts precede them.
pub(crate) struct Suite {
    cases: SpooledTempFile,
    begun: Instant,
}

impl Suite {
    fn new() -> Self {
        Suite { cases: tempfile::spooled_tempfile(IN_MEMORY), begun: Instant::now() }
    }

    pub(super) fn keep(&mut self, cases: &[u8]) -> io::Result<()> {
        self.cases.write_all(cases)
    }

    pub(super) fn write(mut self, totals: Totals, out: &mut impl Write) -> io::Result<()> {
        let Totals { tests, failures, errors } = totals;
        let time = seconds(self.begun.elapsed());
        let counts = format!("name=\"callagent\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(out, "<testsuites {counts} time=\"{time}\">\n<testsuite {counts} skipped=\"0\" time=\"{time}\">")?;
        self.cases.rewind()?;
        io::copy(&mut self.cases, out)?;
        writeln!(out, "</testsuite>\n</testsuites>")
    }
}

/// A test case. It has one failure or error at most: programs that read reports show only the first.
pub(crate) struct Case<'c> {
    pub(crate) name: &'c str,
    /// The file that it is about, if it is about one.
    pub(crate) file: Option<&'c str>,
    pub(crate) time: Duration,
    /// Its failure or error.
    pub(crate) end: Option<End<'c>>,
    pub(crate) notes: Option<Lines<'c>>,
}

/// Lines of text, made one after the other: there may be many.
pub(crate) type Lines<'c> = Box<dyn Iterator<Item = String> + 'c>;

/// The failure or error of a test case.
pub(crate) struct End<'c> {
    pub(crate) element: &'static str,
    pub(crate) kind: &'c str,
    pub(crate) message: String,
    pub(crate) lines: Option<Lines<'c>>,
}

impl<'c> End<'c> {
    /// A failure or error by findings, with the kind and the sentence of the first one.
    pub(crate) fn by(element: &'static str, (kind, first): (&'c str, String), lines: Lines<'c>, count: usize) -> Self {
        let message = if count > 1 { format!("{first}; and {} more", count - 1) } else { first };
        End { element, kind, message, lines: Some(lines) }
    }
}

impl Case<'_> {
    pub(crate) fn write(self, out: &mut impl Write) -> io::Result<()> {
        let (name, time) = (xml(self.name), seconds(self.time));
        let mut writer = Writer::new(&mut *out);
        let case = writer.create_element("testcase").with_attributes([
            ("classname", "callagent"),
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

pub(super) fn write(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    let file = judged.document.source.file();
    let line = judged.document.line.map(|line| format!(":{line}")).unwrap_or_default();
    let line_of = |finding| concise::line(judged, &file, &finding);
    let (violations, mut advisories) = (judged.report.violations(), judged.report.advisories().peekable());
    let (first, count) = (judged.report.violations().next(), judged.report.violation_count());
    let end = first.map(|first| {
        let sentence = (first.code().as_str(), first.to_string());
        End::by("failure", sentence, Box::new(violations.map(line_of)), count)
    });
    Case {
        name: &format!("{file}{line}"),
        file: Some(&file),
        time: judged.time,
        end,
        notes: advisories.peek().is_some().then(|| Box::new(advisories.map(line_of)) as Lines<'_>),
    }
    .write(out)
}

/// Writes a test case with an error for work that could not be done.
pub(super) fn write_failure(failure: &Failure, out: &mut impl Write) -> io::Result<()> {
    let file = failure.path().map(|path| Source::new(path).file());
    let kind = match failure {
        Failure::Interrupted => "interrupted",
        Failure::Unwritable { .. } => "unwritable",
        _ => "unreadable",
    };
    Case {
        name: file.as_deref().unwrap_or(kind),
        file: file.as_deref(),
        time: Duration::ZERO,
        end: Some(End { element: "error", kind, message: failure.to_string(), lines: None }),
        notes: None,
    }
    .write(out)
}

/// A time as JUnit's schemas have it.
fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// The text with the characters that XML cannot hold spelled as JSON spells them.
fn xml(text: &str) -> Cow<'_, str> {
    let is_foreign = |character: char| matches!(character, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}');
    if !text.contains(is_foreign) {
        return text.into();
    }
    let spell = |spelled: String, character| match character {
        _ if is_foreign(character) => spelled + &format!("\\u{:04x}", u32::from(character)),
        _ => spelled + character.encode_utf8(&mut [0; 4]),
    };
    text.chars().fold(String::new(), spell).into()
}
