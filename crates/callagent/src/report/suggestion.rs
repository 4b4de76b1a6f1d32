//! Suggested fixes of violations.

use crate::json::Span;

/// A replacement that fixes a violation: the correctly spelled field or value, nothing for a response field or an exact
/// duplicate, or the number in a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The bytes to replace in the text that was read.
    pub span: Span,
    /// The replacement text.
    pub text: String,
    /// Whether the replacement is unambiguous, removes violations and introduces none.
    pub safe: bool,
}
