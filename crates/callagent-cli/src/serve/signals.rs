//! Signals that stop the server.

use tokio::signal;
#[cfg(unix)]
use tokio::signal::unix;

/// Waits for Ctrl-C or, on Unix, for SIGTERM.
pub(super) async fn stop() {
    #[cfg(unix)]
    if let Ok(mut terminate) = unix::signal(unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    // Without a handler, the signal ends the process.
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
