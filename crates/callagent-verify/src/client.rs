//! Sending requests: connections, their reuse, and the bounds of a response.

use std::{
    error::Error,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use callagent::ACCESS_KEY_HEADER;
use futures_util::{
    StreamExt as _,
    future::{join_all, try_join_all},
    stream,
};
use http::{
    HeaderValue,
    header::{CONTENT_LENGTH, HOST, USER_AGENT},
    request::Parts,
    uri::PathAndQuery,
};
use http_body::Frame;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::{sync::Barrier, time::timeout};
use tower::Service as _;

use crate::{
    request::Request,
    response::Response,
    target::{Sent, Server, Target},
};

/// The largest body of a response that is read.
const MAX_RESPONSE: usize = 16 << 20;
/// How long an idle connection may still be busy with its last request.
const MAX_BLOCKED: Duration = Duration::from_millis(50);
/// The name that the test gives itself.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("callagent-verify/", env!("CARGO_PKG_VERSION")));

/// Why there is no response.
#[derive(Debug)]
pub(crate) enum SendError {
    /// No connection could be opened.
    Connect(String),
    /// The response is not complete in time.
    Timeout(Duration),
    /// The connection was closed before the response was complete.
    Closed,
    /// The response is not HTTP, or is too large.
    Invalid(String),
}

impl fmt::Display for SendError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SendError::Connect(reason) => write!(out, "cannot connect: {reason}"),
            SendError::Timeout(time) => write!(out, "no response within {time:?}"),
            SendError::Closed => out.write_str("the server closed the connection without a response"),
            SendError::Invalid(reason) => write!(out, "the response is not valid HTTP: {reason}"),
        }
    }
}

/// A client with at most one idle connection.
pub(crate) struct Client {
    target: Target,
    timeout: Duration,
    idle: Option<SendRequest<Sent>>,
}

