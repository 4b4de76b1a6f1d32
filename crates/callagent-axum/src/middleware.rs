//! The middleware that makes every error a problem.

use std::{
    future::{Future as _, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use axum::{
    extract::Request,
    http::{
        HeaderMap, StatusCode,
        header::{ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use callagent::ProblemType;

use crate::{ProblemResponse, extract::segment, linger::linger, problem::from_status};

/// Middleware that makes every error a problem: rejections and fallbacks of axum, timeouts and panics.
///
/// An error without a body or with a plain text becomes a problem with the same status and headers. Its text is dropped,
/// since texts of other crates may repeat a secret from the request. Responses with any other body pass unchanged. A panic
/// becomes a problem with status 500.
///
/// If a response is sent before the body was read, the middleware discards the rest of the body for a short time.
/// Otherwise, a client that is still sending could see a connection reset instead of the response.
///
/// [`routes()`](crate::routes()) includes this middleware. Add it to the whole application for all other paths:
///
/// ```
/// use axum::{Router, middleware::from_fn, routing::get};
/// use callagent_axum::{UpdateRequest, problems, routes};
///
/// let app: Router = Router::new()
///     .route("/health", get(async || "healthy"))
///     .merge(routes(async |request: UpdateRequest| { /* … */ }))
///     .layer(from_fn(problems));
/// ```
///
/// Add it after other layers, so that it sees their responses: the `TimeoutLayer` of `tower-http` responds with a status,
/// and `HandleErrorLayer` of axum turns the errors of layers of `tower` into responses.
pub async fn problems(request: Request, next: Next) -> Response {
    let is_call = segment(request.uri(), request.extensions()).is_some();
    let mut response = pin!(next.run(linger(request)));
    let response = poll_fn(|context| {
        let poll = catch_unwind(AssertUnwindSafe(|| response.as_mut().poll(context)));
        poll.map_or(Poll::Ready(None), |poll| poll.map(Some))
    });
    match response.await {
        Some(response) => with_problem(response, is_call),
        None => ProblemResponse::from(ProblemType::INTERNAL).into_response(),
    }
}

/// Replaces the body of an error by a problem, unless it has a body of its own. `is_call` is whether the path is the call's.
fn with_problem(response: Response, is_call: bool) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || has_own_body(response.headers()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING] {
        parts.headers.remove(name);
    }
    let mut problem = from_status(status);
    if status == StatusCode::NOT_FOUND && !is_call {
        problem.detail = Some("no resource has this path".to_owned());
    }
    let mut response = ProblemResponse(problem).into_response();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        // Axum knows all methods of the path, and adds them if they are missing.
        response.headers_mut().remove(ALLOW);
    }
    response.headers_mut().extend(parts.headers);
    *response.extensions_mut() = parts.extensions;
    response
}

/// Returns whether a response has a body that says more than a status: one that is not plain text.
fn has_own_body(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| !value.as_bytes().to_ascii_lowercase().starts_with(b"text/plain"))
}
