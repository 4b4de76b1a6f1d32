//! The workspace's id in its header.

use axum::{extract::FromRequestParts, http::request::Parts};
use callagent::{Problem, ProblemType, WorkspaceId};

use crate::ProblemResponse;

/// Extracts the id of the workspace from its header.
///
/// Rejects a missing, repeated or invalid header with 400.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace(pub WorkspaceId);

impl<S: Sync> FromRequestParts<S> for Workspace {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ProblemResponse> {
        let mut values = parts.headers.get_all(WorkspaceId::HEADER).iter();
        let id = match (values.next(), values.next()) {
            // The error for a byte outside ASCII is that of the character that replaces it.
            (Some(value), None) => {
                WorkspaceId::new(String::from_utf8_lossy(value.as_bytes())).map_err(|error| error.to_string())
            }
            (Some(_), Some(_)) => Err(format!("duplicate header `{}`", WorkspaceId::HEADER)),
            (None, _) => Err(format!("missing header `{}`", WorkspaceId::HEADER)),
        };
        match id {
            Ok(id) => Ok(Workspace(id)),
            Err(detail) => Err(Problem::new(ProblemType::BAD_WORKSPACE).detail(detail).into()),
        }
    }
}
