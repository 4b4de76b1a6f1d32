//! The request: [`UpdateAgent`] and its parts.

use super::{
    advisories::{BLANK_NAME, LANGUAGE_TAG, REPEATED_PHONE_NUMBER, callback_off, gap_count, key_unused, zero_gap},
    agent::{Agent, AgentGap, AgentSettings, AgentTts},
    keys::{ElevenLabsKey, KeyChange},
    numbers::{Attempts, Days, Fraction, Hours},
    vocabularies::{LlmModel, TtsProvider},
};
use crate::{
    macros::{Named as _, object},
    model::DefaultValue,
    values::{FieldError, FreeForm, OpenEnum},
};

object! {
    /// Changes to an agent. Omitted fields stay unchanged.
    ///
    /// ```
    /// use callagent::{ElevenLabsKey, Gap, LlmModel, SettingsUpdate, TtsUpdate, UpdateAgent};
    ///
    /// let update = UpdateAgent::new(LlmModel::Gpt5)
    ///     .name("Support")
    ///     .tts(TtsUpdate::with_own_key(ElevenLabsKey::new("sk-1234"))?.language("en"))
    ///     .max_attempts(2)
    ///     .gaps([Gap::default(), Gap::default().days(2)?.hours(12)?])
    ///     .settings(SettingsUpdate::new().speed(0.9)?);
    /// let json = serde_json::to_string(&update)?;
    /// assert_eq!(callagent::read::<UpdateAgent>(&json)?, update);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct UpdateAgent (Eq) in request, response Agent, unset "The default for an agent without a value is" {
        /// The display name.
        pub name: String = "name", advisory BLANK_NAME, set;
        /// The language model that answers the caller. Required in every update.
        pub llm_model: OpenEnum<LlmModel> = "llmModel" required;
        /// Changes to the voice. Omitted fields stay unchanged.
        pub tts: TtsUpdate = "ttsModel", set;
        /// Whether the agent calls back people it could not reach.
        pub smart_callback: bool = "smartCallback", default DefaultValue::Boolean(false), set;
        /// The maximum number of callback attempts.
        pub max_attempts: Attempts = "maxAttemptsForSmartCallback", set;
        /// The delay before each callback attempt. The list replaces the current one.
        pub gaps: Vec<Gap> = "gapBetweenEachAttemptForSmartCallback", set each;
        /// The ids of the phone numbers that reach the agent. The list replaces the current one.
        pub phone_number_ids: Vec<String> = "phoneNumberIds", advisory REPEATED_PHONE_NUMBER, set each;
        /// Changes to the settings of voice and language model and to custom settings. Omitted settings stay unchanged.
        pub settings: SettingsUpdate = "settings", set;
        /// Custom values stored with the agent. They replace the current ones.
        pub variables: FreeForm = "variables", set;
    }
    new(llm_model: OpenEnum<LlmModel>);
    advisory gap_count(max_attempts, gaps);
    advisory callback_off(smart_callback, max_attempts, gaps);
}

object! {
    /// Changes to the voice of an agent. Omitted fields stay unchanged.
    pub struct TtsUpdate (Eq) in request, response AgentTts {
        /// The text-to-speech service.
        provider: OpenEnum<TtsProvider> = "provider" required;
        /// The id of the voice at the provider, such as `mistv2_Brook`.
        pub voice_id: String = "voiceId", set;
        /// The spoken language, as a BCP 47 tag such as `en` or `fr-CA`.
        pub language: String = "language", advisory LANGUAGE_TAG, set;
        /// The ElevenLabs API key. Required and non-empty if the provider is `11labs_byo`. With any other provider, a
        /// string replaces the stored key, null removes it, and omitting the field keeps it.
        api_key: KeyChange = "elevenLabsApiKey";
    }
    new(provider: OpenEnum<TtsProvider>);
    require api_key if provider is TtsProvider::ElevenLabsByo,
        note "every update with this provider must include the key; null removes the key only with another provider";
    advisory key_unused(provider, api_key);
}

