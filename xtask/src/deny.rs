//! `cargo xtask deny`: what the project depends on is licensed, from the registry, there once, and used.

use clap::Args;

use crate::{Stop, process, process::command, tools};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Look for security advisories, too: their database is a repository that has to be fetched.
    #[arg(long)]
    advisories: bool,
}

impl Arguments {
    /// What needs no network beyond the registries.
    pub(crate) const fn offline() -> Self {
        Arguments { advisories: false }
    }
}

/// The workspaces whose dependencies have to be used.
const WORKSPACES: [&str; 3] = [".", "fuzz", "bench"];

pub(crate) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let (deny, shear) = (tools::fetched("cargo-deny")?, tools::fetched("cargo-shear")?);
    // The rules are those of `deny.toml`.
    let checks = ["--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    process::run(command(deny).args(checks).args(arguments.advisories.then_some("advisories")))?;
    if !arguments.advisories {
        eprintln!("not looked for here: security advisories; `cargo xtask deny --advisories` fetches them");
    }
    for workspace in WORKSPACES {
        process::run(command(&shear).args(["--locked", "--deny-warnings", workspace]))?;
    }
    Ok(())
}
