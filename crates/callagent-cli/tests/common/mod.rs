//! Helpers for tests with files.

use std::{ffi::OsStr, fs, path::Path};

use tempfile::TempDir;

/// Runs the command in the directory and returns its status, standard output and standard error.
pub(crate) fn run(folder: &Path, arguments: &[impl AsRef<OsStr>], input: &[u8]) -> (i32, String, String) {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_callagent"))
        .current_dir(folder)
        .args(arguments)
        .write_stdin(input)
        .output()
        .expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("reports are UTF-8");
    (output.status.code().expect("the command ends by itself"), text(output.stdout), text(output.stderr))
}

/// Creates a directory with these files.
pub(crate) fn folder(files: &[(impl AsRef<Path>, impl AsRef<[u8]>)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("the file is written");
    }
    folder
}
