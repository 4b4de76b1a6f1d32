//! Whether the changes of the core crate since the last release fit its version.

use crate::{
    process::{self, command, output},
    tools,
};

const VERSION: &str = "0.51.0";

/// Checks the changes since a tag.
pub(crate) fn run(tag: &str) -> Result<(), String> {
    let check = tools::built("cargo-semver-checks", VERSION)?;
    process::run(command(check).args(["semver-checks", "--package", "callagent", "--baseline-rev", tag]))
}

/// The tag of the last release.
pub(crate) fn last_release() -> Result<Option<String>, String> {
    let tags = output(command("git").args(["tag", "--list", "v[0-9]*", "--sort=-version:refname"]))?;
    Ok(tags.lines().next().map(str::to_owned))
}
