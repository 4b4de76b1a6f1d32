//! The routes of the server.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::State,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use callagent::{Problem, ProblemType};
use callagent_axum::{ProblemResponse, UpdateRequest, UpdateResponse, problems, routes};
use tokio::sync::watch;

use super::{
    faults::{Disturbance, disturb},
    log::log,
    memory::{self, Memory},
    options::ServerOptions,
    pages::{self, Readiness},
};
use crate::{
    decision::{Outcome, StoredAgent},
    error::StoreError,
    store::Store,
};

/// Creates the routes. `stopping` is whether the server is about to stop.
pub(super) fn router(store: Store, options: &ServerOptions, stopping: watch::Receiver<bool>) -> Router {
    let mut call = routes(update)
        .layer(Extension(options.update.clone()))
        .layer(from_fn_with_state(Memory::new(options.memory), memory::limit));
    // A sleep of no time takes until the next tick of the timer, a millisecond.
    if !options.faults.is_empty() || !options.latency.is_zero() {
        let disturbance = Disturbance { faults: Arc::from(&*options.faults), latency: options.latency };
        call = call.layer(from_fn_with_state(disturbance, disturb));
    }
    let call = call.with_state(store.clone());
    let readiness = get(pages::readiness).with_state(Readiness { store, stopping });
    Router::new()
        .route("/", get(pages::reference))
        .route("/openapi.json", get(pages::openapi))
        .route("/healthz", get(pages::health))
        .route("/readyz", readiness)
        .merge(call)
        .layer(from_fn(problems))
        .layer(from_fn(log))
}

async fn update(State(store): State<Store>, request: UpdateRequest) -> Result<UpdateResponse, ProblemResponse> {
    let UpdateRequest { agent_id, workspace_id, if_match, update } = request;
    match store.update(workspace_id, agent_id, update, if_match).await {
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
