//! `cargo xtask languages`: what generators of code make of the schemas, by the vectors of values.

mod table;
mod tally;
mod tools;

use std::{fs, time::Duration};

use clap::Args;

use crate::{
    Stop,
    conformance::{Executor, Subject},
    process::{prepare, split},
    vectors::{self, Case, Vector},
};
use tally::Tally;
use tools::{TOOLS, Tool};

/// How long a harness may take for an answer: the first one has the start of a compiler or a runtime in it.
const TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Args)]
pub(crate) struct Arguments {
    /// These tools; none means all.
    names: Vec<String>,
    /// Write the rows of what was run into conformance/GENERATORS.md.
    #[arg(long)]
    write: bool,
    /// Name every vector that a tool gets wrong.
    #[arg(long)]
    verbose: bool,
}

/// What became of a tool.
enum Outcome {
    /// What it needs is not here.
    NotRun(String),
    /// It fails to `generate` or to `compile`.
    Unusable {
        step: &'static str,
        why: String,
    },
    /// It is asked for no more than code.
    Generated,
    Judged(Box<Tally>),
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let known: Vec<_> = TOOLS.iter().map(|tool| tool.name).collect();
    if let Some(name) = arguments.names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Stop::Failed(format!("there is no tool `{name}`; there are {}", known.join(", "))));
    }
    let vectors = for_all()?;
    let mut rows = Vec::new();
    for tool in TOOLS {
        if arguments.names.is_empty() || arguments.names.iter().any(|name| name == tool.name) {
            eprintln!("=== {}", tool.name);
            let outcome = outcome(tool, &vectors)?;
            if let (true, Outcome::Judged(tally)) = (arguments.verbose, &outcome) {
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

/// The code that Ajv writes: quick to ask, and right on every vector.
pub(crate) fn ajv() -> Result<(), Stop> {
    let ajv = TOOLS.iter().find(|tool| tool.name == "ajv-standalone");
    let ajv = ajv.ok_or_else(|| "the tool is no longer there".to_owned())?;
    match outcome(ajv, &for_all()?)? {
        Outcome::NotRun(why) => Err(Stop::Skipped(why)),
        Outcome::Judged(tally) if tally.is_right() => Ok(()),
        Outcome::Judged(tally) => {
            tally.show();
            Err(Stop::Failed(format!("it gets vectors wrong: {}", tally.gaps())))
        }
        Outcome::Unusable { step, why } => Err(Stop::Failed(format!("it fails to {step}: {why}"))),
        Outcome::Generated => Err(Stop::Failed("it has no harness".to_owned())),
    }
}

/// The vectors that every implementation of the contract has to judge.
fn for_all() -> Result<Vec<Vector>, String> {
    Ok(vectors::read()?.into_iter().flat_map(|suite| suite.vectors).filter(Vector::is_for_all).collect())
}

/// Installs a tool, has it write code, compiles that, and asks it for every vector.
fn outcome(tool: &Tool, vectors: &[Vector]) -> Result<Outcome, Stop> {
    for home in tool.besides.iter().chain([&tool.home]) {
        match home.install() {
            Err(Stop::Skipped(why)) => return Ok(Outcome::NotRun(why)),
            installed => installed?,
        }
    }
    let folder = tool.home.folder();
    // Some tools make the folder that they write to, others do not.
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
    let Some(harness) = tool.harness else { return Ok(Outcome::Generated) };
    let mut executor = Executor::new(tool.name, split(harness)?, TIMEOUT).within(folder);
    let mut tally = Tally::default();
    for vector in vectors {
        if let Case::Judge(due) = &vector.case {
            tally.add(vector, due, executor.answer(vector));
        }
    }
    Ok(Outcome::Judged(Box::new(tally)))
}
