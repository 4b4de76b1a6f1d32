//! The content and format of the files of `fixtures/vectors`.

use std::{
    io::{self, Write},
    mem,
};

use callagent::model::Direction;
use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::ser::Formatter;

use super::{Case, Check, FOLDER, Sentence, Suite, Tolerance, Vector};
use crate::{engines::Entry, files::read_json};

#[derive(Deserialize)]
struct File<V> {
    suite: String,
    about: String,
    vectors: Vec<V>,
}

/// A document and its expected findings. Fields are written in this order.
#[derive(Deserialize, Serialize)]
struct WrittenCheck {
    id: String,
    contract: Vec<String>,
    #[serde(rename = "as", with = "direction")]
    direction: Direction,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    tolerant: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    accept: Vec<String>,
    #[serde(flatten)]
    source: Source,
    violations: Vec<Finding>,
    advisories: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
}

#[derive(Deserialize, Serialize)]
struct WrittenApply<A> {
    id: String,
    contract: Vec<String>,
    #[serde(flatten)]
    apply: A,
}

#[derive(Deserialize, Serialize)]
struct Finding {
    code: String,
    pointer: String,
}

/// The bytes of a document, as the field `text`, or `base64` if they are not UTF-8.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "lowercase", try_from = "SourceFields")]
pub enum Source {
    /// A text.
    Text(String),
    /// Bytes in base64.
    Base64(String),
}

#[derive(Deserialize)]
struct SourceFields {
    text: Option<String>,
    base64: Option<String>,
}

impl TryFrom<SourceFields> for Source {
    type Error = &'static str;

    fn try_from(fields: SourceFields) -> Result<Self, Self::Error> {
        match fields {
            SourceFields { text: Some(text), base64: None } => Ok(Source::Text(text)),
            SourceFields { text: None, base64: Some(base64) } => Ok(Source::Base64(base64)),
            _ => Err("expected either `text` or `base64`"),
        }
    }
}

impl Source {
    /// Encodes bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Source::Text(text.to_owned()),
            Err(_) => Source::Base64(BASE64.encode(bytes)),
        }
    }

    fn bytes(self) -> Result<Vec<u8>, String> {
        match self {
            Source::Text(text) => Ok(text.into_bytes()),
            Source::Base64(base64) => BASE64.decode(base64.as_bytes()).map_err(|error| error.to_string()),
        }
    }
}

/// The name of a direction in vectors.
#[must_use]
pub const fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "update",
        Direction::Response => "agent",
    }
}

mod direction {
    use super::{Deserialize, Deserializer, Direction, Serialize, Serializer, direction_name};
    use serde::de::Error as _;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
    pub(super) fn serialize<S: Serializer>(direction: &Direction, serializer: S) -> Result<S::Ok, S::Error> {
        direction_name(*direction).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Direction, D::Error> {
        let name = String::deserialize(deserializer)?;
        let mut all = [Direction::Request, Direction::Response].into_iter();
        let known = all.find(|&direction| direction_name(direction) == name);
        known.ok_or_else(|| D::Error::custom(format!("expected `update` or `agent`, found `{name}`")))
    }
}

pub(super) fn read_checks(folder: &str, file: &str) -> Result<Suite, String> {
    read(folder, file, |written| vector_of_check(written, folder == "values"))
}

pub(super) fn read_applications(folder: &str, file: &str) -> Result<Suite, String> {
    read(folder, file, |WrittenApply { id, contract, apply }| Ok(Vector { id, contract, case: Case::Apply(apply) }))
}

fn read<V: DeserializeOwned>(
    folder: &str,
    file: &str,
    vector: impl Fn(V) -> Result<Vector, String>,
) -> Result<Suite, String> {
    let path = format!("{FOLDER}/{folder}/{file}");
    let File { suite, about, vectors } = read_json::<File<V>>(&path)?;
    if file != format!("{suite}.json") {
        return Err(format!("{path}: expected the suite to be named as the file, found `{suite}`"));
    }
    let vectors =
        vectors.into_iter().map(vector).collect::<Result<_, _>>().map_err(|error| format!("{path}: {error}"))?;
    Ok(Suite { name: format!("{folder}/{suite}"), about, vectors })
}

fn vector_of_check(mut written: WrittenCheck, is_value: bool) -> Result<Vector, String> {
    let (id, contract) = (mem::take(&mut written.id), mem::take(&mut written.contract));
    let check = check(written, is_value).map_err(|error| format!("{id}: {error}"))?;
    Ok(Vector { id, contract, case: Case::Check(check) })
}

fn check(written: WrittenCheck, is_value: bool) -> Result<Check, String> {
    let text = written.source.bytes()?;
    let value = is_value.then(|| serde_json::from_slice(&text)).transpose();
    Ok(Check {
        is_value,
        direction: written.direction,
        tolerance: Tolerance::new(written.tolerant, written.accept)?,
        value: value.map_err(|error| format!("expected JSON, since it is one of the values: {error}"))?,
        text,
        violations: entries(written.violations)?,
        advisories: entries(written.advisories)?,
        output: written.output,
        offset: written.offset,
    })
}

fn entries(findings: Vec<Finding>) -> Result<Vec<Entry>, String> {
    let entry = |Finding { code, pointer }: Finding| match code.parse() {
        Ok(code) => Ok((pointer, code)),
        Err(_) => Err(format!("unknown code `{code}`")),
    };
    findings.into_iter().map(entry).collect()
}

impl Vector {
    /// The vector in the format of its file.
    #[must_use]
    pub fn line(&self) -> String {
        let Vector { id, contract, case } = self;
        let (id, contract) = (id.clone(), contract.clone());
        match case {
            Case::Check(check) => line(&WrittenCheck::new(id, contract, check)),
            Case::Apply(apply) => line(&WrittenApply { id, contract, apply }),
        }
    }
}

impl WrittenCheck {
    fn new(id: String, contract: Vec<String>, check: &Check) -> Self {
        let finding = |(pointer, code): &Entry| Finding { code: code.to_string(), pointer: pointer.clone() };
        let tolerance = check.tolerance.as_ref();
        WrittenCheck {
            id,
            contract,
            direction: check.direction,
            tolerant: tolerance.is_some_and(|tolerance| tolerance.is_full),
            accept: tolerance.map(|tolerance| tolerance.accept.clone()).unwrap_or_default(),
            source: Source::new(&check.text),
            violations: check.violations.iter().map(finding).collect(),
            advisories: check.advisories.iter().map(finding).collect(),
            output: check.output.clone(),
            offset: check.offset,
        }
    }
}

impl Suite {
    /// The file, relative to the workspace.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}.json", self.name)
    }

