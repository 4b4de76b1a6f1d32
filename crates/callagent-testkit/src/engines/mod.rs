//! The engines, which are different ways to validate documents, and their verdicts.

pub mod compare;
mod reader;
mod reported;
#[cfg(any(feature = "boon", feature = "jsonschema"))]
pub mod schemas;
mod serde;

use callagent::{Code, Reader, model::Direction};
use serde_json::Value;

pub use reported::{Entries, Reported};

/// A document for an engine.
#[derive(Clone, Copy)]
pub struct Document<'d> {
    /// The kind of document.
    pub direction: Direction,
    /// Its bytes.
    pub text: &'d [u8],
    /// For engines that work on values, unless JSON parsers differ on the text.
    pub value: Option<&'d Value>,
    /// A reader with the tolerances of the case, if any.
    pub tolerant: Option<&'d Reader>,
}

/// The pointer and code of a violation or advisory.
pub type Entry = (String, Code);

/// The verdict of an engine on a document.
#[derive(Debug)]
pub struct Verdict {
    /// Whether the document is valid.
    pub valid: bool,
    /// What violates the contract.
    pub violations: Reported,
    /// What is valid, but in doubt.
    pub advisories: Reported,
    /// The offset of a syntax error.
    pub offset: Option<usize>,
    /// The document as the model serializes it.
    pub output: Option<String>,
}

impl Verdict {
    /// Creates a verdict without advisories and output.
    #[must_use]
    pub fn new(valid: bool, violations: Reported) -> Self {
        Verdict { valid, violations, advisories: Reported::Nothing, offset: None, output: None }
    }
}

/// A way to validate documents.
pub struct Engine {
    /// The name in reports.
    pub name: &'static str,
    check: Box<Check>,
}

type Check = dyn Fn(&Document<'_>) -> Option<Verdict> + Sync;

impl Engine {
    /// Creates an engine from its function.
    pub fn new(name: &'static str, check: impl Fn(&Document<'_>) -> Option<Verdict> + Sync + 'static) -> Self {
        Engine { name, check: Box::new(check) }
    }

    /// Validates a document. Returns `None` if the engine does not support its text or tolerances.
    #[must_use]
    pub fn check(&self, document: &Document<'_>) -> Option<Verdict> {
        (self.check)(document)
    }
}

/// All engines of this process. The first one is the reader, which reports the most. The last ones validate with schemas,
/// if their features are enabled.
///
/// # Errors
/// A committed schema cannot be read or is invalid.
pub fn all() -> Result<Vec<Engine>, String> {
    let engines = reader::engines().into_iter().chain(serde::engines());
    #[cfg(any(feature = "boon", feature = "jsonschema"))]
    let engines = engines.chain(schemas::engines()?);
    Ok(engines.collect())
}
