//! Words: those that a vocabulary lists, and others where they are admitted.

use std::fmt;

use crate::{
    json::{Kind, Source, Stop},
    model::{Constant, Type, Vocabulary},
    read::{At, Context, Made, Walk, Walked, word},
};

/// A vocabulary's type.
pub trait Listed: Copy + Eq {
    /// The words.
    const VOCABULARY: &'static Vocabulary;
    /// The documented default.
    const DEFAULT: Option<Constant>;
    /// The value of a listed word.
    fn from_word(word: &str) -> Option<Self>;
    /// The word of a value.
    fn word(self) -> &'static str;
    /// The schema of the listed words.
    #[cfg(feature = "schema")]
    #[doc(hidden)]
    fn definition(generator: &mut schemars::SchemaGenerator) -> schemars::Schema;
}

/// A word of a vocabulary: a listed one, or one that the service has added since.
///
/// A response may hold any word. A request holds an unlisted one only where someone said so: the reader by a
/// tolerance, or code by [`Word::unlisted`].
///
/// ```
/// use callagent::{LlmModel, Word};
///
/// let listed = Word::from(LlmModel::Gpt5);
/// assert_eq!(listed.listed(), Some(LlmModel::Gpt5));
/// let newer = Word::<LlmModel>::unlisted("gpt-6");
/// assert_eq!((newer.listed(), newer.as_str()), (None, "gpt-6"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Word<V>(Repr<V>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Repr<V> {
    Listed(V),
    Unlisted(Box<str>),
}

impl<V: Listed> Word<V> {
    /// Any word, also one that the vocabulary does not list.
    #[must_use]
    pub fn unlisted(word: impl Into<String>) -> Self {
        let word = word.into();
        Word(V::from_word(&word).map_or_else(|| Repr::Unlisted(word.into()), Repr::Listed))
    }

    /// The listed word that this is.
    #[must_use]
    pub fn listed(&self) -> Option<V> {
        match self.0 {
            Repr::Listed(value) => Some(value),
            Repr::Unlisted(_) => None,
        }
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Listed(value) => value.word(),
            Repr::Unlisted(word) => word,
        }
    }
}

impl<V> From<V> for Word<V> {
    fn from(value: V) -> Self {
        Word(Repr::Listed(value))
    }
}

impl<V: Default> Default for Word<V> {
    fn default() -> Self {
        Word(Repr::Listed(V::default()))
    }
}

impl<V: Listed> PartialEq<V> for Word<V> {
    fn eq(&self, other: &V) -> bool {
        self.listed() == Some(*other)
    }
}

impl<V: Listed> fmt::Display for Word<V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl<V: Listed> serde::Serialize for Word<V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<V: Listed> Walk for Word<V> {
    const TYPE: Type = Type::Word(V::VOCABULARY);
    const DEFAULT: Option<Constant> = V::DEFAULT;

    #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
    #[expect(clippy::inline_always, reason = "measured: without a call the way is made for findings alone")]
    #[inline(always)]
    fn walk<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: At<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Walked, Stop> {
        word(
            source,
            kind,
            at,
            context,
            &Self::TYPE,
            V::VOCABULARY,
            value,
            |word| V::from_word(word).map(Word::from),
            |word| Word(Repr::Unlisted(word.into())),
        )
    }

    #[cfg(feature = "schema")]
    fn definition(generator: &mut schemars::SchemaGenerator, _in_place: bool) -> Option<schemars::Schema> {
        Some(V::definition(generator))
    }
}

impl<V: Listed> Made for Word<V> {}
