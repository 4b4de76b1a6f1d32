//! `callagent export`: prints the agents in the database of `callagent serve`.

use std::io::{self, Write as _};

use callagent::WorkspaceId;
use callagent_server::{ExportOptions, KeyRing};
use clap::Args;

use crate::{Outcome, database::DatabaseArguments, failure::Failure, formats::count, terminal};

/// Print the agents of a workspace, one per line, as they are at one moment.
///
/// Keys are printed encrypted, as `import` accepts them again.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The workspace of the agents.
    #[arg(long, env = "CALLAGENT_WORKSPACE", value_name = "ID")]
    workspace: WorkspaceId,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print keys in plain text.
    #[arg(long)]
    reveal_keys: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut options = ExportOptions::new().workspace(arguments.workspace.clone());
    if arguments.reveal_keys {
        let keys = KeyRing::read(arguments.database.require_key_file()?).map_err(Failure::store)?;
        options = options.reveal_keys(keys);
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let agents = arguments.database.export(&options, &mut out)?;
    out.flush().map_err(Failure::Output)?;
    terminal::print(format!("exported {}", count(agents, "agent", "agents")));
    Ok(Outcome::Well)
}
