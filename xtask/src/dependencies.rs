//! Checks of the dependencies: licenses, sources, duplicates, unused ones, and security advisories.

use crate::{
    Halt,
    process::{self, command, output},
    tools,
};

/// The workspaces to check for unused dependencies.
const WORKSPACES: [&str; 3] = [".", "fuzz", "bench"];

/// Checks what needs no network except registries. The rules are in `deny.toml`.
pub(crate) fn run() -> Result<(), Halt> {
    let (deny, shear) = (tools::fetched("cargo-deny")?, tools::fetched("cargo-shear")?);
    let checks = ["--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    process::run(command(deny).args(checks))?;
    for workspace in WORKSPACES {
        process::run(command(&shear).args(["--locked", "--deny-warnings", workspace]))?;
    }
    Ok(())
}

/// Checks for known vulnerabilities, whose database is fetched.
pub(crate) fn advisories() -> Result<(), Halt> {
    let deny = tools::fetched("cargo-deny")?;
    let unreachable = |_| Halt::Skipped("the database of security advisories cannot be fetched".to_owned());
    output(command(&deny).args(["--locked", "fetch", "db"])).map_err(unreachable)?;
    Ok(process::run(command(deny).args(["--locked", "check", "--disable-fetch", "advisories"]))?)
}
