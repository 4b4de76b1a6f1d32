//! The vectors in `fixtures/vectors`: test cases of the contract as data.

use std::{fs, path::Path};

use callagent::{
    Code, Reader, UpdateAgent,
    model::{Direction, Vocabulary},
    tools::accept_value,
};
use data_encoding::BASE64;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::engines::{Document, Entry};

/// The directory of the vectors, relative to the workspace.
pub(crate) const FOLDER: &str = "fixtures/vectors";

/// A file of vectors.
pub(crate) struct Suite {
    /// The directory and name: `values/numbers`.
    pub(crate) name: String,
    pub(crate) vectors: Vec<Vector>,
}

pub(crate) struct Vector {
    pub(crate) id: String,
    /// The sentences of the contract that it tests.
    pub(crate) contract: Vec<String>,
    pub(crate) case: Case,
}

/// The input of a vector and its expected result.
pub(crate) enum Case {
    Check(Check),
    Apply(Apply),
}

/// A document with its expected verdict.
pub(crate) struct Check {
    /// Whether any JSON parser reads it, so that engines that work on values can check it.
    pub(crate) is_value: bool,
    pub(crate) direction: Direction,
    pub(crate) tolerance: Option<Tolerance>,
    pub(crate) text: Vec<u8>,
    value: Option<Value>,
    pub(crate) violations: Vec<Entry>,
    pub(crate) advisories: Vec<Entry>,
    pub(crate) output: Option<String>,
    pub(crate) offset: Option<usize>,
}

/// What a tolerant reader accepts.
pub(crate) struct Tolerance {
    pub(crate) is_full: bool,
    /// Unknown values: `llmModel=claude-sonnet-4`.
    pub(crate) accept: Vec<String>,
    reader: Reader,
}

/// An agent, an update, and the expected result.
#[derive(Deserialize)]
pub(crate) struct Apply {
    pub(crate) agent: String,
    pub(crate) update: String,
    /// The agent after the update.
    pub(crate) after: String,
    /// The response of a server.
    pub(crate) sent: Option<String>,
}

impl Vector {
    /// Returns whether every implementation must check it: a value without tolerances.
    pub(crate) fn is_for_all(&self) -> bool {
        matches!(&self.case, Case::Check(Check { is_value: true, tolerance: None, .. }))
    }
}

impl Check {
    /// The document for engines.
    pub(crate) fn document(&self) -> Document<'_> {
        Document {
            direction: self.direction,
            text: &self.text,
            value: self.value.as_ref(),
            tolerant: self.tolerance.as_ref().map(|tolerance| &tolerance.reader),
        }
    }
}

/// Reads all vectors, in the order of their files.
///
/// # Errors
/// A file that cannot be read, with its name and the reason.
pub(crate) fn read() -> Result<Vec<Suite>, String> {
    let kinds = [("values", Kind::Values), ("text", Kind::Text), ("apply", Kind::Apply)];
    let mut suites = Vec::new();
    for (kind_name, kind) in kinds {
        let folder = crate::root().join(FOLDER).join(kind_name);
        let wrong = |error: std::io::Error| format!("cannot read the vectors of {}: {error}", folder.display());
        let entries = fs::read_dir(&folder).map_err(wrong)?.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        for path in paths {
            let Suite { name, vectors } = suite(&path, kind).map_err(|error| format!("{}: {error}", path.display()))?;
            suites.push(Suite { name: format!("{kind_name}/{name}"), vectors });
        }
    }
    Ok(suites)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Values,
    Text,
    Apply,
}

fn suite(path: &Path, kind: Kind) -> Result<Suite, String> {
    #[derive(Deserialize)]
    struct File {
        suite: String,
        vectors: Vec<Value>,
    }
    #[derive(Deserialize)]
    struct Head {
        id: String,
        contract: Vec<String>,
    }

    let text = fs::read(path).map_err(|error| error.to_string())?;
    let file: File = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let vectors = file.vectors.into_iter().map(|vector| {
        let Head { id, contract } = Head::deserialize(&vector).map_err(|error| error.to_string())?;
        let case = match kind {
            Kind::Apply => Apply::deserialize(vector).map(Case::Apply).map_err(|error| error.to_string()),
            kind => check(vector, kind == Kind::Values).map(Case::Check),
        };
        Ok(Vector { case: case.map_err(|error| format!("{id}: {error}"))?, id, contract })
    });
    Ok(Suite { name: file.suite, vectors: vectors.collect::<Result<_, String>>()? })
}

/// A vector as in its file.
#[derive(Deserialize)]
struct Written {
    #[serde(rename = "as", deserialize_with = "direction")]
    direction: Direction,
    #[serde(default)]
    tolerant: bool,
    #[serde(default)]
    accept: Vec<String>,
    text: Option<String>,
    base64: Option<String>,
    violations: Vec<Finding>,
    advisories: Vec<Finding>,
    output: Option<String>,
    offset: Option<usize>,
}

#[derive(Deserialize)]
struct Finding {
    #[serde(deserialize_with = "code")]
    code: Code,
    pointer: String,
}

fn check(vector: Value, is_value: bool) -> Result<Check, String> {
    let written = Written::deserialize(vector).map_err(|error| error.to_string())?;
    let text = match (written.text, written.base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(encoded)) => BASE64.decode(encoded.as_bytes()).map_err(|error| error.to_string())?,
        _ => return Err("expected either `text` or `base64`".to_owned()),
    };
    let value = is_value.then(|| serde_json::from_slice(&text)).transpose();
    let entries = |findings: Vec<Finding>| findings.into_iter().map(|found| (found.pointer, found.code)).collect();
    Ok(Check {
        is_value,
        direction: written.direction,
        tolerance: tolerance(written.tolerant, written.accept)?,
        value: value.map_err(|error| format!("expected JSON, since it is one of the values: {error}"))?,
        text,
        violations: entries(written.violations),
        advisories: entries(written.advisories),
        output: written.output,
        offset: written.offset,
    })
}

fn tolerance(is_full: bool, accept: Vec<String>) -> Result<Option<Tolerance>, String> {
    if !is_full && accept.is_empty() {
        return Ok(None);
    }
    let mut reader = Reader::new();
    if is_full {
        reader = reader.tolerate_unknown_fields().tolerate_unknown_values();
    }
    for accepted in &accept {
        let (field, value) =
            accepted.split_once('=').ok_or_else(|| format!("expected FIELD=VALUE, found `{accepted}`"))?;
        let vocabularies: Vec<(&str, &'static Vocabulary)> = UpdateAgent::OBJECT.vocabularies();
        let vocabulary = vocabularies.into_iter().find(|(name, _)| *name == field);
        let (_, vocabulary) = vocabulary.ok_or_else(|| format!("`{field}` has no known values"))?;
        reader = accept_value(reader, vocabulary, value);
    }
    Ok(Some(Tolerance { is_full, accept, reader }))
}

fn direction<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Direction, D::Error> {
    let name = String::deserialize(deserializer)?;
    let known =
        [Direction::Request, Direction::Response].into_iter().find(|&direction| direction_name(direction) == name);
    known.ok_or_else(|| serde::de::Error::custom(format!("expected `update` or `agent`, found `{name}`")))
}

fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_| serde::de::Error::custom(format!("unknown code `{name}`")))
}

/// The name of a direction in vectors.
pub(crate) const fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "update",
        Direction::Response => "agent",
    }
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}
