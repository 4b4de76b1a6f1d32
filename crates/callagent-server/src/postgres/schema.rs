//! The tables, and their versions.

use std::time::Duration;

use tokio_postgres::types::Type;

use super::{
    connection::{Connection, Statement},
    failure::Failure,
    retry,
};
use crate::error::OpenStoreErrorKind;

/// The statements that lead from each schema version to the next. They can be repeated, since not every engine has tables
/// in transactions.
const MIGRATIONS: &[&[&str]] = &[&[
    "CREATE TABLE IF NOT EXISTS agents (
        workspace bytea NOT NULL,
        id bytea NOT NULL,
        version bigint NOT NULL,
        document bytea NOT NULL,
        key_id text,
        PRIMARY KEY (workspace, id)
    )",
    // The encryption keys that the keys of agents are sealed with.
    "CREATE INDEX IF NOT EXISTS sealed_agents ON agents (key_id, workspace, id) WHERE key_id IS NOT NULL",
    // The encryption keys in use, each with a value that it sealed.
    "CREATE TABLE IF NOT EXISTS encryption_keys (id text NOT NULL PRIMARY KEY, proof text NOT NULL)",
    // Times are microseconds since 1970.
    "CREATE TABLE IF NOT EXISTS access_keys (
        digest bytea NOT NULL PRIMARY KEY,
        workspace bytea NOT NULL,
        name text NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint,
        revoked_at bigint,
        UNIQUE (workspace, name)
    )",
]];

/// Queries of the tables that must not exist before the first migration.
const TABLES: [Statement; 3] = [
    Statement::new("SELECT 1 FROM agents LIMIT 1", &[]),
    Statement::new("SELECT 1 FROM encryption_keys LIMIT 1", &[]),
    Statement::new("SELECT 1 FROM access_keys LIMIT 1", &[]),
];

/// The row that has the version, and is locked by a migration. Not every engine has advisory locks.
const CREATE: &str =
    "CREATE TABLE IF NOT EXISTS callagent_schema (id bigint NOT NULL PRIMARY KEY, version bigint NOT NULL)";
const INSERT: Statement =
    Statement::new("INSERT INTO callagent_schema (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING", &[]);
const READ: Statement = Statement::new("SELECT version FROM callagent_schema WHERE id = 1", &[]);
const LOCK: Statement = Statement::new("SELECT version FROM callagent_schema WHERE id = 1 FOR UPDATE", &[]);
const UPDATE: Statement = Statement::new("UPDATE callagent_schema SET version = $1 WHERE id = 1", &[Type::INT8]);

/// Brings the tables to the current schema. Any number of processes may do so at once.
pub(super) async fn migrate(connection: &Connection) -> Result<(), OpenStoreErrorKind> {
    for attempt in 0..retry::ATTEMPTS {
        match try_migrate(connection).await {
            Ok(done) => return done,
            Err(Failure::Conflict(_)) => tokio::time::sleep(retry::pause(attempt) + Duration::from_millis(10)).await,
            Err(failure) => return Err(failure.into()),
        }
    }
    Err(OpenStoreErrorKind::Postgres("other processes keep the tables locked".to_owned()))
}

/// Requires the current schema.
pub(super) async fn require(connection: &Connection) -> Result<(), OpenStoreErrorKind> {
    match version(connection).await? {
        Some(version) if version == current() => Ok(()),
        Some(version) if version > current() => Err(OpenStoreErrorKind::Newer(version)),
        _ => Err(OpenStoreErrorKind::Foreign),
    }
}

async fn try_migrate(connection: &Connection) -> Result<Result<(), OpenStoreErrorKind>, Failure> {
    match version(connection).await? {
        Some(version) if version == current() => return Ok(Ok(())),
        Some(version) if version > current() => return Ok(Err(OpenStoreErrorKind::Newer(version))),
        Some(_) => {}
        None => {
            if has_tables(connection).await? && version(connection).await?.is_none() {
                return Ok(Err(OpenStoreErrorKind::Foreign));
            }
            connection.run(CREATE).await.map_err(raced)?;
            connection.execute(&INSERT, &[]).await.map_err(raced)?;
        }
    }
    connection.run("BEGIN").await?;
    match apply(connection).await {
        Ok(()) => Ok(Ok(())),
        Err(failure) => {
            connection.roll_back(&failure).await;
            Err(failure)
        }
    }
}

fn current() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Applies the missing migrations in a transaction that has begun. Other processes wait for it.
async fn apply(connection: &Connection) -> Result<(), Failure> {
    let row = connection.query_opt(&LOCK, &[]).await?;
    let version: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
    let done = usize::try_from(version).unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(done) {
        for statement in *migration {
            connection.run(statement).await.map_err(raced)?;
        }
    }
    if version < current() {
        connection.execute(&UPDATE, &[&current()]).await?;
    }
    connection.run("COMMIT").await
}

/// Returns the version of the schema, if there is one.
async fn version(connection: &Connection) -> Result<Option<i64>, Failure> {
    match connection.query_opt(&READ, &[]).await {
        Ok(None) | Err(Failure::MissingTable(_)) => Ok(None),
        Ok(Some(row)) => Ok(Some(row.try_get(0)?)),
        Err(failure) => Err(failure),
    }
}

async fn has_tables(connection: &Connection) -> Result<bool, Failure> {
    for table in &TABLES {
        match connection.query_opt(table, &[]).await {
            Ok(_) => return Ok(true),
            Err(Failure::MissingTable(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(false)
}

/// Two processes that create a table at once see errors of the catalog: the table, its type or its name exists.
fn raced(failure: Failure) -> Failure {
    match failure {
        Failure::Exists(reason) => Failure::Conflict(reason),
        failure => failure,
    }
}

impl From<Failure> for OpenStoreErrorKind {
    fn from(failure: Failure) -> Self {
        OpenStoreErrorKind::Postgres(failure.to_string())
    }
}
