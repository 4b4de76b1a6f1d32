//! The options of a reader.

use crate::model::Vocabulary;

/// The options of a [`Reader`](crate::Reader).
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Whether unknown fields are dropped with an advisory.
    pub(crate) unknown_fields: bool,
    /// Whether undocumented values of closed vocabularies are kept with an advisory.
    pub(crate) any_value: bool,
    /// Values that are kept with an advisory, each with the name of its vocabulary.
    pub(crate) accepted_values: Vec<(&'static str, Box<str>)>,
    /// The maximum number of violations, and of advisories, to keep.
    pub(crate) limit: Option<usize>,
    /// Whether to look for suggestions.
    pub(crate) suggests: bool,
}

impl Options {
    pub(crate) const DEFAULT: Self =
        Options { unknown_fields: false, any_value: false, accepted_values: Vec::new(), limit: None, suggests: false };

    pub(crate) fn tolerates_value(&self, vocabulary: &Vocabulary, value: &str) -> bool {
        self.any_value
            || self.accepted_values.iter().any(|(name, accepted)| *name == vocabulary.name && **accepted == *value)
    }
}
