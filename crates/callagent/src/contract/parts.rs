//! The contract as a whole: its documents and their parts, its secrets, and how deep a part may be nested.

use serde_json::{Map, Value};

use super::{
    agent::{Agent, AgentGap, AgentSession, AgentSettings, AgentTts},
    keys::{ElevenLabsKey, KeyChange},
    numbers::{Attempts, Days, Fraction, Hours},
    update::{Gap, SettingsUpdate, TtsUpdate, UpdateAgent},
    vocabularies::{AgentStatus, LlmModel, TtsProvider},
};
use crate::{
    json::MAX_DEPTH,
    macros::{Named, contract},
    values::{FieldError, FreeForm, OpenEnum},
};

contract! {
    /// The contract of the call.
    pub(crate) CONTRACT,
    documents UpdateAgent, Agent;
    parts TtsUpdate, Gap, SettingsUpdate, AgentTts, AgentGap, AgentSession, AgentSettings, FreeForm, ElevenLabsKey, KeyChange,
        Days, Hours, Attempts, Fraction, OpenEnum<LlmModel>, OpenEnum<TtsProvider>, OpenEnum<AgentStatus>;
    secrets <TtsUpdate as Named>::FIELDS.api_key;
}

/// Whether what stands under a name is likely a key: the name is a key's field, ignoring case and separators. Whatever shows
/// documents hides its value.
///
/// ```
/// use callagent::is_secret_name;
///
/// assert!(is_secret_name("elevenLabsApiKey") && is_secret_name("elevenlabs_api_key"));
/// assert!(!is_secret_name("language"));
/// ```
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    CONTRACT.secrets.is_name(name)
}

/// Whether a text contains the name of a key's field, ignoring case and separators: it may hold a key, such as a document
/// that was encoded as a string. JSON text may be given as it is spelled, with escapes of any depth.
///
/// ```
/// use callagent::contains_secret_name;
///
/// assert!(contains_secret_name("{'elevenLabsApiKey': 'sk-1234'}"));
/// assert!(contains_secret_name(r#""elevenLabs\\u0041piKey=sk-1234""#));
/// assert!(!contains_secret_name("eleven labs"));
/// ```
#[must_use]
pub fn contains_secret_name(text: &str) -> bool {
    CONTRACT.secrets.are_in(text)
}

/// How deep a value given by hand may be nested, wherever it comes to stand.
pub(super) const VALUE_DEPTH: u32 = MAX_DEPTH - CONTRACT.part_depth - 1;

impl FreeForm {
    /// Adds a field, or replaces its value.
    ///
    /// # Errors
    /// If JSON text cannot hold the value: it is nested more than 124 deep, or a number in it is beyond an IEEE double.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Result<(), FieldError> {
        self.insert_within(VALUE_DEPTH, name, value)
    }
}

impl TryFrom<Map<String, Value>> for FreeForm {
    type Error = FieldError;

    fn try_from(map: Map<String, Value>) -> Result<Self, FieldError> {
        let mut free_form = FreeForm::new();
        map.into_iter().try_for_each(|(name, value)| free_form.insert(name, value))?;
        Ok(free_form)
    }
}
