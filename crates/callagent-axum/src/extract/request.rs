//! The whole call.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use callagent::{AgentId, IfMatch, UpdateAgent, WorkspaceId};

use super::{UpdateBody, UpdateHead};
use crate::ProblemResponse;

/// Extracts the whole call: [`UpdateHead`], then [`UpdateBody`].
///
/// Of several faults, it answers the first in the order of the contract. The handler answers what comes after them: 404
/// for an agent that does not exist, and 412.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateRequest {
    /// The id of the agent.
    pub agent_id: AgentId,
    /// The id of the workspace.
    pub workspace_id: WorkspaceId,
    /// The precondition, if there is one.
    pub if_match: Option<IfMatch>,
    /// The changes.
    pub update: UpdateAgent,
}

impl<S: Sync> FromRequest<S> for UpdateRequest {
    type Rejection = ProblemResponse;

    async fn from_request(request: Request, state: &S) -> Result<Self, ProblemResponse> {
        let (mut parts, body) = request.into_parts();
        let UpdateHead { agent_id, workspace_id, if_match } = UpdateHead::from_request_parts(&mut parts, state).await?;
        let UpdateBody(update) = UpdateBody::from_request(Request::from_parts(parts, body), state).await?;
        Ok(UpdateRequest { agent_id, workspace_id, if_match, update })
    }
}
