//! Problem details as a response.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use callagent::{InvalidDocument, Problem, ProblemType, UPDATE_AGENT};

use crate::response::{add_missing, json};

/// The response to a call that fails: problem details with the status of the problem.
///
/// The headers that the contract documents for the problem type are added with the example values of the contract:
/// `Allow`, `Retry-After: 5` or `WWW-Authenticate: ApiKey`. For other values, put them in front:
///
/// ```
/// use axum::{http::header::RETRY_AFTER, response::IntoResponse};
/// use callagent::ProblemType;
/// use callagent_axum::ProblemResponse;
///
/// let response = ([(RETRY_AFTER, "2")], ProblemResponse::from(ProblemType::UNAVAILABLE)).into_response();
/// assert_eq!(response.status(), 503);
/// assert_eq!(response.headers()[RETRY_AFTER], "2");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemResponse(pub Problem);

impl IntoResponse for ProblemResponse {
    fn into_response(self) -> Response {
        let ProblemResponse(mut problem) = self;
        let status = problem.status.and_then(|status| StatusCode::from_u16(status).ok());
        let is_error = |status: &StatusCode| status.is_client_error() || status.is_server_error();
        let status = status.filter(is_error).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        problem.status = Some(status.as_u16());
        let mut response = json(status, Problem::MEDIA_TYPE, &problem);
        if let Some(known) = problem.problem_type() {
            add_missing(response.headers_mut(), known.headers());
        }
        response
    }
}

/// Creates the problem for a response that has only a status.
pub(crate) fn from_status(status: StatusCode) -> Problem {
    // The type of an invalid body promises violations.
    let fits = |known: &ProblemType| known.status() == status && *known != UPDATE_AGENT.request.invalid;
    let mut types = UPDATE_AGENT.problems.iter().copied().filter(fits);
    match (types.next(), types.next()) {
        (Some(only), None) => Problem::new(only),
        _ => Problem::untyped(status.as_u16(), status.canonical_reason().unwrap_or("Unknown status")),
    }
}

impl From<Problem> for ProblemResponse {
    fn from(problem: Problem) -> Self {
        ProblemResponse(problem)
    }
}

impl From<ProblemType> for ProblemResponse {
    fn from(known: ProblemType) -> Self {
        ProblemResponse(Problem::new(known))
    }
}

/// 400 for a body that is not JSON, 422 with the violations for any other invalid one.
impl From<InvalidDocument> for ProblemResponse {
    fn from(invalid: InvalidDocument) -> Self {
        ProblemResponse(invalid.into())
    }
}
