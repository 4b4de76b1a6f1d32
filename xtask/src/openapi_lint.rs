//! Linting the OpenAPI documents.

use std::process::Command;

use crate::{
    Halt,
    install::Packages,
    process::{self, command},
};

/// The directory of the linters, with their manifest and configuration.
const FOLDER: &str = "conformance/openapi";

/// The documents to lint, relative to that directory.
const DOCUMENTS: [&str; 4] = [
    "../../schemas/openapi.json",
    "../../schemas/openapi.yaml",
    "../../schemas/openapi-3.0.json",
    "../../schemas/openapi-3.0.yaml",
];

/// Lints with the recommended rules of both linters. None is disabled, and any message is a failure.
pub(crate) fn run() -> Result<(), Halt> {
    Packages::Npm(FOLDER).install()?;
    process::run(linter("redocly").args(["lint", "--config", "redocly.yaml"]).args(DOCUMENTS))?;
    let spectral = ["lint", "--ruleset", ".spectral.yaml", "--fail-severity", "hint"];
    Ok(process::run(linter("spectral").args(spectral).args(DOCUMENTS))?)
}

fn linter(name: &str) -> Command {
    let folder = crate::root().join(FOLDER);
    let mut linter = command(folder.join("node_modules/.bin").join(name));
    // Disable telemetry.
    linter.current_dir(folder).env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    linter
}
