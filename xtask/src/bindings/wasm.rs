//! The npm package: its WebAssembly module, its tests, its recipes.

use std::{env, fs, path::PathBuf, process::Command};

use super::Binding;
use crate::{
    Halt,
    conformance::Installed,
    debian::Rust,
    install::{Packages, require_programs},
    msrv,
    process::{self, cargo, command, output},
};

pub(crate) const BINDING: Binding =
    Binding { name: "javascript", install, differential: "node bindings/wasm/test/differential.mjs" };

const TARGET: &str = "wasm32-unknown-unknown";
/// A maximum of 1 GiB of memory.
const MAX_MEMORY: &str = "-Clink-arg=--max-memory=1073741824";
/// The folder of the package.
const FOLDER: &str = "bindings/wasm";
/// The module, which Git ignores.
pub(crate) const MODULE: &str = "bindings/wasm/callagent.wasm";
/// What the tests and recipes need.
const PACKAGES: Packages = Packages::Npm(FOLDER);
/// The name of the adapter for the vectors.
const ADAPTER: &str = "javascript";

/// Builds the module, and installs what the tests need.
pub(crate) fn install() -> Result<(), Halt> {
    require_programs(&["node"])?;
    build()?;
    PACKAGES.install()
}

/// Builds the package, and runs its tests, the vectors and a comparison with the reader.
pub(crate) fn run() -> Result<(), Halt> {
    install()?;
    test(&["test/api.test.mjs", "test/package.test.mjs", "test/readme.test.mjs"])?;
    Installed::new(ADAPTER)?.check()?;
    BINDING.compare()
}

/// Tests the recipes.
pub(crate) fn recipes() -> Result<(), Halt> {
    install()?;
    test(&["recipes/servers.test.mjs"])?;
    let folder = crate::root().join(FOLDER);
    let mut vitest = command(folder.join("node_modules/.bin/vitest"));
    Ok(process::run(vitest.args(["run", "recipes/matcher.spec.mjs"]).current_dir(folder))?)
}

/// Tests the package in a browser.
pub(crate) fn browser() -> Result<(), Halt> {
    install()?;
    require_browser()?;
    test(&["test/browser.test.mjs"])
}

/// Checks that the browser of the tests can be started.
pub(crate) fn require_browser() -> Result<(), Halt> {
    let launch = output(command("node").arg(format!("{FOLDER}/test/browser.mjs")));
    launch.map_err(|reason| Halt::Skipped(format!("no browser can be started: {reason}")))?;
    Ok(())
}

/// Runs test files of Node.js.
fn test(files: &[&str]) -> Result<(), Halt> {
    let mut node = command("node");
    node.args(["--test", "--test-reporter=dot"]).args(files).current_dir(crate::root().join(FOLDER));
    Ok(process::run(&mut node)?)
}

/// Builds the module.
pub(crate) fn build() -> Result<(), Halt> {
    let mut cargo = if has_target() || add_target() { cargo(&[]) } else { from_debian()? };
    let of = ["build", "--quiet", "--locked", "--package", "callagent-wasm", "--profile", "wasm", "--target", TARGET];
    cargo.args(of).args(["--target-dir", "target/wasm"]);
    process::run(cargo.env("CARGO_ENCODED_RUSTFLAGS", flags().join("\u{1f}")))?;
    let built = crate::root().join("target/wasm").join(TARGET).join("wasm/callagent_wasm.wasm");
    let copied = fs::copy(built, crate::root().join(FOLDER).join("callagent.wasm"));
    copied.map_err(|error| format!("cannot copy the module into {FOLDER}: {error}"))?;
    Ok(())
}

/// Returns the flags of the compiler. Messages of panics name source files, without the folders of this machine.
fn flags() -> Vec<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let registries = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let folders = registries.into_iter().flatten().flatten().map(|folder| folder.path());
    let remapped = folders.map(|folder| format!("--remap-path-prefix={}/=", folder.display()));
    remapped.chain([MAX_MEMORY.to_owned()]).collect()
}

/// Returns the Cargo of Debian's oldest Rust that the module supports, with the standard library of the target.
fn from_debian() -> Result<Command, Halt> {
    let mut cargo = Rust::fetched(&msrv::minimum_version()?, &["libstd-rust-dev-wasm32"])?.cargo();
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
    Ok(cargo)
}

/// Returns whether the compiler in use has the standard library of the target.
fn has_target() -> bool {
    let libraries = output(command("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    libraries.is_ok_and(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()))
}

/// Adds the target with rustup, and returns whether that succeeded.
fn add_target() -> bool {
    output(command("rustup").args(["target", "add", TARGET])).is_ok() && has_target()
}
