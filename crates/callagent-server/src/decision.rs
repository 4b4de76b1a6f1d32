//! The decision on an update: what is answered, and what is stored.

use callagent::{Agent, AgentResponse, ETag, IfMatch, UpdateAgent};
use jiff::Timestamp;

use crate::version::Version;

/// A stored agent. Its key is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredAgent {
    /// The version of the agent.
    pub version: Version,
    /// The agent, including a key that its provider does not use.
    pub agent: Agent,
}

/// The outcome of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The workspace has no agent with this id.
    NotFound,
    /// The agent is in another state than `If-Match` requires, and the update would change it.
    PreconditionFailed,
    /// The update was in effect already. Version and `updatedAt` are kept.
    Unchanged(StoredAgent),
    /// The agent after the update.
    Changed(StoredAgent),
}

impl StoredAgent {
    /// Creates a stored agent.
    #[must_use]
    pub fn new(version: Version, agent: Agent) -> Self {
        StoredAgent { version, agent }
    }

    /// Returns the tag and the agent to send.
    #[must_use]
    pub fn into_response(self) -> (ETag, AgentResponse) {
        (self.version.etag(), self.agent.for_response())
    }
}

/// Decides on an update of an agent, in any store, by [`UpdateAgent::apply_if`].
///
/// ```
/// use callagent::{Agent, LlmModel, UpdateAgent};
/// use callagent_server::{Outcome, StoredAgent, decide};
///
/// let stored = StoredAgent::new(7.into(), Agent::default());
/// let now = "2026-11-25T12:00:00.5Z".parse()?;
/// let update = UpdateAgent::new(LlmModel::Gpt5);
/// let Outcome::Changed(changed) = decide(Some(&stored), update.clone(), None, now) else { panic!() };
/// assert_eq!(changed.agent.updated_at.as_deref(), Some("2026-11-25T12:00:00.500Z"));
/// assert_eq!(decide(Some(&changed), update, Some(&r#""7""#.parse()?), now), Outcome::Unchanged(changed));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn decide(
    stored: Option<&StoredAgent>,
    update: UpdateAgent,
    if_match: Option<&IfMatch>,
    now: Timestamp,
) -> Outcome {
    let Some(stored) = stored else { return Outcome::NotFound };
    let mut agent = stored.agent.clone();
    match update.apply_if(if_match, &stored.version.etag(), &mut agent) {
        Err(_) => Outcome::PreconditionFailed,
        Ok(false) => Outcome::Unchanged(StoredAgent::new(stored.version, agent)),
        Ok(true) => {
            agent.updated_at = Some(format!("{now:.3}"));
            Outcome::Changed(StoredAgent { version: Version::next(Some(stored.version), now), agent })
        }
    }
}
