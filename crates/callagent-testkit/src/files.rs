//! The files of the project.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

/// The root directory of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", ".."].iter().collect()
}

/// Reads a file, whose path is relative to the workspace.
///
/// # Errors
/// The file cannot be read.
pub fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("cannot read {path}: {error}"))
}

/// Reads a file of JSON, whose path is relative to the workspace.
///
/// # Errors
/// The file cannot be read, or is not what is expected.
pub fn read_json<T: DeserializeOwned>(path: &str) -> Result<T, String> {
    serde_json::from_str(&read(path)?).map_err(|error| format!("{path}: {error}"))
}

/// Reads the documents of a folder of the fixtures, such as `requests/valid`, by file name.
///
/// # Errors
/// A document cannot be read, or there is none.
pub fn documents(folder: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
    let names = names(&format!("fixtures/{folder}"))?;
    let names: Vec<_> = names.into_iter().filter(|name| is_json(name)).collect();
    if names.is_empty() {
        return Err(format!("fixtures/{folder} has no documents"));
    }
    let document = |name: String| {
        let path = root().join("fixtures").join(folder).join(&name);
        let text = fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        Ok((name, text))
    };
    names.into_iter().map(document).collect()
}

/// The names of the files in a folder, sorted.
pub(crate) fn names(folder: &str) -> Result<Vec<String>, String> {
    let cannot = |error| format!("cannot read {folder}: {error}");
    let entries = fs::read_dir(root().join(folder)).map_err(cannot)?;
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<Result<Vec<_>, _>>().map_err(cannot)?;
    names.sort();
    Ok(names)
}

fn is_json(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "json")
}
