//! Words: those that a vocabulary lists, and others where they are admitted.

use std::fmt;

use crate::{
    json::{Halt, Kind, Source},
    model::{DefaultValue, Listing, Type, Vocabulary, as_str},
    read::{Context, Decode, Decoded, Made, Path, word},
};

/// A vocabulary's type.
pub trait ClosedEnum: Copy + Eq {
    /// The words.
    const VOCABULARY: &'static Vocabulary;
    /// The documented default.
    const DEFAULT: Option<DefaultValue>;
    /// The variant of a known value.
    fn from_value(value: &str) -> Option<Self>;
    /// The value of a variant.
    fn value(self) -> &'static str;
    /// The schema of the listed words.
    #[cfg(feature = "schema")]
    #[doc(hidden)]
    fn definition(generator: &mut schemars::SchemaGenerator) -> schemars::Schema;
}

/// A string is none of the values that a vocabulary has. The error does not repeat it.
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

    /// The values that there are.
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

/// A word of a vocabulary: a listed one, or one that the service has added since.
///
/// A response may hold any word. A request holds an unlisted one only where someone said so: the reader by a
/// tolerance, or code by [`OpenEnum::unknown`].
///
/// ```
/// use callagent::{LlmModel, OpenEnum};
///
/// let listed = OpenEnum::from(LlmModel::Gpt5);
/// assert_eq!(listed.known(), Some(LlmModel::Gpt5));
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
    /// Any word, also one that the vocabulary does not list.
    #[must_use]
    pub fn unknown(word: impl Into<String>) -> Self {
        let word = word.into();
        OpenEnum(V::from_value(&word).map_or_else(|| Repr::Unknown(word.into()), Repr::Known))
    }

    /// The listed word that this is.
    #[must_use]
    pub fn known(&self) -> Option<V> {
        match self.0 {
            Repr::Known(value) => Some(value),
            Repr::Unknown(_) => None,
        }
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Known(value) => value.value(),
            Repr::Unknown(word) => word,
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

    #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
    #[expect(clippy::inline_always, reason = "measured: without a call the way is made for findings alone")]
    #[inline(always)]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt> {
        word(
            source,
            kind,
            at,
            context,
            &Self::TYPE,
            V::VOCABULARY,
            value,
            |word| V::from_value(word).map(OpenEnum::from),
            |word| OpenEnum(Repr::Unknown(word.into())),
        )
    }

    #[cfg(feature = "schema")]
    fn definition(generator: &mut schemars::SchemaGenerator, _in_place: bool) -> Option<schemars::Schema> {
        Some(V::definition(generator))
    }
}

impl<V: ClosedEnum> Made for OpenEnum<V> {}
