//! `serde` derive with closed objects, enums and bounded numbers, and `garde` for the remaining rules.

use std::hint::black_box;

use callagent::{Days, Hours};
use garde::Validate;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{Contestant, Gives};
use crate::flaws::Flaw;

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[garde(allow_unvalidated)]
#[expect(dead_code, reason = "it is only made and validated")]
struct UpdateAgent {
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    llm_model: LlmModel,
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    tts_model: Option<Tts>,
    #[serde(default, deserialize_with = "given")]
    smart_callback: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    max_attempts_for_smart_callback: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    gap_between_each_attempt_for_smart_callback: Option<Vec<Gap>>,
    #[serde(default, deserialize_with = "given")]
    phone_number_ids: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    settings: Option<Settings>,
    #[serde(default, deserialize_with = "given")]
    variables: Option<Map<String, Value>>,
}

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[garde(allow_unvalidated)]
#[expect(dead_code, reason = "it is only made and validated")]
struct Tts {
    #[garde(custom(|provider: &Provider, _: &()| key_is_given(*provider, &self.eleven_labs_api_key)))]
    provider: Provider,
    #[serde(default, deserialize_with = "given")]
    voice_id: Option<String>,
    #[serde(default, deserialize_with = "given")]
    language: Option<String>,
    /// Here null is a distinct value.
    #[serde(default, deserialize_with = "given")]
    eleven_labs_api_key: Option<Option<String>>,
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Gap {
    #[serde(default, deserialize_with = "given")]
    #[garde(range(max = Days::MAX.get()))]
    days: Option<u8>,
    #[serde(default, deserialize_with = "given")]
    #[garde(range(max = Hours::MAX.get()))]
    hours: Option<u8>,
}

#[derive(Deserialize, Validate)]
#[garde(allow_unvalidated)]
#[expect(dead_code, reason = "it is only made and validated")]
struct Settings {
    #[serde(default, deserialize_with = "given")]
    #[garde(range(min = 0.0, max = 1.0))]
    speed: Option<f64>,
    #[serde(default, deserialize_with = "given")]
    #[garde(range(min = 0.0, max = 1.0))]
    volume: Option<f64>,
    #[serde(default, deserialize_with = "given")]
    #[garde(range(min = 0.0, max = 1.0))]
    temperature: Option<f64>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

#[derive(Deserialize, Clone, Copy)]
pub(super) enum LlmModel {
    #[serde(rename = "gpt-4o-mini")]
    Gpt4oMini,
    #[serde(rename = "gpt-4o-enterprise")]
    Gpt4oEnterprise,
    #[serde(rename = "gpt-4.1")]
    Gpt41,
    #[serde(rename = "gpt-4.1-mini")]
    Gpt41Mini,
    #[serde(rename = "gemini-2.5-flash-preview-native-audio-dialog")]
    Gemini25FlashPreviewNativeAudioDialog,
    #[serde(rename = "gemini-2.5-flash")]
    Gemini25Flash,
    #[serde(rename = "gemini-live-2.5-flash-preview")]
    GeminiLive25FlashPreview,
    #[serde(rename = "geminiaudiopipeline:gemini-2.5-flash-preview-native-audio-dialog")]
    GeminiAudioPipeline,
    #[serde(rename = "gemini-2.0-flash-live-001")]
    Gemini20FlashLive001,
    #[serde(rename = "gpt-5")]
    Gpt5,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
pub(super) enum Provider {
    #[serde(rename = "openai")]
    OpenAi,
    #[serde(rename = "rime")]
    Rime,
    #[serde(rename = "elevenlabs")]
    ElevenLabs,
    #[serde(rename = "11labs_byo")]
    ElevenLabsByo,
    #[serde(rename = "google")]
    Google,
}

/// An `Option` that does not treat null as absent.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn key_is_given(provider: Provider, key: &Option<Option<String>>) -> garde::Result {
    let is_given = key.as_ref().and_then(Option::as_ref).is_some_and(|key| !key.is_empty());
    if provider == Provider::ElevenLabsByo && !is_given {
        return Err(garde::Error::new("this provider needs a key"));
    }
    Ok(())
}

pub(super) fn contestant() -> Contestant {
    super::contestant("serde derive + garde", Gives::First, &[Flaw::RepeatedName], |document| {
        let update = serde_json::from_slice::<UpdateAgent>(document.text.as_bytes());
        update.is_ok_and(|update| black_box(update).validate().is_ok())
    })
}
