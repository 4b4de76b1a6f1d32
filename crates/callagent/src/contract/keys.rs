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

/// A change to the stored key: replace or remove.
pub type KeyChange = SecretChange;
