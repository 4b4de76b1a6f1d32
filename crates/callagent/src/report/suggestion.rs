//! Suggested fixes of violations.

/// A replacement that fixes a violation: the correctly spelled field or value, nothing for a response field or an exact
/// duplicate, or the number in a string.
///
/// Offsets refer to the text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The offset of the first byte to replace, from 0.
    pub offset: usize,
    /// The number of bytes to replace.
    pub length: usize,
    /// The replacement text.
    pub text: String,
    /// Whether the replacement is unambiguous, removes violations and introduces none.
    pub safe: bool,
}
