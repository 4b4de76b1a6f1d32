//! `cargo xtask openapi-lint`: the OpenAPI documents, by the linters that their readers use.

use std::process::Command;

use crate::{
    Stop,
    install::Packages,
    process::{self, command},
};

/// Where the linters' manifest, their configurations and, once installed, they themselves are.
const FOLDER: &str = "conformance/openapi";

/// What is linted, seen from the folder.
const DOCUMENTS: [&str; 4] = [
    "../../schemas/openapi.json",
    "../../schemas/openapi.yaml",
    "../../schemas/openapi-3.0.json",
    "../../schemas/openapi-3.0.yaml",
];

/// Lints by the recommended rules of both, of which none is silenced. The weakest message fails.
pub(crate) fn run() -> Result<(), Stop> {
    Packages::Npm(FOLDER).install()?;
    process::run(linter("redocly").args(["lint", "--config", "redocly.yaml"]).args(DOCUMENTS))?;
    let spectral = ["lint", "--ruleset", ".spectral.yaml", "--fail-severity", "hint"];
    Ok(process::run(linter("spectral").args(spectral).args(DOCUMENTS))?)
}

fn linter(name: &str) -> Command {
    let folder = crate::root().join(FOLDER);
    let mut linter = command(folder.join("node_modules/.bin").join(name));
    // It would tell its maker of each run.
    linter.current_dir(folder).env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    linter
}
