//! The reference server of the call [`callagent`]: HTTP, and durable storage of agents.
//!
//! - [`Server`] answers the call.
//! - [`Store`] updates agents atomically and durably, in an SQLite file, in memory, or with the feature `postgres` in a
//!   PostgreSQL database.
//! - [`Store::import`] and [`Store::export`] move agents in and out as JSON documents.
//! - [`AccessKey`]s restrict callers to a workspace.
//! - [`KeyRing`] encrypts their keys at rest. [`Store::rekey`] seals them with another encryption key.
//! - [`decide`] is the decision on an update, for any store.

mod access;
mod checks;
mod decision;
mod entry;
mod error;
mod http;
mod keys;
mod metrics;
#[cfg(feature = "postgres")]
mod postgres;
mod rekey;
mod request;
mod sealing;
mod sqlite;
mod store;
mod transfer;
mod version;

pub use access::{
    AccessKey, AccessKeyDigest, AccessKeyError, AccessKeyName, AccessKeyRecord, AccessKeyState, InvalidAccessKey,
    InvalidAccessKeyName,
};
pub use decision::{Outcome, StoredAgent, decide};
pub use error::{OpenStoreError, StoreError};
pub use http::{Fault, InvalidFault, InvalidRateLimit, RateLimit, Server, ServerOptions, Stop, Tls, TlsError};
pub use keys::{KeyFileError, KeyRing, Place, SealError, UnsealError};
#[cfg(feature = "postgres")]
pub use postgres::{InvalidPostgresUrl, PostgresConfig};
pub use rekey::{RekeyError, Rekeyed};
pub use store::{Database, KeySource, Store, StoreOptions};
#[cfg(feature = "postgres")]
pub use transfer::export_postgres;
pub use transfer::{ExportError, ExportOptions, ImportError, ImportOptions, export_file};
pub use version::Version;
