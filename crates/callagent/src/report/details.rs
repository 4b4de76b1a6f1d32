//! Findings and reports that own their contents, as they appear in JSON.

use super::{finding::Finding, location::Location, suggestion::Suggestion, whole::Report};

/// A violation or an advisory as it appears in JSON, in a [`Problem`](crate::Problem) or in [`ReportDetails`].
///
/// ```
/// use callagent::FindingDetails;
///
/// let details: FindingDetails = serde_json::from_str(r#"{"code": "a-newer-code", "pointer": "/name"}"#)?;
/// assert_eq!((details.code.as_str(), details.location), ("a-newer-code", None));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FindingDetails {
    /// The name of a [`Code`](crate::Code), or of a code that a newer version of the contract has.
    pub code: String,
    /// The JSON Pointer of the value or field; empty for the whole document.
    pub pointer: String,
    /// The location in the text: `offset`, `length`, `line` and `column` in JSON.
    pub location: Option<Location>,
    /// The message, a single line.
    pub message: Option<String>,
    /// What was expected, as a noun phrase.
    pub expected: Option<String>,
    /// What was found, as written in the text. Long values are truncated; secrets are never shown.
    pub found: Option<String>,
    /// A suggested fix, if there is an obvious one.
    pub suggestion: Option<Suggestion>,
}

/// A [`Report`] as it appears in JSON. It can be read back, also with codes that this version does not know.
///
/// ```
/// use callagent::{ReportDetails, UpdateAgent, check};
///
/// let report = check::<UpdateAgent>(r#"{"llmModel": "gpt-6"}"#);
/// let json = serde_json::to_string(&report)?;
/// assert!(json.starts_with(r#"{"valid":false,"violations":[{"code":"unknown-value","pointer":"/llmModel","offset":13,"#));
/// assert_eq!(serde_json::from_str::<ReportDetails>(&json)?, ReportDetails::from(&report));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportDetails {
    /// Whether there are no violations.
    pub valid: bool,
    /// The violations, or the first ones if the report is limited.
    pub violations: Vec<FindingDetails>,
    /// The advisories, or the first ones if the report is limited.
    pub advisories: Vec<FindingDetails>,
    /// The total number of violations. In JSON only if the report is cut, as `violationCount`.
    pub violation_count: usize,
    /// The total number of advisories. In JSON only if the report is cut, as `advisoryCount`.
    pub advisory_count: usize,
}

impl ReportDetails {
    /// Returns whether there are more violations or advisories than these.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        (self.violations.len(), self.advisories.len()) != (self.violation_count, self.advisory_count)
    }
}

impl From<Finding<'_>> for FindingDetails {
    fn from(finding: Finding<'_>) -> Self {
        FindingDetails {
            code: finding.code().as_str().to_owned(),
            pointer: finding.pointer(),
            location: finding.location(),
            message: Some(finding.message()),
            expected: finding.expected(),
            found: finding.found().map(str::to_owned),
            suggestion: finding.suggestion().cloned(),
        }
    }
}

impl From<&Report> for ReportDetails {
    fn from(report: &Report) -> Self {
        ReportDetails {
            valid: report.is_valid(),
            violations: report.violations().map(FindingDetails::from).collect(),
            advisories: report.advisories().map(FindingDetails::from).collect(),
            violation_count: report.violation_count(),
            advisory_count: report.advisory_count(),
        }
    }
}
