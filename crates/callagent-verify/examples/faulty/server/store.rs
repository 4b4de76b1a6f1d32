//! The agents, in memory.

use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
    sync::{Mutex, MutexGuard, PoisonError},
};

use callagent::{Agent, AgentId, ETag, ElevenLabsKey, FieldError, KeyChange, UpdateAgent, WorkspaceId};
use serde_json::json;

/// An agent with its state.
#[derive(Clone)]
pub(super) struct Stored {
    pub(super) agent: Agent,
    pub(super) version: u64,
    /// What `updatedAt` is made of.
    pub(super) clock: u64,
}

impl Stored {
    fn new(workspace: &str, id: &str) -> Self {
        let document = json!({
            "_id": id,
            "workspaceId": workspace,
            "userId": "user_1",
            "name": "Support",
            "ttsModel": {
                "provider": "rime", "voiceId": "mistv2_Brook", "name": "Brook", "language": "en", "pitch": "low",
            },
            "llmModel": "gpt-4o-mini",
            "smartCallback": true,
            "maxAttemptsForSmartCallback": 2,
            "gapBetweenEachAttemptForSmartCallback": [{"days": 1, "hours": 0}, {"days": 2, "hours": 12}],
            "phoneNumberIds": ["phone_1", "phone_2"],
            "activeSessions": [{
                "roomName": "room_1", "participantId": "participant_1",
                "startTime": "2026-11-26T09:30:00Z", "status": "active",
            }],
            "settings": {"speed": 0.5, "volume": 0.75, "temperature": 0.25, "greeting": {"text": "Hello", "wait": 1}},
            "status": "ready",
            "currentNode": "start",
            "variables": {"company": "Acme", "levels": [1, 2]},
            "createdAt": "2026-11-01T08:00:00Z",
            "updatedAt": time(0),
            "team": "blue",
        });
        let agent = callagent::Reader::new().read_value(&document).unwrap_or_default();
        Stored { agent, version: 1, clock: 0 }
    }

    pub(super) fn tag(&self) -> ETag {
        ETag::from(self.version)
    }

    /// Advances the clock.
    pub(super) fn touch(&mut self) {
        self.clock += 1;
        self.agent.updated_at = Some(time(self.clock));
    }
}

/// Returns a time that is later for a higher clock.
fn time(clock: u64) -> String {
    let (seconds, thousandths) = (clock / 1000, clock % 1000);
    let (hours, minutes, seconds) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("2026-11-26T{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}Z")
}

/// The place of an agent.
pub(super) type Key = (WorkspaceId, AgentId);

pub(super) struct Agents(Mutex<HashMap<Key, Stored>>);

impl Default for Agents {
    fn default() -> Self {
        let agents = [("acme", "agent_1"), ("acme", "a/b"), ("other", "agent_2")];
        let agents = agents.into_iter().filter_map(|(workspace, id)| {
            let key = (WorkspaceId::new(workspace).ok()?, AgentId::new(id).ok()?);
            Some((key, Stored::new(workspace, id)))
        });
        Agents(Mutex::new(agents.collect()))
    }
}

impl Agents {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<Key, Stored>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether any workspace has an agent with this id.
    pub(super) fn has_id(&self, id: &AgentId) -> bool {
        self.lock().keys().any(|(_, known)| known == id)
    }
}

/// Replaces the key of an update by an encrypted one, which is made up. A key that is the stored one stays as it is.
pub(super) fn seal(update: &mut UpdateAgent, stored: &Agent) -> Result<(), FieldError> {
    let stored = stored.tts.as_ref().and_then(|tts| tts.api_key.as_ref());
    if let Some(tts) = &mut update.tts
        && let Some(KeyChange::Replace(key)) = tts.key_change()
        && Some(key) != stored
    {
        let mut digest = DefaultHasher::new();
        key.expose().hash(&mut digest);
        let sealed = ElevenLabsKey::new(format!("enc:{:016x}", digest.finish()));
        *tts = tts.clone().change_key(KeyChange::Replace(sealed))?;
    }
    Ok(())
}
