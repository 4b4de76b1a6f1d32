//! The vectors of `fixtures/vectors`: cases of the contract, as data.

use std::{fs, path::Path};

use callagent::{
    Code, Reader, UpdateAgent,
    model::{Direction, Vocabulary},
};
use data_encoding::BASE64;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::engines::{Document, Entry};

/// Where they are, below the workspace's folder.
pub(crate) const FOLDER: &str = "fixtures/vectors";

/// A file of vectors.
pub(crate) struct Suite {
    /// Its folder and its name: `values/numbers`.
    pub(crate) name: String,
    pub(crate) vectors: Vec<Vector>,
}

pub(crate) struct Vector {
    pub(crate) id: String,
    /// The sentences of the contract that it is about.
    pub(crate) contract: Vec<String>,
    pub(crate) case: Case,
}

/// What a vector asks.
pub(crate) enum Case {
    Judge(Judge),
    Apply(Apply),
}

/// A document, and what is to be said of it.
pub(crate) struct Judge {
    /// Whether any JSON parser reads it, so that engines of values can judge it.
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

/// What a reader admits beyond the contract.
pub(crate) struct Tolerance {
    pub(crate) is_full: bool,
    /// Unlisted words: `llmModel=claude-sonnet-4`.
    pub(crate) accept: Vec<String>,
    reader: Reader,
}

/// An agent, an update, and what becomes of the agent.
#[derive(Deserialize)]
pub(crate) struct Apply {
    pub(crate) agent: String,
    pub(crate) update: String,
    /// What the agent holds.
    pub(crate) after: String,
    /// What a server sends.
    pub(crate) sent: Option<String>,
}

impl Vector {
    /// Whether every implementation of the contract has to judge it: a value, without a tolerance.
    pub(crate) fn is_for_all(&self) -> bool {
        matches!(&self.case, Case::Judge(Judge { is_value: true, tolerance: None, .. }))
    }
}

impl Judge {
    /// The document as engines take it.
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
/// A file that cannot be read, with its name and what is wrong with it.
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
            kind => judge(vector, kind == Kind::Values).map(Case::Judge),
        };
        Ok(Vector { case: case.map_err(|error| format!("{id}: {error}"))?, id, contract })
    });
    Ok(Suite { name: file.suite, vectors: vectors.collect::<Result<_, String>>()? })
}

/// A vector as it stands in its file.
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

fn judge(vector: Value, is_value: bool) -> Result<Judge, String> {
    let written = Written::deserialize(vector).map_err(|error| error.to_string())?;
    let text = match (written.text, written.base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(encoded)) => BASE64.decode(encoded.as_bytes()).map_err(|error| error.to_string())?,
        _ => return Err("it must have either `text` or `base64`".to_owned()),
    };
    let value = is_value.then(|| serde_json::from_slice(&text)).transpose();
    let entries = |findings: Vec<Finding>| findings.into_iter().map(|found| (found.pointer, found.code)).collect();
    Ok(Judge {
        is_value,
        direction: written.direction,
        tolerance: tolerance(written.tolerant, written.accept)?,
        value: value.map_err(|error| format!("it stands among the values, and is no JSON: {error}"))?,
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
    for word in &accept {
        let (field, word) = word.split_once('=').ok_or_else(|| format!("`{word}` is not FIELD=WORD"))?;
        let vocabularies: Vec<(&str, &'static Vocabulary)> = UpdateAgent::OBJECT.vocabularies();
        let vocabulary = vocabularies.into_iter().find(|(name, _)| *name == field);
        let (_, vocabulary) = vocabulary.ok_or_else(|| format!("`{field}` has no vocabulary"))?;
        reader = reader.accept_value(vocabulary, word);
    }
    Ok(Some(Tolerance { is_full, accept, reader }))
}

fn direction<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Direction, D::Error> {
    let name = String::deserialize(deserializer)?;
    let known = [Direction::Request, Direction::Response].into_iter().find(|&direction| word(direction) == name);
    known.ok_or_else(|| serde::de::Error::custom(format!("`{name}` is neither `update` nor `agent`")))
}

fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_| serde::de::Error::custom(format!("there is no code `{name}`")))
}

/// How vectors name a direction.
pub(crate) const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "update",
        Direction::Response => "agent",
    }
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}
