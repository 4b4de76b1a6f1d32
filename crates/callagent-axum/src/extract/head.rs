//! The head of a call.

use axum::{extract::FromRequestParts, http::request::Parts};
use callagent::{AgentId, IfMatch, ProblemType, UPDATE_AGENT, WorkspaceId};

use super::{AgentPath, Precondition, Workspace};
use crate::ProblemResponse;

/// Extracts the head of a call: path, method, `x-workspace-id` and `If-Match`, checked in this order.
///
/// An extractor that checks access goes between this and [`UpdateBody`](crate::UpdateBody). It can extract the head again
/// to learn the workspace:
///
/// ```
/// use axum::{Router, extract::FromRequestParts, http::request::Parts};
/// use callagent::{ACCESS_KEY_HEADER, ProblemType};
/// use callagent_axum::{ProblemResponse, UpdateBody, UpdateHead, routes};
///
/// struct Access;
///
/// impl<S: Send + Sync> FromRequestParts<S> for Access {
///     type Rejection = ProblemResponse;
///
///     async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ProblemResponse> {
///         let head = UpdateHead::from_request_parts(parts, state).await?;
///         match parts.headers.get(ACCESS_KEY_HEADER) {
///             Some(key) if key == "key-of-acme" && head.workspace_id == "acme" => Ok(Access),
///             Some(key) if key == "key-of-acme" => Err(ProblemType::FORBIDDEN.into()),
///             _ => Err(ProblemType::UNAUTHORIZED.into()),
///         }
///     }
/// }
///
/// let app: Router = routes(async |head: UpdateHead, _: Access, UpdateBody(update): UpdateBody| { /* … */ });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateHead {
    /// The id of the agent.
    pub agent_id: AgentId,
    /// The id of the workspace.
    pub workspace_id: WorkspaceId,
    /// The precondition, if there is one.
    pub if_match: Option<IfMatch>,
}

impl<S: Sync> FromRequestParts<S> for UpdateHead {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ProblemResponse> {
        let AgentPath(agent_id) = AgentPath::from_request_parts(parts, state).await?;
        if parts.method.as_str() != UPDATE_AGENT.method.as_str() {
            return Err(ProblemType::METHOD_NOT_ALLOWED.into());
        }
        let Workspace(workspace_id) = Workspace::from_request_parts(parts, state).await?;
        let Precondition(if_match) = Precondition::from_request_parts(parts, state).await?;
        Ok(UpdateHead { agent_id, workspace_id, if_match })
    }
}
