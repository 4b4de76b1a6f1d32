//! Access keys in SQLite. Times are microseconds since 1970.

use callagent::WorkspaceId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params, types::Type};

use crate::access::{AccessKeyDigest, AccessKeyName, AccessKeyRecord};

const INSERT: &str =
    "INSERT INTO access_keys (digest, workspace, name, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (workspace, name) DO NOTHING";
const REVOKE: &str = "UPDATE access_keys SET revoked_at = coalesce(revoked_at, ?3) WHERE workspace = ?1 AND name = ?2";
const LIST: &str = "SELECT workspace, name, created_at, expires_at, revoked_at FROM access_keys
    WHERE ?1 IS NULL OR workspace = ?1 ORDER BY workspace, created_at, name";
const FIND: &str = "SELECT workspace, name, created_at, expires_at, revoked_at FROM access_keys WHERE digest = ?1";

/// Stores a key, unless the workspace has one of that name. Returns whether it did.
pub(crate) fn insert(
    connection: &Connection,
    digest: &AccessKeyDigest,
    record: &AccessKeyRecord,
) -> rusqlite::Result<bool> {
    let AccessKeyRecord { workspace, name, created_at, expires_at, .. } = record;
    let expires_at = expires_at.map(Timestamp::as_microsecond);
    let values = params![
        digest.as_bytes(),
        workspace.as_str().as_bytes(),
        name.as_str(),
        created_at.as_microsecond(),
        expires_at
    ];
    Ok(connection.execute(INSERT, values)? == 1)
}

/// Revokes a key. Returns whether there is one of that name.
pub(crate) fn revoke(
    connection: &Connection,
    workspace: &WorkspaceId,
    name: &AccessKeyName,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let values = params![workspace.as_str().as_bytes(), name.as_str(), now.as_microsecond()];
    Ok(connection.execute(REVOKE, values)? == 1)
}

pub(crate) fn list(connection: &Connection, workspace: Option<&WorkspaceId>) -> rusqlite::Result<Vec<AccessKeyRecord>> {
    let workspace = workspace.map(|workspace| workspace.as_str().as_bytes());
    connection.prepare(LIST)?.query_map([workspace], record)?.collect()
}

pub(crate) fn find(connection: &Connection, digest: &AccessKeyDigest) -> rusqlite::Result<Option<AccessKeyRecord>> {
    connection.prepare_cached(FIND)?.query_row([digest.as_bytes()], record).optional()
}

/// Returns whether there is a key, valid or not.
pub(crate) fn any(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM access_keys)", [], |row| row.get(0))
}

fn record(row: &Row<'_>) -> rusqlite::Result<AccessKeyRecord> {
    let workspace = String::from_utf8_lossy(row.get_ref(0)?.as_blob()?).into_owned();
    let workspace = WorkspaceId::new(workspace)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, error.into()))?;
    let name = row.get_ref(1)?.as_str()?.parse::<AccessKeyName>();
    let name = name.map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, error.into()))?;
    let time = |column: usize| row.get::<_, Option<i64>>(column)?.map(|time| timestamp(column, time)).transpose();
    let created_at = timestamp(2, row.get(2)?)?;
    Ok(AccessKeyRecord { workspace, name, created_at, expires_at: time(3)?, revoked_at: time(4)? })
}

fn timestamp(column: usize, microseconds: i64) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(microseconds)
        .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, microseconds))
}
