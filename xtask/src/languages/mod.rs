//! `cargo xtask measure generators`: tests code generated from the schemas with the vectors of values.

mod table;
mod tally;
mod tools;

use std::{fs, process::Command, time::Duration};

use callagent_testkit::vectors::{self, Case, Vector};
use clap::Args;

use crate::{
    Halt,
    conformance::{Adapter, Subject},
    process::{command, prepare, split},
};
use tally::Tally;
use tools::{OPENAPI_GENERATOR, TOOLS, Tool};

/// The time for a response of an adapter, including the startup of a compiler or runtime.
const TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Args)]
pub(crate) struct Arguments {
    /// The tools to run. If omitted, all of them.
    names: Vec<String>,
    /// Write the rows of these tools to conformance/GENERATORS.md.
    #[arg(long)]
    write: bool,
    /// List all vectors that a tool gets wrong.
    #[arg(long)]
    verbose: bool,
}

/// The result of a tool.
enum Outcome {
    /// A requirement is missing.
    NotRun(String),
    /// It fails to `generate` or to `compile`.
    Unusable {
        step: &'static str,
        why: String,
    },
    /// Only code generation is tested.
    Generated,
    Verdict(Box<Tally>),
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Halt> {
    let known: Vec<_> = TOOLS.iter().map(|tool| tool.name).collect();
    if let Some(name) = arguments.names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Halt::Failed(format!("unknown tool `{name}`; expected one of {}", known.join(", "))));
    }
    let vectors = for_all()?;
    let mut rows = Vec::new();
    for tool in TOOLS {
        if arguments.names.is_empty() || arguments.names.iter().any(|name| name == tool.name) {
            eprintln!("=== {}", tool.name);
            let outcome = outcome(tool, &vectors)?;
            if let (true, Outcome::Verdict(tally)) = (arguments.verbose, &outcome) {
                tally.show();
            }
            rows.push(table::Row::new(tool, &outcome)?);
        }
    }
    table::print(&rows);
    if arguments.write {
        table::write(&rows)?;
    }
    Ok(())
}

/// Runs the code that Ajv generates, which is fast and passes all vectors.
pub(crate) fn ajv() -> Result<(), Halt> {
    let ajv = TOOLS.iter().find(|tool| tool.name == "ajv-standalone");
    let ajv = ajv.ok_or_else(|| "the tool no longer exists".to_owned())?;
    match outcome(ajv, &for_all()?)? {
        Outcome::NotRun(why) => Err(Halt::Skipped(why)),
        Outcome::Verdict(tally) if tally.is_right() => Ok(()),
        Outcome::Verdict(tally) => {
            tally.show();
            Err(Halt::Failed(format!("it fails vectors: {}", tally.gaps())))
        }
        Outcome::Unusable { step, why } => Err(Halt::Failed(format!("it fails to {step}: {why}"))),
        Outcome::Generated => Err(Halt::Failed("it has no adapter".to_owned())),
    }
}

/// Installs openapi-generator, and returns its command.
pub(crate) fn openapi_generator() -> Result<Command, Halt> {
    OPENAPI_GENERATOR.install()?;
    Ok(command(crate::root().join("target/generators/python/bin/openapi-generator-cli")))
}

/// The vectors that every implementation must check.
fn for_all() -> Result<Vec<Vector>, String> {
    Ok(vectors::read()?.into_iter().flat_map(|suite| suite.vectors).filter(Vector::is_for_all).collect())
}

/// Installs a tool, generates and compiles code, and runs all vectors.
fn outcome(tool: &Tool, vectors: &[Vector]) -> Result<Outcome, Halt> {
    for home in tool.also_needs.iter().chain([&tool.home]) {
        match home.install() {
            Err(Halt::Skipped(why)) => return Ok(Outcome::NotRun(why)),
            installed => installed?,
        }
    }
    let folder = tool.home.folder();
    // Some tools do not create their output directory.
    let generated = folder.join("generated");
    fs::create_dir_all(&generated).map_err(|error| format!("cannot make {}: {error}", generated.display()))?;
    for (step, commands) in [("generate", tool.generate), ("compile", tool.compile)] {
        for command in commands {
            eprintln!("{command}");
            if let Err(why) = prepare(&folder, command) {
                eprintln!("{why}");
                return Ok(Outcome::Unusable { step, why });
            }
        }
    }
    let Some(command) = tool.adapter else { return Ok(Outcome::Generated) };
    let mut adapter = Adapter::new(tool.name, split(command)?, TIMEOUT).within(folder);
    let mut tally = Tally::default();
    for vector in vectors {
        if let Case::Check(expected) = &vector.case {
            tally.add(vector, expected, adapter.respond(vector));
        }
    }
    Ok(Outcome::Verdict(Box::new(tally)))
}
