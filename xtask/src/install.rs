//! Requirements of tasks: installed programs, and packages pinned by a lockfile.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::{
    Halt,
    process::{command, output},
};

/// The messages of npm and pip if a registry is unreachable or refuses. For pip, an unknown name gives the same message.
const REFUSED: [&str; 15] = [
    " code EAI_AGAIN",
    " code ECONNREFUSED",
    " code ECONNRESET",
    " code EHOSTUNREACH",
    " code ENETUNREACH",
    " code ENOTFOUND",
    " code ERR_SOCKET_TIMEOUT",
    " code ETIMEDOUT",
    " code E401",
    " code E403",
    " code E407",
    " code E5",
    "(from versions: none)",
    "ERROR: HTTP error",
    "Max retries exceeded",
];

/// Packages pinned by a lockfile. Paths are relative to the root directory of the workspace.
pub(crate) enum Packages {
    /// The packages of `package-lock.json` in this directory, installed into its `node_modules`.
    Npm(&'static str),
    /// The packages of a requirements file, installed into a virtual environment.
    Pip { lockfile: &'static str, into: &'static str },
}

impl Packages {
    /// Installs the packages unless they match the lockfile already.
    pub(crate) fn install(&self) -> Result<(), Halt> {
        match self {
            Packages::Npm(_) => require_programs(&["node", "npm"])?,
            Packages::Pip { .. } => require_programs(&["python3", "python3 -m ensurepip"])?,
        }
        let (lockfile, into) = match self {
            Packages::Npm(folder) => (format!("{folder}/package-lock.json"), format!("{folder}/node_modules")),
            Packages::Pip { lockfile, into } => ((*lockfile).to_owned(), (*into).to_owned()),
        };
        let wanted = fs::read_to_string(crate::root().join(&lockfile));
        let wanted = wanted.map_err(|error| format!("cannot read {lockfile}: {error}"))?;
        let into = crate::root().join(into);
        let mark = into.join("installed");
        if fs::read_to_string(&mark).ok().as_ref() == Some(&wanted) {
            return Ok(());
        }
        eprintln!("installing the packages of {lockfile}");
        // Otherwise packages of an earlier lockfile would remain.
        let _ = fs::remove_dir_all(&into);
        for mut command in self.commands() {
            output(&mut command).map_err(|output| halt(&lockfile, output))?;
        }
        Ok(fs::write(&mark, wanted).map_err(|error| format!("cannot write {}: {error}", mark.display()))?)
    }

    fn commands(&self) -> Vec<Command> {
        match self {
            Packages::Npm(folder) => {
                let mut npm = command("npm");
                npm.args(["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"]);
                npm.args(["--prefer-offline", "--fetch-retries=1", "--loglevel=error"]);
                vec![npm]
            }
            Packages::Pip { lockfile, into } => {
                let mut python = command("python3");
                python.args(["-m", "venv", into]);
                let mut pip = command(crate::root().join(into).join("bin/pip"));
                pip.args(["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]);
                pip.args(["--only-binary", ":all:", "--requirement", lockfile]);
                vec![python, pip]
            }
        }
    }
}

/// Classifies a failed installation.
fn halt(lockfile: &str, output: String) -> Halt {
    match output.lines().find(|line| REFUSED.iter().any(|refused| line.contains(refused))) {
        Some(line) => Halt::Skipped(format!("cannot download the packages of {lockfile}: {}", line.trim())),
        None => Halt::Failed(output),
    }
}

/// Checks that these programs can be run, each with its arguments.
pub(crate) fn require_programs(programs: &[&str]) -> Result<(), Halt> {
    for program in programs {
        let (least, arguments) = probe(program);
        let mut words = program.split_whitespace();
        let mut started = Command::new(words.next().unwrap_or_default());
        started.args(words).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        if !started.status().is_ok_and(|status| status.success()) {
            return Err(Halt::Skipped(format!("`{program}`{least} is not installed")));
        }
    }
    Ok(())
}

/// The minimum version of a program, and arguments that succeed with it.
fn probe(program: &str) -> (&'static str, &'static [&'static str]) {
    match program {
        "go" => ("", &["version"]),
        "node" => (" 20 or newer", &["-e", "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)"]),
        "python3" => (" 3.11 or newer", &["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]),
        _ => ("", &["--version"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_refuses_is_no_failure_and_all_else_is() {
        for (message, fails) in [
            ("npm error code EUSAGE\nnpm error `npm ci` can only install packages when they are in sync.", true),
            ("npm error code EINTEGRITY\nnpm error sha512-… integrity checksum failed", true),
            ("npm error code E404\nnpm error 404 Not Found", true),
            ("npm error code E403\nnpm error 403 Forbidden", false),
            ("npm error code ENOTFOUND\nnpm error syscall getaddrinfo", false),
            ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", true),
            ("ERROR: Could not find a version that satisfies a==3 (from versions: 1, 2)", true),
            ("ERROR: Could not find a version that satisfies a==3 (from versions: none)", false),
        ] {
            let halt = halt("its lockfile", format!("`it` ended with exit status: 1:\n{message}"));
            match halt {
                Halt::Failed(reported) => assert!(fails && reported.contains(message), "{reported}"),
                Halt::Skipped(reason) => {
                    let line = message.lines().next().unwrap_or_default();
                    assert_eq!(
                        (fails, reason),
                        (false, format!("cannot download the packages of its lockfile: {line}"))
                    );
                }
            }
        }
    }

    #[test]
    fn a_program_that_cannot_be_run_is_not_at_hand() {
        assert!(require_programs(&["cargo", "cargo fmt"]).is_ok());
        for missing in ["no-such-program", "cargo no-such-command"] {
            let Err(Halt::Skipped(reason)) = require_programs(&["cargo", missing]) else {
                panic!("{missing} is installed")
            };
            assert_eq!(reason, format!("`{missing}` is not installed"));
        }
    }
}
