//! `cargo xtask deny`: checks the dependencies: licenses, sources, duplicates, unused ones.

use clap::Args;

use crate::{Halt, process, process::command, tools};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Also check for security advisories, which requires fetching their database.
    #[arg(long)]
    advisories: bool,
}

impl Arguments {
    /// The checks that need no network except registries.
    pub(crate) const fn offline() -> Self {
        Arguments { advisories: false }
    }
}

/// The workspaces to check for unused dependencies.
const WORKSPACES: [&str; 3] = [".", "fuzz", "bench"];

pub(crate) fn run(arguments: &Arguments) -> Result<(), Halt> {
    let (deny, shear) = (tools::fetched("cargo-deny")?, tools::fetched("cargo-shear")?);
    // The rules are in `deny.toml`.
    let checks = ["--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    process::run(command(deny).args(checks).args(arguments.advisories.then_some("advisories")))?;
    if !arguments.advisories {
        eprintln!("skipped: security advisories; `cargo xtask deny --advisories` checks them");
    }
    for workspace in WORKSPACES {
        process::run(command(&shear).args(["--locked", "--deny-warnings", workspace]))?;
    }
    Ok(())
}
