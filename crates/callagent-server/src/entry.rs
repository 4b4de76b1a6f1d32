//! An agent while updates are applied to it, in any store.

use std::sync::Arc;

use callagent::{Agent, IfMatch};
use jiff::Timestamp;

use crate::{
    decision::{Outcome, StoredAgent, decide},
    error::StoreError,
    keys::{KeyRing, Place},
    sealing::{SealedUpdate, agent_key_id},
};

/// The maximum size of an agent in bytes. Updates add to an agent, so their size does not bound it.
pub(crate) const MAX_AGENT: usize = 32 << 20;

/// The size of the answers of a batch, in bytes of documents, from which on no more updates are added. Each answer is a copy
/// of its agent, so that many updates of large agents would otherwise take gigabytes.
pub(crate) const MAX_ANSWERS: usize = 16 << 20;

/// An agent during a batch. Each update sees the results of those before it.
pub(crate) enum Entry {
    Missing,
    Unreadable(Arc<str>),
    Stored {
        agent: Box<StoredAgent>,
        /// The size of the document.
        size: usize,
        /// What is to be written, if the agent has changed.
        change: Option<Change>,
    },
}

/// What is to be written of an agent.
pub(crate) struct Change {
    pub(crate) document: Vec<u8>,
    /// Whether its key is sealed with another encryption key than before, or has come or gone.
    pub(crate) is_resealed: bool,
}

impl Entry {
    /// Reads a stored agent.
    pub(crate) fn read(version: i64, document: &[u8]) -> Self {
        let agent = callagent::read::<Agent>(document).map_err(|_| "it is not an agent of the contract");
        let version = u64::try_from(version).map_err(|_| "its version is negative");
        match (version, agent) {
            (Ok(version), Ok(agent)) => {
                let agent = Box::new(StoredAgent::new(version.into(), agent));
                Entry::Stored { agent, size: document.len(), change: None }
            }
            (Err(reason), _) | (_, Err(reason)) => Entry::Unreadable(reason.into()),
        }
    }

    /// Returns the size of an answer, in bytes of the document.
    pub(crate) fn size(&self) -> usize {
        match self {
            Entry::Missing | Entry::Unreadable(_) => 0,
            Entry::Stored { size, .. } => *size,
        }
    }

    /// Applies an update. Returns the entry after it too, if it changes the agent.
    pub(crate) fn apply(
        &self,
        update: SealedUpdate,
        if_match: Option<&IfMatch>,
        keys: &KeyRing,
        place: &Place<'_>,
        now: Timestamp,
    ) -> Result<(Outcome, Option<Self>), StoreError> {
        let (stored, was_resealed) = match self {
            Entry::Missing => return Ok((Outcome::NotFound, None)),
            Entry::Unreadable(reason) => return Err(StoreError::Unreadable(Arc::clone(reason))),
            Entry::Stored { agent, change, .. } => (agent, change.as_ref().is_some_and(|change| change.is_resealed)),
        };
        let update = update.resolve(Some(&stored.agent), keys, place)?;
        let outcome = decide(Some(stored), update, if_match, now);
        let Outcome::Changed(changed) = &outcome else { return Ok((outcome, None)) };
        let document =
            serde_json::to_vec(&changed.agent).map_err(|error| StoreError::Unreadable(error.to_string().into()))?;
        if document.len() > MAX_AGENT {
            return Err(StoreError::TooLarge { limit: MAX_AGENT });
        }
        let is_resealed = was_resealed || agent_key_id(&stored.agent) != agent_key_id(&changed.agent);
        let (agent, size) = (Box::new(changed.clone()), document.len());
        let entry = Entry::Stored { agent, size, change: Some(Change { document, is_resealed }) };
        Ok((outcome, Some(entry)))
    }

    /// Returns the agent and what is to be written of it, if it has changed.
    pub(crate) fn into_change(self) -> Option<(StoredAgent, Change)> {
        match self {
            Entry::Stored { agent, change: Some(change), .. } => Some((*agent, change)),
            _ => None,
        }
    }
}
