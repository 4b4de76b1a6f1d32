//! The call: what is checked before its body is read, and its response.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, State},
    http::request::Parts,
};
use callagent::{Problem, ProblemType};
use callagent_axum::{AcceptableContent, ProblemResponse, UpdateBody, UpdateHead, UpdateResponse};

use super::{access::AccessCheck, metrics::HttpMetrics, rate_limit::RateLimiter, refusal::Refusal};
use crate::{
    decision::{Outcome, StoredAgent},
    error::StoreError,
    store::Store,
};

/// The state of the call.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) store: Store,
    /// `None` if everyone has access.
    pub(super) access: Option<Arc<AccessCheck>>,
    /// `None` if there is no limit.
    pub(super) rate: Option<Arc<RateLimiter>>,
    pub(super) metrics: Arc<HttpMetrics>,
}

/// The head of a call that is admitted. Of several faults, it answers the first in the order of the contract. A call that
/// is refused does not count toward the rate of its workspace.
pub(super) struct Admitted(UpdateHead);

impl FromRequestParts<Call> for Admitted {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, call: &Call) -> Result<Self, Refusal> {
        let head = UpdateHead::from_request_parts(parts, call).await?;
        if let Some(access) = &call.access {
            access
                .check(&parts.headers, &head.workspace_id)
                .await
                .inspect_err(|refusal| call.metrics.refused(*refusal))?;
        }
        AcceptableContent::from_request_parts(parts, call).await?;
        if let Some(rate) = &call.rate {
            rate.check(&head.workspace_id).inspect_err(|_| call.metrics.limited())?;
        }
        Ok(Admitted(head))
    }
}

pub(super) async fn update(
    State(call): State<Call>,
    Admitted(head): Admitted,
    UpdateBody(update): UpdateBody,
) -> Result<UpdateResponse, ProblemResponse> {
    let UpdateHead { agent_id, workspace_id, if_match } = head;
    match call.store.update(workspace_id, agent_id, update, if_match).await {
        Ok(Outcome::Changed(stored) | Outcome::Unchanged(stored)) => Ok(response(stored)),
        Ok(Outcome::NotFound) => Err(ProblemType::NOT_FOUND.into()),
        Ok(Outcome::PreconditionFailed) => Err(ProblemType::PRECONDITION_FAILED.into()),
        Err(error) => Err(failure(&error).into()),
    }
}

fn response(stored: StoredAgent) -> UpdateResponse {
    let (etag, agent) = stored.into_response();
    UpdateResponse::new(agent, etag)
}

fn failure(error: &StoreError) -> Problem {
    let r#type = match error {
        StoreError::Overloaded
        | StoreError::Closed
        | StoreError::Unavailable(_)
        | StoreError::Database(_)
        | StoreError::OutcomeUnknown(_) => ProblemType::UNAVAILABLE,
        StoreError::TooLarge { .. } => ProblemType::CONTENT_TOO_LARGE,
        StoreError::Unreadable(_) | StoreError::Seal(_) => ProblemType::INTERNAL,
    };
    if r#type == ProblemType::INTERNAL || matches!(error, StoreError::Database(_) | StoreError::OutcomeUnknown(_)) {
        tracing::error!("cannot update an agent: {error}");
    }
    // Reasons in errors are for the operator.
    match error {
        StoreError::OutcomeUnknown(_) => Problem::new(r#type).detail("the update may be in effect or not"),
        StoreError::TooLarge { .. } | StoreError::Overloaded => Problem::new(r#type).detail(error.to_string()),
        _ => Problem::new(r#type),
    }
}
