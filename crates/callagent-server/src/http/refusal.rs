//! Why a call is not admitted.

use axum::{
    http::header::RETRY_AFTER,
    response::{IntoResponse, Response},
};
use callagent::ProblemType;
use callagent_axum::ProblemResponse;

/// Why a call is not admitted.
#[derive(Debug)]
pub(super) enum Refusal {
    Problem(ProblemResponse),
    /// It can be repeated after this number of seconds.
    RetryAfter(ProblemType, u64),
}

impl From<ProblemResponse> for Refusal {
    fn from(problem: ProblemResponse) -> Self {
        Refusal::Problem(problem)
    }
}

impl From<ProblemType> for Refusal {
    fn from(problem: ProblemType) -> Self {
        Refusal::Problem(problem.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::Problem(problem) => problem.into_response(),
            Refusal::RetryAfter(problem, seconds) => {
                ([(RETRY_AFTER, seconds.to_string())], ProblemResponse::from(problem)).into_response()
            }
        }
    }
}
