//! The engines that judge documents, each on its own way, and what they say.

pub(crate) mod compare;
mod reader;
mod schemas;
mod serde;
mod told;

use callagent::{Code, Reader, model::Direction};
use serde_json::Value;

pub(crate) use told::{Entries, Told};

/// What an engine is to judge.
#[derive(Clone, Copy)]
pub(crate) struct Document<'d> {
    pub(crate) direction: Direction,
    pub(crate) text: &'d [u8],
    /// For engines that judge values; none where the text is not to be read by any JSON parser.
    pub(crate) value: Option<&'d Value>,
    /// A reader with the tolerances that are asked for; none where none is.
    pub(crate) tolerant: Option<&'d Reader>,
}

/// A violation's or advisory's pointer and code.
pub(crate) type Entry = (String, Code);

/// What an engine says of a document.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) valid: bool,
    pub(crate) violations: Told,
    pub(crate) advisories: Told,
    /// Where a malformed text stops being JSON.
    pub(crate) offset: Option<usize>,
    /// The document as the model writes it.
    pub(crate) output: Option<String>,
}

impl Verdict {
    fn new(valid: bool, violations: Told) -> Self {
        Verdict { valid, violations, advisories: Told::Nothing, offset: None, output: None }
    }
}

/// A way to judge documents.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    judge: Box<Judge>,
}

type Judge = dyn Fn(&Document<'_>) -> Option<Verdict> + Sync;

impl Engine {
    fn new(name: &'static str, judge: impl Fn(&Document<'_>) -> Option<Verdict> + Sync + 'static) -> Self {
        Engine { name, judge: Box::new(judge) }
    }

    /// What it says of a document; `None` where it has no say, for want of a text reader or of tolerances.
    pub(crate) fn judge(&self, document: &Document<'_>) -> Option<Verdict> {
        (self.judge)(document)
    }
}

/// All engines of this process. The first one is the reader, which says the most.
///
/// # Errors
/// A committed schema cannot be read, or is none.
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
