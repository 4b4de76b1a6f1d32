//! Updates that are applied in a single transaction.

use std::{
    collections::{HashMap, hash_map},
    time::Instant,
};

use callagent::{AgentId, WorkspaceId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::{Failure, Recorded};
use crate::{
    decision::Outcome,
    entry::{Change, Entry, MAX_ANSWERS},
    error::StoreError,
    keys::{KeyRing, Place},
    metrics::StoreMetrics,
    request::Request,
    sealing::agent_key_id,
};

/// Applies updates in order and commits them. Each one sees the results of those before it. Takes no more requests once the
/// answers are large.
pub(super) fn commit(
    connection: &mut Connection,
    recorded: &mut Recorded,
    keys: &KeyRing,
    metrics: &StoreMetrics,
    requests: impl Iterator<Item = Request>,
) -> Result<(Vec<Result<Outcome, StoreError>>, usize), Failure> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut batch =
        Batch { transaction: &transaction, keys, now: Timestamp::now(), agents: HashMap::new(), answered: 0 };
    let mut outcomes = Vec::new();
    for request in requests {
        outcomes.push(batch.apply(request)?);
        if batch.answered >= MAX_ANSWERS {
            break;
        }
    }
    let written = batch.write(recorded)?;
    let start = Instant::now();
    transaction.commit()?;
    if written > 0 {
        metrics.committed(start.elapsed());
    }
    metrics.applied(outcomes.len());
    Ok((outcomes, written))
}

struct Batch<'t> {
    transaction: &'t Transaction<'t>,
    keys: &'t KeyRing,
    now: Timestamp,
    agents: HashMap<(WorkspaceId, AgentId), Entry>,
    /// The size of the answers so far.
    answered: usize,
}

impl Batch<'_> {
    fn apply(&mut self, request: Request) -> Result<Result<Outcome, StoreError>, Failure> {
        let Request { workspace, agent, update, if_match } = request;
        let mut entry = match self.agents.entry((workspace, agent)) {
            hash_map::Entry::Occupied(entry) => entry,
            hash_map::Entry::Vacant(entry) => {
                let (workspace, agent) = entry.key();
                let read = read(self.transaction, workspace, agent)?;
                entry.insert_entry(read)
            }
        };
        let (workspace, agent) = entry.key();
        let place = Place::eleven_labs_key(workspace, agent);
        self.answered += entry.get().size();
        Ok(entry.get().apply(update, if_match.as_ref(), self.keys, &place, self.now).map(|(outcome, changed)| {
            changed.map(|changed| entry.insert(changed));
            outcome
        }))
    }

    /// Writes each changed agent once. Returns the number of bytes.
    fn write(self, recorded: &mut Recorded) -> Result<usize, Failure> {
        let mut written = 0;
        let mut update = self
            .transaction
            .prepare_cached("UPDATE agents SET version = ?3, document = ?4 WHERE workspace = ?1 AND id = ?2")?;
        // Apart, since SQLite writes the entry of an index again whenever a statement sets its column.
        let mut seal =
            self.transaction.prepare_cached("UPDATE agents SET key_id = ?3 WHERE workspace = ?1 AND id = ?2")?;
        for ((workspace, id), entry) in self.agents {
            let Some((agent, Change { document, is_resealed })) = entry.into_change() else { continue };
            let version = i64::try_from(agent.version.get()).map_err(Failure::fatal)?;
            let (workspace, id) = (workspace.as_str().as_bytes(), id.as_str().as_bytes());
            let rows = update.execute(params![workspace, id, version, document])?;
            if is_resealed {
                let key_id = agent_key_id(&agent.agent);
                if let Some(key_id) = key_id {
                    recorded.record(self.transaction, key_id, self.keys)?;
                }
                seal.execute(params![workspace, id, key_id])?;
            }
            if rows != 1 {
                return Err(Failure::fatal(format_args!("expected to change 1 row, found {rows}")));
            }
            written += document.len();
        }
        Ok(written)
    }
}

fn read(connection: &Connection, workspace: &WorkspaceId, id: &AgentId) -> rusqlite::Result<Entry> {
    let mut select =
        connection.prepare_cached("SELECT version, document FROM agents WHERE workspace = ?1 AND id = ?2")?;
    let key = params![workspace.as_str().as_bytes(), id.as_str().as_bytes()];
    let row = select.query_row(key, |row| Ok(Entry::read(row.get(0)?, row.get_ref(1)?.as_blob()?)));
    Ok(row.optional()?.unwrap_or(Entry::Missing))
}
