//! The errors of granting, listing and revoking access keys.

use std::{error::Error, fmt};

use callagent::WorkspaceId;

use super::AccessKeyName;
use crate::error::OpenStoreError;
#[cfg(feature = "postgres")]
use crate::postgres;

/// The error of granting, listing or revoking an access key. It never contains a key.
#[derive(Debug)]
pub struct AccessKeyError(pub(super) Kind);

#[derive(Debug)]
pub(super) enum Kind {
    /// The workspace has a key of this name.
    Exists {
        workspace: WorkspaceId,
        name: AccessKeyName,
    },
    /// The workspace has no key of this name.
    Unknown {
        workspace: WorkspaceId,
        name: AccessKeyName,
    },
    /// The time of the expiry has passed.
    Past,
    Random(getrandom::Error),
    Open(OpenStoreError),
    /// Why the database cannot be used.
    Database(String),
}

impl From<OpenStoreError> for AccessKeyError {
    fn from(error: OpenStoreError) -> Self {
        AccessKeyError(Kind::Open(error))
    }
}

#[cfg(feature = "postgres")]
impl From<postgres::Failure> for AccessKeyError {
    fn from(failure: postgres::Failure) -> Self {
        AccessKeyError::database(failure)
    }
}

impl AccessKeyError {
    pub(crate) fn database(reason: impl fmt::Display) -> Self {
        AccessKeyError(Kind::Database(reason.to_string()))
    }
}

impl fmt::Display for AccessKeyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Exists { workspace, name } => write!(
                out,
                "the workspace `{workspace}` already has or had an access key `{name}`; choose another name"
            ),
            Kind::Unknown { workspace, name } => {
                write!(out, "the workspace `{workspace}` has no access key `{name}`")
            }
            Kind::Past => out.write_str("expected an expiry in the future"),
            Kind::Random(error) => write!(out, "cannot create an access key: {error}"),
            Kind::Open(error) => error.fmt(out),
            Kind::Database(reason) => write!(out, "cannot use the database for access keys: {reason}"),
        }
    }
}

impl Error for AccessKeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Kind::Exists { .. } | Kind::Unknown { .. } | Kind::Past | Kind::Random(_) | Kind::Database(_) => None,
            Kind::Open(error) => Some(error),
        }
    }
}
