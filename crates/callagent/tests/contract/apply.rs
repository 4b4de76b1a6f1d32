//! Properties of applying an update to an agent, and of the keys that an agent discloses.
//!
//! `CALLAGENT_CASES` is the number of documents per property, `PROPTEST_RNG_SEED` the seed.

use callagent::{Agent, KeyChange, TtsProvider, TtsUpdate, UpdateAgent, model::Type, testing::valid};
use proptest::{prelude::*, test_runner::TestCaseResult};
use serde_json::{Map, Value, json};

#[track_caller]
fn holds(property: impl Fn(UpdateAgent, Agent) -> TestCaseResult) {
    crate::util::holds((valid::<UpdateAgent>(), valid::<Agent>()), |(update, agent)| property(update, agent));
}

fn applied(update: &UpdateAgent, agent: &Agent) -> Agent {
    let mut agent = agent.clone();
    update.clone().apply(&mut agent);
    agent
}

/// The fields of a document; empty if it is absent.
fn fields(document: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(document) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The update and the agent before and after, as JSON: the whole document, or the value of a field.
struct Step {
    update: Map<String, Value>,
    before: Map<String, Value>,
    after: Map<String, Value>,
}

impl Step {
    fn of(update: &UpdateAgent, agent: &Agent) -> Self {
        Step { update: fields(update), before: fields(agent), after: fields(&applied(update, agent)) }
    }

    fn below(&self, name: &str) -> Self {
        let of = |fields: &Map<String, Value>| fields.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        Step { update: of(&self.update), before: of(&self.before), after: of(&self.after) }
    }

    /// Asserts that every omitted field is unchanged.
    fn leaves_the_rest(&self) -> TestCaseResult {
        for name in self.before.keys().chain(self.after.keys()).filter(|name| !self.update.contains_key(*name)) {
            prop_assert_eq!(self.after.get(name), self.before.get(name), "{}", name);
        }
        Ok(())
    }
}

/// The fields of an update that are merged field by field.
fn is_merged(name: &str) -> bool {
    UpdateAgent::OBJECT.field(name).is_some_and(|field| matches!(field.r#type, Type::Object(_)))
}

#[test]
fn an_update_of_the_model_alone_changes_nothing_else() {
    holds(|update, agent| {
        let mut after = applied(&UpdateAgent::new(update.llm_model.clone()), &agent);
        prop_assert_eq!(after.llm_model.as_ref(), Some(&update.llm_model));
        after.llm_model.clone_from(&agent.llm_model);
        prop_assert_eq!(after, agent);
        Ok(())
    });
}

#[test]
fn applying_twice_is_applying_once() {
    holds(|update, agent| {
        let once = applied(&update, &agent);
        prop_assert_eq!(applied(&update, &once), once);
        Ok(())
    });
}

/// A documented default never overwrites a value, and undocumented fields stay.
#[test]
fn omitted_fields_stay_at_every_level() {
    holds(|update, agent| {
        let step = Step::of(&update, &agent);
        step.leaves_the_rest()?;
        for name in step.update.keys().filter(|name| is_merged(name)) {
            step.below(name).leaves_the_rest()?;
        }
        Ok(())
    });
}

#[test]
fn other_fields_are_replaced_as_a_whole() {
    holds(|update, agent| {
        let step = Step::of(&update, &agent);
        for (name, given) in step.update.iter().filter(|(name, _)| !is_merged(name)) {
            prop_assert_eq!(step.after.get(name), Some(given));
        }
        Ok(())
    });
}

/// Null, lists and objects also replace the stored value.
#[test]
fn settings_are_merged_one_level_deep() {
    holds(|update, agent| {
        let settings = Step::of(&update, &agent).below("settings");
        for (name, given) in &settings.update {
            prop_assert_eq!(settings.after.get(name), Some(given));
        }
        Ok(())
    });
}

#[test]
fn the_voice_is_merged_field_by_field() {
    holds(|update, agent| {
        let voice = Step::of(&update, &agent).below("ttsModel");
        for (name, given) in voice.update.iter().filter(|(_, given)| !given.is_null()) {
            prop_assert_eq!(voice.after.get(name), Some(given));
        }
        Ok(())
    });
}

#[test]
fn the_key_is_kept_removed_or_replaced() {
    holds(|update, agent| {
        let key = |agent: &Agent| agent.tts.as_ref().and_then(|tts| tts.api_key.clone());
        let expected = match update.tts.as_ref().and_then(TtsUpdate::key_change) {
            None => key(&agent),
            Some(KeyChange::Remove) => None,
            Some(KeyChange::Replace(key)) => Some(key.clone()),
        };
        prop_assert_eq!(key(&applied(&update, &agent)), expected);
        Ok(())
    });
}

#[test]
fn the_updated_agent_is_valid() {
    holds(|update, agent| {
        let after = applied(&update, &agent);
        prop_assert_eq!(callagent::read::<Agent>(serde_json::to_string(&after)?)?, after);
        Ok(())
    });
}

#[test]
fn a_key_is_disclosed_only_with_its_provider() {
    holds(|update, agent| {
        for agent in [applied(&update, &agent), agent] {
            let mut expected = json!(agent);
            let is_own = expected["ttsModel"]["provider"] == json!(TtsProvider::ElevenLabsByo.as_str());
            if let Some(tts) = expected.get_mut("ttsModel").and_then(Value::as_object_mut).filter(|_| !is_own) {
                tts.remove("elevenLabsApiKey");
            }
            prop_assert_eq!(json!(agent.for_response()), expected);
        }
        Ok(())
    });
}
