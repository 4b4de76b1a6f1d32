//! A runtime that blocking functions use from any thread, also from one of another runtime.

use std::{io, sync::mpsc};

use tokio::runtime::{Builder, Handle, Runtime};

/// A runtime that is dropped without waiting for its tasks, as may happen anywhere.
#[derive(Debug)]
pub(super) struct Background {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Background {
    pub(super) fn start(threads: Option<usize>) -> io::Result<Self> {
        let mut builder = Builder::new_multi_thread();
        if let Some(threads) = threads {
            builder.worker_threads(threads);
        }
        let runtime = builder.thread_name("callagent-postgres").enable_all().build()?;
        Ok(Background { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Runs a future to its end, and blocks the thread meanwhile.
    pub(super) fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, mpsc::RecvError> {
        let (sender, output) = mpsc::sync_channel(1);
        self.handle.spawn(async move {
            // Nobody waits for it any more.
            let _ = sender.send(future.await);
        });
        output.recv()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
