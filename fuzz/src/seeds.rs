//! Seeds and the dictionary: the documents in `fixtures/`, and the names and values of the contract.

use std::collections::BTreeSet;

use callagent::model::Type;
use callagent_testkit::{
    documents, objects,
    vectors::{self, Case},
};

use crate::apply::SEPARATOR;

/// The seeds of a target.
///
/// # Errors
/// A document or a vector cannot be read.
pub fn seeds(target: &str) -> Result<BTreeSet<Vec<u8>>, String> {
    if target == "apply" { pairs() } else { all_documents() }
}

/// Every document of the fixtures and the vectors.
fn all_documents() -> Result<BTreeSet<Vec<u8>>, String> {
    let mut all = BTreeSet::new();
    for folder in ["documented", "requests/invalid", "requests/valid", "responses/invalid", "responses/valid"] {
        all.extend(documents(folder)?.into_iter().map(|(_, text)| text));
    }
    all.extend(cases()?.filter_map(|case| match case {
        Case::Check(check) => Some(check.text),
        Case::Apply(_) => None,
    }));
    Ok(all)
}

/// Pairs of an agent and an update, from the vectors and from the valid fixtures.
fn pairs() -> Result<BTreeSet<Vec<u8>>, String> {
    let (agents, updates) = (documents("responses/valid")?, documents("requests/valid")?);
    let pairs = agents.into_iter().zip(updates.into_iter().cycle());
    let mut pairs: Vec<_> = pairs.map(|((_, agent), (_, update))| (agent, update)).collect();
    pairs.extend(cases()?.filter_map(|case| match case {
        Case::Apply(apply) => Some((apply.agent.into_bytes(), apply.update.into_bytes())),
        Case::Check(_) => None,
    }));
    Ok(pairs.into_iter().map(|(agent, update)| [agent, update].join(&SEPARATOR)).collect())
}

fn cases() -> Result<impl Iterator<Item = Case>, String> {
    Ok(vectors::read()?.into_iter().flat_map(|suite| suite.vectors).map(|vector| vector.case))
}

/// The names and values of the contract and the tokens of JSON, in libFuzzer's format.
#[must_use]
pub fn dictionary() -> String {
    let mut tokens: BTreeSet<String> =
        ["true", "false", "null", "[]", "{}", "\"\"", "1e400", "-0.0", "\\ud834", "\\udd1e"].map(str::to_owned).into();
    for field in objects().into_iter().flat_map(|object| object.fields) {
        tokens.insert(format!("\"{}\":", field.name));
        match field.r#type {
            Type::Enum(vocabulary) => tokens.extend(vocabulary.values.iter().map(|token| format!("\"{token}\""))),
            Type::Integer(_) | Type::Number(_) => {
                let bounds = field.r#type.bounds().into_iter().flatten().filter_map(|bound| bound.as_i64());
                tokens.extend(bounds.flat_map(|bound| [bound, bound + 1]).map(|number| number.to_string()));
            }
            _ => {}
        }
    }
    tokens.iter().map(|token| format!("\"{}\"\n", token.replace('\\', "\\\\").replace('"', "\\\""))).collect()
}
