//! The agent's id in the path.

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{Extensions, Uri, request::Parts},
};
use callagent::{AgentId, Problem, ProblemType};

use crate::ProblemResponse;

/// Extracts the id of the agent from the path.
///
/// The path is compared as the client sent it, since axum decodes path parameters. A router that is nested below a
/// prefix is supported if the call's path is below the prefix, or includes it.
///
/// Rejects a path that is not the call's with 404, and an invalid id with 400.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentPath(pub AgentId);

impl<S: Sync> FromRequestParts<S> for AgentPath {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ProblemResponse> {
        let segment = segment(&parts.uri, &parts.extensions).ok_or_else(|| {
            let detail = format!("expected the path `{}`", AgentId::path_template());
            Problem::new(ProblemType::NOT_FOUND).detail(detail)
        })?;
        match AgentId::from_segment(segment) {
            Ok(id) => Ok(AgentPath(id)),
            Err(error) => Err(Problem::new(ProblemType::BAD_PATH).detail(error.to_string()).into()),
        }
    }
}

/// Returns the path segment of the id as the client sent it, if the path is the call's.
pub(crate) fn segment<'a>(uri: &'a Uri, extensions: &'a Extensions) -> Option<&'a str> {
    let original = extensions.get::<OriginalUri>().map(|OriginalUri(uri)| uri);
    [Some(uri), original].into_iter().flatten().find_map(segment_of)
}

fn segment_of(uri: &Uri) -> Option<&str> {
    uri.path().strip_prefix(AgentId::PATH_PREFIX).filter(|segment| !segment.is_empty() && !segment.contains('/'))
}
