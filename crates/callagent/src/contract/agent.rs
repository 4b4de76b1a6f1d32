//! The response: [`Agent`] and what it holds.

use super::{
    advisories::{TIMESTAMP, key_disclosed},
    keys::ElevenLabsKey,
    numbers::{Attempts, Days, Fraction, Hours},
    vocabularies::{AgentStatus, LlmModel, TtsProvider},
};
use crate::{
    macros::object,
    values::{FreeForm, OpenEnum},
};

object! {
    /// An agent, as the service answers it. Any field may be missing, and there may be more.
    ///
    /// ```
    /// use callagent::Agent;
    ///
    /// let agent: Agent = callagent::read(r#"{"_id": "a1", "llmModel": "a-newer-one", "team": "blue"}"#)?;
    /// assert_eq!(agent.id.as_deref(), Some("a1"));
    /// assert_eq!(agent.additional_properties().get("team"), Some(&"blue".into()));
    /// # Ok::<(), callagent::InvalidDocument>(())
    /// ```
    pub struct Agent (Default, Eq) in response {
        /// The agent's id.
        pub id: String = "_id" documented;
        /// The id of the workspace that it belongs to.
        pub workspace_id: String = "workspaceId" documented;
        /// The id of the user that it belongs to, if there is one.
        pub user_id: String = "userId";
        /// What people call the agent.
        pub name: String = "name" documented;
        /// The voice.
        pub tts: AgentTts = "ttsModel" documented;
        /// The language model that answers the caller.
        pub llm_model: OpenEnum<LlmModel> = "llmModel" documented;
        /// Whether the agent calls back those whom it did not reach.
        pub smart_callback: bool = "smartCallback" documented;
        /// How many times it calls back at most.
        pub max_attempts: Attempts = "maxAttemptsForSmartCallback";
        /// How long it waits before each attempt.
        pub gaps: Vec<AgentGap> = "gapBetweenEachAttemptForSmartCallback";
        /// The ids of the phone numbers that reach the agent.
        pub phone_number_ids: Vec<String> = "phoneNumberIds" documented;
        /// The calls that are going on.
        pub active_sessions: Vec<AgentSession> = "activeSessions" documented;
        /// How the agent speaks and thinks, and custom settings.
        pub settings: AgentSettings = "settings" documented;
        /// How far the agent is.
        pub status: OpenEnum<AgentStatus> = "status" documented;
        /// Where the agent is in its flow.
        pub current_node: String = "currentNode" documented;
        /// Custom values that the agent keeps.
        pub variables: FreeForm = "variables" documented;
        /// When the agent was made: a date-time of RFC 3339.
        pub created_at: String = "createdAt" documented, advisory TIMESTAMP;
        /// When it was last changed: a date-time of RFC 3339.
        pub updated_at: String = "updatedAt" documented, advisory TIMESTAMP;
        ..further;
    }
}

object! {
    /// An agent's voice.
    pub struct AgentTts (Default, Eq) in response {
        /// The service that turns text into speech.
        pub provider: OpenEnum<TtsProvider> = "provider" documented;
        /// The provider's id of the voice.
        pub voice_id: String = "voiceId" documented;
        /// What people call the voice.
        pub name: String = "name" documented;
        /// The language that it speaks.
        pub language: String = "language" documented;
        /// The ElevenLabs API key, encrypted. Shown only where the provider is `11labs_byo`.
        pub api_key: ElevenLabsKey = "elevenLabsApiKey";
        ..further;
    }
    require api_key if provider is TtsProvider::ElevenLabsByo;
    advisory key_disclosed(provider, api_key);
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
        pub room_name: String = "roomName" documented;
        /// The id of its participant.
        pub participant_id: String = "participantId" documented;
        /// When it began: a date-time of RFC 3339.
        pub start_time: String = "startTime" documented, advisory TIMESTAMP;
        /// How it fares.
        pub status: String = "status" documented;
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
