//! Which way a document goes.

use std::fmt;

/// Which way a document goes, which decides how it is read: a request strictly, a response liberally (P2, P3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// What a client sends: closed objects, closed vocabularies, no null.
    Request,
    /// What a server answers: further fields and words are kept, null reads as absent.
    Response,
}

/// A document that goes that way: `a request`, `a response`.
impl fmt::Display for Direction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Direction::Request => "a request",
            Direction::Response => "a response",
        })
    }
}
