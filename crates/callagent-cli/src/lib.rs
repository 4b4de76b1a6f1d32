//! The command `callagent`: validates, fixes and compares documents of the contract, serves the call, and tests servers.
//!
//! It is a library so that [`render`] can be fuzzed. The program only calls [`run`].

#[cfg(feature = "server")]
mod access;
mod apply;
#[cfg(feature = "compat")]
mod compat;
mod completions;
#[cfg(feature = "server")]
mod config_file;
#[cfg(any(feature = "client", feature = "verify"))]
mod credentials;
#[cfg(feature = "server")]
mod database;
mod documents;
mod explain;
#[cfg(feature = "server")]
mod export;
mod failure;
mod fix;
mod formats;
#[cfg(feature = "server")]
mod import;
mod input;
mod interrupt;
mod man;
mod normalize;
mod ordered;
mod parsing;
mod progress;
#[cfg(feature = "client")]
mod put;
#[cfg(feature = "server")]
mod rekey;
mod sample;
mod schema;
#[cfg(feature = "server")]
mod serve;
#[cfg(any(feature = "server", feature = "verify"))]
mod signals;
mod source;
mod terminal;
#[cfg(any(feature = "client", feature = "server", feature = "verify"))]
mod time;
mod tolerance;
mod validate;
#[cfg(feature = "verify")]
mod verify;

use std::{io, process::ExitCode, time::Duration};

use callagent::{
    Reader,
    tools::{DocumentKind, USUAL_LIMIT},
};
use clap::{Parser, Subcommand, ValueEnum};

use documents::Document;
use failure::Failure;
use formats::Checked;
pub use formats::Format;
use interrupt::Response;
use parsing::{Invalid, Parsed};
use source::Source;

/// Validate, fix and compare documents of the Update Call Agent call, make the call, serve it, and test servers of it.
///
/// Exit status: 0 success; 1 a check found something; 2 an error, such as an unreadable file; 130 interrupted.
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
    #[cfg(feature = "compat")]
    Compat(compat::Arguments),
    #[cfg(feature = "server")]
    Serve(Box<serve::Arguments>),
    #[cfg(feature = "server")]
    Import(import::Arguments),
    #[cfg(feature = "server")]
    Export(export::Arguments),
    #[cfg(feature = "server")]
    Access(access::Arguments),
    #[cfg(feature = "server")]
    Rekey(rekey::Arguments),
    #[cfg(feature = "client")]
    Put(put::Arguments),
    #[cfg(feature = "verify")]
    Verify(Box<verify::Arguments>),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Command {
    /// Returns whether the command waits for signals itself.
    fn waits_for_signals(&self) -> bool {
        match self {
            #[cfg(feature = "server")]
            Command::Serve(_) => true,
            #[cfg(feature = "verify")]
            Command::Verify(_) => true,
            _ => false,
        }
    }
}

/// The kind of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Direction {
    /// A request, with changes to an agent.
    Update,
    /// A response, with an agent.
    Agent,
}

impl Direction {
    pub(crate) const fn kind(self) -> DocumentKind {
        match self {
            Direction::Update => DocumentKind::Update,
            Direction::Agent => DocumentKind::Agent,
        }
    }
}

/// The outcome of a command that did its work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Well,
    Found,
}

/// Runs the command with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = match parsing::parse::<Arguments>() {
        Ok(Parsed::Arguments(arguments)) => arguments,
        Ok(Parsed::Text(text)) => {
            // A closed stream leaves only the exit status.
            let _ = text.print();
            return u8::try_from(text.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
        Ok(Parsed::Invalid(invalid)) => return invalid.report(),
        Err(failure) => return failure.report(),
    };
    let finishes = matches!(arguments.command, Command::Validate(_) | Command::Normalize(_));
    if !arguments.command.waits_for_signals() {
        interrupt::install_handler(if finishes { Response::Finish } else { Response::Exit });
    }
    let ended = match arguments.command {
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Normalize(arguments) => normalize::run(&arguments),
        Command::Apply(arguments) => apply::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        #[cfg(feature = "compat")]
        Command::Compat(arguments) => compat::run(&arguments),
        #[cfg(feature = "server")]
        Command::Serve(arguments) => serve::run(&arguments),
        #[cfg(feature = "server")]
        Command::Import(arguments) => import::run(&arguments),
        #[cfg(feature = "server")]
        Command::Export(arguments) => export::run(&arguments),
        #[cfg(feature = "server")]
        Command::Access(arguments) => access::run(&arguments),
        #[cfg(feature = "server")]
        Command::Rekey(arguments) => rekey::run(&arguments),
        #[cfg(feature = "client")]
        Command::Put(arguments) => put::run(&arguments),
        #[cfg(feature = "verify")]
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    };
    match ended {
        Ok(Outcome::Well) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(failure) => failure.report(),
    }
}

impl Invalid<Arguments> {
    /// Prints all mistakes, and returns the exit status.
    fn report(self) -> ExitCode {
        let further = match &self.rest {
            #[cfg(feature = "server")]
            Some(Arguments { command: Command::Serve(arguments) }) => arguments.mistakes(&self.names),
            _ => Vec::new(),
        };
        Failure::Mistakes(self.mistakes.into_iter().map(Failure::Usage).chain(further).collect()).report()
    }
}

/// Renders the report that `callagent validate` writes on one document, named `document.json`: each item with the
/// separator before it, without the format's head and tail.
///
/// # Errors
/// Only errors of formatting, which are bugs.
pub fn render(text: &[u8], direction: Direction, format: Format) -> io::Result<Vec<u8>> {
    let document = &Document { source: &Source::new("document.json"), line: None, text };
    let reader = validate::reader_for(format, USUAL_LIMIT);
    let report = &direction.kind().check(&reader, document.text);
    let mut out = Vec::new();
    format.write(&Checked { document, report, colored: false, time: Duration::ZERO }, &mut out)?;
    Ok(out)
}

/// Renders the diff that `callagent validate --diff` writes for one document.
///
/// # Errors
/// Only errors of formatting, which are bugs.
pub fn render_diff(text: &[u8], direction: Direction) -> io::Result<Vec<u8>> {
    let document = &Document { source: &Source::new("document.json"), line: None, text };
    let mut out = Vec::new();
    fix::write_diff(document, &direction.kind().fix(&Reader::new(), text.to_vec()), &mut out)?;
    Ok(out)
}
