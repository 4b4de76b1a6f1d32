//! The store: agents in a database, updated by any number of callers.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, mpsc},
};

use callagent::{AgentId, IfMatch, UpdateAgent, WorkspaceId};
use rusqlite::Connection;
use tokio::sync::{Mutex, oneshot, watch};

use crate::{
    decision::Outcome,
    error::{OpenStoreError, OpenStoreErrorKind, StoreError},
    keys::{KeyRing, Place},
    rekey::{RekeyError, Rekeyed},
    sealing::SealedUpdate,
    sqlite::{self, Access, Job, Location, Request, State},
};

/// The default of [`StoreOptions::queue`].
const QUEUE: usize = 1024;

/// The default of [`StoreOptions::batch`].
const BATCH: usize = 256;

const STOPPED: &str = "the writer has stopped";

/// Where agents are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Database {
    /// In memory, until the store is dropped.
    Memory,
    /// In an SQLite file, which is created if there is none.
    File(PathBuf),
}

/// Where the encryption keys come from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum KeySource {
    /// A file, which must exist. See [`KeyRing::read`].
    File(PathBuf),
    /// The file next to the database, named as the database with `.keys` appended. It is created if there is none and
    /// nothing in the database is encrypted. A database in memory gets a key in memory.
    NextToDatabase,
    /// These keys.
    Ring(KeyRing),
}

/// Agents in a database.
///
/// Updates are committed in groups by a thread of the store. An update that is answered is on disk. Cloning is cheap, and
/// all clones are the same store.
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
    location: Location,
    keys: KeyRing,
    created_keys: Option<PathBuf>,
    /// `None` once the store is closed.
    queue: RwLock<Option<mpsc::SyncSender<Job>>>,
    state: watch::Receiver<State>,
    reader: Arc<Mutex<Connection>>,
}

/// Options of a store.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    queue: usize,
    batch: usize,
}

impl StoreOptions {
    /// Sets the maximum number of waiting updates; further ones fail with [`StoreError::Overloaded`]. The default is 1024.
    #[must_use]
    pub fn queue(self, queue: usize) -> Self {
        StoreOptions { queue: queue.max(1), ..self }
    }

    /// Sets the maximum number of updates that are committed at once. The default is 256.
    #[must_use]
    pub fn batch(self, batch: usize) -> Self {
        StoreOptions { batch: batch.max(1), ..self }
    }

    /// Opens a store.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub fn open(self, database: &Database, keys: &KeySource) -> Result<Store, OpenStoreError> {
        let location = match database {
            Database::Memory => Location::memory(),
            Database::File(path) => Location::file(path)?,
        };
        let writer = location.connect(Access::Write)?;
        let open = || {
            let (keys, created_keys) = find_keys(keys, &location, &writer)?;
            sqlite::check_keys(&writer, &keys)?;
            Ok((keys, created_keys))
        };
        let (keys, created_keys) = open().map_err(|kind: OpenStoreErrorKind| location.error(kind))?;
        let reader = location.connect(Access::Read)?;
        let (queue, jobs) = mpsc::sync_channel(self.queue);
        let state = sqlite::start(writer, keys.clone(), self.batch, jobs)
            .map_err(|error| location.error(OpenStoreErrorKind::Thread(error)))?;
        let (queue, reader) = (RwLock::new(Some(queue)), Arc::new(Mutex::new(reader)));
        Ok(Store(Arc::new(Inner { location, keys, created_keys, queue, state, reader })))
    }
}

impl Default for StoreOptions {
    fn default() -> Self {
        StoreOptions { queue: QUEUE, batch: BATCH }
    }
}

