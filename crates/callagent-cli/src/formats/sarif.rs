//! A SARIF 2.1.0 log of one run: its rules explained, its results written one by one.

use std::{
    io::{self, Write},
    path::Path,
};

use callagent::{Code, Explanation, Finding, Severity};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Frame, Judged};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const SEPARATOR: &str = ",\n";

/// What a URI's path has as it is: the unreserved characters (RFC 3986, section 2.3), and what divides its segments.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

pub(super) fn frame() -> Frame {
    let rules: Vec<Value> = Code::ALL.iter().copied().map(rule).collect();
    let driver = json!({"name": "callagent", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules});
    let run = format!(r#""tool":{{"driver":{driver}}},"columnKind":"unicodeCodePoints","results""#);
    Frame {
        head: format!("{{\"version\":\"2.1.0\",\"$schema\":\"{SCHEMA}\",\"runs\":[{{{run}:[\n").into(),
        separator: SEPARATOR,
        tail: "\n]}]}\n",
        ..Frame::default()
    }
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
    let uri = uri(judged.file());
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
    let (end_line, end_column) = judged.end(place);
    let mut region = json!({
        "startLine": place.line, "startColumn": place.column, "endLine": end_line, "endColumn": end_column,
    });
    // Of a line, the offset within its file is not known.
    if judged.document.line.is_none() {
        region["byteOffset"] = place.offset.into();
        region["byteLength"] = place.length.into();
    }
    let mut location = json!({"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}});
    let pointer = finding.pointer();
    if !pointer.is_empty() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": pointer}]);
    }
    let code = finding.code();
    let result = json!({
        "ruleId": code.as_str(),
        "ruleIndex": Code::ALL.iter().position(|rule| *rule == code),
        "level": level,
        "message": {"text": message(&finding.to_string())},
        "locations": [location],
    });
    write!(out, "{SEPARATOR}{result}")
}

/// A message without what SARIF would read as a placeholder (section 3.11.5) or a link (3.11.6).
fn message(text: &str) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    if text.contains("](") { text.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]") } else { text }
}

/// A file's name as a URI reference: a relative one, or a `file` URI.
fn uri(file: &str) -> String {
    let path = if cfg!(windows) { file.replace('\\', "/") } else { file.to_owned() };
    let encoded = utf8_percent_encode(path.strip_prefix("./").unwrap_or(&path), ENCODED);
    match (Path::new(file).is_absolute(), path.starts_with('/')) {
        (false, _) => encoded.to_string(),
        (true, true) => format!("file://{encoded}"),
        (true, false) => format!("file:///{encoded}"),
    }
}
