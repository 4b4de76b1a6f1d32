//! `cargo xtask openapi-lint`: the OpenAPI documents, by the linters that their readers use.

use std::{path::Path, process::Command};

use crate::{
    Ended,
    conformance::is_at_hand,
    process::{self, command, output},
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
pub(crate) fn run() -> Result<Ended, String> {
    if let Err(reason) = install() {
        return Ok(Ended::NotRun(reason));
    }
    process::run(linter("redocly").args(["lint", "--config", "redocly.yaml"]).args(DOCUMENTS))?;
    let spectral = ["lint", "--ruleset", ".spectral.yaml", "--fail-severity", "hint"];
    process::run(linter("spectral").args(spectral).args(DOCUMENTS))?;
    Ok(Ended::Fine)
}

/// Installs the linters below the folder, as its lockfile has them. An error is why they are not at hand.
fn install() -> Result<(), String> {
    if let Some(missing) = ["node", "npm"].into_iter().find(|program| !is_at_hand(program)) {
        return Err(format!("`{missing}` is not at hand"));
    }
    let installed = crate::root().join(FOLDER).join("node_modules/.package-lock.json");
    let locked = crate::root().join(FOLDER).join("package-lock.json");
    let written = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    if written(&installed).is_some_and(|installed| written(&locked).is_some_and(|locked| locked < installed)) {
        return Ok(());
    }
    let mut npm = command("npm");
    npm.current_dir(crate::root().join(FOLDER));
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"]);
    output(&mut npm).map(drop).map_err(|error| format!("the linters cannot be had: {error}"))
}

fn linter(name: &str) -> Command {
    let folder = crate::root().join(FOLDER);
    let mut linter = command(folder.join("node_modules/.bin").join(name));
    // It would tell its maker of each run.
    linter.current_dir(folder).env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    linter
}
