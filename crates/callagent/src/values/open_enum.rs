//! Values of vocabularies: documented ones, and any others where they are allowed.

use std::fmt;

use crate::{
    json::{Halt, Kind, Source},
    model::{DefaultValue, Listing, Type, Vocabulary, as_str},
    read::{AlwaysBuilt, Context, Decode, Decoded, Path, enum_value},
};

/// An enum of the documented values of a string.
pub trait ClosedEnum: Copy + Eq {
    /// The values as data.
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

/// An error returned when a string is not a documented value. It does not contain the string.
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

    /// Returns the documented values.
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

/// A documented value, or an unknown one, such as a value that the service added later.
///
/// A response may have unknown values. A request has one only if a tolerance of the reader accepted it, or if it was
/// created with [`OpenEnum::unknown`].
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
    /// Creates a value from any string. It is known if the string is a documented value.
    #[must_use]
    pub fn unknown(value: impl Into<String>) -> Self {
        let value = value.into();
        OpenEnum(V::from_value(&value).map_or_else(|| Repr::Unknown(value.into()), Repr::Known))
    }

    /// Returns the documented value; `None` if it is unknown.
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
        enum_value(
            source,
            kind,
            at,
            context,
            &Self::TYPE,
            V::VOCABULARY,
            value,
            |text| V::from_value(text).map(OpenEnum::from),
            |text| OpenEnum(Repr::Unknown(text.into())),
        )
    }

    #[cfg(feature = "schema")]
    fn definition(generator: &mut schemars::SchemaGenerator, _in_place: bool) -> Option<schemars::Schema> {
        Some(V::definition(generator))
    }
}

impl<V: ClosedEnum> AlwaysBuilt for OpenEnum<V> {}
