//! The entry points of reading, with their options.

use std::fmt::{self, Write as _};

use serde::de::{self, Deserializer};
use serde_json::Value;

use crate::{
    fix,
    json::{Tree, ValueCursor},
    model::{Contract, Object, Vocabulary},
    read::{Decode, Options, read_json, read_memory, read_text},
    report::{InvalidDocument, Report},
};

/// A whole document of the contract: [`UpdateAgent`](crate::UpdateAgent) or [`Agent`](crate::Agent).
pub trait Document: Decode + serde::Serialize + serde::de::DeserializeOwned {
    /// What the contract says of it.
    const OBJECT: &'static Object;
    /// The contract that it is a document of.
    const CONTRACT: &'static Contract;
}

/// Reads a value of any serde format by the rules of the contract, with at most `depth` objects and arrays around it.
///
/// Serde gives no offsets and its maps keep no duplicate names, so the value is collected as a [`Tree`] first. That wipes
/// its copies of strings.
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
/// The report of all violations, if there is one.
pub fn read<T: Document>(text: impl AsRef<[u8]>) -> Result<T, InvalidDocument> {
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

/// Checks that a text is JSON (RFC 8259) as the contract has it: UTF-8 without a byte-order mark, no lone surrogates, numbers
/// within the range of an IEEE double, at most 127 levels. Nothing else is checked.
///
/// ```
/// assert!(callagent::check_json(r#"{"any": ["thing"]}"#).is_ok());
/// let error = callagent::check_json(r#"{"any": }"#).unwrap_err();
/// let violation = error.report().violations().next().expect("one violation");
/// assert_eq!(violation.location().map(|location| location.offset), Some(8));
/// ```
///
/// # Errors
/// With the one violation, [`Code::MALFORMED`](crate::Code::MALFORMED), if it is not.
pub fn check_json(text: impl AsRef<[u8]>) -> Result<(), InvalidDocument> {
    match InvalidDocument::try_from(read_json(text.as_ref())) {
        Ok(invalid) => Err(invalid),
        Err(_) => Ok(()),
    }
}

/// Reads documents with tolerances for requests, all of them off by default.
///
/// A server that adopts the contract in front of clients that send more already, or that serves models which no
/// release of this crate lists yet, turns them on. What they admit is an advisory instead of a violation.
///
/// ```
/// use callagent::{LlmModel, Reader, UpdateAgent};
///
/// let reader = Reader::new().tolerate_unknown_fields().accept_value(LlmModel::VOCABULARY, "claude-sonnet-4");
/// let update: UpdateAgent = reader.read(r#"{"llmModel": "claude-sonnet-4", "color": "red"}"#)?;
/// assert_eq!(update.llm_model.as_str(), "claude-sonnet-4");
/// # Ok::<(), callagent::InvalidDocument>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Reader(Options);

impl Reader {
    /// The strict reader.
    #[must_use]
    pub const fn new() -> Self {
        Reader(Options::DEFAULT)
    }

    /// Drops a request's undocumented fields, each with an advisory.
    #[must_use]
    pub fn tolerate_unknown_fields(mut self) -> Self {
        self.0.unknown_fields = true;
        self
    }

    /// Keeps any word in a request, an unlisted one with an advisory.
    #[must_use]
    pub fn tolerate_unknown_values(mut self) -> Self {
        self.0.any_word = true;
        self
    }

    /// Keeps this unlisted word of a vocabulary in a request, with an advisory.
    #[must_use]
    pub fn accept_value(mut self, vocabulary: &'static Vocabulary, word: impl Into<String>) -> Self {
        self.0.words.push((vocabulary.name, word.into().into()));
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
        self.0.limit = Some(limit.max(1));
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
        self.0.suggests = true;
        self
    }

    /// Reads a document from JSON text.
    ///
    /// # Errors
    /// The report of all violations, if there is one.
    pub fn read<T: Document>(&self, text: impl AsRef<[u8]>) -> Result<T, InvalidDocument> {
        let (document, report) = self.read_and_report(text);
        document.ok_or_else(|| invalid(report))
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
    pub fn read_value<T: Document>(&self, value: &Value) -> Result<T, InvalidDocument> {
        let mut document = None;
        let report = read_memory::<T, true>(ValueCursor::new(value), &self.0, T::CONTRACT, &mut document);
        document.ok_or_else(|| invalid(report))
    }

    /// Reports on a document in a JSON value, in place.
    #[must_use]
    pub fn check_value<T: Document>(&self, value: &Value) -> Report {
        read_memory::<T, false>(ValueCursor::new(value), &self.0, T::CONTRACT, &mut None)
    }

    /// Applies the safe suggestions to a document in JSON text, then those that are safe after them, and so on. Every
    /// other byte stays as it is; a text that is not JSON stays whole.
    ///
    /// ```
    /// use callagent::{Reader, UpdateAgent};
    ///
    /// let text = br#"{ "llm_model": "gpt-5",  "smartCallback": "true" }"#.to_vec();
    /// let mended = Reader::new().fix::<UpdateAgent>(text);
    /// assert_eq!(mended, br#"{ "llmModel": "gpt-5",  "smartCallback": true }"#);
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