object! {
    /// The delay before a callback attempt: the sum of days and hours. An empty object means one day.
    pub struct Gap (Copy, Default, Eq) in request, response AgentGap {
        /// The number of whole days.
        pub days: Days = "days" defaulted;
        /// The number of whole hours, added to the days.
        pub hours: Hours = "hours" defaulted;
    }
    advisory zero_gap(days, hours);
}

object! {
    /// Changes to the settings of an agent, including custom settings. Omitted settings stay unchanged.
    pub struct SettingsUpdate (Default, Eq) in request, response AgentSettings {
        /// The speed of the voice.
        pub speed: Fraction = "speed", set checked;
        /// The volume of the voice.
        pub volume: Fraction = "volume", set checked;
        /// The sampling temperature of the language model.
        pub temperature: Fraction = "temperature", set checked;
        ..additional;
    }
}

impl UpdateAgent {
    /// Creates an update with only the required model.
    #[must_use]
    pub fn new(llm_model: impl Into<OpenEnum<LlmModel>>) -> Self {
        UpdateAgent::with_required(llm_model.into())
    }
}

impl TtsUpdate {
    /// Creates an update to this provider. A stored key stays unchanged.
    ///
    /// # Errors
    /// If the provider requires a key. See [`TtsUpdate::with_own_key`].
    pub fn new(provider: impl Into<OpenEnum<TtsProvider>>) -> Result<Self, FieldError> {
        TtsUpdate::with_required(provider.into()).checked()
    }

    /// Creates an update to ElevenLabs with your own key.
    ///
    /// # Errors
    /// If the key is empty.
    pub fn with_own_key(api_key: ElevenLabsKey) -> Result<Self, FieldError> {
        TtsUpdate::with_required(TtsProvider::ElevenLabsByo.into()).change_key(KeyChange::Replace(api_key))
    }

    /// Replaces the stored key, or removes it.
    ///
    /// # Errors
    /// If the provider requires a key and the change leaves it without one.
    pub fn change_key(self, change: KeyChange) -> Result<Self, FieldError> {
        TtsUpdate { api_key: Some(change), ..self }.checked()
    }

    /// Returns the text-to-speech service.
    #[must_use]
    pub fn provider(&self) -> &OpenEnum<TtsProvider> {
        &self.provider
    }

    /// Returns the change to the stored key; `None` if it stays unchanged.
    #[must_use]
    pub fn key_change(&self) -> Option<&KeyChange> {
        self.api_key.as_ref()
    }

    /// Checks the rule that involves both the provider and the key.
    fn checked(self) -> Result<Self, FieldError> {
        let gives_key = matches!(&self.api_key, Some(KeyChange::Replace(key)) if !key.is_empty());
        match Self::OBJECT.required_if.iter().find(|rule| rule.equals == self.provider.as_str()) {
            Some(rule) if !gives_key => Err(FieldError::new(rule.field.name, rule)),
            _ => Ok(self),
        }
    }
}

impl Gap {
    /// Sets the days.
    ///
    /// # Errors
    /// If `days` is not from 0 to 30.
    pub fn days(self, days: impl Into<i128>) -> Result<Self, FieldError> {
        let days = Days::new(days).map_err(|error| FieldError::new(Self::FIELDS.days.name, error))?;
        Ok(Gap { days, ..self })
    }

    /// Sets the hours, in addition to the days.
    ///
    /// # Errors
    /// If `hours` is not from 0 to 23.
    pub fn hours(self, hours: impl Into<i128>) -> Result<Self, FieldError> {
        let hours = Hours::new(hours).map_err(|error| FieldError::new(Self::FIELDS.hours.name, error))?;
        Ok(Gap { hours, ..self })
    }
}

impl SettingsUpdate {
    /// Creates an update that changes no settings.
    #[must_use]
    pub fn new() -> Self {
        SettingsUpdate::default()
    }

    /// Sets a custom setting.
    ///
    /// # Errors
    /// See [`SettingsUpdate::insert_additional_property`].
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Result<Self, FieldError> {
        self.insert_additional_property(name, value)?;
        Ok(self)
    }
}
