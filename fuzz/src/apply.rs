//! Applying an update to an agent.

use callagent::{Agent, TtsProvider, UpdateAgent, read};
use serde_json::Value;

/// The separator of the agent and the update: a byte that no JSON text contains (RFC 7464).
pub const SEPARATOR: u8 = 0x1E;

/// The agent after an update is valid, does not change if the update is applied again, and has no key that its provider
/// does not use.
///
/// # Panics
/// If it is not.
pub fn target(text: &[u8]) {
    let mut texts = text.splitn(2, |&byte| byte == SEPARATOR);
    let (Some(agent), Some(update)) = (texts.next(), texts.next()) else { return };
    let (Ok(before), Ok(update)) = (read::<Agent>(agent), read::<UpdateAgent>(update)) else { return };

    let mut after = before.clone();
    update.clone().apply(&mut after);
    assert_eq!(after.llm_model.as_ref(), Some(&update.llm_model));
    let written = serde_json::to_string(&after).expect("every agent can be written");
    assert_eq!(read::<Agent>(&written).as_ref().ok(), Some(&after));

    let mut twice = after.clone();
    update.apply(&mut twice);
    assert_eq!(twice, after);

    for agent in [before, after] {
        let for_response = agent.clone().for_response();
        let shown = serde_json::to_value(&for_response).expect("every agent can be written");
        let voice = shown.get("ttsModel").and_then(Value::as_object);
        let is_used = |provider: &Value| provider == TtsProvider::ElevenLabsByo.as_str();
        if voice.is_some_and(|voice| voice.contains_key("elevenLabsApiKey")) {
            assert!(voice.and_then(|voice| voice.get("provider")).is_some_and(is_used));
            assert_eq!(*for_response.as_ref(), agent);
        }
        assert_eq!(for_response.clone().into_agent().for_response(), for_response);
    }
}
