//! The comparison of all engines on one document.

use std::fmt;

use callagent::{Code, model::Direction};

use super::{Document, Engine, Entries, Entry, Reported};
use crate::{
    is_same_text,
    vectors::{Case, Check, Vector},
};

/// The verdict of an engine and the expected one.
pub struct Difference {
    engine: &'static str,
    about: &'static str,
    expected: String,
    found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { engine, about, expected, found } = self;
        write!(out, "{engine}, {about}: expected {expected}\n    found {found}")
    }
}

/// Returns the differences from the first engine, which must be the reader.
///
/// `known` are the violations of a generated document, if known.
#[must_use]
pub fn differences(engines: &[Engine], direction: Direction, text: &[u8], known: Option<&[Entry]>) -> Vec<Difference> {
    let [reader, others @ ..] = engines else { return Vec::new() };
    let mut document = Document { direction, text, value: None, tolerant: None };
    let Some(expected) = reader.check(&document) else { return Vec::new() };
    let mut differences = Vec::new();
    let mut differ =
        |engine: &'static str, about: &'static str, expected: &dyn fmt::Display, found: &dyn fmt::Display| {
            differences.push(Difference { engine, about, expected: expected.to_string(), found: found.to_string() });
        };

    let entries = expected.violations.entries();
    let has = |code: Code| entries.iter().any(|(_, found)| *found == code);
    if expected.valid != entries.is_empty() {
        differ(reader.name, "verdict", &Entries(entries), &expected.valid);
    }
    if let Some(known) = known.filter(|known| !Reported::Entries(known.to_vec()).agrees(entries)) {
        differ(reader.name, "violations", &Entries(known), &expected.violations);
    }
    let parsed = serde_json::from_slice(text);
    if parsed.is_ok() == has(Code::MALFORMED) {
        let found = parsed.as_ref().err().map_or("it is JSON".to_owned(), ToString::to_string);
        differ("serde_json::Value", "whether it is JSON", &expected.violations, &found);
    }
    if let Some(again) = expected.output.as_ref().and_then(|output| written_again(reader, &document, output)) {
        differ(
            reader.name,
            "its output, read and written again",
            &expected.output.as_deref().unwrap_or_default(),
            &again,
        );
    }

    // For duplicate names, a value keeps the last one, but the contract reads the first.
    let value = parsed.ok().filter(|_| !has(Code::DUPLICATE_FIELD));
    document.value = value.as_ref();
    for engine in others {
        let Some(verdict) = engine.check(&document) else { continue };
        if verdict.valid != expected.valid || !verdict.violations.agrees(entries) {
            differ(engine.name, "violations", &expected.violations, &verdict.violations);
        }
        if !verdict.advisories.agrees(expected.advisories.entries()) {
            differ(engine.name, "advisories", &expected.advisories, &verdict.advisories);
        }
        match (&verdict.output, &expected.output) {
            (Some(output), Some(right)) if !is_same_text(output, right) => differ(engine.name, "output", right, output),
            _ => {}
        }
    }
    differences
}

/// Formats differences: the document as a vector, the verdicts, and what to do.
#[must_use]
pub fn report(engines: &[Engine], id: &str, direction: Direction, text: &[u8], differences: &[Difference]) -> String {
    let vector = vector(engines, id, direction, text).line();
    let differences: Vec<_> = differences.iter().map(ToString::to_string).collect();
    format!(
        "a vector with the verdict of the reader:\n{vector}\n{}\nFind the engine that violates the contract, \
         fix it, and add the vector with the correct verdict to fixtures/vectors.",
        differences.join("\n")
    )
}

/// The reader's output after reading and writing it again, if it changes.
#[must_use]
pub fn written_again(reader: &Engine, document: &Document<'_>, output: &str) -> Option<String> {
    let verdict = reader.check(&Document { text: output.as_bytes(), ..*document })?;
    match verdict.output {
        Some(again) if again == output => None,
        Some(again) => Some(again),
        None => Some(verdict.violations.to_string()),
    }
}

/// A document as a vector, with the verdict of the reader.
fn vector(engines: &[Engine], id: &str, direction: Direction, text: &[u8]) -> Vector {
    let document = Document { direction, text, value: None, tolerant: None };
    let mut check = Check::new(direction, text);
    if let Some(verdict) = engines.first().and_then(|reader| reader.check(&document)) {
        check.violations = verdict.violations.entries().to_vec();
        check.advisories = verdict.advisories.entries().to_vec();
        check.offset = verdict.offset;
    }
    Vector { id: id.to_owned(), contract: Vec::new(), case: Case::Check(check) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::{self, Verdict};

    const BROKEN: &str = r#"{"llmModel":"gpt-5","gapBetweenEachAttemptForSmartCallback":[{"days":31}],"name":""}"#;

    #[test]
    fn an_engine_that_says_something_else_is_found() {
        let verdict = |what: &str| match what {
            "valid" => Verdict::new(true, Reported::Nothing),
            "another place" => Verdict::new(false, Reported::Pointers([String::new()].into())),
            "another text" => Verdict::new(false, Reported::Text("it is wrong".to_owned())),
            _ => Verdict { advisories: Reported::Entries(Vec::new()), ..Verdict::new(false, Reported::Nothing) },
        };
        for what in ["valid", "another place", "another text", "no advisory"] {
            let mut engines = engines::all().expect("the schemas are there");
            assert!(differences(&engines, Direction::Request, BROKEN.as_bytes(), None).is_empty());
            engines.push(Engine::new("another", move |_| Some(verdict(what))));
            let found = differences(&engines, Direction::Request, BROKEN.as_bytes(), None);
            assert_eq!(found.iter().map(|found| found.engine).collect::<Vec<_>>(), ["another"], "{what}");
        }
    }

    #[test]
    fn known_violations_are_compared_with_the_reader() {
        let engines = engines::all().expect("the schemas are there");
        let found = differences(&engines, Direction::Request, BROKEN.as_bytes(), Some(&[]));
        assert_eq!(found.iter().map(|found| found.engine).collect::<Vec<_>>(), ["read"]);
    }
}
