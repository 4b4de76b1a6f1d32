//! Errors: a text that is not a document, and two documents that cannot be compared.

use std::{error, fmt};

/// A text that is not a document to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError(pub(crate) String);

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl error::Error for ParseError {}

/// One of the two documents of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// The old version.
    Old,
    /// The new version.
    New,
}

/// A reason why two documents cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A document that is invalid or not supported.
    Document {
        /// The document.
        version: Version,
        /// The mistake, with its JSON Pointer.
        reason: String,
    },
    /// Only one of the documents is an OpenAPI document.
    Kinds {
        /// The OpenAPI document.
        openapi: Version,
    },
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Version::Old => "old",
            Version::New => "new",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Document { version, reason } => write!(out, "the {version} version: {reason}"),
            Error::Kinds { openapi } => {
                write!(out, "only the {openapi} version is an OpenAPI document; expected two of the same kind")
            }
        }
    }
}

impl error::Error for Error {}

/// Attributes a reason to a version.
pub(crate) fn refuse(version: Version) -> impl Fn(String) -> Error {
    move |reason| Error::Document { version, reason }
}
