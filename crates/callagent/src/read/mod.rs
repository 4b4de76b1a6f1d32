//! Reading: the entry points, their options, and what a document is.

mod collect;
pub(crate) mod leaves;
pub(crate) mod object;
mod seen;
mod source;
mod text;
mod tree;
pub(crate) mod walk;

use source::Malformed;
pub(crate) use source::{Kind, MAX_DEPTH, Number, Reason, Source, Stop, Whole};
pub(crate) use tree::deserialize;

use std::cell::Cell;

use crate::{
    declaration::{Object, Vocabulary},
    report::{Findings, Report},
};
pub(crate) use text::Text;
use tree::{Cursor, Node};
use walk::{At, Context, Walk};

/// A whole document of the contract: [`UpdateAgent`](crate::UpdateAgent) or [`Agent`](crate::Agent).
pub trait Document: Walk + serde::Serialize + serde::de::DeserializeOwned {
    /// What the contract says of it.
    const OBJECT: &'static Object;
}

/// Reads a document from JSON text, strictly by the contract.
///
/// ```
/// use callagent::{LlmModel, UpdateAgent};
///
/// let update: UpdateAgent = callagent::read(r#"{"llmModel": "gpt-5", "name": "Support"}"#)?;
/// assert_eq!(update.llm_model, LlmModel::Gpt5);
/// # Ok::<(), callagent::Report>(())
/// ```
///
/// # Errors
/// The report of all violations, if there is one.
pub fn read<T: Document>(text: impl AsRef<[u8]>) -> Result<T, Report> {
    Reader::new().read(text)
}

/// Reports on a document in JSON text without building it: all violations and advisories.
///
/// ```
/// let report = callagent::check::<callagent::UpdateAgent>(r#"{"llmModel": "gpt-5", "name": " "}"#);
/// assert!(report.is_valid());
/// assert_eq!(report.advisories().next().map(|advisory| advisory.pointer()).as_deref(), Some("/name"));
/// ```
#[must_use]
pub fn check<T: Document>(text: impl AsRef<[u8]>) -> Report {
    Reader::new().check::<T>(text)
}

/// How long the names in a limited report's pointers may be, all together.
const NAME_BYTES: usize = 64 << 10;

/// Reads documents with tolerances for requests, all of them off by default.
///
/// A server that adopts the contract in front of clients that send more already, or that serves models which no
/// release of this crate lists yet, turns them on. What they admit is an advisory instead of a violation.
///
/// ```
/// use callagent::{LlmModel, Reader, UpdateAgent};
///
/// let reader = Reader::new().tolerate_unknown_fields().accept_word(LlmModel::VOCABULARY, "claude-sonnet-4");
/// let update: UpdateAgent = reader.read(r#"{"llmModel": "claude-sonnet-4", "color": "red"}"#)?;
/// assert_eq!(update.llm_model.as_str(), "claude-sonnet-4");
/// # Ok::<(), callagent::Report>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Reader {
    unknown_fields: bool,
    any_word: bool,
    words: Vec<(&'static str, Box<str>)>,
    limit: Option<usize>,
}

impl Reader {
    /// The strict reader.
    #[must_use]
    pub const fn new() -> Self {
        Reader { unknown_fields: false, any_word: false, words: Vec::new(), limit: None }
    }

    /// Drops a request's undocumented fields, each with an advisory.
    #[must_use]
    pub fn tolerate_unknown_fields(mut self) -> Self {
        self.unknown_fields = true;
        self
    }

    /// Keeps any word in a request, an unlisted one with an advisory.
    #[must_use]
    pub fn tolerate_unlisted_words(mut self) -> Self {
        self.any_word = true;
        self
    }

    /// Keeps this unlisted word of a vocabulary in a request, with an advisory.
    #[must_use]
    pub fn accept_word(mut self, vocabulary: &'static Vocabulary, word: impl Into<String>) -> Self {
        self.words.push((vocabulary.name, word.into().into()));
        self
    }

