//! Imports and exports, which block their thread.

use std::{collections::HashSet, pin::Pin, sync::Arc};

use callagent::WorkspaceId;
use futures_util::TryStreamExt as _;
use tokio_postgres::{Row, RowStream, types::Type};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    background::Background,
    config::PostgresConfig,
    connection::{Connection, Pool, Statement},
    failure::Failure,
    proofs::Recorded,
    retry, schema,
    settings::{Found, Limits},
    tls,
};
use crate::{
    error::{OpenStoreError, OpenStoreErrorKind, STOPPED},
    keys::KeyRing,
};

/// The size of documents that are sent or received at once, and their number.
const CHUNK: usize = 1 << 20;
const ROWS: usize = 500;

const INSERT: Statement = Statement::new(
    "INSERT INTO agents (workspace, id, version, document, key_id)
     SELECT $1, staged.id, $2, staged.document, staged.key_id FROM unnest($3, $4, $5) AS staged (id, document, key_id)
     ON CONFLICT (workspace, id) DO NOTHING RETURNING id",
    &[Type::BYTEA, Type::INT8, Type::BYTEA_ARRAY, Type::BYTEA_ARRAY, Type::TEXT_ARRAY],
);
const REPLACE: Statement = Statement::new(
    "INSERT INTO agents (workspace, id, version, document, key_id)
     SELECT $1, staged.id, $2, staged.document, staged.key_id FROM unnest($3, $4, $5) AS staged (id, document, key_id)
     ON CONFLICT (workspace, id) DO UPDATE SET
     version = greatest(excluded.version, agents.version + 1), document = excluded.document, key_id = excluded.key_id
     RETURNING id",
    &[Type::BYTEA, Type::INT8, Type::BYTEA_ARRAY, Type::BYTEA_ARRAY, Type::TEXT_ARRAY],
);
const SELECT: Statement = Statement::new(
    "SELECT workspace, id, document FROM agents WHERE $1::bytea IS NULL OR workspace = $1 ORDER BY workspace, id",
    &[Type::BYTEA],
);

/// A connection without limits of time, and the settings of the database.
pub(super) struct Connected {
    pub(super) connection: Connection,
    found: Found,
    tls: MakeRustlsConnect,
}

/// Connects, and reads the settings.
pub(super) async fn connect(config: &PostgresConfig) -> Result<Connected, Failure> {
    let tls = tls::connector(config).map_err(Failure::Refused)?;
    let pool = |options| Pool::new(config, 1, Limits::TRANSFER, options, tls.clone());
    let connection = pool(None)?.connection().await?;
    let found = Found::read(&connection).await?;
    let connected = Connected { connection, found, tls: tls.clone() };
    match connected.options(config, Limits::TRANSFER) {
        None => Ok(connected),
        Some(options) => Ok(Connected { connection: pool(Some(&options))?.connection().await?, ..connected }),
    }
}

impl Connected {
    /// Creates the connections of updates.
    pub(super) fn pool(&self, config: &PostgresConfig) -> Result<Pool, Failure> {
        let options = self.options(config, Limits::UPDATE);
        Pool::new(config, config.connections(), Limits::UPDATE, options.as_deref(), self.tls.clone())
    }

    /// Returns the options of connections. A pooler in transaction mode forwards none.
    fn options(&self, config: &PostgresConfig, limits: Limits) -> Option<String> {
        (!config.is_pooled()).then(|| self.found.options(limits))
    }
}

/// A connection for an import or an export.
pub(crate) struct Session {
    background: Background,
    connection: Arc<Connection>,
}

/// An agent to import.
pub(crate) struct Staged {
    pub(crate) id: Vec<u8>,
    pub(crate) document: Vec<u8>,
    /// The id of the encryption key that its key is sealed with.
    pub(crate) key_id: Option<String>,
}

impl Session {
    /// Connects to a database that has the current schema.
    pub(crate) fn open(config: &PostgresConfig) -> Result<Self, OpenStoreError> {
        let open = || {
            let background = Background::start(Some(1)).map_err(OpenStoreErrorKind::Thread)?;
            let owned = config.clone();
            let connected = background.run(async move {
                let connected = connect(&owned).await?;
                schema::require(&connected.connection).await?;
                Ok::<_, OpenStoreErrorKind>(connected)
            });
            let connected = connected.map_err(|_| OpenStoreErrorKind::Postgres(STOPPED.to_owned()))??;
            Ok(Session { background, connection: Arc::new(connected.connection) })
        };
        open().map_err(|kind| OpenStoreError { database: config.to_string(), kind })
    }

    pub(super) fn run<T: Send + 'static, F: Future<Output = Result<T, Failure>> + Send + 'static>(
        &self,
        work: impl FnOnce(Arc<Connection>) -> F,
    ) -> Result<T, Failure> {
        let work = work(Arc::clone(&self.connection));
        self.background.run(work).unwrap_or_else(|_| Err(Failure::Lost(STOPPED.to_owned())))
    }

