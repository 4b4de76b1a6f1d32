//! `cargo xtask public-api`: the core crate's public items as a list that changes only on purpose.

use std::{fs, path::Path};

use clap::Args;
use public_api::Builder;
use serde_json::Value;

use crate::{Stop, process, process::cargo};

/// What writes the list.
const COMMAND: &str = "cargo xtask public-api";
const LIST: &str = "crates/callagent/public-api.txt";
/// The format of rustdoc's JSON that the pinned `public-api` reads. A new Rust may write another one; then both go up.
const FORMAT: u64 = 57;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail if the list is not that of the code.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    pub(crate) const fn check() -> Self {
        Arguments { check: true }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let documented = crate::root().join("target/public-api/doc/callagent.json");
    document()?;
    let format = format(&documented)?;
    if format != FORMAT {
        return Err(Stop::Skipped(format!(
            "this Rust writes rustdoc's JSON in format {format}, and the pinned `public-api` reads {FORMAT}"
        )));
    }
    let items = Builder::from_rustdoc_json(documented).omit_blanket_impls(true).omit_auto_trait_impls(true).build();
    let items = items.map_err(|error| format!("cannot list the public items: {error}"))?.to_string();
    let path = crate::root().join(LIST);
    if !arguments.check {
        return Ok(fs::write(path, items).map_err(|error| format!("cannot write {LIST}: {error}"))?);
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    if committed == items {
        return Ok(());
    }
    let changes = [('-', &committed, &items), ('+', &items, &committed)].map(|(sign, of, other)| {
        let changed = of.lines().filter(|line| !other.lines().any(|same| same == *line));
        changed.map(|line| format!("{sign} {line}\n")).collect::<String>()
    });
    Err(Stop::Failed(format!(
        "the public items of the core crate are not those of {LIST}:\n{}If that is meant, run `{COMMAND}` and commit \
         what it writes; an item that goes or changes breaks code of users, and is a line in CHANGELOG.md",
        changes.concat()
    )))
}

/// Has rustdoc write JSON, which on stable Rust takes its back door. Build scripts would see that it is open, so what they
/// make is kept apart.
fn document() -> Result<(), String> {
    let package = ["--package", "callagent", "--lib", "--all-features", "--target-dir", "target/public-api"];
    let mut rustdoc = cargo(&["rustdoc", "--quiet", "--locked"]);
    rustdoc.args(package).args(["--", "-Z", "unstable-options", "--output-format", "json"]);
    process::run(rustdoc.env("RUSTC_BOOTSTRAP", "1"))
}

fn format(documented: &Path) -> Result<u64, String> {
    let text = fs::read(documented).map_err(|error| format!("cannot read {}: {error}", documented.display()))?;
    let json: Value = serde_json::from_slice(&text).map_err(|error| format!("rustdoc wrote no JSON: {error}"))?;
    json["format_version"].as_u64().ok_or_else(|| "rustdoc's JSON has no `format_version`".to_owned())
}
