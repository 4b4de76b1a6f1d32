//! How a document is read: what is tolerated, and what is reported.

use crate::model::Vocabulary;

/// The options of a [`Reader`](crate::Reader).
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Whether unknown fields are dropped with an advisory.
    pub(crate) unknown_fields: bool,
    /// Whether any word of a closed vocabulary is kept with an advisory.
    pub(crate) any_word: bool,
    /// Words that are kept with an advisory, each with its vocabulary's name.
    pub(crate) words: Vec<(&'static str, Box<str>)>,
    /// How many violations, and how many advisories, are kept at most.
    pub(crate) limit: Option<usize>,
    /// Whether suggestions are looked for.
    pub(crate) suggests: bool,
}

impl Options {
    pub(crate) const DEFAULT: Self =
        Options { unknown_fields: false, any_word: false, words: Vec::new(), limit: None, suggests: false };

    pub(crate) fn tolerates_word(&self, vocabulary: &Vocabulary, word: &str) -> bool {
        self.any_word || self.words.iter().any(|(name, accepted)| *name == vocabulary.name && **accepted == *word)
    }
}
