//! The request: [`UpdateAgent`] and what it holds.

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
    /// What to change of an agent. A field that is left out stays as it is.
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
    pub struct UpdateAgent (Eq) in request, response Agent, unset "An agent that was never given one has" {
        /// What people call the agent.
        pub name: String = "name", advisory BLANK_NAME, set;
        /// The language model that answers the caller. Every update names it.
        pub llm_model: OpenEnum<LlmModel> = "llmModel" required;
        /// The voice. What it leaves out stays as it is.
        pub tts: TtsUpdate = "ttsModel", set;
        /// Whether the agent calls back those whom it did not reach.
        pub smart_callback: bool = "smartCallback", default DefaultValue::Boolean(false), set;
        /// How many times it calls back at most.
        pub max_attempts: Attempts = "maxAttemptsForSmartCallback", set;
        /// How long it waits before each attempt. The list replaces the one that stands.
        pub gaps: Vec<Gap> = "gapBetweenEachAttemptForSmartCallback", set each;
        /// The ids of the phone numbers that reach the agent. The list replaces the one that stands.
        pub phone_number_ids: Vec<String> = "phoneNumberIds", advisory REPEATED_PHONE_NUMBER, set each;
        /// How the agent speaks and thinks, and settings of your own. What it leaves out stays as it is.
        pub settings: SettingsUpdate = "settings", set;
        /// Values of your own that the agent keeps. They replace those that stand.
        pub variables: FreeForm = "variables", set;
    }
    new(llm_model: OpenEnum<LlmModel>);
    advisory gap_count(max_attempts, gaps);
    advisory callback_off(smart_callback, max_attempts, gaps);
}

object! {
    /// What to change of an agent's voice. A field that is left out stays as it is.
    pub struct TtsUpdate (Eq) in request, response AgentTts {
        /// The service that turns text into speech.
        provider: OpenEnum<TtsProvider> = "provider" required;
        /// The provider's id of the voice, such as `mistv2_Brook`.
        pub voice_id: String = "voiceId", set;
        /// The language to speak, as a BCP 47 tag such as `en` or `fr-CA`.
        pub language: String = "language", advisory LANGUAGE_TAG, set;
        /// The ElevenLabs API key to use. Required, and not empty, where the provider is `11labs_byo`. Elsewhere a
        /// string replaces the stored key, null removes it, and a key that is left out stays.
        api_key: KeyChange = "elevenLabsApiKey";
    }
    new(provider: OpenEnum<TtsProvider>);
    require api_key if provider is TtsProvider::ElevenLabsByo,
        note "every update to this provider carries the key; null removes a key only on leaving the provider";
    advisory key_unused(provider, api_key);
}

object! {
    /// How long to wait before an attempt to call back: so many days and so many hours. An empty one is one day.
    pub struct Gap (Copy, Default, Eq) in request, response AgentGap {
        /// Whole days.
        pub days: Days = "days" defaulted;
        /// Whole hours, beside the days.
        pub hours: Hours = "hours" defaulted;
    }
    advisory zero_gap(days, hours);
}

object! {
    /// What to change of an agent's settings, and settings of your own beside the documented ones. A setting that is
    /// left out stays as it is.
    pub struct SettingsUpdate (Default, Eq) in request, response AgentSettings {
        /// How fast the voice speaks.
        pub speed: Fraction = "speed", set checked;
        /// How loud the voice is.
        pub volume: Fraction = "volume", set checked;
        /// How freely the language model answers.
        pub temperature: Fraction = "temperature", set checked;
        ..further;
    }
}

impl UpdateAgent {
    /// An update that says nothing but the language model, which every update must.
    #[must_use]
    pub fn new(llm_model: impl Into<OpenEnum<LlmModel>>) -> Self {
        UpdateAgent::with_required(llm_model.into())
    }
}

impl TtsUpdate {
    /// A voice of this provider, with the key that is stored for it, if there is one.
    ///
    /// # Errors
    /// If the provider is one that must be given a key: see [`TtsUpdate::with_own_key`].
    pub fn new(provider: impl Into<OpenEnum<TtsProvider>>) -> Result<Self, FieldError> {
        TtsUpdate::with_required(provider.into()).checked()
    }

    /// An ElevenLabs voice with a key of your own.
    ///
    /// # Errors
    /// If the key is empty.
    pub fn with_own_key(api_key: ElevenLabsKey) -> Result<Self, FieldError> {
        TtsUpdate::with_required(TtsProvider::ElevenLabsByo.into()).change_key(KeyChange::Replace(api_key))
    }

    /// Replaces the stored key, or removes it.
    ///
    /// # Errors
    /// If the provider is one that must be given a key, and this gives it none.
    pub fn change_key(self, change: KeyChange) -> Result<Self, FieldError> {
        TtsUpdate { api_key: Some(change), ..self }.checked()
    }

    /// The service that turns text into speech.
    #[must_use]
    pub fn provider(&self) -> &OpenEnum<TtsProvider> {
        &self.provider
    }

    /// What becomes of the stored key; `None` if it stays.
    #[must_use]
    pub fn key_change(&self) -> Option<&KeyChange> {
        self.api_key.as_ref()
    }

    /// The rule that spans the provider and the key.
    fn checked(self) -> Result<Self, FieldError> {
        let gives_key = matches!(&self.api_key, Some(KeyChange::Replace(key)) if !key.is_empty());
        match Self::OBJECT.required_if.iter().find(|due| due.equals == self.provider.as_str()) {
            Some(due) if !gives_key => Err(FieldError::new(due.field.name, due)),
            _ => Ok(self),
        }
    }
}

impl Gap {
    /// Sets the whole days.
    ///
    /// # Errors
    /// If they are out of range: 0 to 30.
    pub fn days(self, days: impl Into<i128>) -> Result<Self, FieldError> {
        let days = Days::new(days).map_err(|error| FieldError::new(Self::FIELDS.days.name, error))?;
        Ok(Gap { days, ..self })
    }

    /// Sets the whole hours, in addition to the days.
    ///
    /// # Errors
    /// If they are out of range: 0 to 23.
    pub fn hours(self, hours: impl Into<i128>) -> Result<Self, FieldError> {
        let hours = Hours::new(hours).map_err(|error| FieldError::new(Self::FIELDS.hours.name, error))?;
        Ok(Gap { hours, ..self })
    }
}

impl SettingsUpdate {
    /// An update that changes no setting.
    #[must_use]
    pub fn new() -> Self {
        SettingsUpdate::default()
    }

    /// Sets a setting of your own.
    ///
    /// # Errors
    /// As [`SettingsUpdate::insert_additional_property`].
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Result<Self, FieldError> {
        self.insert_additional_property(name, value)?;
        Ok(self)
    }
}
