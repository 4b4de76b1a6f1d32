//! The error of building a document by hand.

use std::fmt;

/// A value given for a field is not one that the contract allows there.
///
/// ```
/// let error = callagent::Gap::default().days(31).unwrap_err();
/// assert_eq!(error.field(), "days");
/// assert_eq!(error.to_string(), "`days` must be an integer from 0 to 30, not 31");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    field: String,
    problem: String,
}

impl FieldError {
    /// `problem` goes on after the field's name.
    pub(crate) fn new(field: impl Into<String>, problem: impl fmt::Display) -> Self {
        FieldError { field: field.into(), problem: problem.to_string() }
    }

    pub(crate) fn documented(field: String) -> Self {
        FieldError::new(field, "is a documented field: set it as such")
    }

    /// The field's name in JSON, or the header's or path parameter's.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` {}", self.field, self.problem)
    }
}

impl std::error::Error for FieldError {}
