//! The precondition in `If-Match`.

use axum::{
    extract::FromRequestParts,
    http::{header::IF_MATCH, request::Parts},
};
use callagent::{IfMatch, Problem, ProblemType};

use crate::ProblemResponse;

/// Extracts `If-Match`, or `None` if the request has no precondition. See [`IfMatch::permits`].
///
/// Rejects a header that is empty or is not a list of entity tags with 400.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precondition(pub Option<IfMatch>);

impl<S: Sync> FromRequestParts<S> for Precondition {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ProblemResponse> {
        // Several lines are a single list (RFC 9110, section 5.3). A tag with bytes that are not UTF-8 is none that a
        // server of this crate has sent, but it is a tag.
        let lines = parts.headers.get_all(IF_MATCH).iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
        let Some(list) = lines.reduce(|list, line| list + "," + line) else {
            return Ok(Precondition(None));
        };
        match list.parse() {
            Ok(condition) => Ok(Precondition(Some(condition))),
            Err(error) => {
                let detail = format!("invalid `{IF_MATCH}`: {error}");
                Err(Problem::new(ProblemType::BAD_PRECONDITION).detail(detail).into())
            }
        }
    }
}
