//! The kinds of documents, for tools that learn the kind at run time.

use std::{fmt, str::FromStr};

use crate::{
    reader::{Document, Reader, secret_ranges},
    report::Report,
};

use super::{agent::Agent, update::UpdateAgent};

/// The kind of a document that is known only at run time. [`Reader`] has the typed forms of its methods.
///
/// ```
/// use callagent::{Reader, tools::DocumentKind};
///
/// let kind: DocumentKind = "update".parse()?;
/// assert!(kind.check(&Reader::new(), br#"{"llmModel": "gpt-5"}"#).is_valid());
/// # Ok::<(), callagent::tools::UnknownKind>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum DocumentKind {
    /// An [`UpdateAgent`].
    #[default]
    Update,
    /// An [`Agent`].
    Agent,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [DocumentKind; 2] = [DocumentKind::Update, DocumentKind::Agent];

    /// Returns the name, as in the command's `--as`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            DocumentKind::Update => "update",
            DocumentKind::Agent => "agent",
        }
    }

    /// Reports on a document in JSON text, as [`Reader::check`] does.
    #[must_use]
    pub fn check(self, reader: &Reader, text: &[u8]) -> Report {
        match self {
            DocumentKind::Update => reader.check::<UpdateAgent>(text),
            DocumentKind::Agent => reader.check::<Agent>(text),
        }
    }

    /// Applies all safe suggestions to a document in JSON text, as [`Reader::fix`] does.
    #[must_use]
    pub fn fix(self, reader: &Reader, text: Vec<u8>) -> Vec<u8> {
        match self {
            DocumentKind::Update => reader.fix::<UpdateAgent>(text),
            DocumentKind::Agent => reader.fix::<Agent>(text),
        }
    }

    /// Reads a document from JSON text. Returns it in compact form as its type serializes it, or `None` if it is
    /// invalid, with the report.
    ///
    /// ```
    /// use callagent::{Reader, tools::DocumentKind};
    ///
    /// let (normalized, _) = DocumentKind::Update.normalize(&Reader::new(), br#"{ "llmModel": "gpt\u002d5" }"#);
    /// assert_eq!(normalized.as_deref(), Some(r#"{"llmModel":"gpt-5"}"#));
    /// ```
    #[must_use]
    pub fn normalize(self, reader: &Reader, text: &[u8]) -> (Option<String>, Report) {
        fn written<T: Document>((document, report): (Option<T>, Report)) -> (Option<String>, Report) {
            let text = document.map(|document| serde_json::to_string(&document));
            (text.map(|text| text.expect("a document serializes")), report)
        }
        match self {
            DocumentKind::Update => written(reader.read_and_report::<UpdateAgent>(text)),
            DocumentKind::Agent => written(reader.read_and_report::<Agent>(text)),
        }
    }

    /// Returns a text with each secret replaced by a string of asterisks. Null and empty strings stay. The text need not
    /// be a valid document; where it is not JSON, too much is replaced rather than too little.
    ///
    /// `length` returns the length of a secret in some unit. The replacement has as many bytes, so that places in that unit
    /// stay right.
    ///
    /// ```
    /// use callagent::tools::DocumentKind;
    ///
    /// let text = br#"{"elevenLabsApiKey": "sk-1", "name": "Support"}"#;
    /// let masked = DocumentKind::Update.mask(text, <[u8]>::len);
    /// assert_eq!(masked, br#"{"elevenLabsApiKey": "****", "name": "Support"}"#);
    /// ```
    #[must_use]
    pub fn mask(self, text: &[u8], length: impl Fn(&[u8]) -> usize) -> Vec<u8> {
        // The suggestions reveal misspelled names of secrets.
        let report = self.check(&Reader::new().suggest(), text);
        let (mut masked, mut position) = (Vec::with_capacity(text.len()), 0);
        for range in secret_ranges(text, &UpdateAgent::CONTRACT.secrets, Some(&report)) {
            masked.extend_from_slice(&text[position..range.start]);
            position = range.end;
            let secret = &text[range];
            let value = secret.trim_ascii();
            let start = secret.len() - secret.trim_ascii_start().len();
            let (before, after) = (&secret[..start], &secret[start + value.len()..]);
            masked.extend_from_slice(before);
            match (value, length(value)) {
                (b"null" | b"\"\"", _) => masked.extend_from_slice(value),
                (_, length @ 2..) => {
                    masked.push(b'"');
                    masked.resize(masked.len() + length - 2, b'*');
                    masked.push(b'"');
                }
                (_, length) => masked.resize(masked.len() + length, b'*'),
            }
            masked.extend_from_slice(after);
        }
        masked.extend_from_slice(&text[position..]);
        masked
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for DocumentKind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

/// The error for a name that is not the name of a [`DocumentKind`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKind(String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = DocumentKind::ALL.map(|kind| format!("`{kind}`")).join(" or ");
        write!(out, "unknown kind of document {:?}; expected {names}", self.0)
    }
}

impl std::error::Error for UnknownKind {}
