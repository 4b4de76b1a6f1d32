//! Answers the cases of conformance/PROTOCOL.md by the types that a generator wrote: a document is valid if serde reads it
//! into its type.

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

/// Answers until there are no more cases.
///
/// # Errors
/// Standard input or output fails, or a line is no case.
pub fn run<Update, Agent>() -> io::Result<()>
where
    Update: DeserializeOwned + Serialize,
    Agent: DeserializeOwned + Serialize,
{
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        let mut answer = match (case.kind.as_str(), case.tolerant, case.direction.as_str()) {
            ("values", None, "update") => judge::<Update>(&case.text),
            ("values", None, _) => judge::<Agent>(&case.text),
            _ => json!({"skip": "it judges values, and strictly"}),
        };
        answer["id"] = case.id.into();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn judge<Document: DeserializeOwned + Serialize>(text: &str) -> Value {
    match serde_json::from_str::<Document>(text).map(|document| serde_json::to_string(&document)) {
        Ok(Ok(output)) => json!({"valid": true, "output": output}),
        Ok(Err(error)) => json!({"error": error.to_string()}),
        Err(_) => json!({"valid": false}),
    }
}
