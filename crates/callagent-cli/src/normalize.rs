//! `callagent normalize`: prints documents as the model serializes them.

use std::{
    io::{self, Write},
    path::PathBuf,
    time::Duration,
};

use callagent::{
    Reader,
    tools::{DocumentKind, USUAL_LIMIT},
};
use clap::Args;

use crate::{
    Direction, Outcome,
    documents::{self, Document},
    failure::Failure,
    formats::{self, Checked, Format},
    interrupt,
    ordered::Sink,
    progress::Progress,
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
            let valid = print(arguments.direction.kind(), document, sink)?;
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
fn print(kind: DocumentKind, document: &Document<'_>, sink: &mut Sink) -> io::Result<bool> {
    match kind.normalize(&Reader::new().limit(USUAL_LIMIT).suggest(), document.text) {
        (Some(normalized), _) => {
            sink.write_all(normalized.as_bytes())?;
            sink.write_all(b"\n")?;
            Ok(true)
        }
        (None, report) => {
            let colored = formats::colored(&io::stderr());
            sink.error(|out| {
                Format::Human.write(&Checked { document, report: &report, colored, time: Duration::ZERO }, out)
            })?;
            Ok(false)
        }
    }
}
