//! Whether each crate can be built from its package, as users get it: a package has only the files of its own folder.
//!
//! `cargo package` itself verifies packages against copies in Cargo's cache, which become stale while a version stays the
//! same.

use std::fs;

use serde_json::Value;

use crate::{
    Halt,
    install::require_programs,
    process::{self, cargo, command, output},
};

/// The folder where packages are unpacked, as a workspace.
const FOLDER: &str = "target/packages";

/// Packs and unpacks all published crates, and checks them.
pub(crate) fn run() -> Result<(), Halt> {
    require_programs(&["tar"])?;
    let crates = published()?;
    let folder = crate::root().join(FOLDER);
    // It is missing at first.
    let _ = fs::remove_dir_all(&folder);
    let failed = |error: std::io::Error| format!("cannot write to {FOLDER}: {error}");
    fs::create_dir_all(&folder).map_err(failed)?;
    let mut package = cargo(&["package", "--quiet", "--locked", "--no-verify", "--allow-dirty"]);
    package.args(crates.iter().flat_map(|(name, _)| ["--package", name]));
    output(&mut package)?;
    for (name, version) in &crates {
        let archive = format!("target/package/{name}-{version}.crate");
        // Files in packages have a fixed time, so Cargo would take changed ones for those of the last run.
        output(command("tar").args(["--extract", "--gzip", "--touch", "--directory", FOLDER, "--file", &archive]))?;
    }
    let members = crates.iter().map(|(name, version)| format!("\"{name}-{version}\"")).collect::<Vec<_>>().join(", ");
    let patches: String =
        crates.iter().map(|(name, version)| format!("{name} = {{ path = \"{name}-{version}\" }}\n")).collect();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\n[patch.crates-io]\n{patches}");
    fs::write(folder.join("Cargo.toml"), manifest).map_err(failed)?;
    fs::copy(crate::root().join("Cargo.lock"), folder.join("Cargo.lock")).map_err(failed)?;
    // The lockfile loses what only tests need.
    let mut check = cargo(&["check", "--quiet", "--offline", "--workspace", "--target-dir", "../check-packages"]);
    Ok(process::run(check.current_dir(folder))?)
}

/// Returns the names and versions of the crates that are published.
fn published() -> Result<Vec<(String, String)>, String> {
    let packages = process::packages()?;
    // `publish = false` is an empty list of registries.
    let is_published = |package: &&Value| package["publish"].is_null();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(packages
        .iter()
        .filter(is_published)
        .map(|package| (text(&package["name"]), text(&package["version"])))
        .collect())
}
