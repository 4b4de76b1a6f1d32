//! The ElevenLabs API key.

use crate::values::{Secret, SecretChange};

/// An ElevenLabs API key.
///
/// ```
/// use callagent::ElevenLabsKey;
///
/// assert_eq!(ElevenLabsKey::new("sk-1234").expose(), "sk-1234");
/// ```
pub type ElevenLabsKey = Secret;

/// What a request does with the stored key: it replaces it, or removes it.
pub type KeyChange = SecretChange;
