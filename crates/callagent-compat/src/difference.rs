//! A difference between two schemas.

use serde_json::Value;

use crate::{rules::Row, spot::Step};

/// The result of comparing a keyword.
#[derive(Clone, Copy)]
pub(crate) enum Decision {
    Breaks(&'static Row),
    /// Neither proven compatible nor shown to break.
    Undecided,
    /// No rule covers it.
    NoRule,
    /// The bound on work was reached.
    Unfinished,
}

/// A difference between the schemas of two messages.
pub(crate) struct Difference {
    /// The index of the pair of messages.
    pub(crate) message: usize,
    pub(crate) decision: Decision,
    /// The keyword that differs.
    pub(crate) keyword: String,
    /// The affected part of documents, and the field that is required or rejected.
    pub(crate) path: Vec<Step>,
    pub(crate) field: Option<String>,
    /// The pointers in the documents of the reader and the writer.
    pub(crate) reader: String,
    pub(crate) writer: Option<String>,
    pub(crate) witness: Option<Value>,
}
