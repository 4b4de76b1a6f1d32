//! Compares every field of every finding between the reader and the packages in other languages.
//!
//! Each package has a program that answers a line of JSON with a line of JSON, see [`Case::question`] and
//! [`Case::answer`]. It passes the document as a string of its language if `string` is true, and as bytes otherwise. All
//! offsets in the answer are in bytes. Absent options are off, and absent values are null.

use std::{cell::RefCell, time::Duration};

use callagent::{
    Finding, FindingDetails, Location, Reader, Span, Suggestion,
    model::Direction,
    tools::{AcceptedValue, DocumentKind},
};
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{
    BLOCK,
    documents::{Generated, Generator},
    shrink,
};
use crate::{
    Halt,
    bindings::{BINDINGS, Binding},
    conformance::Adapter,
    process::split,
    run::{Part, Run},
};

/// The time for an answer, including startup.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The options of a reader.
#[derive(Clone, Copy)]
struct Options {
    unknown_fields: bool,
    unknown_values: bool,
    accept: &'static [&'static str],
    limit: Option<usize>,
    suggest: bool,
}

const NONE: Options =
    Options { unknown_fields: false, unknown_values: false, accept: &[], limit: None, suggest: false };

/// The combinations of options to compare.
const COMBINATIONS: [Options; 6] = [
    NONE,
    Options { suggest: true, ..NONE },
    Options { unknown_fields: true, unknown_values: true, ..NONE },
    Options { unknown_fields: true, suggest: true, limit: Some(1), ..NONE },
    Options { accept: &["llmModel=", "llmModel=gpt-6", "provider=x"], limit: Some(2), ..NONE },
    Options { limit: Some(2), suggest: true, ..NONE },
];

/// A document with the way to read it.
struct Case {
    kind: DocumentKind,
    options: Options,
    /// Whether it is passed as a string rather than bytes.
    is_string: bool,
}

impl Case {
    /// Returns the case of the document with this index, so that options, strings and documents vary independently.
    fn new(index: u64, direction: Direction) -> Self {
        let kind = match direction {
            Direction::Request => DocumentKind::Update,
            Direction::Response => DocumentKind::Agent,
        };
        // A generator repeats itself after 16 documents.
        let round = usize::try_from(index / 16).unwrap_or_default();
        let options = COMBINATIONS[round / 2 % COMBINATIONS.len()];
        Case { kind, options, is_string: round.is_multiple_of(2) }
    }

    /// Returns the line for a binding.
    fn question(&self, text: &[u8]) -> Value {
        let Options { unknown_fields, unknown_values, accept, limit, suggest } = self.options;
        let mut options = serde_json::Map::new();
        let mut set = |name: &str, value: Option<Value>| options.extend(value.map(|value| (name.to_owned(), value)));
        set("tolerateUnknownFields", unknown_fields.then_some(Value::Bool(true)));
        set("tolerateUnknownValues", unknown_values.then_some(Value::Bool(true)));
        set("accept", (!accept.is_empty()).then(|| json!(accept)));
        set("limit", limit.map(Value::from));
        set("suggest", suggest.then_some(Value::Bool(true)));
        let is_string = self.is_string && str::from_utf8(text).is_ok();
        json!({"kind": self.kind.as_str(), "base64": BASE64.encode(text), "string": is_string, "options": options})
    }

    /// Returns the answer of the reader.
    fn answer(&self, text: &[u8]) -> Result<Value, String> {
        let reader = self.options.reader()?;
        let report = self.kind.check(&reader, text);
        let (normalized, _) = self.kind.normalize(&reader, text);
        Ok(json!({
            "valid": report.is_valid(),
            "clean": report.is_clean(),
            "cut": report.is_cut(),
            "violations": report.violations().map(fields).collect::<Vec<_>>(),
            "advisories": report.advisories().map(fields).collect::<Vec<_>>(),
            "fixed": BASE64.encode(&self.kind.fix(&reader, text.to_vec())),
            "normalized": normalized,
        }))
    }

    /// Returns the first difference between the answers of the reader and of a binding.
    fn difference(&self, binding: &mut Adapter, text: &[u8]) -> Result<Option<String>, String> {
        let expected = self.answer(text)?;
        let line = binding.ask(&self.question(text))?;
        let found: Value = serde_json::from_str(&line).map_err(|error| format!("invalid answer: {error}: {line}"))?;
        Ok((expected != found).then(|| format!("expected: {expected}\nfound:    {found}")))
    }
}

impl Options {
    fn reader(self) -> Result<Reader, String> {
        let mut reader = Reader::new();
        for accepted in self.accept {
            let accepted: AcceptedValue = accepted.parse().map_err(|error| format!("`{accepted}`: {error}"))?;
            reader = accepted.apply(reader);
        }
        if self.unknown_fields {
            reader = reader.tolerate_unknown_fields();
        }
        if self.unknown_values {
            reader = reader.tolerate_unknown_values();
        }
        if self.suggest {
            reader = reader.suggest();
        }
        Ok(self.limit.into_iter().fold(reader, Reader::limit))
    }
}

