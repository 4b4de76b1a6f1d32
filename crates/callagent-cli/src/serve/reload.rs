//! Reading the certificate again at SIGHUP.

use callagent_server::Tls;

/// Reads the certificate again at each SIGHUP from now on. A runtime is required.
#[cfg(unix)]
pub(super) fn on_signal(tls: Tls) {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangups = match signal(SignalKind::hangup()) {
        Ok(hangups) => hangups,
        Err(error) => {
            return tracing::warn!("cannot handle SIGHUP, so that a new certificate needs a restart: {error}");
        }
    };
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            match tls.reload() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!("the previous certificate is kept: {error}"),
            }
        }
    });
}

/// There is no such signal, and a new certificate needs a restart.
#[cfg(not(unix))]
pub(super) fn on_signal(_: Tls) {}
