//! Storage in SQLite.

mod access_keys;
mod backend;
mod batch;
mod connection;
mod proofs;
mod rekey;
mod schema;
mod writer;

use std::{fmt, sync::Arc};

pub(crate) use backend::Backend;
pub(crate) use connection::{Access, Location};
pub(crate) use proofs::Recorded;
pub(crate) use rekey::rekey;

use crate::{error::OpenStoreErrorKind, keys::SealError};

/// Why a transaction failed as a whole.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Another process holds the lock. Nothing has changed.
    Busy,
    /// Anything else. What was to be committed may be in effect or not.
    Fatal(Arc<str>),
}

impl Failure {
    fn fatal(reason: impl fmt::Display) -> Self {
        Failure::Fatal(reason.to_string().into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Busy => out.write_str("another process keeps the database locked"),
            Failure::Fatal(reason) => write!(out, "cannot write to the database: {reason}"),
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy) => Failure::Busy,
            _ => Failure::fatal(error),
        }
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        Failure::fatal(error)
    }
}

impl From<OpenStoreErrorKind> for Failure {
    fn from(error: OpenStoreErrorKind) -> Self {
        match error {
            OpenStoreErrorKind::Sqlite(error) => error.into(),
            _ => Failure::fatal("another process uses other encryption keys for the database"),
        }
    }
}
