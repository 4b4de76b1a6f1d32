//! `cargo xtask semver`: checks that the changes of the core crate since the last release fit its version.

use crate::{
    Halt, process,
    process::{command, output},
    tools,
};

const VERSION: &str = "0.51.0";

pub(crate) fn run() -> Result<(), Halt> {
    let Some(last) = last_release()? else {
        return Err(Halt::Skipped("there is no release to compare with (no tag like `v0.1.0`)".to_owned()));
    };
    let check = tools::built("cargo-semver-checks", VERSION)?;
    Ok(process::run(command(check).args(["semver-checks", "--package", "callagent", "--baseline-rev", &last]))?)
}

/// The tag of the last release.
pub(crate) fn last_release() -> Result<Option<String>, String> {
    let tags = output(command("git").args(["tag", "--list", "v[0-9]*", "--sort=-version:refname"]))?;
    Ok(tags.lines().next().map(str::to_owned))
}
