//! The list of the core crate's public items, so that changes are deliberate: a removed line breaks users.

use std::{fs, path::Path};

use public_api::Builder;
use serde_json::Value;

use super::file::File;
use crate::{
    Halt,
    process::{self, cargo},
};

const LIST: &str = "crates/callagent/public-api.txt";
/// The version of rustdoc's JSON format that the pinned `public-api` reads. A newer Rust may need an update of both.
const FORMAT: u64 = 57;

/// Returns the list.
pub(super) fn list() -> Result<File, Halt> {
    let documented = crate::root().join("target/public-api/doc/callagent.json");
    document()?;
    let format = format(&documented)?;
    if format != FORMAT {
        return Err(Halt::Skipped(format!(
            "expected rustdoc JSON in format {FORMAT}, which the pinned `public-api` reads, found {format}"
        )));
    }
    let items = Builder::from_rustdoc_json(documented).omit_blanket_impls(true).omit_auto_trait_impls(true).build();
    let items = items.map_err(|error| format!("cannot list the public items: {error}"))?.to_string();
    Ok(File { path: LIST.to_owned(), text: items })
}

/// Runs rustdoc with JSON output, which stable Rust permits only with `RUSTC_BOOTSTRAP`. Build scripts see that variable
/// too, so a separate target directory is used.
fn document() -> Result<(), String> {
    let package = ["--package", "callagent", "--lib", "--all-features", "--target-dir", "target/public-api"];
    let mut rustdoc = cargo(&["rustdoc", "--quiet", "--locked"]);
    rustdoc.args(package).args(["--", "-Z", "unstable-options", "--output-format", "json"]);
    process::run(rustdoc.env("RUSTC_BOOTSTRAP", "1"))
}

fn format(documented: &Path) -> Result<u64, String> {
    let text = fs::read(documented).map_err(|error| format!("cannot read {}: {error}", documented.display()))?;
    let json: Value =
        serde_json::from_slice(&text).map_err(|error| format!("rustdoc's output is not JSON: {error}"))?;
    json["format_version"].as_u64().ok_or_else(|| "rustdoc's JSON has no `format_version`".to_owned())
}
