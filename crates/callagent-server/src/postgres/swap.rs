//! Applying updates of an agent: compare and swap.
//!
//! The agent is read, the updates are applied to it, and it is written if it still has the version that was read. Where
//! other processes change it again and again, the row is locked instead. Neither holds a lock while it waits for a client.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::time::sleep;
use tokio_postgres::types::Type;

use super::{
    connection::{Connection, Pool, Statement},
    failure::Failure,
    proofs::Recorded,
    queue::Key,
    retry,
};
use crate::{
    decision::Outcome,
    entry::{Change, Entry, MAX_ANSWERS},
    error::StoreError,
    keys::{KeyRing, Place},
    metrics::StoreMetrics,
    request::Request,
    sealing::agent_key_id,
};

/// How often to read and swap before the row is locked.
const SWAPS: u32 = 3;

/// How long to try to find out whether a swap is in effect.
const PATIENCE: Duration = Duration::from_secs(10);

const READ: Statement = Statement::new(
    "SELECT version, document FROM agents WHERE workspace = $1 AND id = $2",
    &[Type::BYTEA, Type::BYTEA],
);
const LOCK: Statement = Statement::new(
    "SELECT version, document FROM agents WHERE workspace = $1 AND id = $2 FOR UPDATE",
    &[Type::BYTEA, Type::BYTEA],
);
const WRITE: Statement = Statement::new(
    "UPDATE agents SET version = $4, document = $5, key_id = $6 WHERE workspace = $1 AND id = $2 AND version = $3",
    &[Type::BYTEA, Type::BYTEA, Type::INT8, Type::INT8, Type::BYTEA, Type::TEXT],
);

/// With the default of the database, a transaction that has waited for a lock could not see what it waited for.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// Why updates are tried again, in metrics.
pub(crate) const RETRIES: [&str; 3] = ["missed", "conflict", "lost"];

pub(super) type Outcomes = Vec<Result<Outcome, StoreError>>;

/// What updates need.
pub(super) struct Swapper {
    pub(super) pool: Pool,
    pub(super) keys: KeyRing,
    pub(super) recorded: Recorded,
    pub(super) metrics: StoreMetrics,
}

/// A new state of an agent, to be written over the state with the old version.
struct Swap {
    old: i64,
    version: i64,
    document: Vec<u8>,
    key_id: Option<String>,
}

/// Why updates are not applied.
enum Stop {
    /// Another process has changed the agent in between.
    Missed,
    Failed(Failure),
    /// The connection was lost while the swap was committed.
    Open(Swap, Outcomes, String),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

impl Swapper {
    /// Applies updates of an agent in order: all of them, or as many as have answers that are not too large together. Each
    /// outcome is durable.
    pub(super) async fn apply(
        &self,
        connection: &mut Option<Connection>,
        key: &Key,
        requests: &[Request],
    ) -> Result<Outcomes, StoreError> {
        let [on_miss, on_conflict, on_loss] = RETRIES;
        let mut last = None;
        for attempt in 0..retry::ATTEMPTS {
            if let Some(Failure::Conflict(_) | Failure::Lost(_)) = last {
                sleep(retry::pause(attempt)).await;
            }
            let held = match connection.take() {
                Some(held) => held,
                None => self.pool.connection().await?,
            };
            let result = if attempt < SWAPS {
                self.try_swap(&held, key, requests).await
            } else {
                self.try_locked(&held, key, requests).await
            };
            match result {
                Ok(outcomes) => {
                    *connection = Some(held);
                    self.metrics.applied(outcomes.len());
                    return Ok(outcomes);
                }
                Err(Stop::Missed) => {
                    *connection = Some(held);
                    self.metrics.retries.increment(on_miss);
                }
                Err(Stop::Failed(failure)) => {
                    if failure.keeps_connection() {
                        *connection = Some(held);
                    } else {
                        held.discard();
                    }
                    self.metrics.retries.increment(match failure {
                        Failure::Conflict(_) => on_conflict,
                        Failure::Lost(_) => on_loss,
                        failure => return Err(failure.into()),
                    });
                    last = Some(failure);
                }
                Err(Stop::Open(swap, outcomes, reason)) => {
                    held.discard();
                    return self.find_out(key, &swap, outcomes, reason).await;
                }
            }
        }
        Err(last.map_or(StoreError::Overloaded, StoreError::from))
    }

    /// Reads, applies and swaps, each in a transaction of its own.
    async fn try_swap(&self, connection: &Connection, key: &Key, requests: &[Request]) -> Result<Outcomes, Stop> {
        let entry = read(connection, &READ, key).await?;
        let (outcomes, swap) = self.decide(entry, key, requests);
        let Some(swap) = swap else { return Ok(outcomes) };
        if let Some(id) = &swap.key_id {
            self.recorded.record(connection, id, &self.keys).await?;
        }
        let start = Instant::now();
        match write(connection, key, &swap).await {
            Ok(true) => {
                self.metrics.committed(start.elapsed());
                Ok(outcomes)
            }
            Ok(false) => Err(Stop::Missed),
            Err(Failure::Lost(reason)) => Err(Stop::Open(swap, outcomes, reason)),
            Err(failure) => Err(failure.into()),
        }
    }

