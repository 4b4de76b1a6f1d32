//! The body of a call.

use std::{error::Error, iter};

use axum::{
    body::{Body, HttpBody as _},
    extract::{FromRequest, FromRequestParts as _, Request},
};
use callagent::{Problem, ProblemType, UpdateAgent};
use http_body_util::{BodyExt as _, LengthLimitError};
use tokio::time::timeout;

use super::{AcceptableContent, content::too_large};
use crate::{ProblemResponse, UpdateConfig};

/// The initial capacity for a body, at most. A client can claim a length without sending it.
const INITIAL_CAPACITY: usize = 64 << 10;

/// Extracts the update from the body. See [`UpdateConfig`] for what is accepted, and for the limits.
///
/// Rejects what [`AcceptableContent`] rejects before it reads anything. Then it rejects a body that exceeds the limit with
/// 413, one that is not complete in time with 408, one that is not JSON with 400, and one that violates the contract with
/// 422 and the violations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateBody(pub UpdateAgent);

impl<S: Sync> FromRequest<S> for UpdateBody {
    type Rejection = ProblemResponse;

    async fn from_request(request: Request, state: &S) -> Result<Self, ProblemResponse> {
        let (mut parts, body) = request.into_parts();
        AcceptableContent::from_request_parts(&mut parts, state).await?;
        let config = UpdateConfig::of(&parts.extensions);
        let text = match timeout(config.body_timeout, read(body, config.body_limit)).await {
            Ok(text) => text?,
            Err(_) => return Err(ProblemType::REQUEST_TIMEOUT.into()),
        };
        Ok(UpdateBody(config.reader.read(text)?))
    }
}

/// Reads a body into contiguous memory. A list of its frames could be many times larger than the body.
async fn read(mut body: Body, limit: usize) -> Result<Vec<u8>, ProblemResponse> {
    let length = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut text = Vec::with_capacity(length.min(INITIAL_CAPACITY));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| unreadable(&error))?;
        if let Some(data) = frame.data_ref() {
            if data.len() > limit - text.len() {
                return Err(too_large(limit));
            }
            text.extend_from_slice(data);
        }
    }
    Ok(text)
}

/// Returns the response to a body that cannot be read: another layer limits its size, or it is cut short.
fn unreadable(error: &(dyn Error + 'static)) -> ProblemResponse {
    let mut sources = iter::successors(Some(error), |&error| error.source());
    if sources.any(<dyn Error>::is::<LengthLimitError>) {
        return ProblemType::CONTENT_TOO_LARGE.into();
    }
    Problem::new(ProblemType::MALFORMED).detail("the body is incomplete, or its chunks are invalid").into()
}
