//! Where something is in a text.

/// Where something stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location {
    /// The first byte, from 0.
    pub offset: usize,
    /// How many bytes; 0 at the end of the text.
    pub length: usize,
    /// The line, from 1; a line ends at LF.
    pub line: usize,
    /// The column, from 1, in Unicode code points.
    pub column: usize,
}
