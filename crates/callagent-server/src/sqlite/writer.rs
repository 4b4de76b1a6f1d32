//! The thread that writes: it commits all waiting updates at once.

use std::{
    io,
    sync::{Arc, mpsc},
    thread,
};

use rusqlite::Connection;
use tokio::sync::watch;

use super::{Failure, Recorded, batch, connection::checkpoint};
use crate::{
    error::StoreError,
    keys::KeyRing,
    metrics::StoreMetrics,
    request::{Job, answer},
};

/// The number of written bytes after which the log is copied into the database.
const CHECKPOINT: usize = 4 << 20;

/// The least that a changed row adds to the log: a page.
const PAGE: usize = 4096;

/// The state of the writer. It changes once.
#[derive(Debug, Clone)]
pub(crate) enum State {
    Running,
    Closed,
    Failed(Arc<str>),
}

impl State {
    /// Fails unless the writer is running.
    pub(crate) fn require_running(&self) -> Result<(), StoreError> {
        match self {
            State::Running => Ok(()),
            State::Closed => Err(StoreError::Closed),
            State::Failed(reason) => Err(StoreError::Unavailable(Arc::clone(reason))),
        }
    }
}

struct Writer {
    connection: Connection,
    keys: KeyRing,
    recorded: Recorded,
    /// The maximum number of updates that are committed at once.
    batch: usize,
    /// The bytes that were written since the last checkpoint.
    unchecked: usize,
    metrics: StoreMetrics,
}

/// Starts the thread. It ends when the sender of the jobs is dropped and all of them are answered, or when it fails.
pub(crate) fn start(
    connection: Connection,
    keys: KeyRing,
    batch: usize,
    jobs: mpsc::Receiver<Job>,
    metrics: StoreMetrics,
) -> io::Result<watch::Receiver<State>> {
    let (sender, state) = watch::channel(State::Running);
    let waiting = metrics.waiting.clone();
    let mut writer = Writer { connection, keys, recorded: Recorded::default(), batch, unchecked: 0, metrics };
    thread::Builder::new().name("callagent-writer".to_owned()).spawn(move || {
        let end = match writer.run(&jobs) {
            Ok(()) => State::Closed,
            Err(reason) => State::Failed(reason),
        };
        // Closing the last connection to a file copies the log into the database.
        let end = match (end, writer.connection.close()) {
            (State::Closed, Err((_, error))) => State::Failed(error.to_string().into()),
            (end, _) => end,
        };
        let refused = end.require_running();
        sender.send_replace(end);
        for job in jobs.try_iter() {
            waiting.dec();
            answer(job.answer, refused.clone().and(Err(StoreError::Closed)));
        }
    })?;
    Ok(state)
}

impl Writer {
    fn run(&mut self, jobs: &mpsc::Receiver<Job>) -> Result<(), Arc<str>> {
        while let Ok(first) = jobs.recv() {
            let others = jobs.try_iter().take(self.batch.saturating_sub(1));
            let mut answers = Vec::new();
            let metrics = &self.metrics;
            let requests = std::iter::once(first).chain(others).map(|job| {
                metrics.waiting.dec();
                answers.push(job.answer);
                job.request
            });
            match batch::commit(&mut self.connection, &mut self.recorded, &self.keys, metrics, requests) {
                Ok((outcomes, written)) => {
                    let count = outcomes.len();
                    for (sender, outcome) in answers.into_iter().zip(outcomes) {
                        answer(sender, outcome);
                    }
                    self.checkpoint(count, written).map_err(|error| Arc::from(error.to_string()))?;
                }
                Err(Failure::Busy) => {
                    self.recorded = Recorded::default();
                    for sender in answers {
                        answer(sender, Err(StoreError::Overloaded));
                    }
                }
                Err(Failure::Fatal(reason)) => {
                    let error = StoreError::OutcomeUnknown(Arc::clone(&reason));
                    for sender in answers {
                        answer(sender, Err(error.clone()));
                    }
                    return Err(reason);
                }
            }
        }
        Ok(())
    }

    /// Copies the log into the database once it has grown. SQLite would do so within a commit, and ignore errors.
    fn checkpoint(&mut self, rows: usize, written: usize) -> rusqlite::Result<()> {
        if written > 0 {
            self.unchecked += written + rows * PAGE;
        }
        if self.unchecked >= CHECKPOINT {
            checkpoint(&self.connection)?;
            self.unchecked = 0;
        }
        Ok(())
    }
}