    /// Runs a transaction, again where other transactions are in the way. It is rolled back if it fails or returns an inner
    /// error.
    pub(crate) fn transaction<E>(
        &self,
        begin: &'static str,
        mut work: impl FnMut(&Self) -> Result<Result<(), E>, Failure>,
    ) -> Result<Result<(), E>, Failure> {
        let mut attempt = 0;
        loop {
            self.run(|connection| async move { connection.run(begin).await })?;
            let failure = match work(self) {
                Ok(Ok(())) => match self.run(|connection| async move { connection.run("COMMIT").await }) {
                    Ok(()) => return Ok(Ok(())),
                    Err(failure) => failure,
                },
                Ok(Err(error)) => {
                    self.run(|connection| async move { connection.run("ROLLBACK").await })?;
                    return Ok(Err(error));
                }
                Err(failure) => failure,
            };
            attempt += 1;
            if !matches!(failure, Failure::Conflict(_)) || attempt == retry::ATTEMPTS {
                return Err(failure);
            }
            self.run(move |connection| async move {
                connection.run("ROLLBACK").await?;
                tokio::time::sleep(retry::pause(attempt)).await;
                Ok(())
            })?;
        }
    }

    /// Records encryption keys in the transaction that stores values sealed with them.
    pub(crate) fn record(&self, ids: &HashSet<String>, keys: &KeyRing) -> Result<(), Failure> {
        let (ids, keys) = (ids.clone(), keys.clone());
        self.run(|connection| async move {
            let recorded = Recorded::default();
            for id in ids {
                recorded.record(&connection, &id, &keys).await?;
            }
            Ok(())
        })
    }

    /// Inserts agents, or replaces them. Returns the index of the first one that exists and is not to be replaced.
    pub(crate) fn insert(
        &self,
        workspace: &WorkspaceId,
        version: i64,
        agents: Vec<Staged>,
        replace: bool,
    ) -> Result<Option<usize>, Failure> {
        let workspace = workspace.as_str().as_bytes().to_owned();
        self.run(move |connection| async move {
            let (mut ids, mut documents, mut key_ids) = (Vec::new(), Vec::new(), Vec::new());
            for Staged { id, document, key_id } in agents {
                ids.push(id);
                documents.push(document);
                key_ids.push(key_id);
            }
            let statement = if replace { &REPLACE } else { &INSERT };
            let rows = connection.query(statement, &[&workspace, &version, &ids, &documents, &key_ids]).await?;
            let inserted: Result<HashSet<&[u8]>, _> = rows.iter().map(|row| row.try_get(0)).collect();
            let inserted = inserted?;
            Ok(ids.iter().position(|id| !inserted.contains(id.as_slice())))
        })
    }

    /// Calls a function with the agents of a workspace, or of all of them, as they are at one moment. It is called for some
    /// of them at a time.
    pub(crate) fn export<E>(
        &self,
        workspace: Option<&WorkspaceId>,
        mut each: impl FnMut(&[u8], &[u8], &[u8]) -> Result<(), E>,
    ) -> Result<Result<(), E>, Failure> {
        let (mut has_begun, mut stopped) = (false, None);
        // A transaction that reads a single state never waits, and never makes others wait.
        let exported = self.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", |session| {
            let workspace = workspace.map(|workspace| workspace.as_str().as_bytes().to_owned());
            let rows = session.run(|connection| async move { connection.stream(&SELECT, &[&workspace]).await });
            let mut rest = Some(Box::pin(rows?));
            while let Some(rows) = rest {
                let (chunk, next) = match session.run(|_| next_chunk(rows)) {
                    // What is written cannot be taken back.
                    Err(Failure::Conflict(reason)) if has_begun => return Err(Failure::Refused(reason)),
                    chunk => chunk?,
                };
                for row in &chunk {
                    has_begun = true;
                    if let Err(error) = each(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?) {
                        stopped = Some(error);
                        // The rest may be long.
                        return Err(Failure::Lost("the export is stopped".to_owned()));
                    }
                }
                rest = next;
            }
            Ok(Ok::<_, E>(()))
        });
        stopped.map_or(exported, |error| Ok(Err(error)))
    }
}

/// Returns whether more agents may be added to those that are sent or received at once.
pub(crate) fn has_room(agents: usize, bytes: usize) -> bool {
    agents < ROWS && bytes < CHUNK
}

type Rows = Pin<Box<RowStream>>;

/// Returns some of the rows, and the rest if there is one.
async fn next_chunk(mut rows: Rows) -> Result<(Vec<Row>, Option<Rows>), Failure> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    while has_room(chunk.len(), bytes) {
        let Some(row) = rows.try_next().await? else { return Ok((chunk, None)) };
        bytes += row.try_get::<_, &[u8]>(2)?.len();
        chunk.push(row);
    }
    Ok((chunk, Some(rows)))
}
