//! Agent and update make the agent after the update.

use super::{agent::Agent, update::UpdateAgent};

impl UpdateAgent {
    /// Changes an agent as the update says. What the update leaves out stays as it is; a documented default never
    /// overwrites. The voice and the settings are merged field by field, everything else is replaced whole.
    ///
    /// A key that is neither replaced nor removed stays with the agent under any provider; see
    /// [`Agent::for_response`] for what a server may show.
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
