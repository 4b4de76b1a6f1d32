//! The reference server of the call [`callagent`]: HTTP, and durable storage of agents.
//!
//! - [`Server`] answers the call.
//! - [`Store`] updates agents atomically and durably, in an SQLite file or in memory.
//! - [`Store::import`] and [`Store::export`] move agents in and out as JSON documents.
//! - [`AccessKey`]s restrict callers to a workspace.
//! - [`KeyRing`] encrypts their keys at rest. [`Store::rekey`] seals them with another encryption key.
//! - [`decide`] is the decision on an update, for any store.

mod access;
mod decision;
mod error;
mod http;
mod keys;
mod rekey;
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
pub use rekey::{RekeyError, Rekeyed};
pub use store::{Database, KeySource, Store, StoreOptions};
pub use transfer::{ExportError, ExportOptions, ImportError, ImportOptions, export_file};
pub use version::Version;
