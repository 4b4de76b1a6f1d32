//! Access keys in PostgreSQL. Times are microseconds since 1970.

use std::{error::Error, sync::Arc};

use callagent::WorkspaceId;
use jiff::Timestamp;
use tokio::time::sleep;
use tokio_postgres::{
    Row,
    types::{ToSql, Type},
};

use super::{Shared, connection::Statement, failure::Failure, retry};
use crate::{
    access::{AccessKeyDigest, AccessKeyName, AccessKeyRecord},
    error::STOPPED,
};

const INSERT: Statement = Statement::new(
    "INSERT INTO access_keys (digest, workspace, name, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (workspace, name) DO NOTHING RETURNING 1",
    &[Type::BYTEA, Type::BYTEA, Type::TEXT, Type::INT8, Type::INT8],
);
const REVOKE: Statement = Statement::new(
    "UPDATE access_keys SET revoked_at = coalesce(revoked_at, $3) WHERE workspace = $1 AND name = $2 RETURNING 1",
    &[Type::BYTEA, Type::TEXT, Type::INT8],
);
const LIST: Statement = Statement::new(
    "SELECT workspace, name, created_at, expires_at, revoked_at FROM access_keys
     WHERE $1::bytea IS NULL OR workspace = $1 ORDER BY workspace, created_at, name",
    &[Type::BYTEA],
);
const FIND: Statement = Statement::new(
    "SELECT workspace, name, created_at, expires_at, revoked_at FROM access_keys WHERE digest = $1",
    &[Type::BYTEA],
);
const ANY: Statement = Statement::new("SELECT 1 FROM access_keys LIMIT 1", &[]);

/// The access keys of a database.
pub(crate) struct AccessKeys {
    pub(super) shared: Arc<Shared>,
    pub(super) runtime: tokio::runtime::Handle,
}

type Parameter = Box<dyn ToSql + Send + Sync>;

impl AccessKeys {
    /// Stores a key, unless the workspace has one of that name. Returns whether it did.
    pub(crate) async fn insert(&self, digest: AccessKeyDigest, record: AccessKeyRecord) -> Result<bool, Failure> {
        let AccessKeyRecord { workspace, name, created_at, expires_at, .. } = record;
        let parameters: Vec<Parameter> = vec![
            Box::new(digest.as_bytes().to_vec()),
            Box::new(bytes(&workspace)),
            Box::new(name.as_str().to_owned()),
            Box::new(created_at.as_microsecond()),
            Box::new(expires_at.map(Timestamp::as_microsecond)),
        ];
        Ok(!self.query(&INSERT, parameters).await?.is_empty())
    }

    /// Revokes a key. Returns whether there is one of that name.
    pub(crate) async fn revoke(
        &self,
        workspace: WorkspaceId,
        name: AccessKeyName,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let parameters: Vec<Parameter> =
            vec![Box::new(bytes(&workspace)), Box::new(name.as_str().to_owned()), Box::new(now.as_microsecond())];
        Ok(!self.query(&REVOKE, parameters).await?.is_empty())
    }

    pub(crate) async fn list(&self, workspace: Option<WorkspaceId>) -> Result<Vec<AccessKeyRecord>, Failure> {
        let rows = self.query(&LIST, vec![Box::new(workspace.as_ref().map(bytes))]).await?;
        rows.iter().map(record).collect()
    }

    pub(crate) async fn find(&self, digest: AccessKeyDigest) -> Result<Option<AccessKeyRecord>, Failure> {
        let rows = self.query(&FIND, vec![Box::new(digest.as_bytes().to_vec())]).await?;
        rows.first().map(record).transpose()
    }

    /// Returns whether there is a key, valid or not.
    pub(crate) async fn any(&self) -> Result<bool, Failure> {
        Ok(!self.query(&ANY, Vec::new()).await?.is_empty())
    }

    /// Runs a statement on the runtime of the connections, again where other transactions are in the way.
    async fn query(&self, statement: &'static Statement, parameters: Vec<Parameter>) -> Result<Vec<Row>, Failure> {
        let shared = Arc::clone(&self.shared);
        let queried = self.runtime.spawn(async move {
            let parameters: Vec<&(dyn ToSql + Sync)> =
                parameters.iter().map(|parameter| &**parameter as &(dyn ToSql + Sync)).collect();
            for attempt in 0..retry::ATTEMPTS {
                let connection = shared.swapper.pool.connection().await?;
                match connection.query(statement, &parameters).await {
                    Err(Failure::Conflict(_)) => sleep(retry::pause(attempt)).await,
                    Err(failure) if !failure.keeps_connection() => {
                        connection.discard();
                        return Err(failure);
                    }
                    result => return result,
                }
            }
            Err(Failure::Busy("other transactions are in the way again and again".to_owned()))
        });
        queried.await.unwrap_or_else(|_| Err(Failure::Lost(STOPPED.to_owned())))
    }
}

fn bytes(workspace: &WorkspaceId) -> Vec<u8> {
    workspace.as_str().as_bytes().to_vec()
}

fn record(row: &Row) -> Result<AccessKeyRecord, Failure> {
    let refused = |error: &dyn Error| Failure::Refused(format!("an access key is damaged: {error}"));
    let workspace = String::from_utf8(row.try_get(0)?).map_err(|error| refused(&error))?;
    let workspace = WorkspaceId::new(workspace).map_err(|error| refused(&error))?;
    let name = row.try_get::<_, &str>(1)?.parse::<AccessKeyName>().map_err(|error| refused(&error))?;
    let timestamp = |time: i64| Timestamp::from_microsecond(time).map_err(|error| refused(&error));
    let time = |column: usize| row.try_get::<_, Option<i64>>(column)?.map(timestamp).transpose();
    let created_at = timestamp(row.try_get(2)?)?;
    Ok(AccessKeyRecord { workspace, name, created_at, expires_at: time(3)?, revoked_at: time(4)? })
}
