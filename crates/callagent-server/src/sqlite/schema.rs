//! The tables, and their versions.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::OpenStoreErrorKind;

/// Marks a file as a database of callagent: "call" in ASCII.
const APPLICATION_ID: i64 = 0x6361_6c6c;

/// The statements that lead from each schema version to the next.
///
/// The agents have row ids: an agent of 1 to 4 KB then changes one page of a leaf. Without them it changes two, since a row
/// of such a table keeps at most 1 KB in its leaf. Measured with agents of 1.2 KB: 4,098 instead of 8,182 bytes of log and
/// 22 instead of 48 µs per update.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE agents (
        workspace BLOB NOT NULL,
        id BLOB NOT NULL,
        version INTEGER NOT NULL,
        document BLOB NOT NULL,
        -- The encryption key that the key of the agent is sealed with.
        key_id TEXT,
        PRIMARY KEY (workspace, id)
    ) STRICT;
    CREATE INDEX sealed_agents ON agents (key_id, workspace, id) WHERE key_id IS NOT NULL;
    -- The encryption keys in use, each with a value that it sealed.
    CREATE TABLE encryption_keys (id TEXT NOT NULL PRIMARY KEY, proof TEXT NOT NULL) STRICT, WITHOUT ROWID;
",
    "
    -- Times are microseconds since 1970. A name is never used again, and no row is ever removed.
    CREATE TABLE access_keys (
        digest BLOB NOT NULL PRIMARY KEY,
        workspace BLOB NOT NULL,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER,
        UNIQUE (workspace, name)
    ) STRICT;
",
];

/// A single statement, which sees a single state while another process creates the tables.
const INSPECT: &str = "
    SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
    FROM pragma_application_id, pragma_user_version
";

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Empty,
    Version(usize),
}

/// Determines what a file is, without a change to it.
pub(super) fn inspect(connection: &Connection) -> Result<State, OpenStoreErrorKind> {
    let (application, version, tables): (i64, i64, i64) =
        connection.query_row(INSPECT, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    match (application, usize::try_from(version)) {
        (APPLICATION_ID, Ok(known)) if known <= MIGRATIONS.len() => Ok(State::Version(known)),
        (APPLICATION_ID, _) => Err(OpenStoreErrorKind::Newer(version)),
        (0, Ok(0)) if tables == 0 => Ok(State::Empty),
        _ => Err(OpenStoreErrorKind::Foreign),
    }
}

/// Requires the current schema.
pub(super) fn require(state: State) -> Result<(), OpenStoreErrorKind> {
    match state {
        State::Version(current) if current == MIGRATIONS.len() => Ok(()),
        State::Version(_) => Err(OpenStoreErrorKind::Older),
        State::Empty => Err(OpenStoreErrorKind::Foreign),
    }
}

/// Brings the tables to the current schema.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenStoreErrorKind> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have migrated in the meantime.
    let current = match inspect(&transaction)? {
        State::Empty => 0,
        State::Version(version) => version,
    };
    if current < MIGRATIONS.len() {
        for migration in MIGRATIONS.iter().skip(current) {
            transaction.execute_batch(migration)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    }
    transaction.commit()?;
    Ok(())
}
