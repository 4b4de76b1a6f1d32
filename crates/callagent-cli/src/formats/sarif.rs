//! A SARIF 2.1.0 log of one run. Results are written one at a time.

use std::{
    collections::HashMap,
    hash::Hasher as _,
    io::{self, Write},
};

use callagent::{Code, Explanation, Finding, Location, Severity, Suggestion};
use fnv::FnvHasher;
use serde_json::{Value, json};

use super::{Checked, Frame, help};
use crate::{failure::Failure, source::Source};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The separator before each result.
const SEPARATOR: &str = ",\n";

/// The name of the fingerprint. Its version changes with its composition.
const FINGERPRINT: &str = "callagent/v1";
/// The number of characters in a hash.
const HASH: usize = 16;
/// The end of a result, after its fingerprint.
const RESULT_END: &str = "\"}}";
/// The maximum number of different fingerprints counted per file. Consumers of logs accept fewer results.
const COUNTED: usize = 1 << 20;

pub(super) fn frame() -> Frame {
    frame_with(&Explanation::ALL.iter().map(rule).collect::<Vec<_>>())
}

/// The frame around results of these rules.
pub(crate) fn frame_with(rules: &[Value]) -> Frame {
    let driver = json!({"name": "callagent", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules});
    let run = format!(r#""tool":{{"driver":{driver}}},"columnKind":"unicodeCodePoints","results""#);
    Frame {
        head: format!("{{\"version\":\"2.1.0\",\"$schema\":\"{SCHEMA}\",\"runs\":[{{{run}:[\n").into(),
        separator: SEPARATOR,
        tail: "\n]}]}\n".into(),
        occurrences: Some(Occurrences::default()),
        ..Frame::default()
    }
}

/// The tail of a run with failures.
pub(crate) fn tail(failures: &[Failure]) -> String {
    let notification = |failure: &Failure| {
        let location = |path| json!({"physicalLocation": {"artifactLocation": {"uri": Source::new(path).uri()}}});
        let locations: Vec<_> = failure.path().map(location).into_iter().collect();
        json!({"level": "error", "message": {"text": message(&failure.to_string())}, "locations": locations})
    };
    let notifications: Vec<_> = failures.iter().map(notification).collect();
    let invocation = json!({"executionSuccessful": false, "toolExecutionNotifications": notifications});
    format!("\n],\"invocations\":[{invocation}]}}]}}\n")
}

fn rule(explanation: &Explanation) -> Value {
    let Explanation { code, meaning, reason, fix, example, fixed, .. } = explanation;
    let level = if code.severity() == Severity::Advisory { "warning" } else { "error" };
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": code.title()},
        "fullDescription": {"text": meaning},
        "help": {
            "text": format!("{meaning}\n\n{reason}\n\n{fix}\n\nFor example:\n{example}\n\nFixed:\n{fixed}"),
            "markdown": format!(
                "{meaning}\n\n{reason}\n\n{fix}\n\nFor example:\n```json\n{example}\n```\nFixed:\n```json\n{fixed}\n```"
            ),
        },
        "defaultConfiguration": {"level": level},
    })
}

pub(super) fn write(checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
    if checked.report.is_clean() {
        return Ok(());
    }
    let uri = checked.document.source.uri();
    for violation in checked.report.violations() {
        write_result(checked, &uri, "error", &violation, out)?;
    }
    for advisory in checked.report.advisories() {
        write_result(checked, &uri, "warning", &advisory, out)?;
    }
    Ok(())
}

fn write_result(
    checked: &Checked<'_>,
    uri: &str,
    level: &str,
    finding: &Finding<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    let (code, pointer) = (finding.code(), finding.pointer());
    let location = checked.location(finding);
    Entry {
        rule: (code.as_str(), Code::ALL.iter().position(|rule| *rule == code)),
        level,
        text: &finding.to_string(),
        uri,
        region: region_of(checked, location),
        pointer: &pointer,
        fix: finding.suggestion().map(|suggestion| fix(checked, uri, location, suggestion)),
        // `found` is absent for secrets.
        identity: &[code.as_str(), &pointer, finding.found().unwrap_or_default()],
    }
    .write(out)
}

/// The region of a location. For a line document, the offset in the file is unknown.
fn region_of(checked: &Checked<'_>, location: Location) -> Value {
    let mut region = region(location, checked.end(location));
    if checked.document.line.is_none() {
        region["byteOffset"] = location.span.offset.into();
        region["byteLength"] = location.span.length.into();
    }
    region
}

