//! Properties of all documents: the same verdict from every engine, exact reports, and the round trip.
//!
//! `CALLAGENT_CASES` is the number of documents per property, `PROPTEST_RNG_SEED` the seed.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    ops::Range,
};

use crate::util::{SchemaEngine, holds, kept};
use callagent::{
    Code, Document, Reader, Report, Span, check,
    model::Type,
    read,
    testing::{Invalid, invalid_text, valid_json, valid_text},
    tools::{EscapeControl, child_pointer},
};
use callagent_testkit::is_same;
use proptest::{collection::vec, prelude::*, sample::Index};
use schemars::JsonSchema;
use serde_json::Value;

/// A value whose numbers are numbers in every format. With its feature `arbitrary_precision`, `serde_json` serializes
/// them as objects.
struct Plain<'v>(&'v Value);

impl serde::Serialize for Plain<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => serializer.serialize_u64(value),
                (_, Some(value)) => serializer.serialize_i64(value),
                _ => serializer.serialize_f64(number.as_f64().unwrap_or_default()),
            },
            Value::Array(items) => serializer.collect_seq(items.iter().map(Plain)),
            Value::Object(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, Plain(value)))),
            other => other.serialize(serializer),
        }
    }
}

/// Defines the tests of this file for each document.
macro_rules! for_each_document {
    ($($property:ident)+) => {
        mod update {
            $(#[test] fn $property() { super::$property::<callagent::UpdateAgent>(); })+
        }
        mod agent {
            $(#[test] fn $property() { super::$property::<callagent::Agent>(); })+
        }
    };
}

for_each_document! {
    engines_agree_on_valid_documents
    invalid_documents_are_reported_exactly
    locations_are_those_of_tokens
    reading_and_checking_report_the_same
    documents_survive_the_round_trip
    cut_texts_are_malformed_at_their_end
}

fn engines_agree_on_valid_documents<T: Document + JsonSchema + PartialEq + fmt::Debug>() {
    let schema = SchemaEngine::new::<T>();
    let reader = Reader::new();
    holds(valid_document::<T>(), |text| {
        let model = read::<T>(&text)?;
        prop_assert!(check::<T>(&text).is_valid());
        prop_assert_eq!(&serde_json::from_str::<T>(&text)?, &model);

        let value: Value = serde_json::from_str(&text)?;
        prop_assert!(reader.check_value::<T>(&value).is_valid());
        prop_assert_eq!(&reader.read_value::<T>(&value)?, &model);
        prop_assert_eq!(schema.violations(&value), BTreeSet::new());

        let mut cbor = Vec::new();
        ciborium::into_writer(&Plain(&value), &mut cbor)?;
        prop_assert_eq!(&ciborium::from_reader::<T, _>(&cbor[..])?, &model);
        prop_assert_eq!(&serde_json::from_value::<T>(value)?, &model);
        Ok(())
    });
}

fn invalid_documents_are_reported_exactly<T: Document + JsonSchema>() {
    let schema = SchemaEngine::new::<T>();
    let reader = Reader::new();
    holds(invalid_text::<T>(), |Invalid { text, violations, .. }| {
        prop_assert!(!violations.is_empty());
        let says_all = |error: Option<String>| {
            let error = error.unwrap_or_default();
            violations
                .iter()
                .all(|(pointer, _)| error.contains(&format!("{}: ", EscapeControl(pointer))) || pointer.is_empty())
                && !error.is_empty()
                && error == EscapeControl(&error).to_string()
        };
        prop_assert_eq!(&found(&check::<T>(&text)), &violations);
        prop_assert_eq!(&read::<T>(&text).err().map(|invalid| found(invalid.report())), &Some(violations.clone()));
        prop_assert!(says_all(serde_json::from_str::<T>(&text).err().map(|error| error.to_string())));
        if violations.iter().any(|(_, code)| *code == Code::DUPLICATE_FIELD) {
            return Ok(());
        }

        let value: Value = serde_json::from_str(&text)?;
        prop_assert_eq!(&found(&reader.check_value::<T>(&value)), &violations);
        prop_assert_eq!(
            &reader.read_value::<T>(&value).err().map(|invalid| found(invalid.report())),
            &Some(violations.clone())
        );
        prop_assert_eq!(schema.violations(&value), violations.iter().cloned().collect());

        let mut cbor = Vec::new();
        ciborium::into_writer(&Plain(&value), &mut cbor)?;
        let error = match ciborium::from_reader::<T, _>(&cbor[..]) {
            Err(ciborium::de::Error::Semantic(_, message)) => Some(message),
            _ => None,
        };
        prop_assert!(says_all(error));
        prop_assert!(says_all(serde_json::from_value::<T>(value).err().map(|error| error.to_string())));
        Ok(())
    });
}

fn locations_are_those_of_tokens<T: Document>() {
    holds(invalid_text::<T>(), |Invalid { text, .. }| {
        let tokens = Tokens::of(&text);
        let report = check::<T>(&text);
        let mut repeated: HashMap<String, usize> = HashMap::new();
        let mut orders = Vec::new();
        for violation in report.violations() {
            let (pointer, code) = (violation.pointer(), violation.code());
            let token = match code {
                Code::UNKNOWN_FIELD => tokens.names[&pointer][0].clone(),
                Code::DUPLICATE_FIELD => {
                    let before = repeated.entry(pointer.clone()).or_default();
                    *before += 1;
                    tokens.names[&pointer][*before].clone()
                }
                Code::MISSING_FIELD => tokens.values.get(&pointer).cloned().unwrap_or_else(|| {
                    let object = pointer.rsplit_once('/').map(|(object, _)| tokens.values[object].clone());
                    object.map(|object| object.start..object.start + 1).unwrap_or_default()
                }),
                _ => tokens.values[&pointer].clone(),
            };
            let location = violation.location().ok_or_else(|| TestCaseError::fail("a text has locations"))?;
            prop_assert_eq!(location.span.range(), token);
            let lines: Vec<&str> = text[..location.span.offset].split('\n').collect();
            let column = lines.last().map_or(0, |line| line.chars().count()) + 1;
            prop_assert_eq!((location.line, location.column), (lines.len(), column));

            orders.push((location.span.offset, code, pointer));
        }
        prop_assert!(orders.is_sorted(), "{orders:?}");
        Ok(())
    });
}

fn reading_and_checking_report_the_same<T: Document>() {
    let reader = Reader::new();
    let documents = prop_oneof![valid_document::<T>(), invalid_text::<T>().prop_map(|invalid| invalid.text)];
    holds(documents, |text| {
        let (document, report) = reader.read_and_report::<T>(&text);
        prop_assert_eq!(document.is_some(), report.is_valid());
        prop_assert_eq!(details(&report), details(&check::<T>(&text)));
        if report.violations().any(|violation| violation.code() == Code::DUPLICATE_FIELD) {
            return Ok(());
        }

        let of_value = reader.check_value::<T>(&serde_json::from_str(&text)?);
        prop_assert!(of_value.violations().chain(of_value.advisories()).all(|finding| finding.location().is_none()));
        let without_order = |report: &Report| {
            let advisories = report.advisories().map(|advisory| (advisory.pointer(), advisory.code()));
            advisories.collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(without_order(&of_value), without_order(&report));
        Ok(())
    });
}

fn documents_survive_the_round_trip<T: Document>() {
    holds(valid_document::<T>(), |text| {
        let model = read::<T>(&text)?;
        let expected = kept(serde_json::from_str(&text)?, &Type::Object(T::OBJECT));
        let actual = serde_json::to_value(&model)?;
        prop_assert!(is_same(&actual, &expected), "{actual} is not {expected}");
        let once = serde_json::to_string(&model)?;
        let twice = serde_json::to_string(&read::<T>(&once)?)?;
        prop_assert_eq!(once, twice);
        Ok(())
    });
}

/// At every byte, even within a character.
fn cut_texts_are_malformed_at_their_end<T: Document>() {
    holds((valid_document::<T>(), vec(any::<Index>(), 8)), |(text, cuts)| {
        let whole = text.trim_ascii_end().len();
        for cut in cuts.into_iter().map(|cut| cut.index(whole)) {
            let text = &text.as_bytes()[..cut];
            let report = check::<T>(text);
            prop_assert_eq!(found(&report), [(String::new(), Code::MALFORMED)]);
            let span = report.violations().next().and_then(|violation| violation.span());
            prop_assert_eq!(span, Some(Span { offset: cut, length: 0 }));
            prop_assert_eq!(read::<T>(text).err().map(|invalid| details(invalid.report())), Some(details(&report)));
        }
        Ok(())
    });
}

/// Valid texts, including plain ones.
fn valid_document<T: Document>() -> impl Strategy<Value = String> {
    prop_oneof![1 => valid_json::<T>().prop_map(|value| value.to_string()), 4 => valid_text::<T>()]
}

/// The violations, in the format of the strategies.
fn found(report: &Report) -> Vec<(String, Code)> {
    let mut found: Vec<_> = report.violations().map(|violation| (violation.pointer(), violation.code())).collect();
    found.sort_unstable();
    found
}

/// The whole content of a report.
fn details(report: &Report) -> Vec<String> {
    let of = |finding: callagent::Finding<'_>| {
        let (location, found, expected) = (finding.location(), finding.found(), finding.expected());
        format!("{} {} {location:?} {found:?} {expected:?} {}", finding.code(), finding.pointer(), finding.message())
    };
    report.violations().map(of).chain(["and".to_owned()]).chain(report.advisories().map(of)).collect()
}

/// The locations of the tokens of a JSON text, by pointer: each value, and each occurrence of a name. Later values of a
/// duplicate name are not searched.
#[derive(Default)]
struct Tokens {
    values: HashMap<String, Range<usize>>,
    names: HashMap<String, Vec<Range<usize>>>,
    position: usize,
}

impl Tokens {
    fn of(text: &str) -> Self {
        let mut tokens = Tokens::default();
        tokens.value(text, "", true);
        tokens
    }

    fn byte(&mut self, text: &str) -> u8 {
        while text.as_bytes()[self.position].is_ascii_whitespace() {
            self.position += 1;
        }
        text.as_bytes()[self.position]
    }

    /// Skips a punctuation mark, if it is next.
    fn skip(&mut self, text: &str, mark: u8) -> bool {
        let is_next = self.byte(text) == mark;
        self.position += usize::from(is_next);
        is_next
    }

    fn string(&mut self, text: &str) -> Range<usize> {
        self.byte(text);
        let start = self.position;
        loop {
            self.position += 1;
            match text.as_bytes()[self.position] {
                b'\\' => self.position += 1,
                b'"' => break,
                _ => {}
            }
        }
        self.position += 1;
        start..self.position
    }

    fn value(&mut self, text: &str, pointer: &str, note: bool) {
        let first = self.byte(text);
        let start = self.position;
        match first {
            b'"' => drop(self.string(text)),
            b'{' => {
                self.position += 1;
                while !self.skip(text, b'}') {
                    let token = self.string(text);
                    let name: String = serde_json::from_str(&text[token.clone()]).expect("a name");
                    let pointer = child_pointer(pointer, &name);
                    let is_first = !self.names.contains_key(&pointer);
                    if note {
                        self.names.entry(pointer.clone()).or_default().push(token);
                    }
                    self.skip(text, b':');
                    self.value(text, &pointer, note && is_first);
                    self.skip(text, b',');
                }
            }
            b'[' => {
                self.position += 1;
                for index in 0.. {
                    if self.skip(text, b']') {
                        break;
                    }
                    self.value(text, &child_pointer(pointer, &index.to_string()), note);
                    self.skip(text, b',');
                }
            }
            _ => {
                let rest = &text[start..];
                let is_end = |mark: char| matches!(mark, ',' | ']' | '}') || mark.is_ascii_whitespace();
                self.position += rest.find(is_end).unwrap_or(rest.len());
            }
        }
        if note {
            self.values.insert(pointer.to_owned(), start..self.position);
        }
    }
}
