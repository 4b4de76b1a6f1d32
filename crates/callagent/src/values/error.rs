//! The error type of constructors and setters.

use std::fmt;

/// An error returned when the contract does not allow a value for a field.
///
/// ```
/// let error = callagent::Gap::default().days(31).unwrap_err();
/// assert_eq!(error.field(), "days");
/// assert_eq!(error.to_string(), "invalid `days`: expected an integer from 0 to 30, found 31");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    field: String,
    problem: String,
}

impl FieldError {
    /// `problem` follows the field name in the message.
    pub(crate) fn new(field: impl Into<String>, problem: impl fmt::Display) -> Self {
        FieldError { field: field.into(), problem: problem.to_string() }
    }

    pub(crate) fn documented(field: String) -> Self {
        FieldError::new(field, "documented fields have their own setters")
    }

    /// The name of the field in JSON, or of the header or path parameter.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "invalid `{}`: {}", self.field, self.problem)
    }
}

impl std::error::Error for FieldError {}
