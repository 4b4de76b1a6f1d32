//! The entry points of reading, with their options.

mod secrets;

use std::fmt::{self, Write as _};

use serde::de::{self, Deserializer};
use serde_json::Value;

use crate::{
    fix,
    json::{Tree, ValueCursor},
    model::{Contract, Object, Vocabulary},
    read::{Decode, Options, read_json, read_memory, read_text},
    report::{InvalidDocument, Report},
    values::ClosedEnum,
};

pub use secrets::secret_ranges;

/// A document of the contract: [`UpdateAgent`](crate::UpdateAgent) or [`Agent`](crate::Agent). This trait is sealed.
pub trait Document: Decode + serde::Serialize + serde::de::DeserializeOwned {
    /// The model of the document.
    const OBJECT: &'static Object;
    /// The contract that the document belongs to.
    const CONTRACT: &'static Contract;
}

/// Reads a value from any serde format, nested in at most `depth` objects and arrays.
///
/// The value is collected as a [`Tree`] first, because serde gives no offsets and its maps drop duplicate names. The tree
/// wipes its copies of strings.
pub(crate) fn deserialize<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
    contract: &'static Contract,
    depth: u32,
) -> Result<T, D::Error> {
    let tree = Tree::collect(deserializer, depth)?;
    let mut value = None;
    let report = read_memory::<T, true>(tree.cursor(), &Options::DEFAULT, contract, &mut value);
    value.ok_or_else(|| error(&report))
}

/// The initial capacity of an error message for each violation.
const USUAL_VIOLATION: usize = 256;

/// The number of violations for which an error message has an initial capacity.
const USUAL_COUNT: usize = 4;

/// Converts a report into an error. Its message is allocated at once, since `E::custom` would grow it piece by piece.
#[cold]
fn error<E: de::Error>(report: &Report) -> E {
    let capacity = USUAL_VIOLATION * report.violations().len().min(USUAL_COUNT);
    let mut message = String::with_capacity(capacity);
    // Writing to a `String` cannot fail.
    let _: fmt::Result = write!(message, "{report}");
    E::custom(message)
}

/// Returns the error for a document that was not built.
fn invalid(report: Report) -> InvalidDocument {
    InvalidDocument::try_from(report).expect("a document is built unless it has violations")
}

/// Reads a document from JSON text.
///
/// ```
/// use callagent::{LlmModel, UpdateAgent};
///
/// let update: UpdateAgent = callagent::read(r#"{"llmModel": "gpt-5", "name": "Support"}"#)?;
/// assert_eq!(update.llm_model, LlmModel::Gpt5);
/// # Ok::<(), callagent::InvalidDocument>(())
/// ```
///
/// # Errors
/// If the document has violations.
pub fn read<T: Document>(text: impl AsRef<[u8]>) -> Result<T, InvalidDocument> {
    Reader::new().read(text)
}

/// Reports all violations and advisories of a document in JSON text, without building it.
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

/// Checks that a text is JSON (RFC 8259) as defined by the contract: UTF-8 without a byte-order mark, no lone surrogates,
/// numbers within the range of an IEEE double, and at most 127 levels. Nothing else is checked.
///
/// ```
/// assert!(callagent::check_json(r#"{"any": ["thing"]}"#).is_ok());
/// let error = callagent::check_json(r#"{"any": }"#).unwrap_err();
/// let violation = error.report().violations().next().expect("one violation");
/// assert_eq!(violation.span().map(|span| span.offset), Some(8));
/// ```
///
/// # Errors
/// If the text is not JSON. The report has a single violation, [`Code::MALFORMED`](crate::Code::MALFORMED).
pub fn check_json(text: impl AsRef<[u8]>) -> Result<(), InvalidDocument> {
    match InvalidDocument::try_from(read_json(text.as_ref())) {
        Ok(invalid) => Err(invalid),
        Err(_) => Ok(()),
    }
}

/// The usual limit of tools for the violations, and the advisories, in a report ([`Reader::limit`]).
pub const USUAL_LIMIT: usize = 10_000;

/// Reads documents with options. Without options it is strict, like [`read()`] and [`check`].
///
/// The tolerances are for servers whose clients already send undocumented fields, or that support models that this
/// crate does not list yet. What a tolerance accepts is an advisory instead of a violation. Responses are read the same
/// with and without tolerances.
///
/// ```
/// use callagent::{LlmModel, Reader, UpdateAgent};
///
/// let reader = Reader::new().tolerate_unknown_fields().accept_value::<LlmModel>("claude-sonnet-4");
/// let update: UpdateAgent = reader.read(r#"{"llmModel": "claude-sonnet-4", "color": "red"}"#)?;
/// assert_eq!(update.llm_model.as_str(), "claude-sonnet-4");
/// # Ok::<(), callagent::InvalidDocument>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Reader(Options);

