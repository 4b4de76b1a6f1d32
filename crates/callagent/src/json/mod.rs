//! JSON as tokens, with a common interface for strict text, values in memory, and serde input.

mod arena;
mod collect;
mod hasher;
mod number;
mod pointer;
mod seen;
mod source;
mod span;
mod spelled_number;
mod syntax;
mod text;
mod tree;
mod value;
mod write;

pub(crate) use hasher::NameHasher;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub use hasher::seed_hashing;
pub(crate) use number::Number;
pub use pointer::child_pointer;
pub(crate) use pointer::{is_plain_token, write_token};
pub(crate) use seen::Seen;
pub(crate) use source::{Halt, Kind, Name, Source};
pub use span::Span;
pub(crate) use syntax::{MAX_DEPTH, Malformed, SyntaxError};
pub(crate) use text::Text;
pub(crate) use tree::Tree;
pub(crate) use value::ValueCursor;
