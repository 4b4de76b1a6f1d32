//! The command `callagent`: validates documents of the contract, normalises them, and applies updates.

mod apply;
mod completions;
mod documents;
mod explain;
mod failure;
mod fix;
mod formats;
mod input;
mod man;
mod normalize;
mod ordered;
mod progress;
mod sample;
mod schema;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// The contract of the Update Call Agent call, at the command line.
///
/// Exit status: 0 all well; 1 the check found something; 2 the command could not do its work.
#[derive(Parser)]
#[command(name = "callagent", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Validate(validate::Arguments),
    Normalize(normalize::Arguments),
    Apply(apply::Arguments),
    Schema(schema::Arguments),
    Sample(sample::Arguments),
    Explain(explain::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// What a document is read as.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Direction {
    /// The request of the call: what to change of an agent.
    Update,
    /// The response: an agent.
    Agent,
}

/// How the work ended, where it could be done.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Well,
    Found,
}

fn main() -> ExitCode {
    let ended = match Arguments::parse().command {
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Normalize(arguments) => normalize::run(&arguments),
        Command::Apply(arguments) => apply::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    };
    match ended {
        Ok(Outcome::Well) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(failure) => {
            failure.tell();
            ExitCode::from(2)
        }
    }
}
