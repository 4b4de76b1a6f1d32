//! Running the server.

use std::sync::Arc;

use tokio::{net::TcpListener, sync::watch};

use super::{connections, metrics::HttpMetrics, options::ServerOptions, router::router};
use crate::{error::StoreError, store::Store};

/// The HTTP server of a store.
///
/// It checks access keys as described at [`ServerOptions::no_auth`].
///
/// ```no_run
/// use callagent_server::{Database, KeySource, Server, ServerOptions, Store};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let store = Store::open(&Database::File("callagent.sqlite".into()), &KeySource::NextToDatabase)?;
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
/// let (server, stop) = Server::new(store, ServerOptions::new());
/// tokio::spawn(async move {
///     let _ = tokio::signal::ctrl_c().await;
///     stop.stop();
/// });
/// server.serve(listener).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    store: Store,
    options: ServerOptions,
    stopping: watch::Receiver<bool>,
}

/// Stops a [`Server`]. Dropping it has no effect.
#[derive(Debug)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Stops the server gracefully.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Server {
    /// Creates a server, and the handle to stop it.
    #[must_use]
    pub fn new(store: Store, options: ServerOptions) -> (Self, Stop) {
        let (stop, stopping) = watch::channel(false);
        (Server { store, options, stopping }, Stop(stop))
    }

    /// Serves connections until it is stopped or the store fails. Then it is not ready any more, accepts no connections,
    /// finishes the requests that are being served, for a limited time, and commits all updates.
    ///
    /// # Errors
    /// If the store has failed. The process must then start again.
    pub async fn serve(self, listener: TcpListener) -> Result<(), StoreError> {
        let Server { store, options, mut stopping } = self;
        // Without an address, it may be any.
        let is_exposed = listener.local_addr().map_or(true, |address| !address.ip().is_loopback());
        let metrics = Arc::new(HttpMetrics::new());
        let router = router(store.clone(), &options, stopping.clone(), is_exposed, Arc::clone(&metrics));
        let stop = async {
            tokio::select! {
                () = requested(&mut stopping) => {}
                _ = store.stopped() => {}
            }
        };
        connections::serve(listener, router, options, &metrics, stop).await;
        store.close().await
    }
}

/// Waits until the server is to stop. Without its [`Stop`], it never is.
async fn requested(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}
