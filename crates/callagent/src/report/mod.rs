//! The report on a document: every violation and advisory, with its code, pointer, place, and what would be right.

mod escape;
mod finding;
mod findings;
mod invalid;
mod message;
mod place;
mod suggestion;
mod whole;

pub use escape::EscapeControl;
pub use finding::Finding;
pub(crate) use findings::{Expected, FieldSet, Findings, NodeId, Section, Step};
pub use invalid::InvalidDocument;
pub use place::Location;
pub use suggestion::Suggestion;
pub use whole::Report;
