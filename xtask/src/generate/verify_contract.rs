//! What the contract test carries: the sentences of the contract, and the vectors of requests.

use callagent::model::Direction;
use callagent_testkit::vectors::{self, Case, Source};
use serde::Serialize;
use serde_json::json;

/// The file, relative to the workspace. A package contains only files below its own directory.
const FILE: &str = "crates/callagent-verify/src/contract.json";

/// A request. Its verdict is left to the reader.
#[derive(Serialize)]
struct Document {
    contract: Vec<String>,
    #[serde(flatten)]
    source: Source,
}

/// Generates the file.
///
/// # Errors
/// If the vectors cannot be read.
pub(crate) fn file() -> Result<(&'static str, String), String> {
    let all = vectors::read()?.into_iter().flat_map(|suite| suite.vectors);
    let documents = all.filter_map(|vector| match vector.case {
        Case::Check(check) if check.direction == Direction::Request && check.tolerance.is_none() => {
            Some(Document { contract: vector.contract, source: Source::new(&check.text) })
        }
        _ => None,
    });
    let sentences = vectors::sentences()?;
    let sentences = lines(sentences.iter().map(|sentence| json!({"id": sentence.id, "says": sentence.says})))?;
    let documents = lines(documents)?;
    Ok((FILE, format!("{{\"sentences\": [\n{sentences}\n], \"documents\": [\n{documents}\n]}}\n")))
}

/// Writes one item per line.
fn lines(items: impl IntoIterator<Item: Serialize>) -> Result<String, String> {
    let lines = items.into_iter().map(|item| serde_json::to_string(&item));
    let lines: Vec<_> = lines.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    Ok(lines.join(",\n"))
}
