//! Applying the example change of the documentation to a copy of the workspace.

use std::{
    ffi::OsStr,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::process::{command, output};

/// The page with the example. Its diffs are applied and its commands run, in order.
const PAGE: &str = "docs/when-the-contract-changes.md";

/// The stand-in for the vendor's page.
const VENDORS: (&str, &str) = ("xtask/src/drift/page.mdx", "page.mdx");

/// The directory of the copy.
const FOLDER: &str = "target/rehearsal";

/// A block of the page to run.
enum Step<'p> {
    Diff(&'p str),
    Command { command: &'p str, shown: &'p str },
}

pub(crate) fn run() -> Result<(), String> {
    let page = fs::read_to_string(crate::root().join(PAGE)).map_err(|error| format!("cannot read {PAGE}: {error}"))?;
    let steps = steps(&page)?;
    let copy = Copy::make()?;
    for step in steps {
        match step {
            Step::Diff(diff) => copy.apply(diff)?,
            Step::Command { command, shown } => {
                let printed = copy.run(command)?;
                if without_places(&printed) != without_places(shown) {
                    return Err(format!("{PAGE} shows different output for `{command}`; replace it with:\n{printed}"));
                }
            }
        }
    }
    Ok(())
}

/// Removes line and column numbers, which change with every edit above them.
fn without_places(report: &str) -> String {
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let line = |line: &str| line.split(':').filter(|part| !is_number(part)).collect::<Vec<_>>().join(":");
    report.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn steps(page: &str) -> Result<Vec<Step<'_>>, String> {
    let mut steps = Vec::new();
    let mut rest = page;
    while let Some((_, block)) = rest.split_once("\n```") {
        let (block, after) = block.split_once("\n```").ok_or("a block of the page is not closed")?;
        let (language, text) = block.split_once('\n').unwrap_or((block, ""));
        rest = after;
        match language {
            "diff" => steps.push(Step::Diff(text)),
            "console" => {
                for part in text.split("$ ").skip(1) {
                    let (command, shown) = part.split_once('\n').unwrap_or((part, ""));
                    steps.push(Step::Command { command, shown: shown.trim_end_matches('\n') });
                }
            }
            other => return Err(format!("a block of the page is in the unsupported language `{other}`")),
        }
    }
    if steps.is_empty() { Err(format!("{PAGE} has no block to run")) } else { Ok(steps) }
}

/// The copy of the workspace, with its own target directory that shares builds of dependencies.
struct Copy {
    folder: PathBuf,
}

impl Copy {
    fn make() -> Result<Self, String> {
        let root = crate::root();
        let folder = root.join(FOLDER);
        let failed = |what: &'static str| move |error: io::Error| format!("cannot {what} {FOLDER}: {error}");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed("clear"))?;
        }
        let files = output(command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
        for path in files.lines().filter(|path| root.join(path).is_file()) {
            copy(&root.join(path), &folder.join(path)).map_err(failed("write to"))?;
        }
        copy(&folder.join(VENDORS.0), &folder.join(VENDORS.1)).map_err(failed("write to"))?;
        share(&root.join("target/debug"), &folder.join("target/debug")).map_err(failed("write to"))?;
        let copy = Copy { folder };
        for arguments in [&["init", "--quiet"][..], &["add", "--all"], &["commit", "--quiet", "--message", "Before"]] {
            copy.git(arguments)?;
        }
        Ok(copy)
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        // Use a separate target directory, because Cargo cannot distinguish the crates of the copy.
        command.current_dir(&self.folder).env("CARGO_TARGET_DIR", self.folder.join("target")).env("NO_COLOR", "1");
        // In a hook, Git variables point to another repository.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(variable);
        }
        command
    }

    fn git(&self, arguments: &[&str]) -> Result<String, String> {
        let who = ["-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost", "-c", "commit.gpgsign=false"];
        output(self.command("git").args(who).args(arguments))
    }

    fn apply(&self, diff: &str) -> Result<(), String> {
        let mut apply = self.command("git");
        apply.args(["apply", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped());
        let failed = |error: io::Error| format!("cannot run git: {error}");
        let mut apply = apply.spawn().map_err(failed)?;
        if let Some(mut input) = apply.stdin.take() {
            writeln!(input, "{diff}").map_err(failed)?;
        }
        let applied = apply.wait_with_output().map_err(failed)?;
        if applied.status.success() {
            return Ok(());
        }
        let errors = String::from_utf8_lossy(&applied.stderr);
        Err(format!("{PAGE} has a diff that no longer applies; update it:\n{diff}\n{errors}"))
    }

    /// Runs a command and returns its standard output. Each program of a pipeline may exit with 1, which means a
    /// difference or no matching line. Higher statuses are failures.
    fn run(&self, command: &str) -> Result<String, String> {
        let and_statuses =
            format!("{command}\nfor status in ${{PIPESTATUS[@]}}; do [ $status -lt 2 ] || exit $status; done");
        let output = self.command("bash").args(["-c", &and_statuses]).stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| format!("cannot start a shell: {error}"))?;
        if !output.status.success() {
            return Err(format!("`{command}` in {PAGE} ended with {}", output.status));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to).map(drop)
}

/// Links the builds of dependencies into another target directory. Equal names mean equal builds, because names have a
/// hash of all inputs.
fn share(from: &Path, to: &Path) -> io::Result<()> {
    for part in [".fingerprint", "build", "deps"] {
        fs::create_dir_all(to.join(part))?;
        let Ok(entries) = fs::read_dir(from.join(part)) else { continue };
        for entry in entries {
            let name = entry?.file_name();
            let text = name.to_string_lossy();
            let is_own = ["callagent", "xtask"].iter().any(|own| text.trim_start_matches("lib").starts_with(own));
            // Programs are all from the workspace itself.
            let is_library = part != "deps" || text.starts_with("lib");
            if is_library && !is_own {
                link(&from.join(part).join(&name), &to.join(part).join(&name))?;
            }
        }
    }
    Ok(())
}

fn link(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::hard_link(from, to);
    }
    fs::create_dir_all(to)?;
    fs::read_dir(from)?.try_for_each(|entry| {
        let name = entry?.file_name();
        link(&from.join(&name), &to.join(&name))
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_in_a_pipeline_fails() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let copy = Copy { folder: folder.path().to_owned() };
        for (command, printed) in [
            ("echo a; echo b", Some("a\nb")),
            ("(echo a; exit 1) | cat", Some("a")),
            ("echo a | grep -v a", Some("")),
            ("(echo a; exit 2) | grep -v a", None),
            ("true && exit 2", None),
            ("exit 3 | cat | cat", None),
        ] {
            assert_eq!(copy.run(command).ok().as_deref(), printed, "{command}");
        }
    }
}
