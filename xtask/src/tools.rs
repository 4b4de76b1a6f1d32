//! Tools that others keep, pinned, below `target/tools/`.

use std::{fs, path::PathBuf};

use crate::process::{self, cargo, command, output};

/// The programs that Python's package index has ready built, each by its hashes.
const FETCHED: &str = "xtask/tools.txt";

/// One of the programs of `xtask/tools.txt`. All of them are fetched where they are not there yet.
///
/// # Errors
/// Why it cannot be had here.
pub(crate) fn fetched(name: &str) -> Result<PathBuf, String> {
    let folder = folder("fetched");
    let wanted = fs::read_to_string(crate::root().join(FETCHED)).map_err(|error| format!("{FETCHED}: {error}"))?;
    let mark = folder.join("tools.txt");
    if fs::read_to_string(&mark).ok().as_ref() != Some(&wanted) {
        let _ = fs::remove_dir_all(&folder);
        let install =
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"];
        let mut pip = command("python3");
        pip.args(install).args(["--only-binary", ":all:", "--requirement", FETCHED, "--target"]).arg(&folder);
        output(&mut pip).map_err(|error| format!("Python's pip cannot fetch {name}: {error}"))?;
        fs::write(&mark, wanted).map_err(|error| format!("cannot write {}: {error}", mark.display()))?;
    }
    Ok(folder.join("bin").join(name))
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
