//! Vocabularies: language models, voice providers, and the status of an agent.

use crate::macros::vocabulary;

vocabulary! {
    /// The language model that answers the caller.
    pub enum LlmModel in request, default Gpt4oMini {
        Gpt4oMini = "gpt-4o-mini",
        Gpt4oEnterprise = "gpt-4o-enterprise",
        Gpt41 = "gpt-4.1",
        Gpt41Mini = "gpt-4.1-mini",
        Gemini25FlashPreviewNativeAudioDialog = "gemini-2.5-flash-preview-native-audio-dialog",
        Gemini25Flash = "gemini-2.5-flash",
        GeminiLive25FlashPreview = "gemini-live-2.5-flash-preview",
        GeminiAudioPipelineGemini25FlashPreviewNativeAudioDialog =
            "geminiaudiopipeline:gemini-2.5-flash-preview-native-audio-dialog",
        Gemini20FlashLive001 = "gemini-2.0-flash-live-001",
        Gpt5 = "gpt-5",
    }
}

vocabulary! {
    /// The text-to-speech service.
    pub enum TtsProvider in request {
        OpenAi = "openai",
        Rime = "rime",
        ElevenLabs = "elevenlabs",
        ElevenLabsByo = "11labs_byo",
        Google = "google",
    }
}

vocabulary! {
    /// The status of an agent.
    pub enum AgentStatus in response {
        Pending = "pending",
        Ready = "ready",
        Error = "error",
    }
}
