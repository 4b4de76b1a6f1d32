//! The direction of a document.

use std::fmt;

/// The direction of a document. Requests are read strictly, responses liberally (P2, P3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Sent by a client: closed objects, closed vocabularies, no null.
    Request,
    /// Sent by a server: undocumented fields and values are kept, null is read as absent.
    Response,
}

/// A noun phrase: `a request`, `a response`.
impl fmt::Display for Direction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Direction::Request => "a request",
            Direction::Response => "a response",
        })
    }
}
