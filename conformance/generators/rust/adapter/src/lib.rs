//! Answers the cases of conformance/PROTOCOL.md with generated types: a document is valid if serde deserializes it into
//! its type.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    #[serde(default, rename = "as")]
    direction: String,
    #[serde(default)]
    text: String,
    tolerant: Option<bool>,
}

/// Answers cases until standard input ends.
///
/// # Errors
/// Standard input or output fails, or a line is not a case.
pub fn run<Update, Agent>() -> io::Result<()>
where
    Update: DeserializeOwned + Serialize,
    Agent: DeserializeOwned + Serialize,
{
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        let mut answer = match (case.kind.as_str(), case.tolerant, case.direction.as_str()) {
            ("values", None, "update") => check::<Update>(&case.text),
            ("values", None, _) => check::<Agent>(&case.text),
            _ => json!({"skip": "only strict checks of values are supported"}),
        };
        answer["id"] = case.id.into();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn check<Document: DeserializeOwned + Serialize>(text: &str) -> Value {
    match serde_json::from_str::<Document>(text).map(|document| serde_json::to_string(&document)) {
        Ok(Ok(output)) => json!({"valid": true, "output": output}),
        Ok(Err(error)) => json!({"error": error.to_string()}),
        Err(_) => json!({"valid": false}),
    }
}
