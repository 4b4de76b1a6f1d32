//! A server that reads the update and always returns the same agent.

use std::{io, net::TcpListener, thread};

use axum::{
    Router,
    body::Bytes,
    http::header::{CONTENT_TYPE, ETAG},
    routing::put,
};
use tokio::runtime::Builder;

use crate::contestants::AGENT;

/// Starts the server on a thread of its own, and returns its URL.
pub fn start() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let url = format!("http://{}", listener.local_addr()?);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let response = async |_: Bytes| ([(CONTENT_TYPE, "application/json"), (ETAG, "\"1\"")], AGENT);
    let router = Router::new().route("/v1/api/agents/{id}", put(response));
    thread::spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("the runtime runs");
            axum::serve(listener, router).await.expect("the server never ends");
        });
    });
    Ok(url)
}
