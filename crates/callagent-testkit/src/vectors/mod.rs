//! The vectors in `fixtures/vectors`: test cases of the contract as data.

mod differences;
mod format;

use callagent::{
    Agent, InvalidDocument, Reader, UpdateAgent,
    model::Direction,
    tools::{AcceptedValue, InvalidAcceptedValue},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    engines::{Document, Entry},
    files::{names, read_json},
};
pub use format::{Source, direction_name, format_sentences};

/// The directory of the vectors, relative to the workspace.
pub const FOLDER: &str = "fixtures/vectors";

/// A file of vectors.
pub struct Suite {
    /// The directory and name: `values/numbers`.
    pub name: String,
    /// What its vectors have in common.
    pub about: String,
    /// The vectors, in the order of the file.
    pub vectors: Vec<Vector>,
}

/// A test case of the contract.
pub struct Vector {
    /// The name, which is never used again.
    pub id: String,
    /// The sentences of the contract that it tests.
    pub contract: Vec<String>,
    /// The input and the expected result.
    pub case: Case,
}

/// The input of a vector and its expected result.
pub enum Case {
    /// A document to validate.
    Check(Check),
    /// An update to apply.
    Apply(Apply),
}

/// A document with its expected verdict.
pub struct Check {
    /// Whether any JSON parser reads it, so that engines that work on values can check it.
    pub is_value: bool,
    /// The kind of document.
    pub direction: Direction,
    /// What the reader accepts.
    pub tolerance: Option<Tolerance>,
    /// The bytes of the document.
    pub text: Vec<u8>,
    value: Option<Value>,
    /// The violations, in the order of the report.
    pub violations: Vec<Entry>,
    /// The advisories, in the order of the report.
    pub advisories: Vec<Entry>,
    /// The document as the model serializes it, if it differs from the input.
    pub output: Option<String>,
    /// The offset of a syntax error.
    pub offset: Option<usize>,
}

/// What a tolerant reader accepts.
pub struct Tolerance {
    /// Whether it accepts all unknown fields and values.
    pub is_full: bool,
    /// Unknown values: `llmModel=claude-sonnet-4`.
    pub accept: Vec<String>,
    reader: Reader,
}

/// An agent, an update, and the expected result.
#[derive(Deserialize, Serialize)]
pub struct Apply {
    /// The agent before the update.
    pub agent: String,
    /// The update.
    pub update: String,
    /// The agent after the update.
    pub after: String,
    /// The response of a server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
}

/// A sentence of the contract.
#[derive(Deserialize, Serialize)]
pub struct Sentence {
    /// The name that vectors refer to.
    pub id: String,
    section: String,
    /// The sentence.
    pub says: String,
    /// The test that shows it, if no vector can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_by: Option<String>,
}

impl Vector {
    /// Returns whether every implementation must check it: a value without tolerances.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        matches!(&self.case, Case::Check(Check { is_value: true, tolerance: None, .. }))
    }
}

impl Check {
    /// A document as text, without findings.
    pub(crate) fn new(direction: Direction, text: &[u8]) -> Self {
        Check {
            is_value: false,
            direction,
            tolerance: None,
            text: text.to_owned(),
            value: None,
            violations: Vec::new(),
            advisories: Vec::new(),
            output: None,
            offset: None,
        }
    }

    /// The document for engines.
    #[must_use]
    pub fn document(&self) -> Document<'_> {
        Document {
            direction: self.direction,
            text: &self.text,
            value: self.value.as_ref(),
            tolerant: self.tolerance.as_ref().map(|tolerance| &tolerance.reader),
        }
    }
}

impl Tolerance {
    fn new(is_full: bool, accept: Vec<String>) -> Result<Option<Self>, String> {
        if !is_full && accept.is_empty() {
            return Ok(None);
        }
        let mut reader = Reader::new();
        if is_full {
            reader = reader.tolerate_unknown_fields().tolerate_unknown_values();
        }
        for accepted in &accept {
            let accepted: AcceptedValue = accepted.parse().map_err(|error: InvalidAcceptedValue| error.to_string())?;
            reader = accepted.apply(reader);
        }
        Ok(Some(Tolerance { is_full, accept, reader }))
    }
}

impl Apply {
    /// Applies the update. Returns the agent after it, and the response of a server.
    ///
    /// # Errors
    /// The agent or the update is invalid.
    pub fn run(&self) -> Result<(String, String), String> {
        let wrong = |what: &'static str| move |invalid: InvalidDocument| format!("the {what} is not valid: {invalid}");
        let mut agent: Agent = callagent::read(&self.agent).map_err(wrong("agent"))?;
        let update: UpdateAgent = callagent::read(&self.update).map_err(wrong("update"))?;
        update.apply(&mut agent);
        let written = |agent: &Agent| serde_json::to_string(agent).map_err(|error| error.to_string());
        Ok((written(&agent)?, written(agent.for_response().as_ref())?))
    }
}

/// Reads all vectors, in the order of their files.
///
/// # Errors
/// A file that cannot be read, with its name and the reason.
pub fn read() -> Result<Vec<Suite>, String> {
    let mut suites = Vec::new();
    for folder in ["values", "text", "apply"] {
        for file in names(&format!("{FOLDER}/{folder}"))? {
            suites.push(match folder {
                "apply" => format::read_applications(folder, &file)?,
                _ => format::read_checks(folder, &file)?,
            });
        }
    }
    Ok(suites)
}

/// Reads the sentences of the contract.
///
/// # Errors
/// The file cannot be read.
pub fn sentences() -> Result<Vec<Sentence>, String> {
    read_json(&format!("{FOLDER}/sentences.json"))
}
