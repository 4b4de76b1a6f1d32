//! Testing the server with requests that are generated from its OpenAPI document.

use std::process::Command;

use crate::{
    Halt,
    install::Packages,
    process::{self, cargo, command},
    served::Served,
};

/// The directory of the program, which Git ignores.
const FOLDER: &str = "target/schemathesis";
const PROGRAM: &str = "target/schemathesis/bin/schemathesis";
const PACKAGES: Packages = Packages::Pip { lockfile: "conformance/schemathesis/requirements.txt", into: FOLDER };

/// The configuration, which justifies each status that schemathesis does not expect.
const CONFIGURATION: &str = "conformance/schemathesis/schemathesis.toml";

/// The agents that are served. Their ids are the examples of the document.
const AGENTS: [&str; 4] = ["--agents", "conformance/schemathesis/agents.json", "--workspace", "workspace_1"];

/// Runs all checks of schemathesis. Any finding is a failure.
pub(crate) fn run() -> Result<(), Halt> {
    let mut schemathesis = program(CONFIGURATION)?;
    process::run(&mut cargo(&["build", "--locked", "--bin", "callagent"]))?;
    let server = Served::start(|address| {
        let mut serve = command(crate::root().join("target/debug/callagent"));
        serve.args(["serve", "--log", "warn", "--listen", address]).args(AGENTS);
        serve
    })?;
    Ok(process::run(schemathesis.arg(server.url("/openapi.json")))?)
}

/// Installs schemathesis, and returns its command with a configuration.
pub(crate) fn program(configuration: &str) -> Result<Command, Halt> {
    PACKAGES.install()?;
    let mut schemathesis = command(crate::root().join(PROGRAM));
    // It keeps the requests of findings in the current directory.
    schemathesis.current_dir(crate::root().join(FOLDER));
    schemathesis.arg("--config-file").arg(crate::root().join(configuration)).args(["run", "--no-color"]);
    Ok(schemathesis)
}
