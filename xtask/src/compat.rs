//! `cargo xtask compat`: breaking changes since the last release.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use crate::{
    process::{cargo, command, output},
    semver,
};

/// The directory of the schemas, here and in a release.
const SCHEMAS: &str = "schemas";

/// Compare the committed schemas with those of the last release and report breaking changes. Without a commit, the public
/// items of the core crate are compared too, by `cargo-semver-checks`.
///
/// Exit status: 0 compatible, or no release yet; 1 breaking changes; 2 undecided.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Compare with this commit instead of the last release.
    #[arg(value_name = "COMMIT")]
    against: Option<String>,
    /// The format of the reports, see `callagent help compat`.
    #[arg(long, default_value = "human")]
    format: String,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    compare(arguments).unwrap_or_else(|message| {
        eprintln!("cargo xtask: {message}");
        ExitCode::from(2)
    })
}

fn compare(arguments: &Arguments) -> Result<ExitCode, String> {
    let release = if arguments.against.is_none() { semver::last_release()? } else { None };
    let Some(against) = arguments.against.as_ref().or(release.as_ref()) else {
        eprintln!(
            "There is no release yet (no tag like `v0.1.0`), so no change can break users. \
             To compare with a commit, give its name."
        );
        return Ok(ExitCode::SUCCESS);
    };
    let files = output(command("git").args(["ls-tree", "--name-only", against, &format!("{SCHEMAS}/")]))?;
    let schemas: Vec<_> = files.lines().filter(|path| Path::new(path).extension() == Some("json".as_ref())).collect();
    if schemas.is_empty() {
        return Err(format!("{against} has no {SCHEMAS}/"));
    }
    eprintln!("Comparing with {against}:");
    let folder = crate::root().join("target/compat");
    let mut statuses = Vec::new();
    for path in schemas {
        if !crate::root().join(path).exists() {
            eprintln!("{path} was removed, which breaks its users");
            statuses.push(1);
            continue;
        }
        let old = released(&folder, against, path)?;
        let mut compat =
            cargo(&["run", "--quiet", "--locked", "--package", "callagent-cli", "--bin", "callagent", "--"]);
        compat.args(["compat", "--format", &arguments.format, "--as", direction(path)]).arg(old).arg(path);
        let status = compat.status().map_err(|error| format!("cannot start cargo: {error}"))?;
        statuses.push(status.code().and_then(|code| u8::try_from(code).ok()).filter(|code| *code < 2).unwrap_or(2));
    }
    if let Some(release) = &release
        && let Err(message) = semver::run(release)
    {
        eprintln!("{message}");
        statuses.push(1);
    }
    // A breaking change takes precedence over an undecided one.
    let status = [1, 2].into_iter().find(|status| statuses.contains(status)).unwrap_or_default();
    Ok(ExitCode::from(status))
}

/// Writes a file of a release to the target directory.
fn released(folder: &Path, commit: &str, path: &str) -> Result<PathBuf, String> {
    let text = output(command("git").args(["show", &format!("{commit}:{path}")]))?;
    let file = folder.join(path);
    let written = fs::create_dir_all(file.parent().unwrap_or(folder)).and_then(|()| fs::write(&file, text));
    written.map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    Ok(file)
}

/// The direction of the documents that a schema describes.
fn direction(path: &str) -> &'static str {
    if path.ends_with("/update-agent.schema.json") { "update" } else { "agent" }
}
