//! Sealing the stored keys of agents with the first encryption key, so that older ones can be removed.

use std::{error::Error, fmt};

use callagent::{Agent, AgentId, WorkspaceId};

use crate::{
    keys::{KeyRing, Place, RewrapError},
    sealing::rewrap_agent,
};

/// The number of agents that are sealed again in a transaction.
pub(crate) const BATCH: usize = 64;

/// The number of bytes of agents from which on a transaction takes no more of them.
pub(crate) const MAX_BATCH_SIZE: usize = 4 << 20;

/// The maximum number of agents that a result names.
const MAX_NAMED: usize = 20;

/// The result of [`Store::rekey`](crate::Store::rekey).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rekeyed {
    /// The number of agents whose key is now sealed with the first encryption key.
    pub agents: u64,
    /// The ids of encryption keys that nothing is sealed with any more.
    pub unused: Vec<String>,
    /// The number of agents that were left as they are, since their key cannot be unsealed.
    pub damaged: u64,
    /// The first damaged agents: workspace, id and reason.
    pub examples: Vec<(String, String, String)>,
}

/// The error of sealing again. What is done stays done, so it can be repeated.
#[derive(Debug)]
pub struct RekeyError(String);

impl RekeyError {
    pub(crate) fn new(reason: impl fmt::Display) -> Self {
        RekeyError(reason.to_string())
    }
}

impl Rekeyed {
    /// Adds an agent that cannot be sealed again.
    pub(crate) fn add_damaged(&mut self, workspace: &[u8], id: &[u8], reason: impl fmt::Display) {
        self.damaged += 1;
        if self.examples.len() < MAX_NAMED {
            let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
            self.examples.push((text(workspace), text(id), reason.to_string()));
        }
    }
}

/// Returns the document of an agent with its key sealed with the first encryption key.
pub(crate) fn rewrap(workspace: &[u8], id: &[u8], document: &[u8], keys: &KeyRing) -> Result<Vec<u8>, String> {
    let damaged = || "it is not an agent of the contract".to_owned();
    let mut agent: Agent = callagent::read(document).map_err(|_| damaged())?;
    let text = |bytes| str::from_utf8(bytes).map_err(|_| damaged());
    let workspace = WorkspaceId::new(text(workspace)?).map_err(|_| damaged())?;
    let id = AgentId::new(text(id)?).map_err(|_| damaged())?;
    rewrap_agent(&mut agent, keys, &Place::eleven_labs_key(&workspace, &id)).map_err(|error| match error {
        RewrapError::Unseal(error) => error.to_string(),
        RewrapError::Seal(error) => error.to_string(),
    })?;
    serde_json::to_vec(&agent).map_err(|error| error.to_string())
}

impl fmt::Display for RekeyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}; run it again to continue", self.0)
    }
}

impl Error for RekeyError {}
