//! API keys: shown by nothing but serialisation, wiped when dropped.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    json::{Halt, Kind, Source},
    model::Type,
    read::{Context, Decode, Decoded, Made, Path},
};

/// An API key. `Debug` and all reports redact it.
///
/// Its memory is wiped when it is dropped. Deserializing wipes the copies of strings that it makes on the way, also if it
/// fails, and the owned strings that a format hands over. It cannot wipe what belongs to others: the input text, the
/// deserializer's own buffers, a `serde_json::Value`, what serialization writes, and what [`expose`](Self::expose) is copied
/// to. Free-form objects and undocumented fields are not wiped, even if they hold a key.
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
    /// Takes a key; the contract says nothing of what it looks like. A `String` is kept as it is and wiped on drop; buffers
    /// that it outgrew before are not.
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

impl Decode for ApiKey {
    const TYPE: Type = Type::Key;

    #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
    #[inline]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt> {
        key(source, kind, at, context, &Self::TYPE, value, |key| key)
    }
}

impl Decode for KeyChange {
    const TYPE: Type = Type::KeyOrNull;

    #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
    #[inline]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt> {
        if kind == Kind::Null {
            source.null()?;
            *value = Some(KeyChange::Remove);
            return Ok(Some(0));
        }
        key(source, kind, at, context, &Self::TYPE, value, KeyChange::Replace)
    }
}

impl Made for ApiKey {}
impl Made for KeyChange {}

/// Takes the text of a key.
fn key<'t, S: Source<'t>, T>(
    source: &mut S,
    kind: Kind,
    at: Path<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    value: &mut Option<T>,
    key: impl FnOnce(ApiKey) -> T,
) -> Result<Decoded, Halt> {
    if kind != Kind::String {
        return context.wrong_type(source, at, kind, expected);
    }
    let text = source.string()?;
    let size = text.len();
    *value = Some(key(ApiKey::new(text)));
    Ok(Some(size))
}
