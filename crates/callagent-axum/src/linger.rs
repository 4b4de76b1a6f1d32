//! Reading on after a response, so that the client can read it.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header::EXPECT,
};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use tokio::{runtime::Handle, time::timeout};

/// The number of bytes that are discarded at most.
const MAX_BYTES: usize = 16 << 20;

/// The time for which bytes are discarded at most.
const MAX_TIME: Duration = Duration::from_secs(2);

/// A request body whose rest is read and discarded in the background once it is dropped.
///
/// A server that answers early and closes the connection with unread data resets it. Then a client that is still
/// sending sees the reset instead of the response.
struct Lingering {
    body: Body,
    /// Whether there may be more, and the client sends it: it does not if it waits for `100 Continue`.
    has_more: bool,
}

/// Marks a request whose body lingers, so that nested middleware does not make it linger twice as long.
#[derive(Clone)]
struct Lingers;

/// Makes the rest of the body be discarded once it is dropped.
pub(crate) fn linger(mut request: Request) -> Request {
    if request.extensions_mut().insert(Lingers).is_some() {
        return request;
    }
    let has_more = !request.headers().contains_key(EXPECT);
    request.map(|body| Body::new(Lingering { body, has_more }))
}

impl HttpBody for Lingering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        self.has_more = matches!(frame, Poll::Pending | Poll::Ready(Some(Ok(_))));
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        if !self.has_more || self.body.is_end_stream() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let body = mem::take(&mut self.body);
            runtime.spawn(async { timeout(MAX_TIME, discard(body)).await });
        }
    }
}

async fn discard(mut body: Body) {
    let mut discarded = 0;
    while let Some(Ok(frame)) = body.frame().await {
        discarded += frame.data_ref().map_or(0, Bytes::len);
        if discarded > MAX_BYTES {
            return;
        }
    }
}
