//! Seeds and the dictionary: the documents in `fixtures/`, and the names and values of the contract.

use std::{collections::BTreeSet, fs, io, path::Path};

use callagent::{
    Agent, UpdateAgent,
    model::{Object, Type},
};
use data_encoding::BASE64;
use serde_json::Value;
use walkdir::WalkDir;

use crate::apply::SEPARATOR;

/// The seeds of a target, from the documents in a directory.
///
/// # Errors
/// If a file cannot be read or a vector is invalid.
pub fn seeds(target: &str, fixtures: &Path) -> io::Result<BTreeSet<Vec<u8>>> {
    if target == "apply" { pairs(fixtures) } else { documents(fixtures) }
}

/// Every document of the fixtures and the vectors.
fn documents(fixtures: &Path) -> io::Result<BTreeSet<Vec<u8>>> {
    let mut documents = BTreeSet::new();
    for folder in ["documented", "requests", "responses"] {
        documents.extend(files(&fixtures.join(folder))?);
    }
    for vector in vectors(fixtures)? {
        match (vector["text"].as_str(), vector["base64"].as_str()) {
            (Some(text), _) => documents.insert(text.into()),
            (None, Some(text)) => documents.insert(BASE64.decode(text.as_bytes()).map_err(io::Error::other)?),
            _ => false,
        };
    }
    Ok(documents)
}

/// Pairs of an agent and an update, from the vectors and from the valid fixtures.
fn pairs(fixtures: &Path) -> io::Result<BTreeSet<Vec<u8>>> {
    let agents = files(&fixtures.join("responses/valid"))?;
    let updates = files(&fixtures.join("requests/valid"))?;
    let mut pairs: Vec<_> = agents.into_iter().zip(updates.into_iter().cycle()).collect();
    for vector in vectors(fixtures)? {
        if let [Value::String(agent), Value::String(update)] = [&vector["agent"], &vector["update"]] {
            pairs.push((agent.clone().into(), update.clone().into()));
        }
    }
    Ok(pairs.into_iter().map(|(agent, update)| [agent, update].join(&SEPARATOR)).collect())
}

fn vectors(fixtures: &Path) -> io::Result<Vec<Value>> {
    let mut vectors = Vec::new();
    for file in files(&fixtures.join("vectors"))? {
        let file: Value = serde_json::from_slice(&file)?;
        vectors.extend(file["vectors"].as_array().into_iter().flatten().cloned());
    }
    Ok(vectors)
}

/// The `*.json` files below a directory, sorted by name, or none if it does not exist.
fn files(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let documents = entries.filter(|entry| {
        entry.as_ref().map_or(true, |entry| entry.path().extension().is_some_and(|extension| extension == "json"))
    });
    documents.map(|entry| entry.map_err(io::Error::from).and_then(|entry| fs::read(entry.path()))).collect()
}

/// The names and values of the contract and the tokens of JSON, in libFuzzer's format.
#[must_use]
pub fn dictionary() -> String {
    let mut tokens: BTreeSet<String> =
        ["true", "false", "null", "[]", "{}", "\"\"", "1e400", "-0.0", "\\ud834", "\\udd1e"].map(str::to_owned).into();
    for object in [UpdateAgent::OBJECT, Agent::OBJECT] {
        collect(object, &mut tokens);
    }
    tokens.iter().map(|token| format!("\"{}\"\n", token.replace('\\', "\\\\").replace('"', "\\\""))).collect()
}

fn collect(object: &Object, tokens: &mut BTreeSet<String>) {
    for field in object.fields {
        tokens.insert(format!("\"{}\":", field.name));
        match field.r#type {
            Type::Enum(vocabulary) => tokens.extend(vocabulary.values.iter().map(|token| format!("\"{token}\""))),
            Type::Integer(_) | Type::Number(_) => {
                let bounds = field.r#type.bounds().into_iter().flatten().filter_map(|bound| bound.as_i64());
                tokens.extend(bounds.flat_map(|bound| [bound, bound + 1]).map(|number| number.to_string()));
            }
            other => {
                if let Some(object) = other.object() {
                    collect(object, tokens);
                }
            }
        }
    }
}
