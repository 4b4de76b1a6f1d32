//! Logging and counting of requests. Bodies, queries, and headers other than the request id are never logged.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, Uri},
    middleware::Next,
    response::Response,
};
use callagent::tools::EscapeControl;
use tracing::info;

use super::metrics::{HttpMetrics, Measured};

/// The header with the id of a request. The server creates an id if the client sends none.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The maximum length of an id from a client.
const MAX_ID: usize = 128;

/// The maximum length of a logged method or path.
const MAX_LENGTH: usize = 256;

/// Middleware that logs and counts each request, and gives each response the id of its request.
pub(super) async fn log(State(metrics): State<Arc<HttpMetrics>>, request: Request, next: Next) -> Response {
    let measured = Measured::start(metrics, &request);
    let id = request.headers().get(&REQUEST_ID).filter(|id| is_valid(id)).cloned().unwrap_or_else(new_id);
    let mut entry = Entry {
        id: id.clone(),
        method: request.method().clone(),
        uri: request.uri().clone(),
        started: Instant::now(),
        status: None,
    };
    let mut response = next.run(request).await;
    entry.status = Some(response.status());
    measured.answered(response.status(), entry.started.elapsed());
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn is_valid(id: &HeaderValue) -> bool {
    !id.is_empty() && id.len() <= MAX_ID && id.as_bytes().iter().all(u8::is_ascii_graphic)
}

fn new_id() -> HeaderValue {
    let id = format!("{:016x}", fastrand::u64(..));
    HeaderValue::try_from(id).expect("hexadecimal digits are a header value")
}

/// A request, which is logged when it is dropped: with its response, or if the connection is closed before.
struct Entry {
    id: HeaderValue,
    method: Method,
    uri: Uri,
    started: Instant,
    status: Option<StatusCode>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let Entry { method, uri, started, .. } = self;
        let id = self.id.to_str().unwrap_or_default();
        let (method, path) = (start(method.as_str()), start(uri.path()));
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let Some(status) = self.status {
            info!(id, method, path, status = status.as_u16(), milliseconds, "request");
        } else {
            info!(id, method, path, milliseconds, "request without a response: the connection was closed");
        }
    }
}

/// The start of a text, with the characters escaped that JSON leaves as they are but that change lines.
fn start(text: &str) -> String {
    let start: String = text.chars().take(MAX_LENGTH).collect();
    EscapeControl(&start).to_string()
}
