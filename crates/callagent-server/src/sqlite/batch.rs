//! Updates that are applied in a single transaction.

use std::{
    collections::{HashMap, hash_map},
    sync::Arc,
};

use callagent::{Agent, AgentId, IfMatch, WorkspaceId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::{Failure, Recorded};
use crate::{
    decision::{Outcome, StoredAgent, decide},
    error::StoreError,
    keys::{KeyRing, Place},
    sealing::{SealedUpdate, agent_key_id},
};

/// The maximum size of an agent in bytes. Updates add to an agent, so their size does not bound it.
pub(crate) const MAX_AGENT: usize = 32 << 20;

/// The size of the answers of a batch, in bytes of documents, from which on no more updates are added. Each answer is a copy
/// of its agent, so that many updates of large agents would otherwise take gigabytes.
const MAX_ANSWERS: usize = 16 << 20;

/// An update of an agent.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) workspace: WorkspaceId,
    pub(crate) agent: AgentId,
    pub(crate) update: SealedUpdate,
    pub(crate) if_match: Option<IfMatch>,
}

/// Applies updates in order and commits them. Each one sees the results of those before it. Takes no more requests once the
/// answers are large.
pub(super) fn commit(
    connection: &mut Connection,
    recorded: &mut Recorded,
    keys: &KeyRing,
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
    transaction.commit()?;
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

/// An agent during a batch.
enum Entry {
    Missing,
    Unreadable(Arc<str>),
    Stored {
        agent: Box<StoredAgent>,
        /// The size of the document.
        size: usize,
        /// The document to write, if the agent has changed.
        document: Option<Vec<u8>>,
    },
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
        let stored = match entry.get() {
            Entry::Missing => return Ok(Ok(Outcome::NotFound)),
            Entry::Unreadable(reason) => return Ok(Err(StoreError::Unreadable(Arc::clone(reason)))),
            Entry::Stored { agent, size, .. } => {
                self.answered += size;
                agent
            }
        };
        let update = match update.resolve(Some(&stored.agent), self.keys, &place) {
            Ok(update) => update,
            Err(error) => return Ok(Err(error.into())),
        };
        let outcome = decide(Some(stored), update, if_match.as_ref(), self.now);
        if let Outcome::Changed(changed) = &outcome {
            match serde_json::to_vec(&changed.agent) {
                Ok(document) if document.len() <= MAX_AGENT => {
                    let (agent, size) = (Box::new(changed.clone()), document.len());
                    entry.insert(Entry::Stored { agent, size, document: Some(document) });
                }
                Ok(_) => return Ok(Err(StoreError::TooLarge { limit: MAX_AGENT })),
                Err(error) => return Ok(Err(StoreError::Unreadable(error.to_string().into()))),
            }
        }
        Ok(Ok(outcome))
    }

    /// Writes each changed agent once. Returns the number of bytes.
    fn write(self, recorded: &mut Recorded) -> Result<usize, Failure> {
        let mut written = 0;
        let mut update = self
            .transaction
            .prepare_cached("UPDATE agents SET version = ?3, document = ?4 WHERE workspace = ?1 AND id = ?2")?;
        // Apart, since SQLite writes the entry of an index again whenever a statement sets its column.
        let mut seal = self
            .transaction
            .prepare_cached("UPDATE agents SET key_id = ?3 WHERE workspace = ?1 AND id = ?2 AND key_id IS NOT ?3")?;
        for ((workspace, id), entry) in self.agents {
            let Entry::Stored { agent, document: Some(document), .. } = entry else { continue };
            let key_id = agent_key_id(&agent.agent);
            if let Some(key_id) = key_id {
                recorded.record(self.transaction, key_id, self.keys)?;
            }
            let version = i64::try_from(agent.version.get()).map_err(Failure::fatal)?;
            let (workspace, id) = (workspace.as_str().as_bytes(), id.as_str().as_bytes());
            let rows = update.execute(params![workspace, id, version, document])?;
            seal.execute(params![workspace, id, key_id])?;
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
    let row = select.query_row(key, |row| {
        let document = row.get_ref(1)?.as_blob()?;
        let agent = callagent::read::<Agent>(document).map_err(|_| "it is not an agent of the contract");
        let version = u64::try_from(row.get::<_, i64>(0)?).map_err(|_| "its version is negative");
        Ok(match (version, agent) {
            (Ok(version), Ok(agent)) => {
                let agent = Box::new(StoredAgent::new(version.into(), agent));
                Entry::Stored { agent, size: document.len(), document: None }
            }
            (Err(reason), _) | (_, Err(reason)) => Entry::Unreadable(reason.into()),
        })
    });
    Ok(row.optional()?.unwrap_or(Entry::Missing))
}
