//! What would mend a violation.

/// What to put in the place of a violation, where that is plain: the field or word that is nearly spelled, nothing for a
/// field of the response or an exact duplicate, the number that stands in a string.
///
/// Offsets are those of the text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The first byte to replace, from 0.
    pub offset: usize,
    /// How many bytes to replace.
    pub length: usize,
    /// What to put there.
    pub text: String,
    /// Whether nothing else can have been meant, and the document then has fewer violations and no new one.
    pub safe: bool,
}
