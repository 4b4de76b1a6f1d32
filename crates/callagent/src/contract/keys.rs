//! The ElevenLabs API key.

use super::vocabularies::TtsProvider;
use crate::values::{OpenEnum, Secret, SecretChange};

/// An ElevenLabs API key.
///
/// ```
/// use callagent::ElevenLabsKey;
///
/// assert_eq!(ElevenLabsKey::new("sk-1234").expose(), "sk-1234");
/// ```
pub type ElevenLabsKey = Secret;

/// A change to the stored key: replace or remove.
pub type KeyChange = SecretChange;

/// Returns whether a provider uses the key.
pub(super) fn uses_key(provider: &OpenEnum<TtsProvider>) -> bool {
    *provider == TtsProvider::ElevenLabsByo
}
