//! Locations in a text.

use crate::json::Span;

/// The location of a finding in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location {
    /// The bytes of the value or name.
    pub span: Span,
    /// The line number of the first byte, from 1. Lines end at LF.
    pub line: usize,
    /// The column number of the first byte, from 1, in Unicode code points.
    pub column: usize,
}