impl Store {
    /// Opens a store, and starts the thread that writes. See [`StoreOptions`].
    ///
    /// # Errors
    /// If the database cannot be opened or belongs to another program, a setting that durability rests on has no effect, or
    /// the encryption keys cannot be read or are not those of the database.
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
        let update = SealedUpdate::new(update, &self.0.keys, &Place::eleven_labs_key(&workspace, &agent))?;
        let (answer, outcome) = oneshot::channel();
        self.enqueue(Job { request: Request { workspace, agent, update, if_match }, answer })?;
        outcome.await.unwrap_or_else(|_| Err(StoreError::OutcomeUnknown(STOPPED.into())))
    }

    pub(crate) fn location(&self) -> &Location {
        &self.0.location
    }

    pub(crate) fn sqlite_access_keys(&self) -> sqlite::AccessKeys<'_> {
        sqlite::AccessKeys { location: &self.0.location, reader: &self.0.reader }
    }

    fn require_running(&self) -> Result<(), StoreError> {
        self.0.state.borrow().require_running()?;
        // Without a sender the writer has panicked.
        self.0.state.has_changed().map(drop).map_err(|_| StoreError::Unavailable(STOPPED.into()))
    }

    fn enqueue(&self, job: Job) -> Result<(), StoreError> {
        self.require_running()?;
        let queue = self.0.queue.read().unwrap_or_else(PoisonError::into_inner);
        let queue = queue.as_ref().ok_or(StoreError::Closed)?;
        queue.try_send(job).map_err(|error| match error {
            mpsc::TrySendError::Full(_) => StoreError::Overloaded,
            mpsc::TrySendError::Disconnected(_) => StoreError::Unavailable(STOPPED.into()),
        })
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
        let connection = self.location().connect(Access::Write).map_err(|error| RekeyError(error.to_string()));
        sqlite::rekey(&mut connection?, self.keys(), progress).map_err(|error| RekeyError(error.to_string()))
    }

    /// Checks that the store takes updates and that the database can be read.
    ///
    /// # Errors
    /// If it does not, or cannot.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.require_running()?;
        let reader = Arc::clone(&self.0.reader).lock_owned().await;
        let read = move || reader.query_row("SELECT count(*) FROM (SELECT 1 FROM agents LIMIT 1)", [], |_| Ok(()));
        match tokio::task::spawn_blocking(read).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(StoreError::Unavailable(error.to_string().into())),
            Err(_) => Err(StoreError::Unavailable("the database cannot be read".into())),
        }
    }

    /// Waits until the store has stopped taking updates.
    ///
    /// # Errors
    /// If it failed. The process must then start again: a sync that failed is not repeated, since the operating system may
    /// have dropped the data.
    pub async fn stopped(&self) -> Result<(), StoreError> {
        let mut state = self.0.state.clone();
        match state.wait_for(|state| !matches!(state, State::Running)).await.as_deref() {
            Ok(State::Failed(reason)) => Err(StoreError::Unavailable(Arc::clone(reason))),
            Ok(State::Closed | State::Running) => Ok(()),
            Err(_) => Err(StoreError::Unavailable(STOPPED.into())),
        }
    }

    /// Closes the store: refuses further updates, commits those that are waiting, and waits for that.
    ///
    /// # Errors
    /// If the store has failed.
    pub async fn close(&self) -> Result<(), StoreError> {
        drop(self.0.queue.write().unwrap_or_else(PoisonError::into_inner).take());
        self.stopped().await
    }
}

/// Finds the keys, and creates them where that is asked for. Returns the file that was created.
fn find_keys(
    source: &KeySource,
    location: &Location,
    connection: &Connection,
) -> Result<(KeyRing, Option<PathBuf>), OpenStoreErrorKind> {
    let read = |path: &Path| KeyRing::read(path).map_err(OpenStoreErrorKind::KeyFile);
    match (source, location) {
        (KeySource::Ring(keys), _) => Ok((keys.clone(), None)),
        (KeySource::File(path), _) => Ok((read(path)?, None)),
        (KeySource::NextToDatabase, Location::Memory(_)) => {
            Ok((KeyRing::generate().map_err(OpenStoreErrorKind::Generate)?, None))
        }
        (KeySource::NextToDatabase, Location::File(database)) => {
            let mut path = database.clone().into_os_string();
            path.push(".keys");
            let path = PathBuf::from(path);
            if path.try_exists().map_err(OpenStoreErrorKind::Path)? {
                return Ok((read(&path)?, None));
            }
            if let Some(id) = sqlite::any_key(connection)? {
                return Err(OpenStoreErrorKind::MissingKeyFile { path, id });
            }
            match KeyRing::create(&path) {
                Ok(keys) => Ok((keys, Some(path))),
                // Another process was faster.
                Err(error) if error.is_existing() => Ok((read(&path)?, None)),
                Err(error) => Err(OpenStoreErrorKind::KeyFile(error)),
            }
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { location, keys, state, .. } = &*self.0;
        let state = state.borrow();
        out.debug_struct("Store").field("location", location).field("keys", keys).field("state", &*state).finish()
    }
}
