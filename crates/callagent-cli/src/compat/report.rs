//! Reports on comparisons, in each format.

use std::{
    fmt,
    io::{self, Write},
    time::Duration,
};

use annotate_snippets::Level;
use callagent::{Location, Span, tools::EscapeControl};
use callagent_compat::{
    Comparison, Direction, Finding, Verdict,
    rules::{self, UNDECIDED, UNDECIDED_HELP},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    formats::{
        self, Drawing, Format, Masked, Totals, count, github, json,
        junit::{self, Case, End},
        note, sarif,
    },
    source::Source,
};

pub(crate) struct Report<'r> {
    pub(crate) old: &'r Source,
    pub(crate) new: &'r Source,
    /// The text of the new version.
    pub(crate) text: &'r str,
    pub(crate) comparison: &'r Comparison,
    /// The duration of the comparison.
    pub(crate) time: Duration,
}

impl Report<'_> {
    pub(crate) fn write(&self, format: Format, colored: bool, out: &mut impl Write) -> io::Result<()> {
        let mut frame = match format {
            Format::Sarif => sarif::frame_with(&sarif_rules()),
            format => format.frame(),
        };
        let mut text = Vec::new();
        match format {
            Format::Human => self.write_human(colored, &mut text)?,
            Format::Junit => self.write_case(&mut text)?,
            _ => self
                .comparison
                .findings()
                .iter()
                .try_for_each(|finding| self.write_finding(format, finding, &mut text))?,
        }
        frame.write(&text, out)?;
        frame.finish(self.totals(), None, out)
    }

    fn write_finding(&self, format: Format, finding: &Finding, out: &mut impl Write) -> io::Result<()> {
        let start = location(finding);
        let location = (start, formats::end(self.text.as_bytes(), start));
        let (rule, level) = (finding.rule.name, if finding.breaks { "error" } else { "warning" });
        let source = self.new;
        match format {
            Format::Json => {
                out.write_all(json::SEPARATOR.as_bytes())?;
                Ok(serde_json::to_writer(out, &Serialized::new(finding))?)
            }
            Format::Ndjson => {
                serde_json::to_writer(&mut *out, &Serialized::new(finding))?;
                out.write_all(b"\n")
            }
            Format::Github => github::write_annotation(level, &source.file(), location, rule, &sentence(finding), out),
            Format::Sarif => sarif::Entry {
                rule: (rule, rule_names().position(|name| name == rule)),
                level,
                text: &sentence(finding),
                uri: &source.uri(),
                region: sarif::region(location.0, location.1),
                pointer: &finding.pointer,
                fix: None,
                identity: &[rule, &finding.pointer, finding.exchange.as_deref().unwrap_or_default(), &finding.at],
            }
            .write(out),
            _ => writeln!(out, "{}", line(source, finding)),
        }
    }

    fn write_human(&self, colored: bool, out: &mut impl Write) -> io::Result<()> {
        let verdict = match self.comparison.verdict() {
            Verdict::Compatible => "compatible",
            Verdict::Undecided => "undecided",
            Verdict::Incompatible => "incompatible",
        };
        writeln!(out, "{}: {verdict}", self.new)?;
        let text = Masked::new(self.text.as_bytes());
        for finding in self.comparison.findings() {
            let Finding { rule, pointer, at, .. } = finding;
            let location = location(finding);
            let level =
                if finding.breaks { Level::ERROR.with_name("breaking") } else { Level::WARNING.with_name("undecided") };
            let mut notes = Vec::new();
            if !pointer.is_empty() {
                notes.push(note(format!("at {}", EscapeControl(pointer))));
            }
            let part = if at.is_empty() { String::new() } else { format!("{} of ", EscapeControl(at)) };
            notes.extend(documents(finding).map(|documents| note(format!("in {part}{}", EscapeControl(&documents)))));
            if let Some(witness) = &finding.witness {
                let witness = format!("{}: {}", treatment(finding), shown(witness));
                notes.push(note(EscapeControl(&witness).to_string()));
            }
            let drawing = Drawing {
                title: level.primary_title(EscapeControl(&finding.message).to_string()).id(rule.name),
                excerpt: text.excerpt(location.span),
                line: location.line,
                label: None,
                notes,
            };
            writeln!(out, "\n{}:{}:{}: {}", self.new, location.line, location.column, drawing.render(colored))?;
        }
        Ok(())
    }

    /// Writes the comparison as a test case, which fails if it is incompatible and has an error if it is undecided.
    fn write_case(&self, out: &mut impl Write) -> io::Result<()> {
        let (old, new) = (self.old.file(), self.new.file());
        let element = if self.comparison.verdict() == Verdict::Incompatible { "failure" } else { "error" };
        let first =
            self.comparison.findings().iter().find(|finding| finding.breaks).or(self.comparison.findings().first());
        let end = first.map(|first| {
            let lines = self.comparison.findings().iter().map(|finding| line(&new, finding));
            End::from_findings(
                element,
                (first.rule.name, sentence(first)),
                Box::new(lines),
                self.comparison.findings().len(),
            )
        });
        let name = &format!("{new} after {old}");
        Case { class: junit::CLASS, name, file: Some(&new), time: self.time, end, notes: None }.write(out)
    }

    fn totals(&self) -> Totals {
        let (failures, errors) = match self.comparison.verdict() {
            Verdict::Compatible => (0, 0),
            Verdict::Undecided => (0, 1),
            Verdict::Incompatible => (1, 0),
        };
        Totals { tests: 1, failures, errors, skipped: 0 }
    }
}

