//! Running `callagent verify`, and reading its report.

use serde::Deserialize;

use crate::process::{cargo, command, run};

/// The agent that the served servers have, and its workspace.
pub(crate) const WORKSPACE: &str = "acme";
pub(crate) const AGENT: &str = "agent_1";

/// A report of the contract test.
#[derive(Deserialize)]
pub(crate) struct Report {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    case: String,
    outcome: String,
}

/// Builds the command.
pub(crate) fn build() -> Result<(), String> {
    run(&mut cargo(&["build", "--locked", "--bin", "callagent"]))
}

/// Judges the server at a URL by a profile.
///
/// # Errors
/// The contract test could not do its work, or its report cannot be read.
pub(crate) fn judge(url: &str, profile: &str, access_key: Option<&str>, arguments: &[&str]) -> Result<Report, String> {
    let mut verify = command(crate::root().join("target/debug/callagent"));
    verify.args(["verify", url, "--workspace", WORKSPACE, "--agent", AGENT, "--profile", profile, "--format", "json"]);
    verify.arg("--touch-keys").args(arguments);
    if let Some(key) = access_key {
        verify.env("CALLAGENT_ACCESS_KEY", key);
    }
    let output = verify.output().map_err(|error| format!("cannot start the contract test: {error}"))?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the contract test of {url} ended with {}:\n{}", output.status, errors.trim_end()));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cannot read the report of the contract test: {error}"))
}

impl Report {
    /// The names of the failed cases.
    pub(crate) fn failed(&self) -> Vec<String> {
        self.cases.iter().filter(|case| case.outcome == "failed").map(|case| case.case.clone()).collect()
    }

    /// The number of cases with each outcome.
    pub(crate) fn summary(&self) -> String {
        let count = |outcome: &str| self.cases.iter().filter(|case| case.outcome == outcome).count();
        let outcomes = ["passed", "failed", "skipped", "not applicable"];
        outcomes.map(|outcome| format!("{} {outcome}", count(outcome))).join(", ")
    }
}
