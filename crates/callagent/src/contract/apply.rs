//! Applying an update to an agent.

use super::{agent::Agent, update::UpdateAgent};

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
}