impl Client {
    pub(crate) fn new(target: Target, timeout: Duration) -> Self {
        Client { target, timeout, idle: None }
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Sends a request on the idle connection or a new one.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<Response, SendError> {
        let started = Instant::now();
        let idle = self.idle.take().filter(|idle| !idle.is_closed());
        let sent = timeout(self.timeout, async {
            if let Some(mut idle) = idle
                // A server that refused a body without reading it to the end leaves the connection blocked.
                && timeout(MAX_BLOCKED, idle.ready()).await.is_ok()
            {
                match exchange(&mut idle, self.head(request)?.body(whole(request)), started).await {
                    // A server may close an idle connection at any time. A repeated update has no further effect.
                    Err(SendError::Closed) => {}
                    result => return Ok((result?, idle)),
                }
            }
            let mut connection = self.connect().await?;
            let response = exchange(&mut connection, self.head(request)?.body(whole(request)), started).await?;
            Ok((response, connection))
        });
        let (response, connection) = sent.await.map_err(|_| SendError::Timeout(self.timeout))??;
        self.idle = Some(connection);
        Ok(response)
    }

    /// Sends requests at the same moment, each on a connection of its own: the last byte of each waits until the server
    /// has received all the others.
    pub(crate) async fn send_together(
        &self,
        requests: &[Request],
    ) -> Result<Vec<Result<Response, SendError>>, SendError> {
        let opened = timeout(self.timeout, try_join_all(requests.iter().map(|_| self.connect())));
        let connections = opened.await.map_err(|_| SendError::Timeout(self.timeout))??;
        let barrier = Arc::new(Barrier::new(requests.len()));
        let started = Instant::now();
        let sent = requests.iter().zip(connections).map(|(request, mut connection)| {
            let body = held_back(&request.body, Arc::clone(&barrier));
            async move {
                let sent = exchange(&mut connection, self.head(request)?.body(body), started);
                timeout(self.timeout, sent).await.map_err(|_| SendError::Timeout(self.timeout))?
            }
        });
        Ok(join_all(sent).await)
    }

    /// Sends all of a request but its last byte, and returns the response or `None` if the connection is closed instead.
    pub(crate) async fn send_incomplete(&self, request: &Request) -> Result<Option<Response>, SendError> {
        let sent = timeout(self.timeout, async {
            let mut connection = self.connect().await?;
            // Nobody else comes to the barrier.
            let body = held_back(&request.body, Arc::new(Barrier::new(2)));
            exchange(&mut connection, self.head(request)?.body(body), Instant::now()).await
        });
        match sent.await.map_err(|_| SendError::Timeout(self.timeout))? {
            Err(SendError::Closed) => Ok(None),
            response => response.map(Some),
        }
    }

    /// Creates the head of a request with credentials and the headers that HTTP requires.
    fn head(&self, request: &Request) -> Result<Head, SendError> {
        let Target { base_path, access_key, headers, .. } = &self.target;
        let path = format!("{base_path}{}", request.path);
        let path = PathAndQuery::try_from(path).map_err(|error| SendError::Invalid(error.to_string()))?;
        let mut head = http::Request::new(()).into_parts().0;
        head.method = request.method.clone();
        head.uri = path.into();
        let host = HeaderValue::from_str(self.target.host()).map_err(|error| SendError::Invalid(error.to_string()))?;
        head.headers =
            [(HOST, host), (USER_AGENT, AGENT), (CONTENT_LENGTH, request.body.len().into())].into_iter().collect();
        for (name, value) in headers.iter().filter(|_| request.has_access_key) {
            head.headers.append(name, value.clone());
        }
        if let Some(key) = access_key.as_ref().filter(|_| request.has_access_key) {
            head.headers.append(ACCESS_KEY_HEADER, key.clone());
        }
        head.headers.extend(request.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        Ok(Head(head))
    }

    async fn connect(&self) -> Result<SendRequest<Sent>, SendError> {
        match &self.target.server {
            Server::Network { connector, url } => {
                let mut connector = connector.clone();
                let stream = connector.call(url.clone()).await.map_err(|error| SendError::Connect(root(&*error)))?;
                handshake(stream).await
            }
            Server::InProcess(serve) => handshake(TokioIo::new(Target::pipe(&**serve))).await,
        }
    }
}

/// The head of a request that is sent.
struct Head(Parts);

impl Head {
    fn body(self, body: Sent) -> http::Request<Sent> {
        http::Request::from_parts(self.0, body)
    }
}

/// The whole body of a request.
fn whole(request: &Request) -> Sent {
    Full::new(Bytes::copy_from_slice(&request.body)).boxed_unsync()
}

/// A body whose last byte waits at a barrier.
fn held_back(body: &[u8], barrier: Arc<Barrier>) -> Sent {
    let (first, last) = body.split_at(body.len().saturating_sub(1));
    let (first, last) = (Bytes::copy_from_slice(first), Bytes::copy_from_slice(last));
    let last = stream::once(async move {
        barrier.wait().await;
        Ok(Frame::data(last))
    });
    StreamBody::new(stream::iter([Ok(Frame::data(first))]).chain(last)).boxed_unsync()
}

async fn handshake<S>(stream: S) -> Result<SendRequest<Sent>, SendError>
where
    S: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let (sender, connection) = http1::handshake(stream).await.map_err(|error| SendError::Connect(root(&error)))?;
    // Ends when the sender is dropped. Its errors are also those of the request.
    tokio::spawn(connection);
    Ok(sender)
}

async fn exchange(
    connection: &mut SendRequest<Sent>,
    request: http::Request<Sent>,
    started: Instant,
) -> Result<Response, SendError> {
    connection.ready().await.map_err(|error| classify(&error))?;
    let response = connection.send_request(request).await.map_err(|error| classify(&error))?;
    let (head, mut body) = response.into_parts();
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| classify(&error))?;
        if let Some(data) = frame.data_ref() {
            if bytes.len() + data.len() > MAX_RESPONSE {
                return Err(SendError::Invalid(format!("its body is larger than {MAX_RESPONSE} bytes")));
            }
            bytes.extend_from_slice(data);
        }
    }
    Ok(Response { status: head.status, headers: head.headers, body: bytes.freeze(), time: started.elapsed() })
}

fn classify(error: &hyper::Error) -> SendError {
    if error.is_parse() { SendError::Invalid(root(error)) } else { SendError::Closed }
}

/// Returns the message of the innermost error, which names the reason.
fn root(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