    /// Keeps at most so many violations of a document, and one at least, the first that are found: enough for an answer,
    /// whatever a client sends. It keeps fewer where the document's own names in their pointers come to 64 KiB. The verdict stays what it is, and [`Report::is_cut`] says that there were more.
    ///
    /// ```
    /// use callagent::{Reader, UpdateAgent};
    ///
    /// let report = Reader::new().limit_violations(2).check::<UpdateAgent>(r#"{"llmModel": 1, "name": 2, "settings": 3}"#);
    /// assert_eq!((report.violations().len(), report.is_cut()), (2, true));
    /// ```
    #[must_use]
    pub fn limit_violations(mut self, limit: usize) -> Self {
        self.limit = Some(limit.max(1));
        self
    }

    /// Reads a document from JSON text.
    ///
    /// # Errors
    /// The report of all violations, if there is one.
    pub fn read<T: Document>(&self, text: impl AsRef<[u8]>) -> Result<T, Report> {
        let (document, report) = self.read_and_report(text);
        document.ok_or(report)
    }

    /// Reports on a document in JSON text without building it.
    #[must_use]
    pub fn check<T: Document>(&self, text: impl AsRef<[u8]>) -> Report {
        self.text::<T, false>(text.as_ref(), &mut None)
    }

    /// Reads a document from JSON text, with its report: the advisories of a valid document, too.
    #[must_use]
    pub fn read_and_report<T: Document>(&self, text: impl AsRef<[u8]>) -> (Option<T>, Report) {
        let mut document = None;
        let report = self.text::<T, true>(text.as_ref(), &mut document);
        (document, report)
    }

    /// Reads a document from a JSON value, in place.
    ///
    /// # Errors
    /// The report of all violations, if there is one.
    pub fn read_value<T: Document>(&self, value: &serde_json::Value) -> Result<T, Report> {
        let mut document = None;
        let report = self.node::<T, _, true>(value, &mut document);
        document.ok_or(report)
    }

    /// Reports on a document in a JSON value, in place.
    #[must_use]
    pub fn check_value<T: Document>(&self, value: &serde_json::Value) -> Report {
        self.node::<T, _, false>(value, &mut None)
    }

    /// The same reader, but for its limit.
    pub(crate) fn unlimited(&self) -> Self {
        Reader { limit: None, ..self.clone() }
    }

    /// Whether one more violation is to be kept.
    fn keeps_another(&self, findings: &Findings) -> bool {
        self.limit.is_none_or(|limit| findings.violation_count() < limit && findings.name_bytes() < NAME_BYTES)
    }

    pub(crate) fn tolerates_unknown_fields(&self) -> bool {
        self.unknown_fields
    }

    pub(crate) fn tolerates_word(&self, vocabulary: &Vocabulary, word: &str) -> bool {
        self.any_word || self.words.iter().any(|(name, accepted)| *name == vocabulary.name && **accepted == *word)
    }

    /// Reports on a value in JSON text; with `BUILD` and without a violation the value is made.
    pub(crate) fn text<T: Walk, const BUILD: bool>(&self, text: &[u8], value: &mut Option<T>) -> Report {
        let mut source = Text::new(text);
        self.walk::<T, _, BUILD>(&mut source, Text::finish, Some(text), value)
    }

    /// The same for a value in memory.
    fn node<'t, T: Walk, N: Node<'t>, const BUILD: bool>(&self, node: &'t N, value: &mut Option<T>) -> Report {
        let stopped = Cell::new(Malformed { offset: 0, reason: Reason::NotJson });
        let counter = Cell::new(0);
        self.walk::<T, _, BUILD>(&mut Cursor::new(node, &counter, &stopped), |_| Ok(()), None, value)
    }

    fn walk<'t, T: Walk, S: Source<'t>, const BUILD: bool>(
        &self,
        source: &mut S,
        finish: impl FnOnce(&mut S) -> Result<(), Stop>,
        text: Option<&[u8]>,
        value: &mut Option<T>,
    ) -> Report {
        let mut context = Context { reader: self, findings: None };
        let kind = source.peek();
        let walked = kind.and_then(|kind| T::walk::<S, BUILD>(source, kind, At::root(), &mut context, value));
        if walked.and_then(|_| finish(source)).is_err() {
            let Malformed { offset, reason } = source.malformed();
            let length = usize::from(text.is_some_and(|text| offset < text.len()));
            *value = None;
            return Findings::malformed((offset, length), reason).finish(text);
        }
        context.findings.map_or_else(Report::default, |findings| findings.finish(text))
    }
}
