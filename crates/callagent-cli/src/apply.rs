//! `callagent apply`: prints an agent after an update.

use std::path::{Path, PathBuf};

use callagent::{Agent, Document as Model, Reader, UpdateAgent, tools::USUAL_LIMIT};
use clap::Args;

use crate::{Outcome, documents::Document, failure::Failure, input, source::Source, terminal, validate};

/// Print an agent after an update, as a server would return it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The agent: a file, or `-` for standard input.
    agent: PathBuf,
    /// The update: a file, or `-` for standard input.
    update: PathBuf,
}

pub(crate) fn run(Arguments { agent, update }: &Arguments) -> Result<Outcome, Failure> {
    if input::is_stdin(agent) && input::is_stdin(update) {
        return Err(Failure::Usage("standard input cannot be both the agent and the update".to_owned()));
    }
    let (agent, update) = (read::<Agent>(agent)?, read::<UpdateAgent>(update)?);
    let (Some(mut agent), Some(update)) = (agent, update) else { return Ok(Outcome::Found) };
    update.apply(&mut agent);
    terminal::print_document(&agent.for_response()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}

/// Reads a document, or reports on it on standard error.
fn read<T: Model>(path: &Path) -> Result<Option<T>, Failure> {
    let text = input::read(path)?;
    match Reader::new().limit(USUAL_LIMIT).suggest().read(&text) {
        Ok(document) => Ok(Some(document)),
        Err(invalid) => {
            let source = Source::new(path);
            let document = Document { source: &source, line: None, text: &text };
            validate::print_to_stderr(&document, invalid.report());
            Ok(None)
        }
    }
}