/// The SARIF fix of a suggestion.
fn fix(checked: &Checked<'_>, uri: &str, location: Location, suggestion: &Suggestion) -> Value {
    let deleted = region_of(checked, checked.location_near(location, suggestion.span));
    let replacement = json!({"deletedRegion": deleted, "insertedContent": {"text": suggestion.text}});
    json!({
        "description": {"text": message(&help(suggestion))},
        "artifactChanges": [{"artifactLocation": {"uri": uri}, "replacements": [replacement]}],
        "properties": {"safe": suggestion.safe},
    })
}

/// The region from a location to its end.
pub(crate) fn region(location: Location, (end_line, end_column): (usize, usize)) -> Value {
    json!({"startLine": location.line, "startColumn": location.column, "endLine": end_line, "endColumn": end_column})
}

/// A result of a rule, in a region of a file.
pub(crate) struct Entry<'e> {
    pub(crate) rule: (&'e str, Option<usize>),
    pub(crate) level: &'e str,
    pub(crate) text: &'e str,
    pub(crate) uri: &'e str,
    pub(crate) region: Value,
    pub(crate) pointer: &'e str,
    pub(crate) fix: Option<Value>,
    /// Texts that do not change when the result moves.
    pub(crate) identity: &'e [&'e str],
}

impl Entry<'_> {
    /// Writes the result. Its fingerprint ends with a hash of the file name, which [`Occurrences::number`] replaces by a
    /// number.
    pub(crate) fn write(self, out: &mut impl Write) -> io::Result<()> {
        let mut location = json!({"physicalLocation": {"artifactLocation": {"uri": self.uri}, "region": self.region}});
        if !self.pointer.is_empty() {
            location["logicalLocations"] = json!([{"fullyQualifiedName": self.pointer}]);
        }
        let (rule, index) = self.rule;
        let mut result = json!({
            "ruleId": rule,
            "ruleIndex": index,
            "level": self.level,
            "message": {"text": message(self.text)},
            "locations": [location],
        });
        if let Some(fix) = self.fix {
            result["fixes"] = json!([fix]);
        }
        let (result, file) = (result.to_string(), hash(&[self.uri]));
        let result = result.strip_suffix('}').unwrap_or(&result);
        let fingerprint = format!("{}:{file}", hash(self.identity));
        // A single write, so that `Occurrences` sees whole results.
        let text =
            format!("{SEPARATOR}{result},\"partialFingerprints\":{{\"{FINGERPRINT}\":\"{fingerprint}{RESULT_END}");
        out.write_all(text.as_bytes())
    }
}

/// A hash of texts that is stable across versions of the command.
fn hash(texts: &[&str]) -> String {
    let mut hasher = FnvHasher::default();
    for text in texts {
        hasher.write(text.as_bytes());
        hasher.write(&[0]);
    }
    format!("{:0HASH$x}", hasher.finish())
}

/// Numbers results of a file with equal fingerprints, in the order of the log.
#[derive(Default)]
pub(crate) struct Occurrences {
    /// The hash of the file name.
    file: [u8; HASH],
    counts: HashMap<[u8; HASH], usize>,
}

impl Occurrences {
    /// Inserts the numbers into whole results.
    pub(super) fn number(&mut self, results: &[u8]) -> Vec<u8> {
        let mut numbered = Vec::with_capacity(results.len());
        for line in results.split_inclusive(|&byte| byte == b'\n') {
            let (result, end) = line.split_at(line.strip_suffix(SEPARATOR.as_bytes()).unwrap_or(line).len());
            let identity = result.strip_suffix(RESULT_END.as_bytes());
            let parts = identity.and_then(|result| result.split_last_chunk::<HASH>());
            let Some((before, file)) = parts else {
                numbered.extend_from_slice(line);
                continue;
            };
            numbered.extend_from_slice(before);
            numbered.extend_from_slice(self.count(before, *file).to_string().as_bytes());
            numbered.extend_from_slice(RESULT_END.as_bytes());
            numbered.extend_from_slice(end);
        }
        numbered
    }

    /// Returns the number of the fingerprint at the end of the text, among the results of a file.
    fn count(&mut self, text: &[u8], file: [u8; HASH]) -> usize {
        if self.file != file {
            *self = Occurrences { file, ..Occurrences::default() };
        }
        let fingerprint = text.strip_suffix(b":").and_then(|text| text.last_chunk()).copied().unwrap_or_default();
        if self.counts.len() == COUNTED && !self.counts.contains_key(&fingerprint) {
            return 1;
        }
        let count = self.counts.entry(fingerprint).or_default();
        *count += 1;
        *count
    }
}

/// Escapes a message so that SARIF reads no placeholder (section 3.11.5) and no link (3.11.6).
fn message(text: &str) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    if text.contains("](") { text.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]") } else { text }
}
