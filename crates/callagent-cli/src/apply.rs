//! `callagent apply`: prints the agent as it is after an update.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use callagent::{Agent, Document as Model, Reader, UpdateAgent};
use clap::Args;

use crate::{
    Outcome,
    documents::Document,
    failure::Failure,
    formats::{self, Format, Judged},
    input,
    source::Source,
    validate::DEFAULT_LIMIT,
};

/// Print the agent as it is after the update, the way a server would send it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The agent: a file, or `-` for standard input.
    agent: PathBuf,
    /// The update: a file, or `-` for standard input.
    update: PathBuf,
}

pub(crate) fn run(Arguments { agent, update }: &Arguments) -> Result<Outcome, Failure> {
    if input::is_stdin(agent) && input::is_stdin(update) {
        return Err(Failure::Usage("standard input can be the agent or the update, not both".to_owned()));
    }
    let (agent, update) = (read::<Agent>(agent)?, read::<UpdateAgent>(update)?);
    let (Some(mut agent), Some(update)) = (agent, update) else { return Ok(Outcome::Found) };
    update.apply(&mut agent);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = serde_json::to_writer(&mut out, &agent.for_response()).map_err(io::Error::from);
    written.and_then(|()| writeln!(out)).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}

/// Reads a document, or reports on it on standard error.
fn read<T: Model>(path: &Path) -> Result<Option<T>, Failure> {
    let text = input::read(path)?;
    match Reader::new().limit(DEFAULT_LIMIT).suggest().read(&text) {
        Ok(document) => Ok(Some(document)),
        Err(invalid) => {
            let source = Source::new(path);
            let document = Document { source: &source, line: None, text: &text };
            let mut errors = io::stderr().lock();
            let judged = Judged {
                document: &document,
                report: invalid.report(),
                colored: formats::colored(&errors),
                time: Duration::ZERO,
            };
            // Where standard error is closed, the exit status has to do.
            let _ = Format::Human.write(&judged, &mut errors);
            Ok(None)
        }
    }
}
