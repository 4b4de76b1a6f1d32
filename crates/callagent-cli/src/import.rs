//! `callagent import`: loads agents into the database of `callagent serve`.

use std::{
    io::BufReader,
    path::{Path, PathBuf},
};

use callagent::WorkspaceId;
use callagent_server::{ImportOptions, Store};
use clap::Args;

use crate::{
    Outcome, database::DatabaseArguments, failure::Failure, formats::count, input, progress::Progress, source::Source,
    terminal,
};

/// Load agents into the database. Each file is imported as a whole, or not at all.
///
/// A running server may use the same database.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The workspace of the agents.
    #[arg(long, env = "CALLAGENT_WORKSPACE", value_name = "ID")]
    workspace: WorkspaceId,
    #[command(flatten)]
    database: DatabaseArguments,
    #[command(flatten)]
    options: Options,
    /// Files with an agent or an array of agents, or `-` for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Args)]
struct Options {
    /// Treat each non-blank line as an agent.
    #[arg(long)]
    lines: bool,
    /// Replace agents that exist, instead of refusing them.
    #[arg(long)]
    replace: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    // A database in memory would be lost at once.
    let store = arguments.database.open_durable()?;
    if let Some(file) = store.created_keys() {
        terminal::print(created_keys(file));
    }
    let Options { lines, replace } = arguments.options;
    let options = ImportOptions::new().lines(lines).replace(replace);
    let mut outcome = Outcome::Well;
    for file in &arguments.files {
        match import(&store, &arguments.workspace, file, options)? {
            Ok(count) => terminal::print(imported(count, file)),
            Err(refusal) => {
                terminal::print(refusal);
                outcome = Outcome::Found;
            }
        }
    }
    Ok(outcome)
}

/// Imports a file. The inner error is a message about a document that was refused.
pub(crate) fn import(
    store: &Store,
    workspace: &WorkspaceId,
    file: &Path,
    options: ImportOptions,
) -> Result<Result<u64, String>, Failure> {
    let progress = Progress::of(std::slice::from_ref(&file.to_owned()));
    let input = input::open(file).map_err(|error| Failure::unreadable(file, error))?;
    let source = Source::new(file).to_string();
    let imported = store.import(workspace, &source, BufReader::new(progress.read(input)), options, |_| ());
    progress.finish();
    match imported {
        Ok(count) => Ok(Ok(count)),
        // The error is about a document.
        Err(error) if error.line().is_some() => Ok(Err(error.to_string())),
        Err(error) => Err(Failure::store(error)),
    }
}

/// The message about a file that was imported.
pub(crate) fn imported(agents: u64, file: &Path) -> String {
    format!("imported {} from {}", count(agents, "agent", "agents"), Source::new(file))
}

/// The message about a file of encryption keys that was created.
pub(crate) fn created_keys(file: &Path) -> String {
    format!(
        "created the encryption keys `{}`; without them the encrypted values in the database are lost",
        file.display()
    )
}
