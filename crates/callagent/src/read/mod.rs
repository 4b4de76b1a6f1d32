//! Reading: the entry points, their options, and what a document is.

mod arena;
mod collect;
pub(crate) mod leaves;
pub(crate) mod object;
mod seen;
mod source;
mod text;
mod tree;
mod value;
pub(crate) mod walk;
mod write;

use source::Malformed;
pub(crate) use source::{Kind, MAX_DEPTH, Number, Reason, Source, Stop, Whole};
pub(crate) use tree::deserialize;

use crate::{
    declaration::{Object, Vocabulary},
    mend,
    report::{Findings, Report},
};
pub(crate) use text::Text;
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

/// A change to a part with more violations than this is not known to be safe.
const PART_LIMIT: usize = 1000;

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
    pub(crate) limit: Option<usize>,
    suggests: bool,
}

impl Reader {
    /// The strict reader.
    #[must_use]
    pub const fn new() -> Self {
        Reader { unknown_fields: false, any_word: false, words: Vec::new(), limit: None, suggests: false }
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

    /// Keeps at most this many violations and this many advisories of a document, at least one of each: the first that are
    /// found. A report then has a bounded size for any document, since it also keeps no more once the document's names in
    /// the pointers of either kind come to 256 bytes per finding of the limit, or 64 KiB if that is more.
    ///
    /// The verdict and the counts stay exact, and [`Report::is_cut`] says that there were more.
    ///
    /// ```
    /// use callagent::{Reader, UpdateAgent};
    ///
    /// let report = Reader::new().limit(2).check::<UpdateAgent>(r#"{"llmModel": 1, "name": 2, "settings": 3}"#);
    /// assert_eq!((report.violations().len(), report.violation_count(), report.is_cut()), (2, 3, true));
    /// ```
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit.max(1));
        self
    }

    /// Adds to the violations of a document in JSON text what to put in their place, where that is plain.
    ///
    /// ```
    /// use callagent::{Reader, UpdateAgent};
    ///
    /// let report = Reader::new().suggest().check::<UpdateAgent>(r#"{"llmModel": "gpt-5", "nmae": "Support"}"#);
    /// let suggestion = report.violations().next().and_then(|violation| violation.suggestion()).expect("one");
    /// assert_eq!((suggestion.text.as_str(), suggestion.safe), ("\"name\"", true));
    /// ```
    #[must_use]
    pub fn suggest(mut self) -> Self {
        self.suggests = true;
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
        self.document::<T, false>(text.as_ref(), &mut None)
    }

    /// Reads a document from JSON text, with its report: the advisories of a valid document, too.
    #[must_use]
    pub fn read_and_report<T: Document>(&self, text: impl AsRef<[u8]>) -> (Option<T>, Report) {
        let mut document = None;
        let report = self.document::<T, true>(text.as_ref(), &mut document);
        (document, report)
    }

    /// Reads a document from a JSON value, in place.
    ///
    /// # Errors
    /// The report of all violations, if there is one.
    pub fn read_value<T: Document>(&self, value: &serde_json::Value) -> Result<T, Report> {
        let mut document = None;
        let report = self.source::<T, _, true>(value::Cursor::new(value), &mut document);
        document.ok_or(report)
    }

    /// Reports on a document in a JSON value, in place.
    #[must_use]
    pub fn check_value<T: Document>(&self, value: &serde_json::Value) -> Report {
        self.source::<T, _, false>(value::Cursor::new(value), &mut None)
    }

    /// A reader with the same tolerances for documents that are changed as far as possible.
    pub(crate) fn fixing(&self) -> Self {
        Reader { limit: None, suggests: true, ..self.clone() }
    }

    /// A reader with the same tolerances for the parts of a document that a suggestion would change.
    pub(crate) fn judging_parts(&self) -> Self {
        Reader { limit: Some(PART_LIMIT), suggests: false, ..self.clone() }
    }

    fn document<T: Document, const BUILD: bool>(&self, text: &[u8], document: &mut Option<T>) -> Report {
        let report = self.text::<T, BUILD>(text, document);
        if self.suggests { mend::suggest(self, T::OBJECT, text, report) } else { report }
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
    fn source<'t, T: Walk, S: Source<'t>, const BUILD: bool>(&self, mut source: S, value: &mut Option<T>) -> Report {
        self.walk::<T, S, BUILD>(&mut source, |_| Ok(()), None, value)
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
