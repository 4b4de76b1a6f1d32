//! Waiting updates, by agent.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use callagent::{AgentId, WorkspaceId};
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::mpsc;

use crate::{error::StoreError, metrics::whole, request::Job, store::StoreOptions};

/// The maximum number of waiting updates of an agent, so that a single one does not fill the queue.
const AGENT_QUEUE: usize = 256;

/// An agent.
pub(super) type Key = (WorkspaceId, AgentId);

/// Held by all that must end before the store is closed.
pub(super) type Running = mpsc::Sender<Infallible>;

/// Waiting updates. Those of an agent are served by a single task.
pub(super) struct Queue {
    limit: usize,
    batch: usize,
    waiting: Mutex<Waiting>,
    /// Shows [`Waiting::count`].
    metric: Gauge,
}

struct Waiting {
    /// The agents that are served, with the updates that wait.
    agents: HashMap<Arc<Key>, VecDeque<Job>>,
    /// The number of waiting updates.
    count: usize,
    /// `None` once the store is closed.
    running: Option<Running>,
}

impl Queue {
    pub(super) fn new(options: StoreOptions, running: Running, metric: Gauge) -> Self {
        let waiting = Mutex::new(Waiting { agents: HashMap::new(), count: 0, running: Some(running) });
        Queue { limit: options.queue, batch: options.batch, waiting, metric }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, count: &mut usize, new: usize) {
        *count = new;
        self.metric.set(whole(new));
    }

    /// Adds an update. Returns the agent if nothing serves it yet, and what its task must hold.
    pub(super) fn push(&self, job: Job) -> Result<Option<(Arc<Key>, Running)>, StoreError> {
        let mut waiting = self.lock();
        let waiting = &mut *waiting;
        let running = waiting.running.as_ref().ok_or(StoreError::Closed)?;
        if waiting.count >= self.limit {
            return Err(StoreError::Overloaded);
        }
        let key = (job.request.workspace.clone(), job.request.agent.clone());
        if let Some(jobs) = waiting.agents.get_mut(&key) {
            if jobs.len() >= AGENT_QUEUE {
                return Err(StoreError::Overloaded);
            }
            jobs.push_back(job);
            let count = waiting.count + 1;
            self.set(&mut waiting.count, count);
            return Ok(None);
        }
        let key = Arc::new(key);
        waiting.agents.insert(Arc::clone(&key), VecDeque::from([job]));
        let count = waiting.count + 1;
        self.set(&mut waiting.count, count);
        Ok(Some((key, running.clone())))
    }

    /// Takes the updates of an agent that are applied at once.
    pub(super) fn take(&self, key: &Key) -> Vec<Job> {
        let mut waiting = self.lock();
        let jobs = waiting.agents.get_mut(key);
        let jobs: Vec<_> = jobs.map(|jobs| jobs.drain(..jobs.len().min(self.batch)).collect()).unwrap_or_default();
        let count = waiting.count.saturating_sub(jobs.len());
        self.set(&mut waiting.count, count);
        jobs
    }

    /// Ends serving an agent, unless updates of it wait.
    pub(super) fn is_done(&self, key: &Key) -> bool {
        let mut waiting = self.lock();
        let is_done = waiting.agents.get(key).is_none_or(VecDeque::is_empty);
        if is_done {
            waiting.agents.remove(key);
        }
        is_done
    }

    /// Drops the updates of an agent whose task has failed.
    pub(super) fn abandon(&self, key: &Key) {
        let mut waiting = self.lock();
        let dropped = waiting.agents.remove(key).map_or(0, |jobs| jobs.len());
        let count = waiting.count.saturating_sub(dropped);
        self.set(&mut waiting.count, count);
    }

    /// Fails if the store is closed.
    pub(super) fn require_open(&self) -> Result<(), StoreError> {
        self.lock().running.as_ref().map(drop).ok_or(StoreError::Closed)
    }

    /// Takes no further updates.
    pub(super) fn close(&self) {
        drop(self.lock().running.take());
    }
}
