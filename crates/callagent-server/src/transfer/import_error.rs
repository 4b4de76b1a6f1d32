//! The error of an import.

use std::{error::Error, fmt, io};

use callagent::{FieldError, InvalidDocument};

#[cfg(feature = "postgres")]
use crate::postgres;
use crate::{
    error::OpenStoreError,
    keys::{SealError, UnsealError},
    sqlite::Failure,
};

/// The error of an import. Nothing has been imported from the file, unless the message says that this is unknown: the
/// connection to a PostgreSQL database was lost.
#[derive(Debug)]
pub struct ImportError {
    source: String,
    error: Box<Located>,
}

/// An error without the name of the file.
#[derive(Debug)]
pub(super) struct Located {
    origin: Option<Origin>,
    kind: Kind,
}

/// Where a document is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    /// The line of its beginning, from 1.
    pub(super) line: usize,
    /// Its index in an array.
    pub(super) index: Option<usize>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Read(io::Error),
    TooLarge(usize),
    /// An array that is not JSON.
    Malformed(Option<InvalidDocument>),
    Invalid(InvalidDocument),
    MissingId,
    InvalidId(FieldError),
    Workspace {
        expected: String,
        found: String,
    },
    Unseal(UnsealError),
    Seal(SealError),
    /// The id of an earlier document in the file.
    Repeated(usize),
    Exists(String),
    Serialize(serde_json::Error),
    Open(OpenStoreError),
    Database(Failure),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Failure),
}

impl ImportError {
    pub(super) fn new(source: &str, error: Located) -> Self {
        ImportError { source: source.to_owned(), error: Box::new(error) }
    }

    /// Returns the line of the document that cannot be imported, or of the value in it.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        let Origin { line, index: _ } = self.error.origin?;
        let below = match &self.error.kind {
            Kind::Invalid(invalid) => first_line(invalid),
            Kind::Malformed(Some(invalid)) => return first_line(invalid),
            _ => None,
        };
        Some(line + below.map_or(0, |below| below.saturating_sub(1)))
    }

    /// Returns the JSON Pointer to the value that cannot be imported.
    #[must_use]
    pub fn pointer(&self) -> String {
        let index =
            self.error.origin.and_then(|origin| origin.index).map(|index| format!("/{index}")).unwrap_or_default();
        let below = match &self.error.kind {
            Kind::Invalid(invalid) => invalid.report().violations().next().map(|finding| finding.pointer()),
            Kind::MissingId | Kind::InvalidId(_) | Kind::Repeated(_) | Kind::Exists(_) => Some("/_id".to_owned()),
            Kind::Workspace { .. } => Some("/workspaceId".to_owned()),
            Kind::Unseal(_) | Kind::Seal(_) => Some("/ttsModel/elevenLabsApiKey".to_owned()),
            _ => None,
        };
        index + &below.unwrap_or_default()
    }
}

impl Located {
    pub(super) fn new(origin: impl Into<Option<Origin>>, kind: impl Into<Kind>) -> Self {
        Located { origin: origin.into(), kind: kind.into() }
    }
}

fn first_line(invalid: &InvalidDocument) -> Option<usize> {
    Some(invalid.report().violations().next()?.location()?.line)
}

impl fmt::Display for ImportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.source)?;
        if let Some(line) = self.line() {
            write!(out, ":{line}")?;
        }
        let pointer = self.pointer();
        if pointer.is_empty() {
            write!(out, ": {}", self.error.kind)
        } else {
            write!(out, ": {pointer}: {}", self.error.kind)
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Read(error) => write!(out, "cannot read: {error}"),
            Kind::TooLarge(limit) => {
                write!(out, "expected at most {limit} bytes; agents in larger files must be on lines of their own")
            }
            Kind::Malformed(Some(invalid)) | Kind::Invalid(invalid) => {
                let report = invalid.report();
                if let Some(violation) = report.violations().next() {
                    out.write_str(&violation.message())?;
                }
                match report.violation_count() {
                    0 | 1 => Ok(()),
                    count => write!(out, " (the first of {count} violations)"),
                }
            }
            Kind::Malformed(None) => out.write_str("expected an array of agents"),
            Kind::MissingId => out.write_str("missing field `_id`, the id of the agent"),
            Kind::InvalidId(error) => error.fmt(out),
            Kind::Workspace { expected, found } => {
                write!(out, "the agent belongs to another workspace: expected {expected:?}, found {found:?}")
            }
            Kind::Unseal(error) => error.fmt(out),
            Kind::Seal(error) => write!(out, "cannot encrypt the key: {error}"),
            Kind::Repeated(first) => write!(out, "the agent is already in line {first}"),
            Kind::Exists(id) => write!(out, "the agent {id:?} exists already and is not to be replaced"),
            Kind::Serialize(error) => write!(out, "cannot write the agent: {error}"),
            Kind::Open(error) => error.fmt(out),
            Kind::Database(failure @ Failure::Busy) => write!(out, "{failure}; import later"),
            Kind::Database(failure) => failure.fmt(out),
            #[cfg(feature = "postgres")]
            Kind::Postgres(postgres::Failure::Lost(reason)) => {
                write!(out, "the connection to the database was lost, and the agents may be imported or not: {reason}")
            }
            #[cfg(feature = "postgres")]
            Kind::Postgres(failure) => write!(out, "cannot write to the database: {failure}"),
        }
    }
}

impl Error for ImportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.error.kind {
            Kind::Read(error) => Some(error),
            Kind::Open(error) => Some(error),
            Kind::Seal(error) => Some(error),
            _ => None,
        }
    }
}
