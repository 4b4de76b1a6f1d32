//! Connections to a database, with the settings that its promises rest on.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, types::FromSql};

use super::schema;
use crate::error::{OpenStoreError, OpenStoreErrorKind};

/// The first SQLite that does not reset a write-ahead log which another connection still needs.
const MIN_LIBRARY: i32 = 3_051_003;

/// How long a connection waits for another process, such as an import.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The size of the page cache in KiB.
const CACHE: i64 = 16 * 1024;

/// The size in bytes that a log is cut to when it begins anew.
const JOURNAL: i64 = 64 << 20;

/// The number of `synchronous=FULL`.
const FULL: i64 = 2;

/// Where a database is.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    File(PathBuf),
    /// In memory, shared by the connections of this process that use this name.
    Memory(String),
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Writes, and creates the database if there is none.
    Write,
    /// Reads a database that exists.
    Read,
}

impl Location {
    /// Returns a place in memory that no other location uses.
    pub(crate) fn memory() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Location::Memory(format!("file:/callagent-{}?vfs=memdb", NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    /// Returns the file, made absolute, so that SQLite takes no name for one of its own.
    pub(crate) fn file(path: &Path) -> Result<Self, OpenStoreError> {
        std::path::absolute(path).map(Location::File).map_err(|error| OpenStoreError {
            database: path.display().to_string(),
            kind: OpenStoreErrorKind::Path(error),
        })
    }

    /// Opens a connection.
    pub(crate) fn connect(&self, access: Access) -> Result<Connection, OpenStoreError> {
        connect(self, access).map_err(|kind| self.error(kind))
    }

    /// Returns the kind of the database in metrics.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Location::File(_) => "sqlite",
            Location::Memory(_) => "memory",
        }
    }

    pub(crate) fn error(&self, kind: impl Into<OpenStoreErrorKind>) -> OpenStoreError {
        let database = match self {
            Location::File(path) => path.display().to_string(),
            Location::Memory(_) => ":memory:".to_owned(),
        };
        OpenStoreError { database, kind: kind.into() }
    }
}

fn connect(location: &Location, access: Access) -> Result<Connection, OpenStoreErrorKind> {
    if rusqlite::version_number() < MIN_LIBRARY {
        return Err(OpenStoreErrorKind::Library(rusqlite::version()));
    }
    // A reader of a write-ahead log writes to its index, so it is not opened read-only.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let create = if access == Access::Write { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    let mut connection = match location {
        Location::File(path) => Connection::open_with_flags(path, flags | create)?,
        Location::Memory(name) => {
            let flags = flags | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(name, flags)?
        }
    };
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A foreign file stays as it is.
    let state = schema::inspect(&connection)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -CACHE)?;
    match access {
        Access::Write => {
            make_durable(&connection, location)?;
            schema::migrate(&mut connection)?;
        }
        Access::Read => {
            schema::require(state)?;
            connection.pragma_update(None, "query_only", true)?;
        }
    }
    Ok(connection)
}

/// Makes a commit return only when it is on disk, and what an earlier process left in the log, too: a process that was
/// killed may have written what it did not sync, and answers must not rest on that.
fn make_durable(connection: &Connection, location: &Location) -> Result<(), OpenStoreErrorKind> {
    // The writer does so itself, since SQLite ignores errors of it. An import leaves it to the next writer.
    set(connection, "wal_autocheckpoint", 0, &[Some(0)])?;
    set(connection, "journal_size_limit", JOURNAL, &[Some(JOURNAL)])?;
    set(connection, "mmap_size", 0, &[None, Some(0)])?;
    // A drive of macOS keeps what it has not been asked to flush.
    set(connection, "fullfsync", 1, &[Some(1)])?;
    set(connection, "checkpoint_fullfsync", 1, &[Some(1)])?;
    set(connection, "synchronous", FULL, &[Some(FULL)])?;
    let expected = match location {
        Location::File(_) => "wal",
        Location::Memory(_) => "memory",
    };
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", expected, |row| row.get(0))?;
    if mode != expected {
        return Err(OpenStoreErrorKind::Setting { name: "journal_mode", found: mode });
    }
    checkpoint(connection)?;
    Ok(())
}

/// Sets a number and reads it back.
fn set(
    connection: &Connection,
    name: &'static str,
    value: i64,
    expected: &[Option<i64>],
) -> Result<(), OpenStoreErrorKind> {
    connection.pragma_update(None, name, value)?;
    let found = get::<i64>(connection, name)?;
    if expected.contains(&found) {
        return Ok(());
    }
    let found = found.map_or_else(|| "nothing".to_owned(), |found| found.to_string());
    Err(OpenStoreErrorKind::Setting { name, found })
}

/// Reads a setting; a database in memory lacks some.
fn get<T: FromSql>(connection: &Connection, name: &str) -> rusqlite::Result<Option<T>> {
    use rusqlite::OptionalExtension as _;
    connection.pragma_query_value(None, name, |row| row.get(0)).optional()
}

/// Copies the log into the database and syncs both, as far as no reader needs the log.
pub(super) fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}
