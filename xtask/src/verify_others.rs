//! `cargo xtask measure others`: the contract test of servers that the project did not write.

use std::{fs, path::PathBuf, process::Command, time::Instant};

use clap::Args;

use crate::{
    Halt,
    install::Packages,
    languages::openapi_generator,
    process::{command, output},
    served::Served,
    verified,
};

/// The directory of manifests and handlers, one directory per server.
const FOLDER: &str = "conformance/servers";

/// The profiles to test with.
const PROFILES: [&str; 2] = ["documented", "strict"];

/// A server. Its commands run in its directory.
struct Server {
    name: &'static str,
    packages: Packages,
    generate: fn() -> Result<(), Halt>,
    /// The command that serves at an address.
    serve: fn(&str) -> Command,
    /// The cases that end the server.
    skip: &'static [&'static str],
}

const SERVERS: [Server; 2] = [
    Server {
        name: "prism",
        packages: Packages::Npm("conformance/servers/prism"),
        generate: || Ok(()),
        serve: |address| {
            let folder = folder("prism");
            let mut prism = command(folder.join("node_modules/.bin/prism"));
            let (host, port) = address.rsplit_once(':').unwrap_or_default();
            prism.current_dir(folder).args(["mock", "--verboseLevel", "silent", "--host", host, "--port", port]);
            prism.arg("../../../schemas/openapi.json");
            prism
        },
        // The process ends at a malformed percent escape, and at an unknown field whose name is not Latin-1.
        skip: &[
            "--skip=refuses/agent-id-escape",
            "--skip=refuses/agent-id-utf-8",
            "--skip=refuses/order",
            "--skip=refuses/pairs",
            "--skip=refuses/random",
            "--skip=refuses/malformed.utf-8",
            "--skip=refuses/unknown-field.pointer",
        ],
    },
    Server {
        name: "openapi-generator",
        packages: Packages::Npm("conformance/servers/openapi-generator"),
        generate,
        serve: |address| {
            let mut node = command("node");
            // The generated server writes its log into the current directory.
            node.current_dir(folder("openapi-generator").join("generated")).arg("../start.js");
            node.args(address.rsplit(':').take(1));
            node
        },
        skip: &[],
    },
];

#[derive(Args)]
pub(crate) struct Arguments {
    /// The servers to test. If omitted, all of them.
    names: Vec<String>,
}

/// Judges the servers and prints what is found. Findings are no failure: the servers are not ours.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Halt> {
    let known = SERVERS.map(|server| server.name);
    if let Some(name) = arguments.names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Halt::Failed(format!("unknown server `{name}`; expected one of {}", known.join(", "))));
    }
    let mut skipped = Vec::new();
    for server in &SERVERS {
        if !arguments.names.is_empty() && !arguments.names.iter().any(|name| name == server.name) {
            continue;
        }
        match judge(server) {
            Err(Halt::Skipped(why)) => skipped.push(format!("{}: {why}", server.name)),
            judged => judged?,
        }
    }
    if skipped.is_empty() { Ok(()) } else { Err(Halt::Skipped(skipped.join("; "))) }
}

/// Installs, generates and starts a server, and tests it with each profile.
fn judge(server: &Server) -> Result<(), Halt> {
    server.packages.install()?;
    (server.generate)()?;
    verified::build()?;
    for profile in PROFILES {
        // Each run starts with the same agent.
        let running = Served::start(server.serve)?;
        let begun = Instant::now();
        let report = verified::judge(&running.url(""), profile, None, server.skip)?;
        let seconds = begun.elapsed().as_secs_f64();
        println!("{}, {profile}: {} in {seconds:.1} s", server.name, report.summary());
        for case in report.failed() {
            println!("    {case}");
        }
    }
    Ok(())
}

/// Generates the server for Node.js, and adds the handler. Those for `FastAPI` and Go do not start or compile.
fn generate() -> Result<(), Halt> {
    let folder = folder("openapi-generator");
    let generated = folder.join("generated");
    // Otherwise files of an earlier version would remain.
    let _ = fs::remove_dir_all(&generated);
    let mut generator = openapi_generator()?;
    generator.args(["generate", "--generator-name", "nodejs-express-server"]);
    // Its validator does not know OpenAPI 3.1.
    generator.args(["--input-spec", "schemas/openapi-3.0.json", "--output"]).arg(&generated);
    output(&mut generator)?;
    let handler = "AgentsService.js";
    fs::copy(folder.join(handler), generated.join("services").join(handler))
        .map_err(|error| format!("cannot add the handler: {error}"))?;
    Ok(())
}

fn folder(name: &str) -> PathBuf {
    crate::root().join(FOLDER).join(name)
}
