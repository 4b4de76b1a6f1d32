//! The signals that end a command that waits for them.

#[cfg(unix)]
use std::{future::poll_fn, task::Poll};

#[cfg(unix)]
use tokio::signal::unix;
#[cfg(windows)]
use tokio::signal::windows;

/// Ctrl-C and, on Unix, SIGTERM, for a command that waits for them. They end the process if they cannot be handled.
pub(crate) struct Signals {
    #[cfg(unix)]
    streams: [Option<unix::Signal>; 2],
    #[cfg(windows)]
    stream: Option<windows::CtrlC>,
}

impl Signals {
    /// Handles the signals from now on. A runtime is required.
    pub(crate) fn new() -> Self {
        Signals {
            #[cfg(unix)]
            streams: [unix::SignalKind::interrupt(), unix::SignalKind::terminate()].map(|kind| unix::signal(kind).ok()),
            #[cfg(windows)]
            stream: windows::ctrl_c().ok(),
        }
    }

    /// Waits for the next signal.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        poll_fn(|context| {
            let mut polls = self.streams.iter_mut().flatten().map(|stream| stream.poll_recv(context));
            if polls.any(|poll| poll.is_ready()) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        #[cfg(windows)]
        match &mut self.stream {
            Some(stream) => drop(stream.recv().await),
            None => std::future::pending().await,
        }
    }
}