    /// The formatted text of the file.
    #[must_use]
    pub fn formatted(&self) -> String {
        let Suite { name, about, vectors } = self;
        let name = name.rsplit('/').next().unwrap_or(name);
        let vectors = rows(vectors.iter().map(Vector::line), "    ");
        format!("{{\n  \"suite\": {},\n  \"about\": {},\n  \"vectors\": {vectors}  ]\n}}\n", line(&name), line(about))
    }
}

/// The formatted text of the file of sentences.
#[must_use]
pub fn format_sentences(sentences: &[Sentence]) -> String {
    format!("{}]\n", rows(sentences.iter().map(line), "  "))
}

/// An array with one item per line.
fn rows(lines: impl Iterator<Item = String>, indent: &str) -> String {
    let lines: Vec<_> = lines.map(|line| format!("{indent}{line}")).collect();
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
    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.begin_array_value(writer, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parsed(changes: &Value, is_value: bool) -> Result<Vector, String> {
        let mut vector = json!({"id": "one", "contract": ["a.b"], "as": "update", "violations": [], "advisories": []});
        if let (Some(vector), Some(changes)) = (vector.as_object_mut(), changes.as_object()) {
            vector.extend(changes.clone());
        }
        vector_of_check(serde_json::from_value(vector).map_err(|error| error.to_string())?, is_value)
    }

    #[test]
    fn invalid_vectors_are_errors() {
        for (changes, expected) in [
            (json!({}), "expected either `text` or `base64`"),
            (json!({"text": "{}", "base64": "e30="}), "expected either `text` or `base64`"),
            (json!({"base64": "e30"}), "one: invalid length"),
            (json!({"text": "{"}), "one: expected JSON, since it is one of the values"),
            (json!({"text": "{}", "as": "call"}), "expected `update` or `agent`, found `call`"),
            (json!({"text": "{}", "accept": ["llmModel"]}), "one: expected FIELD=VALUE, where FIELD is"),
            (json!({"text": "{}", "accept": ["name=x"]}), "found `name`"),
            (json!({"text": "{}", "advisories": [{"code": "bad", "pointer": ""}]}), "one: unknown code `bad`"),
        ] {
            let error = parsed(&changes, true).err().unwrap_or_default();
            assert!(error.contains(expected), "{changes}: {error}");
        }
    }

    #[test]
    fn fields_are_written_in_order() {
        let changes = json!({
            "offset": 1, "output": "{}", "base64": "/w==", "accept": ["llmModel=x"], "tolerant": true, "as": "agent",
            "violations": [{"pointer": "/\u{e9}\u{1F600}", "code": "wrong-type"}],
        });
        assert_eq!(
            parsed(&changes, false).expect("a vector").line(),
            r#"{"id": "one", "contract": ["a.b"], "as": "agent", "tolerant": true, "accept": ["llmModel=x"], "#
                .to_owned()
                + r#""base64": "/w==", "violations": [{"code": "wrong-type", "pointer": "/\u00e9\ud83d\ude00"}], "#
                + r#""advisories": [], "output": "{}", "offset": 1}"#
        );
    }
}