/// Returns all fields of a finding, absent ones as null.
fn fields(finding: Finding<'_>) -> Value {
    let note = finding.note();
    let FindingDetails { code, pointer, location, message, expected, found, suggestion, .. } = finding.into();
    let suggestion = suggestion.map(|Suggestion { span: Span { offset, length }, text, safe }| {
        json!({"offset": offset, "length": length, "text": text, "safe": safe})
    });
    let (line, column, span) = location.map_or((0, 0, Span { offset: 0, length: 0 }), |location| {
        let Location { span, line, column } = location;
        (line, column, span)
    });
    json!({
        "code": code, "pointer": pointer, "line": line, "column": column, "offset": span.offset, "length": span.length,
        "message": message, "expected": expected, "found": found, "note": note, "suggestion": suggestion,
    })
}

/// Compares these bindings, or all of them. Prints which are skipped.
pub(super) fn run(names: &[String], documents: u64, seed: u64, part: &Part) -> Result<(), Halt> {
    let known: Vec<_> = BINDINGS.iter().map(|binding| binding.name).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Halt::Failed(format!("unknown binding `{name}`; expected one of {}", known.join(", "))));
    }
    let is_wanted = |binding: &&Binding| names.is_empty() || names.iter().any(|name| name == binding.name);
    let wanted: Vec<_> = BINDINGS.iter().filter(is_wanted).collect();
    let mut skipped = Vec::new();
    for binding in &wanted {
        match (binding.install)() {
            Ok(()) => compare(binding, documents, seed, part)?,
            Err(Halt::Skipped(reason)) => skipped.push(format!("{}: {reason}", binding.name)),
            Err(failed) => return Err(failed),
        }
    }
    if skipped.len() == wanted.len() {
        return Err(Halt::Skipped(skipped.join("; ")));
    }
    for skipped in skipped {
        println!("skipped: {skipped}");
    }
    Ok(())
}

fn compare(binding: &Binding, documents: u64, seed: u64, part: &Part) -> Result<(), String> {
    let command = split(binding.differential)?;
    let title = format!("differential, {}, seed {seed}", binding.name);
    Run { title, documents, block: BLOCK, part: part.clone() }.run(|range| {
        let mut adapter = Adapter::new(binding.name, command.clone(), TIMEOUT).within(crate::root());
        let mut generator = Generator::new(seed, range.start);
        for index in range {
            let Generated { direction, text, .. } = generator.next(index)?;
            let case = Case::new(index, direction);
            let wrong = |reason: &str, text: &[u8]| {
                let question = case.question(text);
                let text = text.escape_ascii();
                format!("{} differs on document {index}:\n{text}\n{question}\n{reason}", binding.name)
            };
            let found = case.difference(&mut adapter, &text).map_err(|reason| wrong(&reason, &text))?;
            let Some(found) = found else { continue };
            let asked = RefCell::new(&mut adapter);
            let differs = |text: &[u8]| matches!(case.difference(&mut asked.borrow_mut(), text), Ok(Some(_)));
            let shrunk = shrink::shrink(text.clone(), differs);
            return Err(match case.difference(&mut adapter, &shrunk) {
                Ok(Some(smaller)) => wrong(&smaller, &shrunk),
                _ => wrong(&found, &text),
            });
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_asked_and_answered_by_the_protocol() {
        let case = Case { kind: DocumentKind::Update, options: COMBINATIONS[5], is_string: true };
        let text = br#"{"nmae":"a"}"#;
        let question = json!({
            "kind": "update", "base64": BASE64.encode(text), "string": true, "options": {"limit": 2, "suggest": true},
        });
        assert_eq!(case.question(text), question);
        assert_eq!(case.question(b"\xff")["string"], json!(false));
        let answer = case.answer(text).expect("the options are valid");
        assert_eq!((&answer["valid"], &answer["normalized"]), (&json!(false), &Value::Null));
        assert_eq!(answer["fixed"], json!(BASE64.encode(br#"{"name":"a"}"#)));
        let suggestion = json!({"offset": 1, "length": 6, "text": "\"name\"", "safe": true});
        let found = |violation: &Value| violation["suggestion"] == suggestion && violation["note"].is_null();
        assert!(answer["violations"].as_array().is_some_and(|violations| violations.iter().any(found)), "{answer}");
    }

    #[test]
    fn all_combinations_meet_all_documents() {
        let rounds = COMBINATIONS.len() * 2;
        let cases: Vec<_> = (0..rounds).map(|round| Case::new(round as u64 * 16, Direction::Request)).collect();
        for is_string in [true, false] {
            assert_eq!(cases.iter().filter(|case| case.is_string == is_string).count(), COMBINATIONS.len());
        }
    }
}
