//! Secrets, which only serialization shows and which are wiped on drop.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    json::{Halt, Kind, Source},
    model::Type,
    read::{AlwaysBuilt, Context, Decode, Decoded, Path},
};

/// A secret, such as an API key. `Debug` and all reports redact it.
///
/// Its memory is wiped on drop. Deserializing wipes the intermediate copies that it makes, even if it fails, and the
/// owned strings of the format. It cannot wipe the input text, the buffers of the deserializer, a `serde_json::Value`,
/// serialized output, or copies made from [`expose`](Self::expose). Free-form objects and undocumented fields are not
/// wiped, even if they contain a key.
///
/// ```
/// use callagent::Secret;
///
/// let key = Secret::new("sk-1234");
/// assert_eq!(format!("{key:?}"), "Secret(…)");
/// assert_eq!(key.expose(), "sk-1234");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Creates a secret from any text. A `String` is stored without copying and wiped on drop; buffers that it outgrew
    /// before are not wiped.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Secret(key.into())
    }

    /// Returns the text of the secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether the secret is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

impl serde::Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A change to a stored secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretChange {
    /// Removes the secret. It is null in JSON.
    Remove,
    /// Replaces the secret.
    Replace(Secret),
}

impl serde::Serialize for SecretChange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            SecretChange::Remove => serializer.serialize_unit(),
            SecretChange::Replace(key) => key.serialize(serializer),
        }
    }
}

impl Decode for Secret {
    const TYPE: Type = Type::Key;

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
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

impl Decode for SecretChange {
    const TYPE: Type = Type::KeyOrNull;

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
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
            *value = Some(SecretChange::Remove);
            return Ok(Some(0));
        }
        key(source, kind, at, context, &Self::TYPE, value, SecretChange::Replace)
    }
}

impl AlwaysBuilt for Secret {}
impl AlwaysBuilt for SecretChange {}

/// Consumes the text of a secret.
fn key<'t, S: Source<'t>, T>(
    source: &mut S,
    kind: Kind,
    at: Path<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    value: &mut Option<T>,
    key: impl FnOnce(Secret) -> T,
) -> Result<Decoded, Halt> {
    if kind != Kind::String {
        return context.wrong_type(source, at, kind, expected);
    }
    let text = source.string()?;
    let size = text.len();
    *value = Some(key(Secret::new(text)));
    Ok(Some(size))
}
