//! Accepting and serving connections, with a limit on each resource that a client can hold.

use std::{
    io,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tracing::{debug, warn};

use super::{metrics::HttpMetrics, options::ServerOptions, tls::Tls};

/// The maximum size of the head of a request.
const MAX_HEAD: usize = 64 << 10;

/// How long to wait after an error of the operating system, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves connections until `stop` is ready, then finishes the requests that are being served, for a limited time.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    options: ServerOptions,
    metrics: &HttpMetrics,
    stop: impl Future<Output = ()>,
) {
    let ServerOptions { tls, head_timeout, write_timeout, connections, drain, .. } = options;
    let protocol = Protocol { router, tls, head_timeout };
    let permits = Arc::new(Semaphore::new(connections));
    let graceful = GracefulShutdown::new();
    let (running, is_running) = watch::channel(());
    let mut tasks = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accept = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, listener.accept().await)
        };
        tokio::select! {
            biased;
            () = &mut stop => break,
            // Tasks that have ended are removed.
            Some(_) = tasks.join_next() => {}
            (permit, accepted) = accept => match accepted.and_then(|(stream, _)| limited(stream, write_timeout)) {
                Ok(stream) => {
                    let serving = protocol.clone().serve(stream, graceful.watcher(), is_running.clone());
                    let open = metrics.connection();
                    tasks.spawn(async move {
                        serving.await;
                        drop((permit, open));
                    });
                }
                Err(error) => {
                    warn!("cannot accept a connection: {error}");
                    sleep(PAUSE).await;
                }
            },
        }
    }
    drop((listener, running));
    if timeout(drain, graceful.shutdown()).await.is_err() {
        warn!("closing {} connections whose requests are incomplete", tasks.len());
    }
    tasks.shutdown().await;
}

type Stream = Pin<Box<TimeoutStream<TcpStream>>>;

/// Returns a connection that fails when its client reads nothing for too long.
fn limited(stream: TcpStream, write_timeout: Duration) -> io::Result<Stream> {
    stream.set_nodelay(true)?;
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write_timeout));
    Ok(Box::pin(stream))
}

/// What connections speak: HTTP, over TLS or not.
#[derive(Clone)]
struct Protocol {
    router: Router,
    tls: Option<Tls>,
    head_timeout: Duration,
}

impl Protocol {
    async fn serve(self, stream: Stream, watcher: Watcher, mut is_running: watch::Receiver<()>) {
        let Some(tls) = &self.tls else { return self.serve_http(stream, watcher).await };
        let handshake = timeout(self.head_timeout, tls.accept(stream));
        tokio::select! {
            biased;
            // The sender is dropped when the server stops.
            _ = is_running.changed() => {}
            shaken = handshake => match shaken {
                Ok(Ok(stream)) => self.serve_http(stream, watcher).await,
                Ok(Err(error)) => debug!("cannot establish TLS: {error}"),
                Err(_) => debug!("cannot establish TLS in time"),
            },
        }
    }

    async fn serve_http(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, watcher: Watcher) {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head_timeout)
            // Otherwise a client that closes its side after a request loses the request.
            .half_close(true)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(self.router));
        // Errors are those of the client, such as a closed connection.
        let _ = watcher.watch(connection).await;
    }
}
