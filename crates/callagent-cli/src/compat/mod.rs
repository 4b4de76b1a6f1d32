//! `callagent compat`: what breaks between two versions of a schema or of an OpenAPI document.

mod algebra;
mod boundary;
mod classes;
mod contract;
mod cycles;
mod dialect;
mod differing;
mod fields;
mod matching;
mod messages;
mod normal;
mod opaque;
mod openapi;
mod patterns;
mod plain;
mod proof;
mod report;
pub(crate) mod rules;
mod samples;
mod schemas;
#[cfg(test)]
mod tests;
mod text;
mod units;
mod walk;
mod witness;

use std::{
    io::{self, Write as _},
    path::PathBuf,
    thread,
    time::Instant,
};

use clap::Args;

use crate::{
    Direction, Outcome,
    failure::Failure,
    formats::{self, Format},
    input,
};
use report::{Report, Verdict};
use text::Text;

/// How much stack a comparison may take, in bytes: for as many schemas as may refer to one another. What is not used is
/// not taken from the machine.
const STACK: usize = 1 << 30;

/// Compare two versions of a JSON Schema or an OpenAPI document, as JSON: what was fine, and breaks now?
///
/// A request breaks that the old version accepts and the new one refuses; a response breaks that the new version may
/// give and the old one refuses. Each comes with a witness: a document that the one accepts and the other refuses.
///
/// Exit status: 1 something breaks; 0 nothing does; 2 it could not be decided, or not be read.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Which way the documents of a JSON Schema go; an OpenAPI document says so itself.
    #[arg(long = "as", value_enum, default_value_t = Direction::Update, value_name = "DIRECTION")]
    direction: Direction,
    /// How the report is written; `json` and `ndjson` have an object a finding.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The old version: a file, or `-` for standard input.
    old: PathBuf,
    /// The new version.
    new: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    if [&arguments.old, &arguments.new].iter().all(|path| input::is_stdin(path)) {
        return Err(Failure::Usage("standard input can be the old version or the new one, not both".to_owned()));
    }
    let (old, new) = (Text::read(&arguments.old)?, Text::read(&arguments.new)?);
    let begun = Instant::now();
    let findings = compare(&old, &new, arguments.direction)?;
    let mut out = io::stdout().lock();
    let colored = formats::colored(&out);
    let report = Report { old: &old, new: &new, findings: &findings, time: begun.elapsed() };
    report.write(arguments.format, colored, &mut out).and_then(|()| out.flush()).map_err(Failure::Output)?;
    // Where standard error is closed, the exit status has to do.
    let _ = writeln!(io::stderr(), "{report}");
    match report.verdict() {
        Verdict::Breaks => Ok(Outcome::Found),
        Verdict::Fine => Ok(Outcome::Well),
        Verdict::Undecided => Err(Failure::AlreadyReported),
    }
}

/// Compares on a thread of its own: schemas that refer to one another in a long row take a stack as long.
fn compare(old: &Text, new: &Text, direction: Direction) -> Result<Vec<contract::Finding>, Failure> {
    thread::scope(|scope| {
        let work = || contract::compare(old, new, direction);
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).map_err(Failure::Thread)?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
