//! `callagent compat`: what breaks between two versions of a schema or of an OpenAPI document.

mod algebra;
mod contract;
mod openapi;
mod report;
pub(crate) mod rules;
mod schemas;
#[cfg(test)]
mod tests;
mod text;
mod units;
mod walk;
mod witness;

use std::io::{self, Write as _};

use clap::Args;

use crate::{
    Direction, Outcome,
    failure::Failure,
    formats::{self, Format},
    input,
};
use report::{Report, Verdict};
use text::Text;

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
    old: String,
    /// The new version.
    new: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    if [&arguments.old, &arguments.new].iter().all(|path| *path == input::STDIN) {
        return Err(Failure::Usage("standard input can be the old version or the new one, not both".to_owned()));
    }
    let (old, new) = (Text::read(&arguments.old)?, Text::read(&arguments.new)?);
    let findings = contract::compare(&old, &new, arguments.direction)?;
    let mut out = io::stdout().lock();
    let colored = formats::colored(&out);
    let report = Report { old: &old, new: &new, findings: &findings };
    report.write(arguments.format, colored, &mut out).and_then(|()| out.flush()).map_err(Failure::Output)?;
    // Where standard error is closed, the exit status has to do.
    let _ = writeln!(io::stderr(), "{report}");
    match report.verdict() {
        Verdict::Breaks => Ok(Outcome::Found),
        Verdict::Fine => Ok(Outcome::Well),
        Verdict::Undecided => Err(Failure::Told),
    }
}
