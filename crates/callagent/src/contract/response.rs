//! An agent that is safe to send.

use serde::{Serialize, Serializer};

use super::{
    agent::{Agent, AgentTts},
    keys::uses_key,
};

/// An agent that is safe to send: it has a key only if its provider uses it.
///
/// A handler that returns this type cannot disclose a key by mistake.
///
/// ```
/// use callagent::{Agent, AgentTts, ElevenLabsKey, TtsProvider};
///
/// let mut agent = Agent::default();
/// let mut tts = AgentTts::default();
/// tts.provider = Some(TtsProvider::OpenAi.into());
/// tts.api_key = Some(ElevenLabsKey::new("sk-1234"));
/// agent.tts = Some(tts);
/// assert_eq!(serde_json::to_string(&agent.for_response())?, r#"{"ttsModel":{"provider":"openai"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentResponse(Agent);

impl AgentResponse {
    /// Removes the key even if the provider uses it. A server must not send a key that is not encrypted.
    #[must_use]
    pub fn without_key(mut self) -> Self {
        if let Some(tts) = &mut self.0.tts {
            tts.api_key = None;
        }
        self
    }

    /// Converts into the agent.
    #[must_use]
    pub fn into_agent(self) -> Agent {
        self.0
    }
}

impl Agent {
    /// Removes the key unless the provider uses it. A server must send no other agent.
    #[must_use]
    pub fn for_response(mut self) -> AgentResponse {
        let is_other = |tts: &&mut AgentTts| !tts.provider.as_ref().is_some_and(uses_key);
        if let Some(tts) = self.tts.as_mut().filter(is_other) {
            tts.api_key = None;
        }
        AgentResponse(self)
    }
}

impl From<Agent> for AgentResponse {
    fn from(agent: Agent) -> Self {
        agent.for_response()
    }
}

impl AsRef<Agent> for AgentResponse {
    fn as_ref(&self) -> &Agent {
        &self.0
    }
}

impl Serialize for AgentResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
