//! Ranges of bytes in a text.

use std::ops::Range;

/// A range of bytes in a text.
///
/// ```
/// use callagent::{Span, UpdateAgent, check};
///
/// let text = r#"{"llmModel": "gpt-5", "name": 7}"#;
/// let report = check::<UpdateAgent>(text);
/// let span = report.violations().next().and_then(|violation| violation.span());
/// assert_eq!(span, Some(Span { offset: 30, length: 1 }));
/// assert_eq!(span.map(|span| &text[span.range()]), Some("7"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The offset of the first byte, from 0.
    pub offset: usize,
    /// The number of bytes; 0 at the end of the text.
    pub length: usize,
}

impl Span {
    /// Creates a span from a half-open range.
    pub(crate) const fn between(start: usize, end: usize) -> Self {
        Span { offset: start, length: end - start }
    }

    /// Returns the offset after the last byte.
    #[must_use]
    pub const fn end(self) -> usize {
        self.offset.saturating_add(self.length)
    }

    /// Returns the half-open range of offsets.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.offset..self.end()
    }
}
