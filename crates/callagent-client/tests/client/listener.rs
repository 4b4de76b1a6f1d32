//! A small HTTP server that responses each request with the next reply of a script.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// What happens to a request.
#[derive(Clone)]
pub(crate) enum Reply {
    Bytes(Vec<u8>),
    /// The connection is closed without a response.
    Close,
    /// The connection is reset.
    Reset,
    /// There is no response.
    Hang,
}

/// A listener and the requests that it has received.
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Listener {
    /// Starts a listener whose replies depend on the number of the request, from 0, and the request.
    pub(crate) async fn start(script: impl Fn(usize, &[u8]) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (script, seen) = (Arc::new(script), Arc::clone(&requests));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                // The client sees errors as a closed connection.
                tokio::spawn(async move { drop(serve(stream, &*script, &seen).await) });
            }
        });
        Listener { address, requests }
    }

    /// Starts a listener that gives each reply once, and the last one again and again.
    pub(crate) async fn replies(replies: impl Into<Vec<Reply>>) -> Self {
        let replies = replies.into();
        Listener::start(move |number, _| replies[number.min(replies.len() - 1)].clone()).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().expect("no panic").len()
    }

    pub(crate) fn request(&self, number: usize) -> String {
        String::from_utf8(self.requests.lock().expect("no panic")[number].clone()).expect("text")
    }
}

async fn serve(
    mut stream: TcpStream,
    script: &(impl Fn(usize, &[u8]) -> Reply + Send + Sync),
    seen: &Mutex<Vec<Vec<u8>>>,
) -> io::Result<()> {
    loop {
        let request = read_message(&mut stream).await?;
        let number = {
            let mut seen = seen.lock().expect("no panic");
            seen.push(request.clone());
            seen.len() - 1
        };
        match script(number, &request) {
            Reply::Bytes(bytes) => {
                stream.write_all(&bytes).await?;
                if !contains(&bytes, b"content-length") || contains(&bytes, b"connection: close") {
                    return Ok(());
                }
            }
            Reply::Close => return Ok(()),
            Reply::Reset => return reset(&stream),
            Reply::Hang => sleep(Duration::from_secs(60)).await,
        }
    }
}

/// Makes the stream reset the connection when it is dropped.
pub(crate) fn reset(stream: &TcpStream) -> io::Result<()> {
    stream.set_zero_linger()
}

/// Reads a request or a response with `content-length`.
pub(crate) async fn read_message(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        if let Some(head) = message.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&message[..head]).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if message.len() >= head + 4 + length.unwrap_or(0) {
                return Ok(message);
            }
        }
        if stream.read_buf(&mut message).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// Answers one request on a stream of any kind.
pub(crate) async fn respond(mut stream: impl AsyncRead + AsyncWrite + Unpin, reply: &[u8]) -> io::Result<()> {
    read_message(&mut stream).await?;
    stream.write_all(reply).await?;
    stream.flush().await
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text))
}

/// A response with a body.
pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    Reply::Bytes([head.as_bytes(), b"\r\n", body].concat())
}

/// The response to an update that succeeded.
pub(crate) fn success() -> Reply {
    response(200, &[("content-type", "application/json"), ("etag", "\"7\"")], r#"{"_id": "agent_1"}"#)
}

/// A problem document.
pub(crate) fn problem(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    response(status, &[&[("content-type", "application/problem+json")], headers].concat(), body)
}
