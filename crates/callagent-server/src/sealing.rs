//! The keys in updates and agents: sealed before they are stored, and recognized when they come back.

use callagent::{Agent, ElevenLabsKey, KeyChange, TtsUpdate, UpdateAgent};
use subtle::ConstantTimeEq as _;

use crate::keys::{KeyRing, Place, RewrapError, SealError, UnsealError, key_id};

/// An update whose key is sealed.
#[derive(Debug, Clone)]
pub(crate) struct SealedUpdate {
    update: UpdateAgent,
    given: Given,
}

/// The key of an update as the client gave it.
#[derive(Debug, Clone)]
enum Given {
    None,
    /// A plain key. The update has it sealed.
    Plain(ElevenLabsKey),
    /// A sealed key that is genuine in its place: the client returns it to keep the stored one.
    Sealed,
}

impl SealedUpdate {
    /// Seals the key of an update.
    pub(crate) fn new(mut update: UpdateAgent, keys: &KeyRing, place: &Place<'_>) -> Result<Self, SealError> {
        let Some(KeyChange::Replace(key)) = update.tts.as_ref().and_then(TtsUpdate::key_change) else {
            return Ok(SealedUpdate { update, given: Given::None });
        };
        if keys.unseal(place, key).is_ok() {
            return Ok(SealedUpdate { update, given: Given::Sealed });
        }
        let (plain, sealed) = (key.clone(), keys.seal(place, key)?);
        replace_key(&mut update, sealed)?;
        Ok(SealedUpdate { update, given: Given::Plain(plain) })
    }

    /// Returns the update to apply to the stored agent. It keeps the stored key where the client gave that key, plain or
    /// sealed, so that repeating an update changes nothing.
    pub(crate) fn resolve(
        self,
        stored: Option<&Agent>,
        keys: &KeyRing,
        place: &Place<'_>,
    ) -> Result<UpdateAgent, SealError> {
        let SealedUpdate { mut update, given } = self;
        let stored = stored.and_then(|agent| agent.tts.as_ref()?.api_key.as_ref());
        let is_kept = |stored: &&ElevenLabsKey| match &given {
            Given::None => false,
            Given::Plain(plain) => keys.unseal(place, stored).is_ok_and(|stored| is_equal(&stored, plain)),
            Given::Sealed => keys.unseal(place, stored).is_ok(),
        };
        if let Some(stored) = stored.filter(is_kept) {
            replace_key(&mut update, stored.clone())?;
        }
        Ok(update)
    }
}

/// Seals the key of an agent that is not stored yet. A sealed key must be genuine.
pub(crate) fn seal_agent(agent: &mut Agent, keys: &KeyRing, place: &Place<'_>) -> Result<(), SealAgentError> {
    let Some(key) = agent.tts.as_mut().and_then(|tts| tts.api_key.as_mut()) else { return Ok(()) };
    match keys.unseal(place, key) {
        Ok(_) => {}
        Err(UnsealError::NotSealed) => *key = keys.seal(place, key).map_err(SealAgentError::Seal)?,
        Err(error) => return Err(SealAgentError::Unseal(error)),
    }
    Ok(())
}

/// Returns the id of the key that the key of a stored agent is sealed with.
pub(crate) fn agent_key_id(agent: &Agent) -> Option<&str> {
    agent.tts.as_ref()?.api_key.as_ref().and_then(key_id)
}

/// The error of sealing the key of an agent.
#[derive(Debug)]
pub(crate) enum SealAgentError {
    Seal(SealError),
    Unseal(UnsealError),
}

/// Seals the key of a stored agent with the first encryption key.
pub(crate) fn rewrap_agent(agent: &mut Agent, keys: &KeyRing, place: &Place<'_>) -> Result<(), RewrapError> {
    if let Some(key) = agent.tts.as_mut().and_then(|tts| tts.api_key.as_mut())
        && let Some(rewrapped) = keys.rewrap(place, key)?
    {
        *key = rewrapped;
    }
    Ok(())
}

/// Unseals the key of a stored agent.
pub(crate) fn unseal_agent(agent: &mut Agent, keys: &KeyRing, place: &Place<'_>) -> Result<(), UnsealError> {
    if let Some(key) = agent.tts.as_mut().and_then(|tts| tts.api_key.as_mut()) {
        *key = keys.unseal(place, key)?;
    }
    Ok(())
}

fn replace_key(update: &mut UpdateAgent, key: ElevenLabsKey) -> Result<(), SealError> {
    if let Some(tts) = update.tts.take() {
        update.tts = Some(tts.change_key(KeyChange::Replace(key)).map_err(SealError::refused)?);
    }
    Ok(())
}

/// Compares in a time that depends on the lengths alone.
fn is_equal(left: &ElevenLabsKey, right: &ElevenLabsKey) -> bool {
    left.expose().as_bytes().ct_eq(right.expose().as_bytes()).into()
}
