//! The errors of the store.

use std::{error::Error, fmt, path::PathBuf, sync::Arc};

use crate::keys::{KeyFileError, SealError};

/// The reason in errors of a store whose thread has ended.
pub(crate) const STOPPED: &str = "the writer has stopped";

/// The error of an update, or of a store that has stopped.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum StoreError {
    /// Too many updates are waiting, or another process has locked the database or the agent. The update is not applied; it can be
    /// repeated later.
    Overloaded,
    /// The store is closed. The update is not applied.
    Closed,
    /// The store has failed before. The update is not applied. The process must start again.
    Unavailable(Arc<str>),
    /// The database cannot be reached, or refuses the update. It is not applied; it can be repeated later.
    Database(Arc<str>),
    /// The store failed while it applied the update, which may be in effect or not. With SQLite, the process must start
    /// again.
    OutcomeUnknown(Arc<str>),
    /// The update would make the agent larger than the store allows. It is not applied.
    TooLarge {
        /// The maximum size in bytes.
        limit: usize,
    },
    /// The stored agent is damaged. The update is not applied.
    Unreadable(Arc<str>),
    /// The key cannot be sealed. The update is not applied.
    Seal(Arc<SealError>),
}

/// The error of opening a store.
#[derive(Debug)]
pub struct OpenStoreError {
    /// The file, or the URL without its password.
    pub(crate) database: String,
    pub(crate) kind: OpenStoreErrorKind,
}

#[derive(Debug)]
pub(crate) enum OpenStoreErrorKind {
    Path(std::io::Error),
    Sqlite(rusqlite::Error),
    /// The SQLite library has a bug that loses data.
    Library(&'static str),
    Foreign,
    Newer(i64),
    /// The tables are those of an older version, and the connection only reads.
    Older,
    /// A setting on which a promise rests has another value.
    Setting {
        name: &'static str,
        found: String,
    },
    KeyFile(KeyFileError),
    Generate(SealError),
    /// The keys lack one that values in the database are sealed with.
    MissingKey(String),
    /// A key has the id of one that values in the database are sealed with, and is another.
    WrongKey(String),
    /// The database has sealed values, and the file of the keys next to it is gone.
    MissingKeyFile {
        path: PathBuf,
        id: String,
    },
    Thread(std::io::Error),
    #[cfg(feature = "postgres")]
    Postgres(String),
    /// Processes that share a database need the same keys.
    #[cfg(feature = "postgres")]
    KeysRequired,
}

impl From<rusqlite::Error> for OpenStoreErrorKind {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => OpenStoreErrorKind::Foreign,
            _ => OpenStoreErrorKind::Sqlite(error),
        }
    }
}

impl From<SealError> for StoreError {
    fn from(error: SealError) -> Self {
        StoreError::Seal(Arc::new(error))
    }
}

impl StoreError {
    /// The kinds of errors in metrics.
    pub(crate) const KINDS: [&str; 8] =
        ["overloaded", "closed", "unavailable", "database", "outcome_unknown", "too_large", "unreadable", "seal"];

    /// Returns the kind of the error in metrics.
    pub(crate) fn kind(&self) -> &'static str {
        let [overloaded, closed, unavailable, database, outcome_unknown, too_large, unreadable, seal] = Self::KINDS;
        match self {
            StoreError::Overloaded => overloaded,
            StoreError::Closed => closed,
            StoreError::Unavailable(_) => unavailable,
            StoreError::Database(_) => database,
            StoreError::OutcomeUnknown(_) => outcome_unknown,
            StoreError::TooLarge { .. } => too_large,
            StoreError::Unreadable(_) => unreadable,
            StoreError::Seal(_) => seal,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Overloaded => out.write_str("too many updates are waiting; repeat the update later"),
            StoreError::Closed => out.write_str("the store is closed"),
            StoreError::Unavailable(reason) => write!(out, "the store has failed and must be opened again: {reason}"),
            StoreError::Database(reason) => write!(out, "the database cannot be used: {reason}"),
            StoreError::OutcomeUnknown(reason) => {
                write!(out, "the store failed during the update, which may be in effect or not: {reason}")
            }
            StoreError::TooLarge { limit } => write!(out, "the agent would be larger than {limit} bytes"),
            StoreError::Unreadable(reason) => write!(out, "the stored agent is damaged: {reason}"),
            StoreError::Seal(error) => write!(out, "cannot encrypt the key: {error}"),
        }
    }
}

impl fmt::Display for OpenStoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = &self.database;
        match &self.kind {
            OpenStoreErrorKind::Path(error) => write!(out, "cannot open the database `{database}`: {error}"),
            OpenStoreErrorKind::Sqlite(error) => write!(out, "cannot open the database `{database}`: {error}"),
            OpenStoreErrorKind::Library(found) => {
                write!(
                    out,
                    "expected SQLite 3.51.3 or newer, found {found}, which can lose data when processes share a database"
                )
            }
            OpenStoreErrorKind::Foreign => write!(out, "`{database}` is not a database of callagent"),
            OpenStoreErrorKind::Newer(version) => write!(
                out,
                "the database `{database}` has schema version {version}, written by a newer version of callagent"
            ),
            OpenStoreErrorKind::Older => write!(
                out,
                "the database `{database}` was written by an older version of callagent; start `callagent serve` once to \
                 bring its tables up to date"
            ),
            OpenStoreErrorKind::Setting { name, found } => {
                write!(out, "cannot set `{name}` of the database `{database}`; SQLite keeps `{found}`")
            }
            OpenStoreErrorKind::KeyFile(error) => error.fmt(out),
            OpenStoreErrorKind::Generate(error) => write!(out, "cannot create an encryption key: {error}"),
            OpenStoreErrorKind::MissingKey(id) => write!(
                out,
                "the database `{database}` has values encrypted with the key `{id}`, which is not among the encryption keys"
            ),
            OpenStoreErrorKind::WrongKey(id) => write!(
                out,
                "the encryption key `{id}` is not the key of that id that values in the database `{database}` are encrypted with"
            ),
            OpenStoreErrorKind::MissingKeyFile { path, id } => write!(
                out,
                "the database `{database}` has values encrypted with the key `{id}`, but there is no file `{}`; \
                 restore it or name the file of the encryption keys",
                path.display()
            ),
            OpenStoreErrorKind::Thread(error) => write!(out, "cannot start a thread: {error}"),
            #[cfg(feature = "postgres")]
            OpenStoreErrorKind::Postgres(reason) => write!(out, "cannot open the database `{database}`: {reason}"),
            #[cfg(feature = "postgres")]
            OpenStoreErrorKind::KeysRequired => {
                write!(out, "expected the encryption keys of the database `{database}`, found none")
            }
        }
    }
}

impl Error for StoreError {}

impl Error for OpenStoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            OpenStoreErrorKind::Path(error) | OpenStoreErrorKind::Thread(error) => Some(error),
            OpenStoreErrorKind::Sqlite(error) => Some(error),
            OpenStoreErrorKind::KeyFile(error) => Some(error),
            OpenStoreErrorKind::Generate(error) => Some(error),
            _ => None,
        }
    }
}
