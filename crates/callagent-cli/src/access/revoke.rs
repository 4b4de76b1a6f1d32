//! `callagent access revoke`.

use callagent::WorkspaceId;
use callagent_server::AccessKeyName;
use clap::Args;

use crate::{database::DatabaseArguments, failure::Failure, terminal};

/// Revoke an access key. A running server refuses it within 5 seconds.
#[derive(Args)]
pub(super) struct Arguments {
    /// The workspace of the key.
    #[arg(long, env = "CALLAGENT_WORKSPACE", value_name = "ID")]
    workspace: WorkspaceId,
    #[command(flatten)]
    database: DatabaseArguments,
    /// The name of the key.
    #[arg(value_name = "NAME")]
    name: AccessKeyName,
}

pub(super) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { workspace, database, name } = arguments;
    let store = database.open_existing()?;
    store.revoke_access_key(workspace.clone(), name.clone()).await.map_err(Failure::store)?;
    terminal::print(format!("revoked the access key `{name}` of the workspace `{workspace}`"));
    Ok(())
}
