//! `callagent normalize`: prints documents as the model serializes them.

use std::{
    io::{self, Write},
    path::PathBuf,
    time::Duration,
};

use callagent::{Agent, Document as Model, Reader, UpdateAgent};
use clap::Args;

use crate::{
    Direction, Outcome,
    documents::{self, Document},
    failure::Failure,
    formats::{self, Checked, Format},
    interrupt,
    ordered::Sink,
    progress::Progress,
    validate::DEFAULT_LIMIT,
};

/// Print documents as the model serializes them, in compact form, one per line.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The kind of the documents.
    #[arg(long = "as", value_enum, default_value_t = Direction::Update, value_name = "DIRECTION")]
    direction: Direction,
    /// Treat each non-blank line as a document.
    #[arg(long)]
    lines: bool,
    /// A file, a directory (all `*.json` files below it), or `-` for standard input.
    path: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut out = io::stdout().lock();
    let normalized = documents::each(
        std::slice::from_ref(&arguments.path),
        arguments.lines,
        None,
        &Progress::hidden(),
        |document, found: &mut bool, sink| {
            let Ok(document) = document else { return Ok(()) };
            let valid = match arguments.direction {
                Direction::Update => print::<UpdateAgent>(document, sink)?,
                Direction::Agent => print::<Agent>(document, sink)?,
            };
            *found |= !valid;
            Ok(())
        },
        |text| out.write_all(text),
    );
    let flushed = out.flush().map_err(Failure::Output);
    if interrupt::requested() {
        return Err(Failure::Interrupted);
    }
    let found = normalized.map_err(|(_, failure)| failure)?;
    flushed?;
    Ok(if found.contains(&true) { Outcome::Found } else { Outcome::Well })
}

/// Prints a valid document, or reports an invalid one on standard error. Returns whether it was valid.
fn print<T: Model>(document: &Document<'_>, sink: &mut Sink) -> io::Result<bool> {
    match Reader::new().limit(DEFAULT_LIMIT).suggest().read::<T>(document.text) {
        Ok(model) => {
            serde_json::to_writer(&mut *sink, &model)?;
            sink.write_all(b"\n")?;
            Ok(true)
        }
        Err(invalid) => {
            let colored = formats::colored(&io::stderr());
            sink.error(|out| {
                Format::Human.write(&Checked { document, report: invalid.report(), colored, time: Duration::ZERO }, out)
            })?;
            Ok(false)
        }
    }
}
