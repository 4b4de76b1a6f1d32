//! The engines, which are different ways to validate documents, and their verdicts.

pub(crate) mod compare;
mod reader;
mod reported;
mod schemas;
mod serde;

use callagent::{Code, Reader, model::Direction};
use serde_json::Value;

pub(crate) use reported::{Entries, Reported};

/// A document for an engine.
#[derive(Clone, Copy)]
pub(crate) struct Document<'d> {
    pub(crate) direction: Direction,
    pub(crate) text: &'d [u8],
    /// For engines that work on values, unless JSON parsers differ on the text.
    pub(crate) value: Option<&'d Value>,
    /// A reader with the tolerances of the case, if any.
    pub(crate) tolerant: Option<&'d Reader>,
}

/// The pointer and code of a violation or advisory.
pub(crate) type Entry = (String, Code);

/// The verdict of an engine on a document.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) valid: bool,
    pub(crate) violations: Reported,
    pub(crate) advisories: Reported,
    /// The offset of a syntax error.
    pub(crate) offset: Option<usize>,
    /// The document as the model serializes it.
    pub(crate) output: Option<String>,
}

impl Verdict {
    fn new(valid: bool, violations: Reported) -> Self {
        Verdict { valid, violations, advisories: Reported::Nothing, offset: None, output: None }
    }
}

/// A way to validate documents.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    check: Box<Check>,
}

type Check = dyn Fn(&Document<'_>) -> Option<Verdict> + Sync;

impl Engine {
    fn new(name: &'static str, check: impl Fn(&Document<'_>) -> Option<Verdict> + Sync + 'static) -> Self {
        Engine { name, check: Box::new(check) }
    }

    /// Validates a document. Returns `None` if the engine does not support its text or tolerances.
    pub(crate) fn check(&self, document: &Document<'_>) -> Option<Verdict> {
        (self.check)(document)
    }
}

/// All engines of this process. The first one is the reader, which reports the most.
///
/// # Errors
/// A committed schema cannot be read or is invalid.
pub(crate) fn all() -> Result<Vec<Engine>, String> {
    let mut engines = Vec::from(reader::engines());
    engines.extend(serde::engines());
    engines.extend(schemas::engines()?);
    Ok(engines)
}

/// Calls a generic function for the document of a direction.
macro_rules! for_document {
    ($direction:expr, $function:ident($($argument:expr),*)) => {
        match $direction {
            callagent::model::Direction::Request => $function::<callagent::UpdateAgent>($($argument),*),
            callagent::model::Direction::Response => $function::<callagent::Agent>($($argument),*),
        }
    };
}
pub(crate) use for_document;
