//! A request, and sending it to a router.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderName, HeaderValue, Request},
};
use tower::ServiceExt as _;

/// A request, at first a valid one.
#[derive(Debug, Clone)]
pub(crate) struct Probe {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

/// A response.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

impl Probe {
    pub(crate) fn update(body: impl Into<Vec<u8>>) -> Self {
        let probe =
            Probe { method: "PUT", path: "/v1/api/agents/agent_1".to_owned(), headers: Vec::new(), body: body.into() };
        let probe = probe.set("x-workspace-id", "acme");
        probe.set("content-type", "application/json")
    }

    pub(crate) fn minimal() -> Self {
        Probe::update(r#"{"llmModel":"gpt-4o-mini"}"#)
    }

    pub(crate) fn method(self, method: &'static str) -> Self {
        Probe { method, ..self }
    }

    pub(crate) fn path(self, path: impl Into<String>) -> Self {
        Probe { path: path.into(), ..self }
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn set(self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        self.without(name).add(name, value)
    }

    pub(crate) fn add(mut self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn request(&self) -> Request<Body> {
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = self.method.parse().expect("a method");
        *request.uri_mut() = self.path.parse().expect("a URI");
        for (name, value) in &self.headers {
            let value = HeaderValue::from_bytes(value).expect("a header value");
            request.headers_mut().append(HeaderName::from_static(name), value);
        }
        request
    }
}

pub(crate) async fn send(app: &Router, probe: &Probe) -> Answer {
    let Ok(response) = app.clone().oneshot(probe.request()).await;
    let (parts, body) = response.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut headers: Vec<_> = parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    // Rewritten responses have no length before they are sent.
    headers.retain(|(name, _)| name != "content-length");
    headers.sort();
    let body = to_bytes(body, usize::MAX).await.expect("a body").into();
    Answer { status: parts.status.as_u16(), headers, body }
}

/// Sends requests at the same time.
pub(crate) async fn send_at_once(app: &Router, probes: Vec<Probe>) -> Vec<Answer> {
    let send = |probe: Probe| {
        let app = app.clone();
        tokio::spawn(async move { send(&app, &probe).await })
    };
    let mut answers = Vec::new();
    for task in probes.into_iter().map(send).collect::<Vec<_>>() {
        answers.push(task.await.expect("an answer"));
    }
    answers
}

/// Runs on a single thread, so that the order of events is the same each time.
pub(crate) fn block_on(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime").block_on(future);
}
