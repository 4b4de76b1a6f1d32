//! Values of vocabularies: documented ones, and unknown ones where they are accepted.

use std::fmt;

use crate::{
    json::{Halt, Kind, Source},
    model::{DefaultValue, Listing, Type, Vocabulary, as_str},
    read::{Context, Decode, Decoded, Made, Path, vocabulary},
};

/// An enum with the documented values of a vocabulary.
pub trait ClosedEnum: Copy + Eq {
    /// The vocabulary.
    const VOCABULARY: &'static Vocabulary;
    /// The documented default.
    const DEFAULT: Option<DefaultValue>;
    /// Returns the variant of a documented value.
    fn from_value(value: &str) -> Option<Self>;
    /// Returns the value of a variant.
    fn value(self) -> &'static str;
    /// Returns the schema of the documented values.
    #[cfg(feature = "schema")]
    #[doc(hidden)]
    fn definition(generator: &mut schemars::SchemaGenerator) -> schemars::Schema;
}

/// The error of parsing a value that its vocabulary does not have. The message does not contain the value.
///
/// ```
/// let error = "gpt-6".parse::<callagent::TtsProvider>().unwrap_err();
/// assert!(error.to_string().starts_with("unknown value: expected one of `openai`, `rime`"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct UnknownValue(&'static Vocabulary);

impl UnknownValue {
    pub(crate) const fn new(vocabulary: &'static Vocabulary) -> Self {
        UnknownValue(vocabulary)
    }

    /// Returns the vocabulary.
    #[must_use]
    pub const fn vocabulary(&self) -> &'static Vocabulary {
        self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "unknown value: expected one of {}", Listing(self.0.values.iter().copied()))
    }
}

impl std::error::Error for UnknownValue {}

/// A value of a vocabulary: a documented value, or an unknown one that the service may have added.
///
/// Responses may contain any value. Requests contain an unknown value only if a tolerance of the
/// [`Reader`](crate::Reader) accepts it, or if it was created by [`OpenEnum::unknown`].
///
/// ```
/// use callagent::{LlmModel, OpenEnum};
///
/// let known = OpenEnum::from(LlmModel::Gpt5);
/// assert_eq!(known.known(), Some(LlmModel::Gpt5));
/// let newer = OpenEnum::<LlmModel>::unknown("gpt-6");
/// assert_eq!((newer.known(), newer.as_str()), (None, "gpt-6"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OpenEnum<V>(Repr<V>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Repr<V> {
    Known(V),
    Unknown(Box<str>),
}

impl<V: ClosedEnum> OpenEnum<V> {
    /// Creates a value from any string. A documented value is recognized.
    #[must_use]
    pub fn unknown(value: impl Into<String>) -> Self {
        let value = value.into();
        OpenEnum(V::from_value(&value).map_or_else(|| Repr::Unknown(value.into()), Repr::Known))
    }

    /// Returns the documented value; `None` if the value is unknown.
    #[must_use]
    pub fn known(&self) -> Option<V> {
        match self.0 {
            Repr::Known(value) => Some(value),
            Repr::Unknown(_) => None,
        }
    }

    /// Returns the value as a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Known(value) => value.value(),
            Repr::Unknown(value) => value,
        }
    }
}

impl<V> From<V> for OpenEnum<V> {
    fn from(value: V) -> Self {
        OpenEnum(Repr::Known(value))
    }
}

impl<V: Default> Default for OpenEnum<V> {
    fn default() -> Self {
        OpenEnum(Repr::Known(V::default()))
    }
}

impl<V: ClosedEnum> PartialEq<V> for OpenEnum<V> {
    fn eq(&self, other: &V) -> bool {
        self.known() == Some(*other)
    }
}

as_str!(@generics [V: ClosedEnum] OpenEnum<V>);

impl<V: ClosedEnum> fmt::Display for OpenEnum<V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl<V: ClosedEnum> serde::Serialize for OpenEnum<V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<V: ClosedEnum> Decode for OpenEnum<V> {
    const TYPE: Type = Type::Enum(V::VOCABULARY);
    const DEFAULT: Option<DefaultValue> = V::DEFAULT;

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
    #[expect(clippy::inline_always, reason = "measured: if inlined, the path is built only for findings")]
    #[inline(always)]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt> {
        vocabulary(
            source,
            kind,
            at,
            context,
            &Self::TYPE,
            V::VOCABULARY,
            value,
            |value| V::from_value(value).map(OpenEnum::from),
            |value| OpenEnum(Repr::Unknown(value.into())),
        )
    }

    #[cfg(feature = "schema")]
    fn definition(generator: &mut schemars::SchemaGenerator, _in_place: bool) -> Option<schemars::Schema> {
        Some(V::definition(generator))
    }
}

impl<V: ClosedEnum> Made for OpenEnum<V> {}
