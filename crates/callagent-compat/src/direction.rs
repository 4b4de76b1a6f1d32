//! Who sends the documents that a schema describes.

/// Who sends the documents that a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Clients of the old version send them, and the new version accepts them.
    Request,
    /// The new version sends them, and clients of the old version accept them.
    Response,
}
