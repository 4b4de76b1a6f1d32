//! `cargo xtask languages`: what generators of code make of the schemas, by the vectors of values.

mod table;
mod tally;
mod tools;

use std::{fs, time::Duration};

use clap::Args;

use crate::{
    Ended,
    conformance::{Executor, Subject, prepare, split},
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

pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let known: Vec<_> = TOOLS.iter().map(|tool| tool.name).collect();
    if let Some(name) = arguments.names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("there is no tool `{name}`; there are {}", known.join(", ")));
    }
    let vectors = for_all()?;
    let mut rows = Vec::new();
    for tool in TOOLS {
        if arguments.names.is_empty() || arguments.names.iter().any(|name| name == tool.name) {
            eprintln!("=== {}", tool.name);
            let outcome = outcome(tool, &vectors).unwrap_or_else(|outcome| outcome);
            if let (true, Outcome::Judged(tally)) = (arguments.verbose, &outcome) {
                tally.show();
            }
            rows.push(table::Row::new(tool, &outcome)?);
        }
    }
    table::print(&rows);
    if arguments.write { table::write(&rows) } else { Ok(()) }
}

/// The code that Ajv writes: quick to ask, and right on every vector.
pub(crate) fn ajv() -> Result<Ended, String> {
    let ajv = TOOLS.iter().find(|tool| tool.name == "ajv-standalone").ok_or("the tool is no longer there")?;
    match outcome(ajv, &for_all()?).unwrap_or_else(|outcome| outcome) {
        Outcome::NotRun(why) => Ok(Ended::NotRun(why)),
        Outcome::Judged(tally) if tally.is_right() => Ok(Ended::Fine),
        Outcome::Judged(tally) => {
            tally.show();
            Err(format!("it gets vectors wrong: {}", tally.gaps()))
        }
        Outcome::Unusable { step, why } => Err(format!("it fails to {step}: {why}")),
        Outcome::Generated => Err("it has no harness".to_owned()),
    }
}

/// The vectors that every implementation of the contract has to judge.
fn for_all() -> Result<Vec<Vector>, String> {
    Ok(vectors::read()?.into_iter().flat_map(|suite| suite.vectors).filter(Vector::is_for_all).collect())
}

/// Installs a tool, has it write code, compiles that, and asks it for every vector. Either way it is an outcome.
fn outcome(tool: &Tool, vectors: &[Vector]) -> Result<Outcome, Outcome> {
    for home in tool.besides.iter().chain([&tool.home]) {
        home.install().map_err(Outcome::NotRun)?;
    }
    let folder = tool.home.folder();
    // Some tools make the folder that they write to, others do not.
    fs::create_dir_all(folder.join("generated"))
        .map_err(|error| Outcome::Unusable { step: "generate", why: error.to_string() })?;
    for (step, commands) in [("generate", tool.generate), ("compile", tool.compile)] {
        for command in commands {
            eprintln!("{command}");
            prepare(&folder, command).map_err(|why| {
                eprintln!("{why}");
                Outcome::Unusable { step, why }
            })?;
        }
    }
    let Some(harness) = tool.harness else { return Ok(Outcome::Generated) };
    let words = split(harness).map_err(|why| Outcome::Unusable { step: "start", why })?;
    let mut executor = Executor::new(tool.name, words, TIMEOUT).within(folder);
    let mut tally = Tally::default();
    for vector in vectors {
        if let Case::Judge(due) = &vector.case {
            tally.add(vector, due, executor.answer(vector));
        }
    }
    Ok(Outcome::Judged(Box::new(tally)))
}
