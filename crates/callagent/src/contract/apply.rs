//! Applying an update to an agent.

use super::{agent::Agent, update::UpdateAgent};
use crate::{
    model::ProblemType,
    values::{ETag, IfMatch},
};

impl UpdateAgent {
    /// Applies the update to an agent. Omitted fields stay unchanged, and a documented default never overwrites a
    /// value. The voice and the settings are merged field by field; everything else is replaced as a whole.
    ///
    /// A key that is neither replaced nor removed stays with the agent, regardless of the provider. Servers must send
    /// [`Agent::for_response`], which hides it.
    ///
    /// ```
    /// use callagent::{Agent, LlmModel, UpdateAgent};
    ///
    /// let mut agent: Agent = callagent::read(r#"{"name": "Support", "smartCallback": true}"#)?;
    /// UpdateAgent::new(LlmModel::Gpt5).apply(&mut agent);
    /// assert_eq!(agent.name.as_deref(), Some("Support"));
    /// assert_eq!(agent.smart_callback, Some(true));
    /// # Ok::<(), callagent::InvalidDocument>(())
    /// ```
    pub fn apply(self, agent: &mut Agent) {
        self.merge_into(agent);
    }

    /// Applies the update if `condition`, the header `If-Match`, permits it. Returns whether the agent changed; if not, its
    /// entity tag must stay the same. `current` is the tag of the agent.
    ///
    /// An update that is already in effect succeeds even if the condition does not match (RFC 9110, section 13.1.1).
    ///
    /// ```
    /// use callagent::{Agent, ETag, IfMatch, LlmModel, ProblemType, UpdateAgent};
    ///
    /// let (mut agent, current) = (Agent::default(), ETag::from(5));
    /// let update = UpdateAgent::new(LlmModel::Gpt5);
    /// let outdated = IfMatch::from(ETag::from(4));
    /// let refused = update.clone().apply_if(Some(&outdated), &current, &mut agent);
    /// assert_eq!((refused, &agent), (Err(ProblemType::PRECONDITION_FAILED), &Agent::default()));
    ///
    /// assert_eq!(update.clone().apply_if(None, &current, &mut agent), Ok(true));
    /// assert_eq!(update.apply_if(Some(&outdated), &current, &mut agent), Ok(false));
    /// ```
    ///
    /// # Errors
    /// [`ProblemType::PRECONDITION_FAILED`]. The agent is unchanged.
    pub fn apply_if(self, condition: Option<&IfMatch>, current: &ETag, agent: &mut Agent) -> Result<bool, ProblemType> {
        let mut updated = agent.clone();
        self.apply(&mut updated);
        if updated == *agent {
            return Ok(false);
        }
        if condition.is_some_and(|condition| !condition.permits(current)) {
            return Err(ProblemType::PRECONDITION_FAILED);
        }
        *agent = updated;
        Ok(true)
    }
}
