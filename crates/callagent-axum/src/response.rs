//! The response to a call that succeeds.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE, header::ETAG},
    response::{IntoResponse, Response},
};
use callagent::{
    AgentResponse, ETag, Problem, ProblemType, UPDATE_AGENT,
    model::{Operation, Parameter},
};
use serde::Serialize;

use crate::ProblemResponse;

/// The response to a call that succeeds: the agent after the update, and its entity tag.
///
/// The agent is one that is safe to send: [`Agent::for_response`](callagent::Agent::for_response) removes a key that its
/// provider does not use. A server that stores keys without encryption must not send them at all:
/// [`AgentResponse::without_key`]. A weak tag is answered with 500, since no `If-Match` would ever match it.
///
/// ```
/// use axum::{http::header, response::IntoResponse};
/// use callagent::{Agent, ETag};
/// use callagent_axum::UpdateResponse;
///
/// let response = UpdateResponse::new(Agent::default(), ETag::from(5)).into_response();
/// assert_eq!(response.headers()[header::ETAG], "\"5\"");
/// assert_eq!(response.headers()[header::CACHE_CONTROL], "no-transform");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateResponse {
    agent: AgentResponse,
    etag: ETag,
}

impl UpdateResponse {
    /// Creates the response from an agent and its current entity tag.
    #[must_use]
    pub fn new(agent: impl Into<AgentResponse>, etag: ETag) -> Self {
        UpdateResponse { agent: agent.into(), etag }
    }
}

impl IntoResponse for UpdateResponse {
    fn into_response(self) -> Response {
        let etag = match HeaderValue::from_bytes(self.etag.as_str().as_bytes()) {
            Ok(etag) if !self.etag.is_weak() => etag,
            _ => {
                let problem =
                    Problem::new(ProblemType::INTERNAL).detail("the entity tag of the agent is not strong ASCII");
                return ProblemResponse(problem).into_response();
            }
        };
        let status = StatusCode::from_u16(UPDATE_AGENT.response.status).unwrap_or_default();
        let mut response = json(status, Operation::MEDIA_TYPE, &self.agent);
        response.headers_mut().insert(ETAG, etag);
        add_missing(response.headers_mut(), UPDATE_AGENT.response.headers);
        response
    }
}

/// Creates a response with a JSON body.
pub(crate) fn json(status: StatusCode, media_type: &'static str, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => (status, [(CONTENT_TYPE, HeaderValue::from_static(media_type))], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Adds the headers that the contract documents for a response, if they are missing, with the documented example values.
pub(crate) fn add_missing(headers: &mut HeaderMap, documented: &[Parameter]) {
    for header in documented {
        headers.entry(header.name).or_insert(HeaderValue::from_static(header.example));
    }
}
