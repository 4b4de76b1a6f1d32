//! The vectors of `fixtures/vectors`: cases of the contract, as data.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use callagent::declaration::Direction;

/// How vectors name a direction.
pub(crate) const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "update",
        Direction::Response => "agent",
    }
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}
