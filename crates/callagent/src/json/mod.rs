//! JSON as tokens: strict text with places, values in memory, and what serde formats hold, all read by one interface.

mod arena;
mod collect;
mod number;
mod pointer;
mod seen;
mod source;
mod spelled_number;
mod syntax;
mod text;
mod tree;
mod value;
mod write;

pub(crate) use number::Number;
pub(crate) use pointer::{Span, is_plain_token, write_token};
pub(crate) use seen::Seen;
pub(crate) use source::{Halt, Kind, Name, Source};
pub(crate) use syntax::{MAX_DEPTH, Malformed, SyntaxError};
pub(crate) use text::Text;
pub(crate) use tree::Tree;
pub(crate) use value::ValueCursor;
