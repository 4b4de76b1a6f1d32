//! The route of the call.

use axum::{
    Router,
    handler::Handler,
    http::{Method, StatusCode},
    middleware::from_fn,
    routing::{MethodFilter, MethodRouter, on},
};
use callagent::{AgentId, UPDATE_AGENT};

use crate::{AgentPath, problems};

/// Creates a router that answers the call with a handler. It has the path and the method of the contract, and every error
/// is a problem (see [`problems`]).
///
/// Any other method is answered with 405, `OPTIONS` included; a layer for CORS answers preflight requests before that.
/// Any other path is left to the application.
///
/// See the [documentation of the crate](crate) for an example.
pub fn routes<H, T, S>(handler: H) -> Router<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    Router::new().route(&AgentId::path_template(), method_router(handler))
}

/// Creates the method router of [`routes()`], for an application that has other methods at the same path.
///
/// ```
/// use axum::{Router, routing::get};
/// use callagent_axum::{UpdateRequest, method_router};
///
/// let agent = get(async || "an agent").merge(method_router(async |request: UpdateRequest| { /* … */ }));
/// let app: Router = Router::new().route("/v1/api/agents/{id}", agent);
/// ```
///
/// # Panics
/// Never: axum knows the methods that operations have.
pub fn method_router<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    let method = Method::from_bytes(UPDATE_AGENT.method.as_str().as_bytes()).ok();
    let filter = method.and_then(|method| MethodFilter::try_from(method).ok()).expect("a standard method");
    on(filter, handler).fallback(method_not_allowed).layer(from_fn(problems))
}

/// Answers another method, after the path has been checked.
async fn method_not_allowed(_: AgentPath) -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}
