//! Whether the body can be accepted, as far as the head says.

use axum::{
    extract::FromRequestParts,
    http::{
        HeaderMap,
        header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
        request::Parts,
    },
};
use callagent::{Problem, ProblemType, model::Operation};

use crate::{ProblemResponse, UpdateConfig};

/// Checks what the head says about the body: media type, content encoding and length.
///
/// [`UpdateBody`](crate::UpdateBody) makes this check itself, before it reads. A rate limit goes between the two.
///
/// Rejects any other media type than JSON, none, and any content encoding with 415, and a length above the limit with 413.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AcceptableContent;

impl<S: Sync> FromRequestParts<S> for AcceptableContent {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ProblemResponse> {
        let unsupported = |detail: String| Problem::new(ProblemType::UNSUPPORTED_MEDIA_TYPE).detail(detail);
        if parts.headers.contains_key(CONTENT_ENCODING) {
            return Err(unsupported(format!("expected a body without `{CONTENT_ENCODING}`")).into());
        }
        if !is_json(&parts.headers) {
            return Err(unsupported(format!("expected the media type `{}`", Operation::MEDIA_TYPE)).into());
        }
        let limit = UpdateConfig::of(&parts.extensions).body_limit;
        match content_length(&parts.headers) {
            Some(length) if usize::try_from(length).map_or(true, |length| length > limit) => Err(too_large(limit)),
            _ => Ok(AcceptableContent),
        }
    }
}

/// Returns the response to a body that exceeds the limit.
pub(super) fn too_large(limit: usize) -> ProblemResponse {
    Problem::new(ProblemType::CONTENT_TOO_LARGE).detail(format!("expected at most {limit} bytes")).into()
}

/// Returns whether there is a single media type, and it is JSON, with any parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let media_type = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    media_type.trim_ascii().eq_ignore_ascii_case(Operation::MEDIA_TYPE.as_bytes())
}

/// Returns the length that the head gives. The HTTP library has refused an invalid one.
fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
