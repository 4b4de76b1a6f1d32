//! API keys: shown by nothing but serialisation, wiped when dropped.

use std::{fmt, sync::LazyLock};

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{declare::deserialize, update::UpdateAgent};

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

/// Whether a field of this name holds a key: it is the name of a key's field, ignoring case and separators. Whatever shows
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
    let name = letters(name);
    SECRETS.contains(&name)
}

/// Whether a text contains the name of a key's field, ignoring case and separators: it may hold a key, such as a document
/// that was encoded as a string. JSON text may be given as it is spelled, with escapes of any depth.
///
/// ```
/// use callagent::contains_secret_name;
///
/// assert!(contains_secret_name("{'elevenLabsApiKey': 'sk-1234'}"));
/// assert!(contains_secret_name(r#""elevenLabs\u0041piKey=sk-1234""#));
/// assert!(!contains_secret_name("eleven labs"));
/// ```
#[must_use]
pub fn contains_secret_name(text: &str) -> bool {
    let may_contain_one = SECRETS.iter().any(|secret| secret.len() <= text.len());
    may_contain_one && {
        let text = letters(text);
        SECRETS.iter().any(|secret| text.contains(secret))
    }
}

/// The names of the fields that hold keys, reduced to their letters.
static SECRETS: LazyLock<Vec<String>> =
    LazyLock::new(|| UpdateAgent::OBJECT.secrets().into_iter().map(letters).collect());

/// The letters and digits of a text in lower case (of ASCII), those that are escaped too.
fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let unicode_escape = rest.strip_prefix("\\u").and_then(|after| {
            let (digits, after) = after.split_at_checked(4)?;
            Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, after))
        });
        let (character, after) =
            unicode_escape.unwrap_or((character, rest.get(character.len_utf8()..).unwrap_or_default()));
        letters.extend(Some(character.to_ascii_lowercase()).filter(|character| character.is_alphanumeric()));
        rest = after;
    }
    letters
}
