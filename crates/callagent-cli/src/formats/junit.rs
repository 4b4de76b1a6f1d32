//! JUnit XML: a test case a document, which fails by its violations.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use callagent::Finding;
use quick_xml::{
    Writer,
    events::{BytesText, Event},
};

use super::{Frame, Judged, concise};
use crate::{failure::Failure, source::Source};

/// The counts that a suite may give are left to the reader: they are not known before the end.
pub(crate) fn frame() -> Frame {
    Frame {
        head: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"callagent\">\n".into(),
        tail: "</testsuite>\n</testsuites>\n".into(),
        ..Frame::default()
    }
}

pub(super) fn write(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    let file = judged.document.source.file();
    let file = xml(&file);
    let line = judged.document.line.map(|line| format!(":{line}")).unwrap_or_default();
    let name = format!("{file}{line}");
    let mut writer = Writer::new(&mut *out);
    let case = writer.create_element("testcase").with_attributes([
        ("classname", "callagent"),
        ("name", name.as_str()),
        ("file", &file),
    ]);
    if judged.report.is_clean() {
        case.write_empty()?;
    } else {
        case.write_inner_content(|writer| findings(judged, writer))?;
    }
    writeln!(out)
}

/// A test case of what could not be read, which ends by an error.
pub(super) fn write_failure(failure: &Failure, out: &mut impl Write) -> io::Result<()> {
    let file = failure.path().map(|path| Source::new(path).file()).unwrap_or_default();
    let name = xml(&file);
    let mut writer = Writer::new(&mut *out);
    let case = writer.create_element("testcase").with_attributes([
        ("classname", "callagent"),
        ("name", &name),
        ("file", &name),
    ]);
    case.write_inner_content(|writer| {
        let error = writer.create_element("error");
        error.with_attributes([("type", "unreadable"), ("message", &xml(&failure.to_string()))]).write_empty()?;
        Ok(())
    })?;
    writeln!(out)
}

fn findings(judged: &Judged<'_>, writer: &mut Writer<&mut impl Write>) -> io::Result<()> {
    for violation in judged.report.violations() {
        writeln!(writer.get_mut())?;
        let failure = writer
            .create_element("failure")
            .with_attributes([("type", violation.code().as_str()), ("message", &xml(&violation.to_string()))]);
        failure.write_text_content(BytesText::new(&line_of(judged, &violation)?))?;
    }
    let mut advisories = judged.report.advisories().peekable();
    if advisories.peek().is_some() {
        writeln!(writer.get_mut())?;
        writer.create_element("system-out").write_inner_content(|writer| {
            writeln!(writer.get_mut())?;
            advisories.try_for_each(|advisory| {
                writer.write_event(Event::Text(BytesText::new(&line_of(judged, &advisory)?)))?;
                writeln!(writer.get_mut())
            })
        })?;
    }
    writeln!(writer.get_mut())
}

/// A finding as the concise format has it, without the end of the line.
fn line_of(judged: &Judged<'_>, finding: &Finding<'_>) -> io::Result<String> {
    let mut line = Vec::new();
    concise::write_finding(judged, finding, &mut line)?;
    Ok(xml(String::from_utf8_lossy(&line).trim_end_matches('\n')).into_owned())
}

/// The text with the characters that XML cannot hold spelled as JSON spells them.
pub(crate) fn xml(text: &str) -> Cow<'_, str> {
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
