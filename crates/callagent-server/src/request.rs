//! Updates on their way to a store.

use callagent::{AgentId, IfMatch, WorkspaceId};
use tokio::sync::oneshot;

use crate::{decision::Outcome, error::StoreError, sealing::SealedUpdate};

/// An update of an agent.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) workspace: WorkspaceId,
    pub(crate) agent: AgentId,
    pub(crate) update: SealedUpdate,
    pub(crate) if_match: Option<IfMatch>,
}

/// A waiting update. If nobody waits for its answer any more, it is applied nevertheless.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) request: Request,
    pub(crate) answer: Sender,
}

pub(crate) type Sender = oneshot::Sender<Result<Outcome, StoreError>>;

/// Sends an answer, unless nobody waits for it.
pub(crate) fn answer(sender: Sender, answer: Result<Outcome, StoreError>) {
    drop(sender.send(answer));
}
