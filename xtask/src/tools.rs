//! Tools that others keep, pinned, below `target/tools/`.

use std::path::PathBuf;

use crate::{
    Stop,
    install::Packages,
    process::{self, cargo},
};

/// The programs that Python's package index has ready built, each by its hashes.
const FETCHED: Packages = Packages::Pip { lockfile: "xtask/tools.txt", into: "target/tools/fetched" };

/// One of the programs of `xtask/tools.txt`. All of them are fetched where they are not there yet.
pub(crate) fn fetched(name: &str) -> Result<PathBuf, Stop> {
    FETCHED.install()?;
    Ok(folder("fetched").join("bin").join(name))
}

/// A program of the crate of its name, built if that version is not there yet.
///
/// # Errors
/// If it cannot be built.
pub(crate) fn built(name: &str, version: &str) -> Result<PathBuf, String> {
    let folder = folder("built");
    let mut install = cargo(&["install", "--quiet", "--locked", "--version", version, name, "--root"]);
    process::run(install.arg(&folder))?;
    Ok(folder.join("bin").join(name))
}

/// A folder for tools.
pub(crate) fn folder(name: &str) -> PathBuf {
    crate::root().join("target/tools").join(name)
}
