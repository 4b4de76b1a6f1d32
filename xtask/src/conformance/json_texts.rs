//! `JSONTestSuite` by Nicolas Seriot, from a package of the registry. The reader must agree wherever RFC 8259 decides.

use std::{fs, path::PathBuf};

use callagent::{Agent, Code, Document, Reader, UpdateAgent};
use serde_json::Value;

use crate::process::{cargo, output};

/// The manifest that pins the package, which is downloaded and never built.
const MANIFEST: &str = "conformance/json-texts/Cargo.toml";
const PACKAGE: &str = "json-syntax";

/// Texts that the package counts as JSON but that a parser may reject: RFC 8259, section 9, permits limits of the range
/// of numbers and the depth of nesting.
const BEYOND_LIMITS: &[&str] = &[
    "y_number_huge_exp.json",
    "y_number_neg_int_huge_exp.json",
    "y_number_pos_double_huge_exp.json",
    "y_number_real_neg_overflow.json",
    "y_number_real_pos_overflow.json",
    "y_structure_500_nested_arrays.json",
];

pub(super) fn run() -> Result<(), String> {
    let folder = folder()?;
    let wrong = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut paths: Vec<_> =
        fs::read_dir(&folder).map_err(wrong)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    let (mut must, mut must_not) = (0, 0);
    let (mut accepted, mut rejected) = (Vec::new(), Vec::new());
    let mut failures = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read(&path).map_err(wrong)?;
        let is_json = is_json(&text).map_err(|error| format!("{name}: {error}"))?;
        let open = if is_json { &mut accepted } else { &mut rejected };
        match name.split_once('_') {
            Some(("y", _)) if BEYOND_LIMITS.contains(&name.as_str()) => open.push(name),
            Some(("i", _)) => open.push(name),
            Some(("y", _)) if is_json => must += 1,
            Some(("n", _)) if !is_json => must_not += 1,
            Some(("y", _)) => failures.push(format!("{name} is JSON, but the reader rejects it")),
            Some(("n", _)) => failures.push(format!("{name} is not JSON, but the reader accepts it")),
            _ => {}
        }
    }
    println!("{must} texts that are JSON are accepted, {must_not} that are not JSON are rejected.");
    for (what, names) in [("accepted", accepted), ("rejected", rejected)] {
        println!("Left to the implementation, {what}: {} {}", names.len(), names.join(" "));
    }
    match failures.as_slice() {
        // Fewer texts would mean that the package has changed.
        [] if must >= 95 && must_not >= 180 => Ok(()),
        [] => Err(format!("{} does not have the expected texts", folder.display())),
        failures => Err(format!("the reader does not conform to RFC 8259:\n{}", failures.join("\n"))),
    }
}

/// Returns whether a text is JSON, with the same verdict alone, as a free-form value, and as a skipped value.
fn is_json(text: &[u8]) -> Result<bool, String> {
    let around = |before: &str| [before.as_bytes(), text, b"}"].concat();
    let verdicts = [
        is_read::<UpdateAgent>(text),
        is_read::<Agent>(text),
        is_read::<UpdateAgent>(&around(r#"{"variables":{},"further":"#)),
        is_read::<UpdateAgent>(&around(r#"{"settings":"#)),
        is_read::<Agent>(&around(r#"{"further":"#)),
    ];
    match verdicts {
        [first, others @ ..] if others.iter().all(|other| *other == first) => Ok(first),
        _ => Err(format!("the reader's verdict depends on the position of the text: {verdicts:?}")),
    }
}

fn is_read<T: Document>(text: &[u8]) -> bool {
    let report = Reader::new().check::<T>(text);
    report.violations().all(|violation| violation.code() != Code::MALFORMED)
}

/// The directory of the package's texts.
fn folder() -> Result<PathBuf, String> {
    let metadata = output(&mut cargo(&["metadata", "--locked", "--format-version", "1", "--manifest-path", MANIFEST]));
    let metadata = metadata.map_err(|error| format!("cannot download the packages of {MANIFEST}: {error}"))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| format!("cargo's metadata: {error}"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifest =
        packages.filter(|package| package["name"] == PACKAGE).find_map(|package| package["manifest_path"].as_str());
    let folder = manifest.and_then(|manifest| Some(PathBuf::from(manifest).parent()?.join("tests/inputs")));
    folder.ok_or_else(|| format!("{MANIFEST} does not name the package {PACKAGE}"))
}
