//! `cargo xtask schema`: generates the files in `schemas/`, and the vectors that the contract test carries.

use std::fs;

use callagent::schemas;
use clap::Args;

/// The command that writes all generated files.
pub(crate) const COMMAND: &str = "cargo xtask schema";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Fail if a committed file is stale, without writing it.
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
        ("update-agent.schema", schemas::update_agent().to_value()),
        ("agent.schema", schemas::agent().to_value()),
        ("problem.schema", schemas::problem().to_value()),
        ("openapi", schemas::openapi()),
        ("openapi-3.0", schemas::openapi_3_0()),
    ];
    let mut stale = Vec::new();
    for (name, schema) in schemas {
        let yaml = serde_saphyr::to_string(&schema).map_err(|error| format!("cannot write {name} as YAML: {error}"))?;
        stale.extend(update(&format!("schemas/{name}.json"), &format!("{schema:#}\n"), arguments.check)?);
        stale.extend(update(&format!("schemas/{name}.yaml"), &yaml, arguments.check)?);
    }
    for (name, text) in crate::ready_made::files()?.into_iter().chain([crate::reference::file()?]) {
        stale.extend(update(&format!("schemas/{name}"), &text, arguments.check)?);
    }
    let (name, text) = crate::verify_contract::file()?;
    stale.extend(update(name, &text, arguments.check)?);
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!("stale: {}; run `{COMMAND}` and commit the result", stale.join(", ")))
    }
}

/// Writes a file, or with `check` returns its path if it is stale.
fn update(name: &str, text: &str, check: bool) -> Result<Option<String>, String> {
    let path = crate::root().join(name);
    if check {
        let committed = fs::read_to_string(&path).unwrap_or_default();
        return Ok((committed != text).then(|| name.to_owned()));
    }
    fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(None)
}