/// The location in the terms of other reports.
fn location(finding: &Finding) -> Location {
    let callagent_compat::Location { offset, length, line, column } = finding.location;
    Location { span: Span { offset, length }, line, column }
}

/// One line: `SOURCE:LINE:COLUMN: RULE POINTER: MESSAGE`.
fn line(source: impl fmt::Display, finding: &Finding) -> String {
    let Finding { rule, pointer, .. } = finding;
    let location = location(finding);
    let line =
        format!("{source}:{}:{}: {} {pointer}: {}", location.line, location.column, rule.name, sentence(finding));
    EscapeControl(&line).to_string()
}

/// The message, with the witness.
fn sentence(finding: &Finding) -> String {
    let exchange = finding.exchange.as_ref().map(|exchange| format!(", in {exchange}")).unwrap_or_default();
    let witness = finding.witness.as_ref().map(|witness| format!("; {}: {}", treatment(finding), shown(witness)));
    format!("{}{exchange}{}", finding.message, witness.unwrap_or_default())
}

/// A witness, shortened for people. `json` and `ndjson` have all of it.
fn shown(witness: &Value) -> String {
    const MAX_LENGTH: usize = 1000;
    let text = witness.to_string();
    match text.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

/// How the two versions treat a witness.
fn treatment(finding: &Finding) -> &'static str {
    match finding.direction {
        Some(Direction::Response) => "allowed by the new version, rejected by the old one",
        _ => "accepted by the old version, rejected by the new one",
    }
}

/// The documents that a finding concerns.
fn documents(finding: &Finding) -> Option<String> {
    let of_direction = finding.direction.map(|direction| match direction {
        Direction::Request => "a request".to_owned(),
        Direction::Response => "a response".to_owned(),
    });
    finding.exchange.clone().or(of_direction)
}

fn rule_names() -> impl Iterator<Item = &'static str> {
    rules::all().map(|(_, _, rule)| rule.name).chain([UNDECIDED.name])
}

/// The rules, for a SARIF log.
fn sarif_rules() -> Vec<Value> {
    let rule = |(row, direction, rule): (&rules::Row, Direction, &rules::Rule)| {
        let (old, new) = row.versions(direction);
        let fix = rules::fix(direction);
        serde_json::json!({
                    "id": rule.name,
                    "shortDescription": {"text": format!("{}.", rule.title)},
                    "help": {
                        "text": format!("{fix}\n\nFor example, the old version:\n{old}\n\nThe new version:\n{new}"),
                        "markdown": format!(
            "{fix}\n\nFor example, the old version:\n```json\n{old}\n```\nThe new version:\n```json\n{new}\n```"
        ),
                    },
                    "defaultConfiguration": {"level": "error"},
                })
    };
    let undecided = serde_json::json!({
        "id": UNDECIDED.name,
        "shortDescription": {"text": format!("{}.", UNDECIDED.title)},
        "help": {"text": UNDECIDED_HELP},
        "defaultConfiguration": {"level": "warning"},
    });
    rules::all().map(rule).chain([undecided]).collect()
}

/// A finding in JSON.
#[derive(Serialize)]
struct Serialized<'f> {
    rule: &'static str,
    breaks: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange: Option<&'f str>,
    pointer: &'f str,
    offset: usize,
    length: usize,
    line: usize,
    column: usize,
    at: &'f str,
    message: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<&'f Value>,
}

impl<'f> Serialized<'f> {
    fn new(finding: &'f Finding) -> Self {
        let Finding { rule, breaks, direction, exchange, pointer, location, at, message, witness } = finding;
        Serialized {
            rule: rule.name,
            breaks: *breaks,
            direction: direction.map(|direction| match direction {
                Direction::Request => "request",
                Direction::Response => "response",
            }),
            exchange: exchange.as_deref(),
            pointer,
            offset: location.offset,
            length: location.length,
            line: location.line,
            column: location.column,
            at,
            message,
            witness: witness.as_ref(),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |direction| {
            let findings = self.comparison.findings().iter();
            findings.filter(|finding| finding.breaks && finding.direction == Some(direction)).count()
        };
        let (requests, responses) = (of(Direction::Request), of(Direction::Response));
        let undecided = self.comparison.findings().len() - requests - responses;
        let breaking = |number| count(number, "breaking change", "breaking changes");
        write!(out, "{} in requests, {} in responses; ", breaking(requests), breaking(responses))?;
        write!(out, "{undecided} undecided")
    }
}
