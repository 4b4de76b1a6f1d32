//! The report on a document: all violations and advisories, with codes, pointers, locations and suggested fixes.

mod details;
mod escape;
mod finding;
mod findings;
mod invalid;
mod json;
mod location;
mod members;
mod message;
mod suggestion;
mod whole;

pub use details::{FindingDetails, ReportDetails};
pub use escape::EscapeControl;
pub use finding::Finding;
pub(crate) use findings::{Expected, FieldSet, Findings, NodeId, Section, Step};
pub use invalid::InvalidDocument;
pub(crate) use json::put;
pub use location::Location;
pub(crate) use members::Members;
pub use suggestion::Suggestion;
pub use whole::Report;
