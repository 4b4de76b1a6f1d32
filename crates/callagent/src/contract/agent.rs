//! The response: [`Agent`] and what it holds.

use super::{
    advisories::{TIMESTAMP, key_disclosed},
    numbers::{Attempts, Days, Fraction, Hours},
    vocabularies::{AgentStatus, LlmModel, TtsProvider},
};
use crate::{
    macros::object,
    values::{ApiKey, FreeForm, Word},
};

object! {
    /// An agent, as the service answers it. Any field may be missing, and there may be more.
    ///
    /// ```
    /// use callagent::Agent;
    ///
    /// let agent: Agent = callagent::read(r#"{"_id": "a1", "llmModel": "a-newer-one", "team": "blue"}"#)?;
    /// assert_eq!(agent.id.as_deref(), Some("a1"));
    /// assert_eq!(agent.further().get("team"), Some(&"blue".into()));
    /// # Ok::<(), callagent::Report>(())
    /// ```
    pub struct Agent (Default, Eq) in response {
        /// The agent's id.
        pub id: String = "_id" listed;
        /// The id of the workspace that it belongs to.
        pub workspace_id: String = "workspaceId" listed;
        /// The id of the user that it belongs to, if there is one.
        pub user_id: String = "userId";
        /// What people call the agent.
        pub name: String = "name" listed;
        /// The voice.
        pub tts: AgentTts = "ttsModel" listed;
        /// The language model that answers the caller.
        pub llm_model: Word<LlmModel> = "llmModel" listed;
        /// Whether the agent calls back those whom it did not reach.
        pub smart_callback: bool = "smartCallback" listed;
        /// How many times it calls back at most.
        pub max_attempts: Attempts = "maxAttemptsForSmartCallback";
        /// How long it waits before each attempt.
        pub gaps: Vec<AgentGap> = "gapBetweenEachAttemptForSmartCallback";
        /// The ids of the phone numbers that reach the agent.
        pub phone_number_ids: Vec<String> = "phoneNumberIds" listed;
        /// The calls that are going on.
        pub active_sessions: Vec<AgentSession> = "activeSessions" listed;
        /// How the agent speaks and thinks, and custom settings.
        pub settings: AgentSettings = "settings" listed;
        /// How far the agent is.
        pub status: Word<AgentStatus> = "status" listed;
        /// Where the agent is in its flow.
        pub current_node: String = "currentNode" listed;
        /// Custom values that the agent keeps.
        pub variables: FreeForm = "variables" listed;
        /// When the agent was made: a date-time of RFC 3339.
        pub created_at: String = "createdAt" listed, advise TIMESTAMP;
        /// When it was last changed: a date-time of RFC 3339.
        pub updated_at: String = "updatedAt" listed, advise TIMESTAMP;
        ..further;
    }
}

object! {
    /// An agent's voice.
    pub struct AgentTts (Default, Eq) in response {
        /// The service that turns text into speech.
        pub provider: Word<TtsProvider> = "provider" listed;
        /// The provider's id of the voice.
        pub voice_id: String = "voiceId" listed;
        /// What people call the voice.
        pub name: String = "name" listed;
        /// The language that it speaks.
        pub language: String = "language" listed;
        /// The ElevenLabs API key, encrypted. Shown only where the provider is `11labs_byo`.
        pub api_key: ApiKey = "elevenLabsApiKey";
        ..further;
    }
    due api_key where provider is TtsProvider::ElevenLabsByo;
    advise key_disclosed(provider, api_key);
}

object! {
    /// How long an agent waits before an attempt to call back.
    pub struct AgentGap (Default, Eq) in response {
        /// Whole days.
        pub days: Days = "days";
        /// Whole hours, beside the days.
        pub hours: Hours = "hours";
        ..further;
    }
}

object! {
    /// A call that is going on.
    pub struct AgentSession (Default, Eq) in response {
        /// The name of its room.
        pub room_name: String = "roomName" listed;
        /// The id of its participant.
        pub participant_id: String = "participantId" listed;
        /// When it began: a date-time of RFC 3339.
        pub start_time: String = "startTime" listed, advise TIMESTAMP;
        /// How it fares.
        pub status: String = "status" listed;
        ..further;
    }
}

object! {
    /// An agent's settings: the documented ones, and custom ones beside them.
    pub struct AgentSettings (Default, Eq) in response {
        /// How fast the voice speaks.
        pub speed: Fraction = "speed";
        /// How loud the voice is.
        pub volume: Fraction = "volume";
        /// How freely the language model answers.
        pub temperature: Fraction = "temperature";
        ..further;
    }
}

impl Agent {
    /// The agent as it may be shown: without a key, unless its provider is the one that uses it. A server sends no
    /// other.
    ///
    /// ```
    /// use callagent::{Agent, AgentTts, ApiKey, TtsProvider};
    ///
    /// let mut agent = Agent::default();
    /// let mut tts = AgentTts::default();
    /// tts.provider = Some(TtsProvider::OpenAi.into());
    /// tts.api_key = Some(ApiKey::new("sk-1234"));
    /// agent.tts = Some(tts);
    /// assert!(agent.disclosed().tts.is_some_and(|tts| tts.api_key.is_none()));
    /// ```
    #[must_use]
    pub fn disclosed(mut self) -> Self {
        let is_other =
            |tts: &&mut AgentTts| tts.provider.as_ref().is_none_or(|word| *word != TtsProvider::ElevenLabsByo);
        if let Some(tts) = self.tts.as_mut().filter(is_other) {
            tts.api_key = None;
        }
        self
    }
}
