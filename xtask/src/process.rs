//! Running other programs in the root directory of the workspace.

use std::{env, path::Path, process::Command};

use serde_json::Value;

/// A program that runs in the root directory of the workspace.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(crate::root());
    command
}

/// The Cargo that runs this task.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Runs a program, which must succeed.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("cannot start {}: {error}", display(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", display(command))) }
}

/// Runs a program and returns its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("cannot start {}: {error}", display(command)))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{}` ended with {}:\n{}", display(command), output.status, errors.trim_end()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Returns Cargo's metadata of the packages of the workspace.
pub(crate) fn packages() -> Result<Vec<Value>, String> {
    let metadata = output(&mut cargo(&["metadata", "--no-deps", "--locked", "--format-version", "1"]))?;
    let mut metadata: Value = serde_json::from_str(&metadata).map_err(|error| format!("cargo's metadata: {error}"))?;
    match metadata["packages"].take() {
        Value::Array(packages) => Ok(packages),
        _ => Err("cargo's metadata has no packages".to_owned()),
    }
}

/// A command as one would type it.
fn display(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Splits a command as a shell does.
pub(crate) fn split(command: &str) -> Result<Vec<String>, String> {
    shlex::split(command)
        .filter(|words| !words.is_empty())
        .ok_or_else(|| format!("cannot parse `{command}` as a shell command; check for an unmatched quote"))
}

/// Runs a command in a directory. The error has its output.
pub(crate) fn prepare(folder: &Path, command: &str) -> Result<(), String> {
    let words = split(command)?;
    let wrong = |reason: String| format!("`{command}`: {reason}");
    let (program, arguments) = words.split_first().ok_or_else(|| wrong("the command is empty".to_owned()))?;
    let mut started = Command::new(program);
    // Install packages into an ignored directory instead of the user's.
    let target = crate::root().join("target/conformance");
    started.env("GOMODCACHE", target.join("go/modules")).env("GOFLAGS", "-modcacherw");
    let output = started.args(arguments).current_dir(folder).output().map_err(|error| wrong(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    Err(wrong(format!("{}\n{}", output.status, String::from_utf8_lossy(&text))))
}
