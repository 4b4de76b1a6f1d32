//! The contract as a whole: its documents and their parts, its secrets, and the nesting limit of parts.

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

/// The maximum nesting depth of a value set in code, wherever it is inserted.
pub(super) const VALUE_DEPTH: u32 = MAX_DEPTH - CONTRACT.part_depth - 1;

impl FreeForm {
    /// Inserts a field or replaces its value.
    ///
    /// # Errors
    /// If the value cannot be written as JSON text: it is nested more than 124 levels deep, or has a number that is out
    /// of range for an IEEE 754 double.
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
