//! `callagent compat`: breaking changes between two versions of a schema or of an OpenAPI document.

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

/// The stack size of a comparison in bytes, enough for the maximum depth of references. Unused stack takes no memory.
const STACK: usize = 1 << 30;

/// Compare two versions of a JSON Schema or an OpenAPI document and report breaking changes.
///
/// A change breaks requests if the new version rejects a document that the old version accepts. A change breaks
/// responses if the new version may send a document that the old version rejects. Each breaking change is reported
/// with such a document, its witness. Both versions must be JSON.
///
/// Exit status: 0 compatible; 1 breaking changes; 2 undecided, or an error such as an unreadable file.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The documents that a JSON Schema describes. Not used for OpenAPI documents.
    #[arg(long = "as", value_enum, default_value_t = Direction::Update, value_name = "DIRECTION")]
    direction: Direction,
    /// The format of the report. `json` and `ndjson` have one object per finding.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The old version: a file, or `-` for standard input.
    old: PathBuf,
    /// The new version: a file, or `-` for standard input.
    new: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    if [&arguments.old, &arguments.new].iter().all(|path| input::is_stdin(path)) {
        return Err(Failure::Usage("standard input cannot be both the old and the new version".to_owned()));
    }
    let (old, new) = (Text::read(&arguments.old)?, Text::read(&arguments.new)?);
    let started = Instant::now();
    let findings = compare(&old, &new, arguments.direction)?;
    let mut out = io::stdout().lock();
    let colored = formats::colored(&out);
    let report = Report { old: &old, new: &new, findings: &findings, time: started.elapsed() };
    report.write(arguments.format, colored, &mut out).and_then(|()| out.flush()).map_err(Failure::Output)?;
    // A closed standard error leaves only the exit status.
    let _ = writeln!(io::stderr(), "{report}");
    match report.verdict() {
        Verdict::Incompatible => Ok(Outcome::Found),
        Verdict::Compatible => Ok(Outcome::Well),
        Verdict::Undecided => Err(Failure::AlreadyReported),
    }
}

/// Compares on a separate thread, because long chains of references need a large stack.
fn compare(old: &Text, new: &Text, direction: Direction) -> Result<Vec<contract::Finding>, Failure> {
    thread::scope(|scope| {
        let work = || contract::compare(old, new, direction);
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).map_err(Failure::Thread)?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
