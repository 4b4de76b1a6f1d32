//! The content and format of the files of `fixtures/vectors`.

use std::{collections::BTreeSet, fmt, fs};

use callagent::{Agent, Code, Finding, Reader, UpdateAgent, model::Object, tools::accept_value};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, ser::Formatter};

use crate::util::{fixture, read_fixture};

/// A suite and its file.
pub(crate) struct File<V> {
    pub(crate) path: String,
    pub(crate) suite: Suite<V>,
}

#[derive(Deserialize)]
pub(crate) struct Suite<V> {
    #[serde(rename = "suite")]
    pub(crate) name: String,
    about: String,
    pub(crate) vectors: Vec<V>,
}

/// A document and its expected findings. Fields are written in this order.
#[derive(Deserialize, Serialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) contract: Vec<String>,
    pub(crate) r#as: As,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) tolerant: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    accept: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    pub(crate) violations: Vec<Found>,
    pub(crate) advisories: Vec<Found>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) offset: Option<usize>,
}

#[derive(Deserialize, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum As {
    Update,
    Agent,
}

/// A violation or an advisory.
#[derive(Deserialize, Serialize, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) code: String,
    pub(crate) pointer: String,
}

/// An agent, an update, and the agent after it.
#[derive(Deserialize, Serialize)]
pub(crate) struct Application {
    pub(crate) id: String,
    pub(crate) contract: Vec<String>,
    pub(crate) agent: String,
    pub(crate) update: String,
    pub(crate) after: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sent: Option<String>,
}

/// A sentence of the contract.
#[derive(Deserialize, Serialize)]
pub(crate) struct Sentence {
    pub(crate) id: String,
    section: String,
    pub(crate) says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shown_by: Option<String>,
}

impl<V: DeserializeOwned + Serialize> File<V> {
    /// The files of a folder.
    pub(crate) fn all(folder: &str) -> Vec<Self> {
        let entries = fs::read_dir(fixture("vectors").join(folder)).expect("the folder exists");
        let names: BTreeSet<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        let paths = names.into_iter().map(|name| format!("vectors/{folder}/{}", name.to_string_lossy()));
        paths.map(|path| File { suite: parse(&path), path }).collect()
    }

    /// The formatted text of the file.
    pub(crate) fn formatted(&self) -> String {
        let Suite { name, about, vectors } = &self.suite;
        let vectors = rows(vectors, "    ");
        format!("{{\n  \"suite\": {},\n  \"about\": {},\n  \"vectors\": {vectors}  ]\n}}\n", line(name), line(about))
    }
}

pub(crate) fn sentences() -> Vec<Sentence> {
    parse("vectors/sentences.json")
}

impl Sentence {
    /// The formatted text of the table.
    pub(crate) fn formatted(sentences: &[Sentence]) -> String {
        format!("{}]\n", rows(sentences, "  "))
    }
}

impl Vector {
    /// The bytes of the document.
    pub(crate) fn document(&self) -> Vec<u8> {
        match (&self.text, &self.base64) {
            (Some(text), _) => text.clone().into_bytes(),
            (_, Some(base64)) => BASE64.decode(base64.as_bytes()).expect("valid base64, as the schema requires"),
            (None, None) => panic!("{} has neither text nor base64", self.id),
        }
    }

    /// The document as a value.
    pub(crate) fn value(&self) -> Value {
        let text = self.document();
        serde_json::from_slice(&text)
            .unwrap_or_else(|error| panic!("{} is not a JSON value ({error}): move it to text/", self.id))
    }

    pub(crate) fn is_valid(&self) -> bool {
        self.violations.is_empty()
    }

    /// Whether all tolerances are off.
    pub(crate) fn is_strict(&self) -> bool {
        !self.tolerant && self.accept.is_empty()
    }

    pub(crate) fn reader(&self) -> Reader {
        let mut reader = Reader::new();
        if self.tolerant {
            reader = reader.tolerate_unknown_fields().tolerate_unknown_values();
        }
        for accepted in &self.accept {
            let (name, value) = accepted.split_once('=').expect("the schema requires FIELD=VALUE");
            let vocabularies = UpdateAgent::OBJECT.vocabularies();
            let vocabulary = vocabularies.into_iter().find(|(field, _)| *field == name);
            reader = accept_value(reader, vocabulary.expect("the schema knows the fields").1, value);
        }
        reader
    }

    /// The violations without tolerances.
    pub(crate) fn strict_violations(&self) -> Vec<Found> {
        let tolerable = [Code::UNKNOWN_FIELD, Code::UNKNOWN_VALUE].map(Code::as_str);
        let tolerated = self.advisories.iter().filter(|advisory| tolerable.contains(&advisory.code.as_str()));
        self.violations.iter().chain(tolerated).cloned().collect()
    }
}

impl As {
    pub(crate) fn object(self) -> &'static Object {
        match self {
            As::Update => UpdateAgent::OBJECT,
            As::Agent => Agent::OBJECT,
        }
    }
}

impl From<Finding<'_>> for Found {
    fn from(finding: Finding<'_>) -> Self {
        Found { code: finding.code().as_str().to_owned(), pointer: finding.pointer() }
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {:?}", self.code, self.pointer)
    }
}

fn parse<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(&read_fixture(name)).unwrap_or_else(|error| {
        panic!("fixtures/{name}: {error}. fixtures/vectors/vectors.schema.json says what must be there.")
    })
}

/// An array with one item per line.
fn rows<T: Serialize>(items: &[T], indent: &str) -> String {
    let lines: Vec<_> = items.iter().map(|item| format!("{indent}{}", line(item))).collect();
    format!("[\n{}\n", lines.join(",\n"))
}

/// JSON in the format of `json.dumps` in Python.
fn line(value: &impl Serialize) -> String {
    let mut text = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, Dumps)).expect("it is written");
    String::from_utf8(text).expect("it is written in ASCII")
}

struct Dumps;

impl Formatter for Dumps {
    fn begin_array_value<W: std::io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: std::io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        self.begin_array_value(writer, first)
    }

    fn begin_object_value<W: std::io::Write + ?Sized>(&mut self, writer: &mut W) -> std::io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: std::io::Write + ?Sized>(&mut self, writer: &mut W, text: &str) -> std::io::Result<()> {
        for character in text.chars() {
            if let ' '..='~' = character {
                write!(writer, "{character}")?;
            } else {
                let mut units = [0; 2];
                character.encode_utf16(&mut units).iter().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))?;
            }
        }
        Ok(())
    }
}
