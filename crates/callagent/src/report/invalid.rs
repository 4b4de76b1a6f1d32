//! The error of reading an invalid document.

use std::{error::Error, fmt};

use super::whole::Report;

/// The error of reading an invalid document: a report with at least one violation.
///
/// ```
/// use callagent::{InvalidDocument, UpdateAgent};
///
/// let error: InvalidDocument = callagent::read::<UpdateAgent>(r#"{"llmModel": "gpt-5", "name": 7}"#).unwrap_err();
/// assert_eq!(error.report().violation_count(), 1);
/// assert!(error.to_string().starts_with("/name: "));
/// ```
#[derive(Clone)]
pub struct InvalidDocument(Report);

impl InvalidDocument {
    /// Returns the report.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.0
    }

    /// Converts into the report.
    #[must_use]
    pub fn into_report(self) -> Report {
        self.0
    }
}

impl AsRef<Report> for InvalidDocument {
    fn as_ref(&self) -> &Report {
        &self.0
    }
}

/// Fails with the report itself if it has no violations.
impl TryFrom<Report> for InvalidDocument {
    type Error = Report;

    fn try_from(report: Report) -> Result<Self, Report> {
        if report.is_valid() { Err(report) } else { Ok(InvalidDocument(report)) }
    }
}

/// Writes all violations.
impl fmt::Display for InvalidDocument {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Debug for InvalidDocument {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, out)
    }
}

impl Error for InvalidDocument {}
