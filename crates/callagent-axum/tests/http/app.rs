//! The application of the tests: all pieces of a call, with access keys and a rate limit.

use std::time::Duration;

use axum::{
    Extension, Router,
    extract::FromRequestParts,
    http::{header::RETRY_AFTER, request::Parts},
    middleware::from_fn,
    response::{IntoResponse as _, Response},
};
use callagent::{ACCESS_KEY_HEADER, Agent, ETag, ProblemType};
use callagent_axum::{
    AcceptableContent, ProblemResponse, UpdateBody, UpdateConfig, UpdateHead, UpdateResponse, problems, routes,
};

pub(crate) const LIMIT: usize = UpdateConfig::MIN_BODY_LIMIT;

struct Access;

impl<S: Send + Sync> FromRequestParts<S> for Access {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ProblemResponse> {
        let head = UpdateHead::from_request_parts(parts, state).await?;
        match parts.headers.get(ACCESS_KEY_HEADER) {
            Some(key) if key == "key-of-acme" && head.workspace_id == "acme" => Ok(Access),
            Some(key) if key == "key-of-acme" => Err(ProblemType::FORBIDDEN.into()),
            _ => Err(ProblemType::UNAUTHORIZED.into()),
        }
    }
}

struct RateLimit;

impl<S: Send + Sync> FromRequestParts<S> for RateLimit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        if parts.headers.contains_key("x-busy") {
            let problem = ProblemResponse::from(ProblemType::TOO_MANY_REQUESTS);
            return Err(([(RETRY_AFTER, "7")], problem).into_response());
        }
        Ok(RateLimit)
    }
}

/// Answers for the agent `agent_1`, which has the tag `"1"` and is never the one after the update.
async fn update(
    head: UpdateHead,
    _: Access,
    _: AcceptableContent,
    _: RateLimit,
    UpdateBody(update): UpdateBody,
) -> Result<UpdateResponse, ProblemResponse> {
    match head.agent_id.as_str() {
        "panic" => panic!("a panic in a handler"),
        "slow" => tokio::time::sleep(Duration::from_secs(60)).await,
        "agent_1" => {}
        _ => return Err(ProblemType::NOT_FOUND.into()),
    }
    if head.if_match.is_some_and(|condition| !condition.permits(&ETag::from(1))) {
        return Err(ProblemType::PRECONDITION_FAILED.into());
    }
    let mut agent = Agent::default();
    update.apply(&mut agent);
    Ok(UpdateResponse::new(agent, ETag::from(2)))
}

pub(crate) fn app(config: UpdateConfig) -> Router {
    routes(update).layer(Extension(config.body_limit(LIMIT))).layer(from_fn(problems))
}
