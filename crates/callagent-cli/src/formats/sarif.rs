//! A SARIF 2.1.0 log of one run: its rules explained, its results written one by one.

use std::io::{self, Write};

use callagent::{Code, Explanation, Finding, Place, Severity};
use serde_json::{Value, json};

use super::{Frame, Judged};
use crate::{failure::Failure, source::Source};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What stands before each result.
pub(crate) const SEPARATOR: &str = ",\n";

pub(super) fn frame() -> Frame {
    frame_with(&Code::ALL.iter().copied().map(rule).collect::<Vec<_>>())
}

/// What stands around results that name these rules.
pub(crate) fn frame_with(rules: &[Value]) -> Frame {
    let driver = json!({"name": "callagent", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules});
    let run = format!(r#""tool":{{"driver":{driver}}},"columnKind":"unicodeCodePoints","results""#);
    Frame {
        head: format!("{{\"version\":\"2.1.0\",\"$schema\":\"{SCHEMA}\",\"runs\":[{{{run}:[\n").into(),
        separator: SEPARATOR,
        tail: "\n]}]}\n".into(),
        ..Frame::default()
    }
}

/// What stands after the results of a run that could not do all of its work.
pub(super) fn tail(failures: &[Failure]) -> String {
    let notification = |failure: &Failure| {
        let location = |path| json!({"physicalLocation": {"artifactLocation": {"uri": Source::new(path).uri()}}});
        let locations: Vec<_> = failure.path().map(location).into_iter().collect();
        json!({"level": "error", "message": {"text": message(&failure.to_string())}, "locations": locations})
    };
    let notifications: Vec<_> = failures.iter().map(notification).collect();
    let invocation = json!({"executionSuccessful": false, "toolExecutionNotifications": notifications});
    format!("\n],\"invocations\":[{invocation}]}}]}}\n")
}

fn rule(code: Code) -> Value {
    let Explanation { title, severity, meaning, reason, mend, example, mended, .. } = code.explanation();
    let level = if *severity == Severity::Advisory { "warning" } else { "error" };
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": title},
        "fullDescription": {"text": meaning},
        "help": {
            "text": format!("{meaning}\n\n{reason}\n\n{mend}\n\nFor example:\n{example}\n\nMended:\n{mended}"),
            "markdown": format!(
                "{meaning}\n\n{reason}\n\n{mend}\n\nFor example:\n```json\n{example}\n```\nMended:\n```json\n{mended}\n```"
            ),
        },
        "defaultConfiguration": {"level": level},
    })
}

pub(super) fn write(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    if judged.report.is_clean() {
        return Ok(());
    }
    let uri = judged.document.source.uri();
    for violation in judged.report.violations() {
        write_result(judged, &uri, "error", &violation, out)?;
    }
    for advisory in judged.report.advisories() {
        write_result(judged, &uri, "warning", &advisory, out)?;
    }
    Ok(())
}

fn write_result(
    judged: &Judged<'_>,
    uri: &str,
    level: &str,
    finding: &Finding<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    let place = judged.place(finding);
    let mut region = region(place, judged.end(place));
    // Of a line, the offset within its file is not known.
    if judged.document.line.is_none() {
        region["byteOffset"] = place.offset.into();
        region["byteLength"] = place.length.into();
    }
    let code = finding.code();
    let rule = (code.as_str(), Code::ALL.iter().position(|rule| *rule == code));
    let result = result(rule, level, &finding.to_string(), (uri, &region), &finding.pointer());
    write!(out, "{SEPARATOR}{result}")
}

/// A place and its end.
pub(crate) fn region(place: Place, (end_line, end_column): (usize, usize)) -> Value {
    json!({"startLine": place.line, "startColumn": place.column, "endLine": end_line, "endColumn": end_column})
}

/// A result by a rule, at a region of a file.
pub(crate) fn result(
    (rule, index): (&str, Option<usize>),
    level: &str,
    text: &str,
    (uri, region): (&str, &Value),
    pointer: &str,
) -> Value {
    let mut location = json!({"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}});
    if !pointer.is_empty() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": pointer}]);
    }
    json!({
        "ruleId": rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": message(text)},
        "locations": [location],
    })
}

/// A message without what SARIF would read as a placeholder (section 3.11.5) or a link (3.11.6).
fn message(text: &str) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    if text.contains("](") { text.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]") } else { text }
}
