//! Access keys in SQLite. Times are microseconds since 1970.

use std::sync::Arc;

use callagent::WorkspaceId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params, types::Type};
use tokio::{sync::Mutex, task::spawn_blocking};

use super::{Access, Location};
use crate::{
    access::{AccessKeyDigest, AccessKeyError, AccessKeyName, AccessKeyRecord},
    error::StoreError,
};

const INSERT: &str =
    "INSERT INTO access_keys (digest, workspace, name, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (workspace, name) DO NOTHING";
const REVOKE: &str = "UPDATE access_keys SET revoked_at = coalesce(revoked_at, ?3) WHERE workspace = ?1 AND name = ?2";
const LIST: &str = "SELECT workspace, name, created_at, expires_at, revoked_at FROM access_keys
    WHERE ?1 IS NULL OR workspace = ?1 ORDER BY workspace, created_at, name";
const FIND: &str = "SELECT workspace, name, created_at, expires_at, revoked_at FROM access_keys WHERE digest = ?1";

/// The access keys of a database.
pub(crate) struct AccessKeys<'s> {
    pub(crate) location: &'s Location,
    pub(crate) reader: &'s Arc<Mutex<Connection>>,
}

impl AccessKeys<'_> {
    /// Stores a key, unless the workspace has one of that name. Returns whether it did.
    pub(crate) async fn insert(
        &self,
        digest: AccessKeyDigest,
        record: AccessKeyRecord,
    ) -> Result<bool, AccessKeyError> {
        self.write(move |connection| insert(connection, &digest, &record)).await
    }

    /// Revokes a key. Returns whether there is one of that name.
    pub(crate) async fn revoke(
        &self,
        workspace: WorkspaceId,
        name: AccessKeyName,
        now: Timestamp,
    ) -> Result<bool, AccessKeyError> {
        self.write(move |connection| revoke(connection, &workspace, &name, now)).await
    }

    pub(crate) async fn list(&self, workspace: Option<WorkspaceId>) -> Result<Vec<AccessKeyRecord>, AccessKeyError> {
        let list = self.read(move |connection| list(connection, workspace.as_ref()));
        list.await.map_err(AccessKeyError::database)
    }

    pub(crate) async fn find(&self, digest: AccessKeyDigest) -> Result<Option<AccessKeyRecord>, StoreError> {
        let find = self.read(move |connection| find(connection, &digest));
        find.await.map_err(|reason| StoreError::Unavailable(reason.into()))
    }

    /// Returns whether there is a key, valid or not.
    pub(crate) async fn any(&self) -> Result<bool, StoreError> {
        let any = self
            .read(|connection| connection.query_row("SELECT EXISTS (SELECT 1 FROM access_keys)", [], |row| row.get(0)));
        any.await.map_err(|reason| StoreError::Unavailable(reason.into()))
    }

    /// Reads. The error is the reason.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let reader = Arc::clone(self.reader).lock_owned().await;
        match spawn_blocking(move || read(&reader)).await {
            Ok(read) => read.map_err(|error| error.to_string()),
            Err(_) => Err("the database cannot be read".to_owned()),
        }
    }

    /// Writes on a connection of its own, so that updates do not wait for it.
    async fn write(
        &self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<bool> + Send + 'static,
    ) -> Result<bool, AccessKeyError> {
        let location = self.location.clone();
        let write = move || write(&location.connect(Access::Write)?).map_err(AccessKeyError::database);
        spawn_blocking(write).await.map_err(AccessKeyError::database)?
    }
}

fn insert(connection: &Connection, digest: &AccessKeyDigest, record: &AccessKeyRecord) -> rusqlite::Result<bool> {
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

fn revoke(
    connection: &Connection,
    workspace: &WorkspaceId,
    name: &AccessKeyName,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let values = params![workspace.as_str().as_bytes(), name.as_str(), now.as_microsecond()];
    Ok(connection.execute(REVOKE, values)? == 1)
}

fn list(connection: &Connection, workspace: Option<&WorkspaceId>) -> rusqlite::Result<Vec<AccessKeyRecord>> {
    let workspace = workspace.map(|workspace| workspace.as_str().as_bytes());
    connection.prepare(LIST)?.query_map([workspace], record)?.collect()
}

fn find(connection: &Connection, digest: &AccessKeyDigest) -> rusqlite::Result<Option<AccessKeyRecord>> {
    connection.prepare_cached(FIND)?.query_row([digest.as_bytes()], record).optional()
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
