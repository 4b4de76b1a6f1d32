//! `cargo xtask schema`: the committed schemas, from the types.

use std::fs;

use clap::Args;
use serde_json::Value;

/// What writes every generated file.
const COMMAND: &str = "cargo xtask schema";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail if a committed schema is stale.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    pub(crate) const fn check() -> Self {
        Arguments { check: true }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let schemas = [
        ("update-agent.schema.json", callagent::schema::update_agent().to_value()),
        ("agent.schema.json", callagent::schema::agent().to_value()),
    ];
    let stale: Vec<_> =
        schemas.iter().filter_map(|(name, schema)| update(name, schema, arguments.check).transpose()).collect();
    match stale.into_iter().collect::<Result<Vec<_>, _>>()?.as_slice() {
        [] => Ok(()),
        stale => Err(format!("stale: {}; run `{COMMAND}` and commit what it writes", stale.join(", "))),
    }
}

/// Writes a schema, or with `check` gives its path if it is stale.
fn update(name: &str, schema: &Value, check: bool) -> Result<Option<String>, String> {
    let path = crate::root().join("schemas").join(name);
    let text = format!("{schema:#}\n");
    if check {
        let committed = fs::read_to_string(&path).unwrap_or_default();
        return Ok((committed != text).then(|| format!("schemas/{name}")));
    }
    fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(None)
}
