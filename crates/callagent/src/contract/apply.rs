//! Agent and update make the agent after the update.

use super::{
    agent::{Agent, AgentGap, AgentSettings, AgentTts},
    update::{Gap, SettingsUpdate, TtsUpdate, UpdateAgent},
};
use crate::values::KeyChange;

impl UpdateAgent {
    /// Changes an agent as the update says. What the update leaves out stays as it is; a documented default never
    /// overwrites. The voice and the settings are merged field by field, everything else is replaced whole.
    ///
    /// A key that is neither replaced nor removed stays with the agent under any provider; see
    /// [`Agent::disclosed`] for what a server may show.
    ///
    /// ```
    /// use callagent::{Agent, LlmModel, UpdateAgent};
    ///
    /// let mut agent: Agent = callagent::read(r#"{"name": "Support", "smartCallback": true}"#)?;
    /// UpdateAgent::new(LlmModel::Gpt5).apply(&mut agent);
    /// assert_eq!(agent.name.as_deref(), Some("Support"));
    /// assert_eq!(agent.smart_callback, Some(true));
    /// # Ok::<(), callagent::Report>(())
    /// ```
    pub fn apply(&self, agent: &mut Agent) {
        let UpdateAgent {
            name,
            llm_model,
            tts,
            smart_callback,
            max_attempts,
            gaps,
            phone_number_ids,
            settings,
            variables,
        } = self;
        agent.llm_model = Some(llm_model.clone());
        replace(&mut agent.name, name.as_ref());
        replace(&mut agent.smart_callback, smart_callback.as_ref());
        replace(&mut agent.max_attempts, max_attempts.as_ref());
        replace(&mut agent.phone_number_ids, phone_number_ids.as_ref());
        replace(&mut agent.variables, variables.as_ref());
        if let Some(gaps) = gaps {
            agent.gaps = Some(gaps.iter().copied().map(Into::into).collect());
        }
        if let Some(tts) = tts {
            tts.apply(agent.tts.get_or_insert_default());
        }
        if let Some(settings) = settings {
            settings.apply(agent.settings.get_or_insert_default());
        }
    }
}

impl TtsUpdate {
    fn apply(&self, tts: &mut AgentTts) {
        tts.provider = Some(self.provider().clone());
        replace(&mut tts.voice_id, self.voice_id.as_ref());
        replace(&mut tts.language, self.language.as_ref());
        match self.key_change() {
            None => {}
            Some(KeyChange::Remove) => tts.api_key = None,
            Some(KeyChange::Replace(key)) => tts.api_key = Some(key.clone()),
        }
    }
}

impl SettingsUpdate {
    fn apply(&self, settings: &mut AgentSettings) {
        replace(&mut settings.speed, self.speed.as_ref());
        replace(&mut settings.volume, self.volume.as_ref());
        replace(&mut settings.temperature, self.temperature.as_ref());
        // The two declarations document the same names, so none of these is a documented one.
        settings.further.merge(&self.further);
    }
}

impl From<Gap> for AgentGap {
    fn from(Gap { days, hours }: Gap) -> Self {
        AgentGap { days: Some(days), hours: Some(hours), ..AgentGap::default() }
    }
}

fn replace<T: Clone>(stored: &mut Option<T>, given: Option<&T>) {
    if let Some(given) = given {
        *stored = Some(given.clone());
    }
}
