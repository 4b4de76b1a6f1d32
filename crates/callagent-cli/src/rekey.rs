//! `callagent rekey`: seals the keys of all agents with the first encryption key.

use clap::Args;

use crate::{Outcome, database::DatabaseArguments, failure::Failure, formats::count, progress::Progress, terminal};

/// Encrypt the keys of all agents with the first encryption key, so that older ones can be removed.
///
/// First add the new key as the first line of the file of encryption keys, and restart every server on the database. They
/// may keep running while the keys are encrypted again. The agents whose key is encrypted again have a new `ETag`.
///
/// Interrupted, it can be run again to continue. Exit status: 0 no key is encrypted with an older encryption key any more;
/// 1 a key cannot be decrypted; 2 any other error.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(crate) fn run(Arguments { database }: &Arguments) -> Result<Outcome, Failure> {
    let store = database.open_existing()?;
    let progress = Progress::counting("agents");
    let rekeyed = store.rekey(|agents| progress.set(agents)).map_err(Failure::store)?;
    progress.finish();
    for (workspace, agent, reason) in &rekeyed.examples {
        terminal::print(format!(
            "the key of the agent {agent:?} of the workspace {workspace:?} is left as it is: {reason}"
        ));
    }
    let keys = count(rekeyed.agents, "key", "keys");
    terminal::print(format!("encrypted {keys} with `{}`", store.keys().ids().next().unwrap_or_default()));
    for id in &rekeyed.unused {
        terminal::print(format!(
            "nothing is encrypted with `{id}` any more; it can be removed from the encryption keys"
        ));
    }
    if rekeyed.damaged > 0 {
        let keys = count(rekeyed.damaged, "key", "keys");
        terminal::print(format!("{keys} cannot be decrypted; keep the encryption keys that they need"));
        return Ok(Outcome::Found);
    }
    Ok(Outcome::Well)
}