    /// The same in a single transaction, which locks the row.
    async fn try_locked(&self, connection: &Connection, key: &Key, requests: &[Request]) -> Result<Outcomes, Stop> {
        connection.run(BEGIN).await?;
        let written = async {
            let entry = read(connection, &LOCK, key).await?;
            let (outcomes, swap) = self.decide(entry, key, requests);
            if let Some(Swap { key_id: Some(id), .. }) = &swap {
                // The transaction may be rolled back, so it is not remembered.
                Recorded::default().record(connection, id, &self.keys).await?;
            }
            let is_written = match &swap {
                Some(swap) => write(connection, key, swap).await?,
                None => true,
            };
            Ok((outcomes, swap, is_written))
        };
        let (outcomes, swap, is_written) = match written.await {
            Ok(written) => written,
            Err(failure) if connection.roll_back(&failure).await => return Err(Stop::Failed(failure)),
            Err(failure) => return Err(Stop::Failed(Failure::Lost(failure.reason().to_owned()))),
        };
        let start = Instant::now();
        match (connection.run("COMMIT").await, swap) {
            (Ok(()), swap) if is_written => {
                if swap.is_some() {
                    self.metrics.committed(start.elapsed());
                }
                Ok(outcomes)
            }
            (Ok(()), _) => Err(Stop::Missed),
            (Err(failure @ Failure::Conflict(_)), _) | (Err(failure), None) => Err(failure.into()),
            // After any of these failures, it may be committed.
            (Err(failure), Some(swap)) => Err(Stop::Open(swap, outcomes, failure.reason().to_owned())),
        }
    }

    /// Applies updates to an agent. Returns the outcomes, and what is to be written.
    fn decide(&self, (old, mut entry): (i64, Entry), key: &Key, requests: &[Request]) -> (Outcomes, Option<Swap>) {
        let (now, mut answered, mut outcomes) = (Timestamp::now(), 0, Vec::new());
        let place = Place::eleven_labs_key(&key.0, &key.1);
        for request in requests {
            answered += entry.size();
            let applied = entry.apply(request.update.clone(), request.if_match.as_ref(), &self.keys, &place, now);
            outcomes.push(applied.map(|(outcome, changed)| {
                if let Some(changed) = changed {
                    entry = changed;
                }
                outcome
            }));
            if answered >= MAX_ANSWERS {
                break;
            }
        }
        let swap = entry.into_change().map(|(agent, Change { document, .. })| {
            let key_id = agent_key_id(&agent.agent).map(str::to_owned);
            Swap { old, version: agent.version.to_sql(), document, key_id }
        });
        (outcomes, swap)
    }

    /// Finds out whether a swap is in effect. The server may still be about to commit it, so the swap is sent again: it
    /// takes effect once at most, since it changes the old version alone.
    async fn find_out(
        &self,
        key: &Key,
        swap: &Swap,
        outcomes: Outcomes,
        reason: String,
    ) -> Result<Outcomes, StoreError> {
        tracing::warn!("a connection to the database was lost during a commit: {reason}");
        self.metrics.open_outcomes.inc();
        let (start, mut attempt) = (Instant::now(), 0);
        while start.elapsed() < PATIENCE {
            sleep(retry::pause(attempt)).await;
            attempt += 1;
            let Ok(connection) = self.pool.connection().await else { continue };
            match is_in_effect(&connection, key, swap).await {
                Ok(Some(true)) => return Ok(outcomes),
                // Another process has changed the agent, before the swap or after it.
                Ok(Some(false)) => break,
                Ok(None) => {}
                Err(failure) if failure.keeps_connection() => {}
                Err(_) => connection.discard(),
            }
        }
        Err(StoreError::OutcomeUnknown(reason.into()))
    }
}

/// Returns whether a swap is in effect, or `None` if another transaction was in the way.
async fn is_in_effect(connection: &Connection, key: &Key, swap: &Swap) -> Result<Option<bool>, Failure> {
    let Some((version, document)) = row(connection, &READ, key).await? else { return Ok(Some(false)) };
    if version == swap.old {
        return Ok(write(connection, key, swap).await?.then_some(true));
    }
    Ok(Some(version == swap.version && document == swap.document))
}

async fn row(connection: &Connection, statement: &Statement, key: &Key) -> Result<Option<(i64, Vec<u8>)>, Failure> {
    let (workspace, id) = (key.0.as_str().as_bytes(), key.1.as_str().as_bytes());
    let row = connection.query_opt(statement, &[&workspace, &id]).await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
}

/// Reads an agent and its version.
async fn read(connection: &Connection, statement: &Statement, key: &Key) -> Result<(i64, Entry), Failure> {
    let row = row(connection, statement, key).await?;
    Ok(row.map_or((0, Entry::Missing), |(version, document)| (version, Entry::read(version, &document))))
}

/// Writes an agent. Returns whether it had the old version.
async fn write(connection: &Connection, key: &Key, swap: &Swap) -> Result<bool, Failure> {
    let (workspace, id) = (key.0.as_str().as_bytes(), key.1.as_str().as_bytes());
    let Swap { old, version, document, key_id } = swap;
    let rows = connection.execute(&WRITE, &[&workspace, &id, old, version, document, key_id]).await?;
    Ok(rows > 0)
}
