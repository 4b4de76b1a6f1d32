//! API keys: shown by nothing but serialisation, wiped when dropped.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{declare::deserialize, fold::fold, update::UpdateAgent};

/// An ElevenLabs API key. `Debug` and all reports redact it, and its memory is wiped when it is dropped.
///
/// ```
/// use callagent::ApiKey;
///
/// let key = ApiKey::new("sk-1234");
/// assert_eq!(format!("{key:?}"), "ApiKey(…)");
/// assert_eq!(key.expose(), "sk-1234");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes a key; the contract says nothing of what it looks like.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        ApiKey(key.into())
    }

    /// The key itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is the empty string.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for ApiKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for ApiKey {}

impl fmt::Debug for ApiKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ApiKey(…)")
    }
}

impl serde::Serialize for ApiKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

deserialize!(ApiKey);

/// What becomes of the stored key when a request speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChange {
    /// It is removed: null in JSON.
    Remove,
    /// It is replaced.
    Replace(ApiKey),
}

impl serde::Serialize for KeyChange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            KeyChange::Remove => serializer.serialize_unit(),
            KeyChange::Replace(key) => key.serialize(serializer),
        }
    }
}

deserialize!(KeyChange);

/// Whether what stands under a name is likely a key: the name is a key's field but for case and the marks between words.
/// What shows documents hides it.
///
/// ```
/// use callagent::is_secret_name;
///
/// assert!(is_secret_name("elevenLabsApiKey") && is_secret_name("elevenlabs_api_key"));
/// assert!(!is_secret_name("language"));
/// ```
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    UpdateAgent::OBJECT.secrets().into_iter().any(|secret| fold(name).eq(fold(secret)))
}

/// Whether such a name stands in a text.
pub(crate) fn mentions_secret(text: &str) -> bool {
    let text: String = fold(text).collect();
    UpdateAgent::OBJECT.secrets().into_iter().any(|secret| text.contains(&fold(secret).collect::<String>()))
}
