//! What the contract test carries: the sentences of the contract, and the vectors of requests.

use std::fs;

use callagent::model::Direction;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::vectors::{self, Case};

/// The file, relative to the workspace. A package contains only files below its own directory.
const FILE: &str = "crates/callagent-verify/src/contract.json";

/// A sentence of the contract.
#[derive(Deserialize, Serialize)]
struct Sentence {
    id: String,
    says: String,
}

/// A request. Its verdict is left to the reader.
#[derive(Serialize)]
struct Document {
    contract: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

/// Generates the file.
///
/// # Errors
/// If the vectors cannot be read.
pub(crate) fn file() -> Result<(&'static str, String), String> {
    let path = crate::root().join(vectors::FOLDER).join("sentences.json");
    let sentences = fs::read(&path).map_err(|error| error.to_string());
    let sentences = sentences.and_then(|text| serde_json::from_slice(&text).map_err(|error| error.to_string()));
    let sentences: Vec<Sentence> = sentences.map_err(|error| format!("{}: {error}", path.display()))?;
    let all = vectors::read()?.into_iter().flat_map(|suite| suite.vectors);
    let documents = all.filter_map(|vector| match vector.case {
        Case::Check(check) if check.direction == Direction::Request && check.tolerance.is_none() => {
            let (text, base64) = match String::from_utf8(check.text) {
                Ok(text) => (Some(text), None),
                Err(error) => (None, Some(BASE64.encode(error.as_bytes()))),
            };
            Some(Document { contract: vector.contract, text, base64 })
        }
        _ => None,
    });
    let sentences = lines(sentences)?;
    let documents = lines(documents)?;
    Ok((FILE, format!("{{\"sentences\": [\n{sentences}\n], \"documents\": [\n{documents}\n]}}\n")))
}

/// Writes one item per line.
fn lines(items: impl IntoIterator<Item: Serialize>) -> Result<String, String> {
    let lines = items.into_iter().map(|item| serde_json::to_string(&item));
    let lines: Vec<_> = lines.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    Ok(lines.join(",\n"))
}