impl Reader {
    /// Creates a strict reader.
    #[must_use]
    pub const fn new() -> Self {
        Reader(Options::DEFAULT)
    }

    /// Drops undocumented fields of requests, each with an advisory.
    #[must_use]
    pub fn tolerate_unknown_fields(mut self) -> Self {
        self.0.unknown_fields = true;
        self
    }

    /// Accepts undocumented values of the vocabularies of requests, each with an advisory.
    #[must_use]
    pub fn tolerate_unknown_values(mut self) -> Self {
        self.0.any_value = true;
        self
    }

    /// Accepts an undocumented value of the vocabulary `V` in requests, with an advisory.
    #[must_use]
    pub fn accept_value<V: ClosedEnum>(self, value: impl Into<String>) -> Self {
        accept_value(self, V::VOCABULARY, value)
    }

    /// Limits the number of violations and of advisories in a report, each to at least 1. The first ones that are found
    /// are kept. This also bounds the size of a report: no more findings are kept once the names from the document in
    /// their pointers exceed 256 bytes per finding of the limit, or 64 KiB if that is more.
    ///
    /// The verdict and the counts stay exact. [`Report::is_cut`] returns whether findings were left out.
    ///
    /// ```
    /// use callagent::{Reader, UpdateAgent};
    ///
    /// let report = Reader::new().limit(2).check::<UpdateAgent>(r#"{"llmModel": 1, "name": 2, "settings": 3}"#);
    /// assert_eq!((report.violations().len(), report.violation_count(), report.is_cut()), (2, 3, true));
    /// ```
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.0.limit = Some(limit.max(1));
        self
    }

    /// Adds suggested fixes to the violations of documents in JSON text, where a fix is obvious.
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
        self.0.suggests = true;
        self
    }

    /// Reads a document from JSON text.
    ///
    /// # Errors
    /// If the document has violations.
    pub fn read<T: Document>(&self, text: impl AsRef<[u8]>) -> Result<T, InvalidDocument> {
        let (document, report) = self.read_and_report(text);
        document.ok_or_else(|| invalid(report))
    }

    /// Reports on a document in JSON text, without building it.
    #[must_use]
    pub fn check<T: Document>(&self, text: impl AsRef<[u8]>) -> Report {
        self.document::<T, false>(text.as_ref(), &mut None)
    }

    /// Reads a document from JSON text and returns it with the report, which may have advisories even if it is valid.
    #[must_use]
    pub fn read_and_report<T: Document>(&self, text: impl AsRef<[u8]>) -> (Option<T>, Report) {
        let mut document = None;
        let report = self.document::<T, true>(text.as_ref(), &mut document);
        (document, report)
    }

    /// Reads a document from a JSON value.
    ///
    /// # Errors
    /// If the document has violations.
    pub fn read_value<T: Document>(&self, value: &Value) -> Result<T, InvalidDocument> {
        let mut document = None;
        let report = read_memory::<T, true>(ValueCursor::new(value), &self.0, T::CONTRACT, &mut document);
        document.ok_or_else(|| invalid(report))
    }

    /// Reports on a document in a JSON value, without building it.
    #[must_use]
    pub fn check_value<T: Document>(&self, value: &Value) -> Report {
        read_memory::<T, false>(ValueCursor::new(value), &self.0, T::CONTRACT, &mut None)
    }

    /// Applies all safe suggestions to a document in JSON text, repeatedly until there are no more. All other bytes stay
    /// unchanged, and so does text that is not JSON.
    ///
    /// ```
    /// use callagent::{Reader, UpdateAgent};
    ///
    /// let text = br#"{ "llm_model": "gpt-5",  "smartCallback": "true" }"#.to_vec();
    /// let fixed = Reader::new().fix::<UpdateAgent>(text);
    /// assert_eq!(fixed, br#"{ "llmModel": "gpt-5",  "smartCallback": true }"#);
    /// ```
    #[must_use]
    pub fn fix<T: Document>(&self, text: Vec<u8>) -> Vec<u8> {
        fix::fix::<T>(&self.0, T::CONTRACT, T::OBJECT, text)
    }

    fn document<T: Document, const BUILD: bool>(&self, text: &[u8], document: &mut Option<T>) -> Report {
        let report = read_text::<T, BUILD>(text, &self.0, T::CONTRACT, document);
        if self.0.suggests { fix::suggest::<T>(&self.0, T::CONTRACT, T::OBJECT, text, report) } else { report }
    }
}

/// Makes a reader accept an undocumented value of a vocabulary that is known only at run time.
pub(crate) fn accept_value(mut reader: Reader, vocabulary: &'static Vocabulary, value: impl Into<String>) -> Reader {
    reader.0.accepted_values.push((vocabulary.name, value.into().into()));
    reader
}
