//! `callagent verify` as a process: against the server of the command, and against servers that are wrong.

#![cfg(all(unix, feature = "server", feature = "verify"))]

mod access;
mod baseline;
mod fake;
mod formats;
mod hostile;
mod interrupt;
mod judged_by;
mod names;
mod replay;
mod runs;
mod setup;

#[path = "../../../callagent-axum/tests/http/client.rs"]
#[expect(dead_code, reason = "the tests of the server use all of it")]
mod client;
#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "the tests create their directories themselves")]
mod common;
#[path = "../serve/program.rs"]
#[expect(dead_code, reason = "the tests of the server use all of it")]
mod program;
#[path = "../common/sarif.rs"]
mod sarif;

use std::{collections::BTreeMap, ffi::OsStr, path::Path, process::Command};

use serde_json::Value;
use tempfile::TempDir;

use program::Serve;

/// The agent of the tests.
const AGENT: &str = r#"{"_id": "agent_1", "name": "Test", "undocumented": {"kept": true}}"#;

/// What a run printed.
struct Ran {
    status: Option<i32>,
    report: String,
    errors: String,
}

/// A directory, in which the command runs.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Folder(TempDir::new().expect("a temporary folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Serves the agent from memory.
    fn serve(&self, arguments: &[&str]) -> Serve {
        Serve::in_memory(self.path(), AGENT, arguments)
    }

    fn command(&self, url: &str, arguments: &[&str]) -> Command {
        self.command_of(env!("CARGO_BIN_EXE_callagent"), url, arguments)
    }

    /// The command of any build.
    fn command_of(&self, program: impl AsRef<OsStr>, url: &str, arguments: &[&str]) -> Command {
        let mut command = program::bare_command_of(program, self.path());
        for name in ["CALLAGENT_BASE_URL", "CALLAGENT_ACCESS_KEY", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.args(["verify", url, "--workspace", "acme", "--agent", "agent_1"]).args(arguments);
        command
    }

    fn verify(&self, url: &str, arguments: &[&str]) -> Ran {
        ran(&mut self.command(url, arguments))
    }
}

fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("reports are UTF-8");
    Ran { status: output.status.code(), report: text(output.stdout), errors: text(output.stderr) }
}

fn url(server: &Serve) -> String {
    format!("http://{}", server.address())
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.report).unwrap_or_else(|error| panic!("{error}: {}{}", self.report, self.errors))
    }

    /// The outcomes of the cases in a JSON report.
    fn outcomes(&self) -> BTreeMap<String, String> {
        let report = self.json();
        let cases = report["cases"].as_array().expect("cases");
        let text = |value: &Value| value.as_str().expect("a string").to_owned();
        cases.iter().map(|case| (text(&case["case"]), text(&case["outcome"]))).collect()
    }
}
