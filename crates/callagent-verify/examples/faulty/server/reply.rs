//! The layer around the application: it rewrites the heads of requests, and responses.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    body::{self, Bytes},
    extract::{OriginalUri, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::Response,
};
use callagent::{Problem, ProblemType};
use serde_json::Value;

use super::{Server, body::parse, fault::Kind, flow::ReadBody};

/// A request, as far as the server has read it.
pub(super) struct Seen {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    /// The number of the request.
    pub(super) count: u64,
    /// The body, if it was read.
    pub(super) body: Option<Bytes>,
}

impl Seen {
    /// Returns the update, or null.
    pub(super) fn update(&self) -> Value {
        self.body.as_deref().map(parse).unwrap_or_default()
    }

    /// Returns the ElevenLabs key of the update.
    pub(super) fn key(&self) -> Option<String> {
        Some(self.update().pointer("/ttsModel/elevenLabsApiKey")?.as_str()?.to_owned())
    }
}

/// A response.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn is_ok(&self) -> bool {
        self.status == StatusCode::OK
    }

    pub(super) fn is(&self, problem: ProblemType) -> bool {
        parse(&self.body)["type"] == problem.as_str()
    }

    /// Changes the body.
    pub(super) fn edit(&mut self, edit: impl FnOnce(&mut Value)) {
        let mut value = parse(&self.body);
        edit(&mut value);
        self.body = value.to_string().into_bytes();
    }

    /// Changes the violations, if there are any.
    pub(super) fn violations(&mut self, edit: impl FnOnce(&mut Vec<Value>)) {
        self.edit(|body| {
            if let Some(Value::Array(violations)) = body.get_mut("violations") {
                edit(violations);
            }
        });
    }

    /// Changes the pointers of the violations with a code; any code if it is empty.
    pub(super) fn pointers(&mut self, code: &str, edit: impl Fn(&str) -> String) {
        self.violations(|violations| {
            for violation in violations.iter_mut().filter(|violation| code.is_empty() || violation["code"] == code) {
                let pointer = edit(violation["pointer"].as_str().unwrap_or_default());
                violation["pointer"] = pointer.into();
            }
        });
    }

    /// Changes the status of a problem.
    pub(super) fn restatus(&mut self, problem: ProblemType, status: StatusCode) {
        if self.is(problem) {
            self.status = status;
            self.edit(|body| body["status"] = status.as_u16().into());
        }
    }

    /// Replaces the response by a problem.
    pub(super) fn fail(&mut self, problem: ProblemType) {
        let problem = Problem::new(problem);
        self.status = problem.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
        self.headers.clear();
        self.set(CONTENT_TYPE, Problem::MEDIA_TYPE);
        self.body = serde_json::to_vec(&problem).unwrap_or_default();
    }

    pub(super) fn set(&mut self, name: HeaderName, value: &'static str) {
        self.headers.insert(name, HeaderValue::from_static(value));
    }

    /// Replaces the body and its media type.
    pub(super) fn replace(&mut self, media_type: &'static str, body: impl Into<Vec<u8>>) {
        self.set(CONTENT_TYPE, media_type);
        self.body = body.into();
    }
}

pub(super) async fn around(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let count = server.count.fetch_add(1, Ordering::Relaxed) + 1;
    let (mut parts, body) = request.into_parts();
    let (method, uri, headers) = (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
    if let Some(Kind::Head(rewrite)) = server.kind() {
        rewrite(&mut parts);
        parts.extensions.insert(OriginalUri(parts.uri.clone()));
    }
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(Kind::Reply(rewrite)) = server.kind() else { return response };
    let (mut parts, body) = response.into_parts();
    let body = body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let read = parts.extensions.remove().map(|ReadBody(text)| text);
    parts.headers.remove(CONTENT_LENGTH);
    let mut reply = Reply { status: parts.status, headers: parts.headers, body: body.into() };
    rewrite(&Seen { method, uri, headers, count, body: read }, &mut reply);
    let mut response = Response::new(reply.body.into());
    (*response.status_mut(), *response.headers_mut()) = (reply.status, reply.headers);
    response
}
