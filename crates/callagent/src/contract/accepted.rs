//! An undocumented value that a reader accepts, as tools write it.

use std::{fmt, str::FromStr};

use crate::{
    model::Vocabulary,
    reader::{Reader, accept_value},
};

use super::update::UpdateAgent;

/// A field of the request and an undocumented value of its vocabulary to accept, written `FIELD=VALUE`.
/// [`Reader::accept_value`] is the typed form.
///
/// ```
/// use callagent::{Reader, UpdateAgent, tools::AcceptedValue};
///
/// let accepted: AcceptedValue = "llmModel=claude-sonnet-4".parse()?;
/// let reader = accepted.apply(Reader::new());
/// assert!(reader.check::<UpdateAgent>(r#"{"llmModel": "claude-sonnet-4"}"#).is_valid());
/// # Ok::<(), callagent::tools::InvalidAcceptedValue>(())
/// ```
#[derive(Debug, Clone)]
pub struct AcceptedValue {
    field: &'static str,
    vocabulary: &'static Vocabulary,
    value: String,
}

impl AcceptedValue {
    /// Returns a reader that accepts the value.
    #[must_use]
    pub fn apply(&self, reader: Reader) -> Reader {
        accept_value(reader, self.vocabulary, self.value.as_str())
    }
}

impl fmt::Display for AcceptedValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}={}", self.field, self.value)
    }
}

impl FromStr for AcceptedValue {
    type Err = InvalidAcceptedValue;

    fn from_str(text: &str) -> Result<Self, InvalidAcceptedValue> {
        let (name, value) = text.split_once('=').ok_or(InvalidAcceptedValue(None))?;
        let vocabularies = UpdateAgent::OBJECT.vocabularies();
        let (field, vocabulary) = vocabularies
            .into_iter()
            .find(|(field, _)| *field == name)
            .ok_or_else(|| InvalidAcceptedValue(Some(name.to_owned())))?;
        Ok(AcceptedValue { field, vocabulary, value: value.to_owned() })
    }
}

/// The error for a text that is not an [`AcceptedValue`]. If it has an equals sign, the field has no vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidAcceptedValue(Option<String>);

impl fmt::Display for InvalidAcceptedValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = UpdateAgent::OBJECT.vocabularies();
        let fields = fields.iter().map(|(field, _)| format!("`{field}`")).collect::<Vec<_>>().join(" or ");
        match &self.0 {
            None => write!(out, "expected FIELD=VALUE, where FIELD is {fields}"),
            Some(found) => write!(out, "expected the field {fields}, found `{found}`"),
        }
    }
}

impl std::error::Error for InvalidAcceptedValue {}
