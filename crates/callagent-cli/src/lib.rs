//! The command `callagent`: validates documents of the contract, normalises them, and applies updates.
//!
//! It is a library so that [`render`] can be fuzzed; the program is [`run`] alone.

mod apply;
mod compat;
mod completions;
mod documents;
mod explain;
mod failure;
mod fix;
mod formats;
mod input;
mod interrupt;
mod man;
mod normalize;
mod ordered;
mod progress;
mod sample;
mod schema;
mod source;
mod terminal;
mod validate;

use std::{io, process::ExitCode, time::Duration};

use callagent::Reader;
use clap::{Parser, Subcommand, ValueEnum};

use documents::Document;
pub use formats::Format;
use formats::Judged;
use interrupt::Response;
use source::Source;

/// The contract of the Update Call Agent call, at the command line.
///
/// Exit status: 0 all well; 1 the check found something; 2 the command could not do its work; 130 it was interrupted.
#[derive(Parser)]
#[command(name = "callagent", bin_name = "callagent", version)]
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
    Compat(compat::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// What a document is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Direction {
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

/// Does what the arguments of the process say.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Arguments = match terminal::parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // If its stream is closed, the exit status has to do.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    let finishes = matches!(arguments.command, Command::Validate(_) | Command::Normalize(_));
    interrupt::install_handler(if finishes { Response::Finish } else { Response::Exit });
    let ended = match arguments.command {
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Normalize(arguments) => normalize::run(&arguments),
        Command::Apply(arguments) => apply::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Compat(arguments) => compat::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    };
    match ended {
        Ok(Outcome::Well) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(failure) => {
            failure.tell();
            failure.status()
        }
    }
}

/// What `callagent validate` writes of one document, which it calls `document.json`: without what the format puts
/// around all of them, and with the separator before each of its items.
///
/// # Errors
/// None but those of formatting, which are bugs.
pub fn render(text: &[u8], direction: Direction, format: Format) -> io::Result<Vec<u8>> {
    let document = &Document { source: &Source::new("document.json"), line: None, text };
    let reader = validate::reporting(format, validate::DEFAULT_LIMIT);
    let report = &validate::judge(&reader, direction, document);
    let mut out = Vec::new();
    format.write(&Judged { document, report, colored: false, time: Duration::ZERO }, &mut out)?;
    Ok(out)
}

/// What `callagent validate --diff` writes of one document.
///
/// # Errors
/// None but those of formatting, which are bugs.
pub fn render_diff(text: &[u8], direction: Direction) -> io::Result<Vec<u8>> {
    let document = &Document { source: &Source::new("document.json"), line: None, text };
    let mut out = Vec::new();
    fix::write_diff(document, &validate::mend(&Reader::new(), direction, text.to_vec()), &mut out)?;
    Ok(out)
}
