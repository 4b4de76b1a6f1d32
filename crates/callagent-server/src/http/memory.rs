//! A bound on the memory of all bodies that are being received or sent.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use callagent::{Problem, ProblemType};
use callagent_axum::ProblemResponse;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// The number of bytes that a permit covers. Semaphores have up to 2^61 permits, but acquire at most 2^32 at once.
const UNIT: usize = 1024;

/// The size up to which the body of a response is not counted. The buffer of a connection is as large.
const SMALL: usize = 64 << 10;

/// The memory for bodies.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    free: Arc<Semaphore>,
    /// The number of permits when nothing is held.
    size: usize,
}

impl Memory {
    pub(super) fn new(bytes: usize) -> Self {
        let size = (bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS);
        Memory { free: Arc::new(Semaphore::new(size)), size }
    }

    /// Returns the maximum number of bytes.
    pub(super) fn limit(&self) -> usize {
        self.size * UNIT
    }

    /// Returns the number of bytes that bodies hold.
    pub(super) fn held(&self) -> usize {
        self.limit().saturating_sub(self.free.available_permits() * UNIT)
    }

    /// Returns a response that holds memory until it is sent. Without that, clients that do not read would hold any number
    /// of large ones. One that is larger than all memory is sent on its own.
    async fn hold(&self, response: Response) -> Response {
        if response.body().size_hint().exact().is_some_and(|size| size <= SMALL as u64) {
            return response;
        }
        let (parts, body) = response.into_parts();
        // The body is in memory already.
        let Ok(bytes) = to_bytes(body, usize::MAX).await else {
            return ProblemResponse::from(ProblemType::INTERNAL).into_response();
        };
        let Some(permit) = acquire(&self.free, bytes.len().div_ceil(UNIT).min(self.size)) else {
            let detail = "there is no memory for the response; the update may be in effect or not";
            return ProblemResponse::from(Problem::new(ProblemType::UNAVAILABLE).detail(detail)).into_response();
        };
        Response::from_parts(parts, Body::from(Bytes::from_owner(Sent { bytes, _permit: permit })))
    }
}

fn acquire(memory: &Arc<Semaphore>, permits: usize) -> Option<OwnedSemaphorePermit> {
    Arc::clone(memory).try_acquire_many_owned(u32::try_from(permits).ok()?).ok()
}

/// The body of a response that is being sent.
struct Sent {
    bytes: Bytes,
    _permit: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Middleware that answers 503 if there is not enough memory for a body. The memory is released when the response is ready.
pub(super) async fn limit(State(memory): State<Memory>, request: Request, next: Next) -> Response {
    let (exhausted, mut is_exhausted) = oneshot::channel();
    let held = Held { memory: Arc::clone(&memory.free), permit: None, unused: 0, exhausted: Some(exhausted) };
    let (permits, released) = oneshot::channel();
    let request = request.map(|body| Body::new(Limited { body, held, permits: Some(permits) }));
    let response = next.run(request).await;
    let response = match is_exhausted.try_recv() {
        Ok(()) => ProblemResponse::from(ProblemType::UNAVAILABLE).into_response(),
        Err(_) => response,
    };
    drop(released);
    memory.hold(response).await
}

/// The memory that a body holds.
struct Held {
    memory: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    /// The number of bytes that the permits cover and the body does not use yet.
    unused: usize,
    exhausted: Option<oneshot::Sender<()>>,
}

impl Held {
    fn add(&mut self, bytes: usize) -> Result<(), Exhausted> {
        let missing = bytes.saturating_sub(self.unused).div_ceil(UNIT);
        let Some(permit) = acquire(&self.memory, missing) else {
            if let Some(exhausted) = self.exhausted.take() {
                // Without a receiver, the response was already sent.
                let _ = exhausted.send(());
            }
            return Err(Exhausted);
        };
        self.unused = self.unused + missing * UNIT - bytes;
        match &mut self.permit {
            Some(held) => held.merge(permit),
            None => self.permit = Some(permit),
        }
        Ok(())
    }
}

/// The error of a body for which there is no memory.
#[derive(Debug)]
struct Exhausted;

impl fmt::Display for Exhausted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("there is no memory for the body")
    }
}

impl Error for Exhausted {}

/// A body whose bytes are counted as they arrive.
struct Limited {
    body: Body,
    held: Held,
    permits: Option<oneshot::Sender<OwnedSemaphorePermit>>,
}

impl Drop for Limited {
    /// Keeps the memory until the response is ready, since the text outlives the body.
    fn drop(&mut self) {
        if let (Some(permits), Some(permit)) = (self.permits.take(), self.held.permit.take()) {
            // Without a receiver, the response was already sent.
            let _ = permits.send(permit);
        }
    }
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => frame,
            other => return other,
        };
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        Poll::Ready(Some(self.held.add(bytes).map(|()| frame).map_err(axum::Error::new)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
