//! Accepting and serving connections, with a limit on each resource that a client can hold.

use std::{io, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tracing::warn;

use super::options::ServerOptions;

/// The maximum size of the head of a request.
const MAX_HEAD: usize = 64 << 10;

/// How long to wait after an error of the operating system, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves connections until `stop` is ready, then finishes the requests that are being served, for a limited time.
pub(super) async fn serve(
    listener: TcpListener,
    router: &Router,
    options: &ServerOptions,
    stop: impl Future<Output = ()>,
) {
    let permits = Arc::new(Semaphore::new(options.connections));
    let graceful = GracefulShutdown::new();
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
            (permit, accepted) = accept => match accepted.and_then(|(stream, _)| connection(stream, options)) {
                Ok(io) => {
                    let service = TowerToHyperService::new(router.clone());
                    let connection = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(options.head_timeout)
                        // Otherwise a client that closes its side after a request loses the request.
                        .half_close(true)
                        .max_buf_size(MAX_HEAD)
                        .serve_connection(io, service);
                    let connection = graceful.watch(connection);
                    tasks.spawn(async move {
                        // Errors are those of the client, such as a closed connection.
                        let _ = connection.await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    warn!("cannot accept a connection: {error}");
                    sleep(PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    if timeout(options.drain, graceful.shutdown()).await.is_err() {
        warn!("closing {} connections whose requests are incomplete", tasks.len());
    }
    tasks.shutdown().await;
}

type Connection = TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>;

fn connection(stream: TcpStream, options: &ServerOptions) -> io::Result<Connection> {
    stream.set_nodelay(true)?;
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(options.write_timeout));
    Ok(TokioIo::new(Box::pin(stream)))
}
