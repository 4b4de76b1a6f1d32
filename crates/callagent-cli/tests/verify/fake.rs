//! A server that answers every request in a fixed way.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
};

/// A server that answers every request in a fixed way, until the process ends.
pub(crate) struct Fake {
    pub(crate) url: String,
}

/// An agent that never changes, with a header that is no tag.
pub(crate) const UNCHANGING: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\netag: W/\"1\"\r\n\r\n\
                                     {\"_id\":\"agent_1\",\"name\":\"Always\",\"llmModel\":\"gpt-4o-mini\"}";

impl Fake {
    /// Responses with these bytes, after which the connection is closed.
    pub(crate) fn new(response: impl Into<String>) -> Self {
        let response = response.into();
        Fake::after_first(&response, &response)
    }

    /// Responses the first request in a way of its own.
    pub(crate) fn after_first(first: &str, others: &str) -> Self {
        let (mut first, others) = (Some(first.to_owned()), others.to_owned());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let response = first.take().unwrap_or_else(|| others.clone());
                thread::spawn(move || {
                    // The client may close the connection at any time.
                    let _ = serve(&stream, response.as_bytes());
                });
            }
        });
        Fake { url }
    }
}

/// Reads a request and responses it.
fn serve(mut stream: &TcpStream, response: &[u8]) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        let line = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    stream.write_all(response)
}
