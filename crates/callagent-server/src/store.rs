//! The store: agents in a database, updated by any number of callers.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use callagent::{AgentId, IfMatch, UpdateAgent, WorkspaceId};
use prometheus_client::registry::Registry;
use tokio::sync::oneshot;

#[cfg(feature = "postgres")]
use crate::postgres::{self, PostgresConfig};
use crate::{
    checks::Checks,
    decision::Outcome,
    error::{OpenStoreError, STOPPED, StoreError},
    keys::{KeyRing, Place},
    metrics::StoreMetrics,
    rekey::{RekeyError, Rekeyed},
    request::{Job, Request},
    sealing::SealedUpdate,
    sqlite::{self, Access, Location},
};

/// The default of [`StoreOptions::queue`].
const QUEUE: usize = 1024;

/// The default of [`StoreOptions::batch`].
const BATCH: usize = 256;

/// Where agents are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Database {
    /// In memory, until the store is dropped.
    Memory,
    /// In an SQLite file, which is created if there is none.
    File(PathBuf),
    /// In a PostgreSQL database, which any number of processes may use. The tables are created if there are none.
    #[cfg(feature = "postgres")]
    Postgres(PostgresConfig),
}

/// Where the encryption keys come from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum KeySource {
    /// A file, which must exist. See [`KeyRing::read`].
    File(PathBuf),
    /// The file next to the database, named as the database with `.keys` appended. It is created if there is none and
    /// nothing in the database is encrypted. A database in memory gets a key in memory, and a PostgreSQL database has
    /// none.
    NextToDatabase,
    /// These keys.
    Ring(KeyRing),
}

/// Agents in a database.
///
/// Waiting updates are committed together: in SQLite all of them, in PostgreSQL those of an agent. An update that is
/// answered is on disk. Cloning is cheap, and all clones are the same store.
///
/// Dropping the last clone commits the updates that are waiting, without waiting for that; see [`Store::close`].
///
/// ```
/// use callagent::{AgentId, LlmModel, UpdateAgent, WorkspaceId};
/// use callagent_server::{Database, KeySource, Outcome, Store};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = Store::open(&Database::Memory, &KeySource::NextToDatabase)?;
/// let (workspace, agent) = (WorkspaceId::new("acme")?, AgentId::new("a1")?);
/// let update = UpdateAgent::new(LlmModel::Gpt5);
/// assert_eq!(store.update(workspace, agent, update, None).await?, Outcome::NotFound);
/// store.close().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    keys: KeyRing,
    created_keys: Option<PathBuf>,
    backend: Backend,
    options: StoreOptions,
    metrics: StoreMetrics,
    checks: Checks,
}

pub(crate) enum Backend {
    Sqlite(sqlite::Backend),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Backend),
}

/// Options of a store.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    pub(crate) queue: usize,
    pub(crate) batch: usize,
}

impl StoreOptions {
    /// Sets the maximum number of waiting updates; further ones fail with [`StoreError::Overloaded`]. The default is 1024.
    #[must_use]
    pub fn queue(self, queue: usize) -> Self {
        StoreOptions { queue: queue.max(1), ..self }
    }

    /// Sets the maximum number of updates that are committed at once, in PostgreSQL for an agent. The default is 256.
    #[must_use]
    pub fn batch(self, batch: usize) -> Self {
        StoreOptions { batch: batch.max(1), ..self }
    }

    /// Opens a store.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub fn open(self, database: &Database, keys: &KeySource) -> Result<Store, OpenStoreError> {
        let metrics = StoreMetrics::new();
        let sqlite = |location| {
            let (backend, keys, created_keys) = sqlite::Backend::open(location, keys, self, &metrics)?;
            Ok((Backend::Sqlite(backend), keys, created_keys))
        };
        let (backend, keys, created_keys) = match database {
            Database::Memory => sqlite(Location::memory()),
            Database::File(path) => sqlite(Location::file(path)?),
            #[cfg(feature = "postgres")]
            Database::Postgres(config) => {
                let (backend, keys) = postgres::Backend::open(config, keys, self, &metrics)?;
                Ok((Backend::Postgres(backend), keys, None))
            }
        }?;
        Ok(Store(Arc::new(Inner { keys, created_keys, backend, options: self, metrics, checks: Checks::default() })))
    }
}

impl Default for StoreOptions {
    fn default() -> Self {
        StoreOptions { queue: QUEUE, batch: BATCH }
    }
}

impl Store {
    /// Opens a store, and starts the threads that write. It blocks the thread. See [`StoreOptions`].
    ///
    /// # Errors
    /// If the database cannot be opened or belongs to another program, a setting of SQLite that durability rests on has no
    /// effect, or the encryption keys cannot be read or are not those of the database.
    pub fn open(database: &Database, keys: &KeySource) -> Result<Self, OpenStoreError> {
        StoreOptions::default().open(database, keys)
    }

