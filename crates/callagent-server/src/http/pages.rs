//! Pages other than the call: health, readiness, the OpenAPI document and the reference page.

use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{Html, IntoResponse},
};
use callagent::{Problem, ProblemType, model::Operation, published};
use callagent_axum::ProblemResponse;
use tokio::sync::watch;

use crate::store::Store;

/// The state that readiness depends on.
#[derive(Clone)]
pub(super) struct Readiness {
    pub(super) store: Store,
    pub(super) stopping: watch::Receiver<bool>,
}

pub(super) async fn reference() -> Html<&'static str> {
    Html(published::REFERENCE_PAGE)
}

pub(super) async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, Operation::MEDIA_TYPE)], published::OPENAPI.json)
}

pub(super) async fn health() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Returns whether the server takes updates.
pub(super) async fn readiness(
    State(Readiness { store, stopping }): State<Readiness>,
) -> Result<StatusCode, ProblemResponse> {
    let unavailable = |detail: String| Problem::new(ProblemType::UNAVAILABLE).detail(detail).into();
    if *stopping.borrow() {
        return Err(unavailable("the server is stopping".to_owned()));
    }
    store.check().await.map(|()| StatusCode::NO_CONTENT).map_err(|error| unavailable(error.to_string()))
}
