//! What can go wrong with a statement, by what it means for an update.

use std::{error::Error, fmt};

use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::error::StoreError;

/// Why a statement or a transaction failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Another transaction was in the way. Nothing has changed, and a repeat may succeed at once.
    Conflict(String),
    /// It took too long, or connections ran out. Nothing has changed.
    Busy(String),
    /// No connection could be made. Nothing has changed.
    Unreachable(String),
    /// The database refused it. Nothing has changed.
    Refused(String),
    /// A table is missing.
    MissingTable(String),
    /// The table or row that is to be created exists.
    Exists(String),
    /// The connection is lost. What was sent may be in effect or not.
    Lost(String),
}

impl Failure {
    pub(super) fn reason(&self) -> &str {
        match self {
            Failure::Conflict(reason)
            | Failure::Busy(reason)
            | Failure::Unreachable(reason)
            | Failure::Refused(reason)
            | Failure::MissingTable(reason)
            | Failure::Exists(reason)
            | Failure::Lost(reason) => reason,
        }
    }

    /// Returns whether the connection may be used again.
    pub(super) fn keeps_connection(&self) -> bool {
        matches!(self, Failure::Conflict(_) | Failure::Busy(_) | Failure::MissingTable(_) | Failure::Exists(_))
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        let reason = describe(&error);
        let Some(error) = error.as_db_error() else { return Failure::Lost(reason) };
        let is_fatal = matches!(error.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
        match error.code() {
            &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => Failure::Conflict(reason),
            &SqlState::QUERY_CANCELED | &SqlState::LOCK_NOT_AVAILABLE if !is_fatal => Failure::Busy(reason),
            code if is_fatal || is_open(code) => Failure::Lost(reason),
            &SqlState::UNDEFINED_TABLE => Failure::MissingTable(reason),
            &SqlState::UNIQUE_VIOLATION | &SqlState::DUPLICATE_TABLE | &SqlState::DUPLICATE_OBJECT => {
                Failure::Exists(reason)
            }
            _ => Failure::Refused(reason),
        }
    }
}

/// Returns whether an error leaves open if the statement is in effect: of the connection, 40003 of distributed engines,
/// an operator's intervention, and errors of the system and internal ones.
fn is_open(code: &SqlState) -> bool {
    let code = code.code();
    code == "40003" || ["08", "57", "58", "XX"].iter().any(|class| code.starts_with(class))
}

impl From<PoolError> for Failure {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(TimeoutType::Wait) => Failure::Busy("all connections are in use".to_owned()),
            PoolError::Backend(error) => match error.code() {
                Some(&SqlState::TOO_MANY_CONNECTIONS) => Failure::Busy(describe(&error)),
                _ => Failure::Unreachable(describe(&error)),
            },
            error => Failure::Unreachable(describe(&error)),
        }
    }
}

/// The error of an update that is not applied.
impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Conflict(_) | Failure::Busy(_) => StoreError::Overloaded,
            failure => StoreError::Database(failure.reason().into()),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.reason())
    }
}

/// Returns the message of an error and its causes. Errors of the database are shown with their code, and without details,
/// which may contain values.
pub(super) fn describe(error: &(dyn Error + 'static)) -> String {
    let mut messages: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let message = match error.downcast_ref::<DbError>() {
            Some(error) => format!("{} ({})", error.message(), error.code().code()),
            None => error.to_string(),
        };
        // Some errors contain the message of their cause.
        if messages.last().is_none_or(|last| !last.contains(&message)) && message != "db error" {
            messages.push(message);
        }
        next = error.source();
    }
    messages.join(": ")
}