    /// Returns the file of encryption keys that opening the store has created.
    #[must_use]
    pub fn created_keys(&self) -> Option<&Path> {
        self.0.created_keys.as_deref()
    }

    /// Returns the encryption keys.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// Updates an agent. The outcome is durable when it is returned.
    ///
    /// A key in the update is sealed. Where it is the stored one, plain or sealed, the stored one is kept. Once queued, an
    /// update is applied even if the returned future is dropped.
    ///
    /// # Errors
    /// If the update is not applied, or it is unknown whether it is; see [`StoreError`].
    pub async fn update(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
        update: UpdateAgent,
        if_match: Option<IfMatch>,
    ) -> Result<Outcome, StoreError> {
        let outcome = self.try_update(workspace, agent, update, if_match).await;
        outcome.inspect_err(|error| self.0.metrics.failed(error))
    }

    async fn try_update(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
        update: UpdateAgent,
        if_match: Option<IfMatch>,
    ) -> Result<Outcome, StoreError> {
        let update = SealedUpdate::new(update, &self.0.keys, &Place::eleven_labs_key(&workspace, &agent))?;
        let (answer, outcome) = oneshot::channel();
        let job = Job { request: Request { workspace, agent, update, if_match }, answer };
        match self.backend() {
            Backend::Sqlite(backend) => backend.enqueue(job),
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => backend.enqueue(job),
        }?;
        outcome.await.unwrap_or_else(|_| Err(StoreError::OutcomeUnknown(STOPPED.into())))
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.0.backend
    }

    /// Returns the kind of the database in metrics.
    pub(crate) fn database_name(&self) -> &'static str {
        match self.backend() {
            Backend::Sqlite(backend) => backend.location().kind(),
            #[cfg(feature = "postgres")]
            Backend::Postgres(_) => "postgresql",
        }
    }

    /// Adds the metrics of the store to those of a server.
    pub(crate) fn register_metrics(&self, registry: &mut Registry) {
        self.0.metrics.register(registry, self.0.options.queue);
        match self.backend() {
            Backend::Sqlite(_) => {}
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => {
                self.0.metrics.register_postgres(registry);
                backend.register_metrics(registry);
            }
        }
    }

    /// Seals the keys of all agents with the first encryption key, in small transactions next to those of other processes.
    /// It blocks the thread. `progress` is called with the number of agents after each transaction.
    ///
    /// An agent whose key is sealed again has a new version, since its response changes. An encryption key that nothing is
    /// sealed with any more can be removed from the ring.
    ///
    /// # Errors
    /// If the database cannot be written. What is done stays done.
    pub fn rekey(&self, progress: impl FnMut(u64)) -> Result<Rekeyed, RekeyError> {
        match self.backend() {
            Backend::Sqlite(backend) => {
                let mut connection = backend.location().connect(Access::Write).map_err(RekeyError::new)?;
                sqlite::rekey(&mut connection, self.keys(), progress).map_err(RekeyError::new)
            }
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => {
                let session = postgres::Session::open(backend.config()).map_err(RekeyError::new)?;
                postgres::rekey(&session, self.keys(), progress).map_err(RekeyError::new)
            }
        }
    }

    /// Checks that the store takes updates and that the database can be read. Concurrent calls share a single query of the
    /// database.
    ///
    /// # Errors
    /// If it does not, or cannot, or the database does not answer within 2 seconds.
    pub async fn check(&self) -> Result<(), StoreError> {
        let store = self.clone();
        let check = async move {
            match store.backend() {
                Backend::Sqlite(backend) => backend.check().await,
                #[cfg(feature = "postgres")]
                Backend::Postgres(backend) => backend.check().await,
            }
        };
        self.0.checks.run(check).await
    }

    /// Waits until the store has stopped taking updates.
    ///
    /// # Errors
    /// If it failed, as SQLite does. The process must then start again: a sync that failed is not repeated, since the
    /// operating system may have dropped the data.
    pub async fn stopped(&self) -> Result<(), StoreError> {
        match self.backend() {
            Backend::Sqlite(backend) => backend.stopped().await,
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => backend.stopped().await,
        }
    }

    /// Closes the store: refuses further updates, commits those that are waiting, and waits for that.
    ///
    /// # Errors
    /// If the store has failed.
    pub async fn close(&self) -> Result<(), StoreError> {
        match self.backend() {
            Backend::Sqlite(backend) => backend.close(),
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => backend.close(),
        }
        self.stopped().await
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("Store");
        match self.backend() {
            Backend::Sqlite(backend) => out.field("location", backend.location()).field("state", &backend.state()),
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => out.field("database", backend.config()),
        };
        out.field("keys", self.keys()).finish_non_exhaustive()
    }
}
