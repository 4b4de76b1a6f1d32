//! A store in an SQLite database.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, mpsc},
};

use rusqlite::Connection;
use tokio::sync::{Mutex, watch};

use super::{
    access_keys::AccessKeys,
    connection::{Access, Location},
    proofs,
    writer::{self, State},
};
use crate::{
    error::{OpenStoreError, OpenStoreErrorKind, STOPPED, StoreError},
    keys::KeyRing,
    metrics::StoreMetrics,
    request::Job,
    store::{KeySource, StoreOptions},
};

/// A thread that writes, and a connection that reads.
pub(crate) struct Backend {
    location: Location,
    /// `None` once the store is closed.
    queue: RwLock<Option<mpsc::SyncSender<Job>>>,
    state: watch::Receiver<State>,
    reader: Arc<Mutex<Connection>>,
    metrics: StoreMetrics,
}

impl Backend {
    /// Opens the database. Returns the keys too, and the file of them that was created.
    pub(crate) fn open(
        location: Location,
        keys: &KeySource,
        options: StoreOptions,
        metrics: &StoreMetrics,
    ) -> Result<(Self, KeyRing, Option<PathBuf>), OpenStoreError> {
        let writer = location.connect(Access::Write)?;
        let open = || {
            let (keys, created_keys) = find_keys(keys, &location, &writer)?;
            proofs::check(&writer, &keys)?;
            Ok((keys, created_keys))
        };
        let (keys, created_keys) = open().map_err(|kind: OpenStoreErrorKind| location.error(kind))?;
        let reader = location.connect(Access::Read)?;
        let (queue, jobs) = mpsc::sync_channel(options.queue);
        let state = writer::start(writer, keys.clone(), options.batch, jobs, metrics.clone())
            .map_err(|error| location.error(OpenStoreErrorKind::Thread(error)))?;
        let (queue, reader) = (RwLock::new(Some(queue)), Arc::new(Mutex::new(reader)));
        Ok((Backend { location, queue, state, reader, metrics: metrics.clone() }, keys, created_keys))
    }

    pub(crate) fn access_keys(&self) -> AccessKeys<'_> {
        AccessKeys { location: &self.location, reader: &self.reader }
    }

    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    pub(crate) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    fn require_running(&self) -> Result<(), StoreError> {
        self.state.borrow().require_running()?;
        // Without a sender the writer has panicked.
        self.state.has_changed().map(drop).map_err(|_| StoreError::Unavailable(STOPPED.into()))
    }

    pub(crate) fn enqueue(&self, job: Job) -> Result<(), StoreError> {
        self.require_running()?;
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        let queue = queue.as_ref().ok_or(StoreError::Closed)?;
        // Before it is sent, since the writer may take it at once.
        self.metrics.waiting.inc();
        queue.try_send(job).map_err(|error| {
            self.metrics.waiting.dec();
            match error {
                mpsc::TrySendError::Full(_) => StoreError::Overloaded,
                mpsc::TrySendError::Disconnected(_) => StoreError::Unavailable(STOPPED.into()),
            }
        })
    }

    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        self.require_running()?;
        let reader = Arc::clone(&self.reader).lock_owned().await;
        let read = move || reader.query_row("SELECT count(*) FROM (SELECT 1 FROM agents LIMIT 1)", [], |_| Ok(()));
        match tokio::task::spawn_blocking(read).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(StoreError::Unavailable(error.to_string().into())),
            Err(_) => Err(StoreError::Unavailable("the database cannot be read".into())),
        }
    }

    pub(crate) async fn stopped(&self) -> Result<(), StoreError> {
        let mut state = self.state.clone();
        match state.wait_for(|state| !matches!(state, State::Running)).await.as_deref() {
            Ok(State::Failed(reason)) => Err(StoreError::Unavailable(Arc::clone(reason))),
            Ok(State::Closed | State::Running) => Ok(()),
            Err(_) => Err(StoreError::Unavailable(STOPPED.into())),
        }
    }

    /// Takes no further updates.
    pub(crate) fn close(&self) {
        drop(self.queue.write().unwrap_or_else(PoisonError::into_inner).take());
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
            if let Some(id) = proofs::any_key(connection)? {
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
