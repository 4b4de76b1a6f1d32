//! Breaking changes between two versions of a JSON Schema or of an OpenAPI document.
//!
//! ```
//! use callagent_compat::{Direction, Document, Options, Verdict, compare};
//!
//! let old = Document::parse(r#"{"type": "object", "properties": {"days": {"type": "integer", "maximum": 30}}}"#)?;
//! let new = Document::parse(r#"{"type": "object", "properties": {"days": {"type": "integer", "maximum": 29}}}"#)?;
//! let comparison = compare(&old, &new, &Options::new(Direction::Request))?;
//! assert_eq!(comparison.verdict(), Verdict::Incompatible);
//! let finding = &comparison.findings()[0];
//! assert_eq!((finding.rule.name, finding.pointer.as_str()), ("maximum-lowered", "/properties/days/maximum"));
//! assert_eq!(finding.witness, Some(serde_json::json!({"days": 30})));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A request breaks if the new version rejects a document that the old version accepts. A response breaks if the new
//! version may send a document that the old version rejects. Every break has such a document, its *witness*, which
//! validators of both versions have judged. What is neither proven compatible nor shown to break is undecided.

mod additional;
mod algebra;
mod alternatives;
mod boundary;
mod check;
mod classes;
mod conjuncts;
mod contract;
mod cycles;
mod dialect;
mod difference;
mod differing;
mod direction;
mod disjoint;
mod document;
mod error;
mod exchanges;
mod fields;
mod finding;
mod generate;
mod locations;
mod matching;
mod messages;
mod normal;
mod numbers;
mod opaque;
mod openapi;
mod patterns;
mod plain;
mod pointer;
mod proof;
mod prover;
mod refute;
mod report;
mod requirements;
pub mod rules;
mod samples;
mod schemas;
mod spot;
mod strict;
#[cfg(test)]
mod tests;
mod units;
mod walk;
mod witness;
mod work;

pub use contract::compare;
pub use direction::Direction;
pub use document::{Document, Location, MAX_BYTES};
pub use error::{Error, ParseError, Version};
pub use finding::{Comparison, Finding, Options, Verdict};
