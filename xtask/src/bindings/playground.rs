//! The playground, `docs/playground.html`: a page with the module in it.

use std::fs;

use super::wasm;
use crate::{
    Halt,
    install::Packages,
    process::{self, command},
};

/// The committed page.
const PAGE: &str = "docs/playground.html";
/// The command that writes it.
const COMMAND: &str = "cargo xtask generate --playground";
/// What its build and its tests need.
const PACKAGES: Packages = Packages::Npm("playground");

/// Writes the page.
pub(crate) fn write() -> Result<(), Halt> {
    wasm::install()?;
    PACKAGES.install()?;
    Ok(build(PAGE)?)
}

/// Tests that the committed page is up to date, and the page in a browser.
pub(crate) fn run() -> Result<(), Halt> {
    wasm::install()?;
    PACKAGES.install()?;
    let new = "target/playground.html";
    build(new)?;
    if without_module(PAGE)? != without_module(new)? {
        return Err(Halt::Failed(format!("{PAGE} is stale; run `{COMMAND}` and commit the result")));
    }
    // Two builds of the module can differ in bytes, so a test compares what they say.
    test(&["module", "parts"])?;
    wasm::require_browser()?;
    test(&["page"])
}

fn build(page: &str) -> Result<(), String> {
    let mut node = command("node");
    node.args(["playground/build.mjs", wasm::MODULE, "xtask/templates/theme.css", env!("CARGO_PKG_VERSION"), page]);
    process::run(node.current_dir(crate::root()))
}

/// Returns the lines of a page but the one with the module.
fn without_module(page: &str) -> Result<String, String> {
    let text = fs::read_to_string(crate::root().join(page)).map_err(|error| format!("cannot read {page}: {error}"))?;
    Ok(text.lines().filter(|line| !line.contains("id=\"module\"")).collect::<Vec<_>>().join("\n"))
}

fn test(names: &[&str]) -> Result<(), Halt> {
    let mut node = command("node");
    node.args(["--test", "--test-reporter=dot"]).current_dir(crate::root());
    Ok(process::run(node.args(names.iter().map(|name| format!("playground/test/{name}.test.mjs"))))?)
}
