//! The response: [`Agent`] and its parts.

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
    /// An agent as returned by the service. Any field may be absent, and undocumented fields may be present.
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
        /// The id of the agent.
        pub id: String = "_id" documented;
        /// The id of the workspace that the agent belongs to.
        pub workspace_id: String = "workspaceId" documented;
        /// The id of the user that the agent belongs to, if any.
        pub user_id: String = "userId";
        /// The display name.
        pub name: String = "name" documented;
        /// The voice.
        pub tts: AgentTts = "ttsModel" documented;
        /// The language model that answers the caller.
        pub llm_model: OpenEnum<LlmModel> = "llmModel" documented;
        /// Whether the agent calls back people it could not reach.
        pub smart_callback: bool = "smartCallback" documented;
        /// The maximum number of callback attempts.
        pub max_attempts: Attempts = "maxAttemptsForSmartCallback";
        /// The delay before each callback attempt.
        pub gaps: Vec<AgentGap> = "gapBetweenEachAttemptForSmartCallback";
        /// The ids of the phone numbers that reach the agent.
        pub phone_number_ids: Vec<String> = "phoneNumberIds" documented;
        /// The calls in progress.
        pub active_sessions: Vec<AgentSession> = "activeSessions" documented;
        /// The settings of voice and language model, and custom settings.
        pub settings: AgentSettings = "settings" documented;
        /// The status of the agent.
        pub status: OpenEnum<AgentStatus> = "status" documented;
        /// The current node in the flow of the agent.
        pub current_node: String = "currentNode" documented;
        /// Custom values stored with the agent.
        pub variables: FreeForm = "variables" documented;
        /// The time of creation, an RFC 3339 date-time.
        pub created_at: String = "createdAt" documented, advisory TIMESTAMP;
        /// The time of the last change, an RFC 3339 date-time.
        pub updated_at: String = "updatedAt" documented, advisory TIMESTAMP;
        ..additional;
    }
}

object! {
    /// The voice of an agent.
    pub struct AgentTts (Default, Eq) in response {
        /// The text-to-speech service.
        pub provider: OpenEnum<TtsProvider> = "provider" documented;
        /// The id of the voice at the provider.
        pub voice_id: String = "voiceId" documented;
        /// The display name of the voice.
        pub name: String = "name" documented;
        /// The spoken language.
        pub language: String = "language" documented;
        /// The encrypted ElevenLabs API key. Present only if the provider is `11labs_byo`.
        pub api_key: ElevenLabsKey = "elevenLabsApiKey";
        ..additional;
    }
    require api_key if provider is TtsProvider::ElevenLabsByo;
    advisory key_disclosed(provider, api_key);
}

object! {
    /// The delay before a callback attempt: the sum of days and hours.
    pub struct AgentGap (Default, Eq) in response {
        /// The number of whole days.
        pub days: Days = "days";
        /// The number of whole hours, added to the days.
        pub hours: Hours = "hours";
        ..additional;
    }
}

object! {
    /// A call in progress.
    pub struct AgentSession (Default, Eq) in response {
        /// The name of the room.
        pub room_name: String = "roomName" documented;
        /// The id of the participant.
        pub participant_id: String = "participantId" documented;
        /// The time when the call began, an RFC 3339 date-time.
        pub start_time: String = "startTime" documented, advisory TIMESTAMP;
        /// The status of the call.
        pub status: String = "status" documented;
        ..additional;
    }
}

object! {
    /// The settings of an agent: documented and custom ones.
    pub struct AgentSettings (Default, Eq) in response {
        /// The speed of the voice.
        pub speed: Fraction = "speed";
        /// The volume of the voice.
        pub volume: Fraction = "volume";
        /// The sampling temperature of the language model.
        pub temperature: Fraction = "temperature";
        ..additional;
    }
}
