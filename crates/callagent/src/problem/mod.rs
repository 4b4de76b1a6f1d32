//! Responses to requests that fail: problem details (RFC 9457).

mod json;

use crate::{
    model::{Code, ProblemType, RequestBody},
    report::{Finding, InvalidDocument, Location, Suggestion},
};

/// The type of a problem that says no more than its HTTP status.
const ABOUT_BLANK: &str = "about:blank";

/// Why a call was not answered with 200: problem details (RFC 9457).
///
/// Made by a server from a [`ProblemType`] or an [`InvalidDocument`], and read by a client, from any server: what is missing, or of
/// another type than documented, reads as absent, and further members are ignored. It never holds a secret that a report
/// would not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The URN of a [`ProblemType`], or the URI that another server gives; `about:blank` where it gives none.
    pub r#type: String,
    /// What is the matter, in a sentence that is the same for all problems of the type.
    pub title: Option<String>,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// What is the matter this time.
    pub detail: Option<String>,
    /// What breaks the contract, where that is the matter.
    pub violations: Vec<FindingDetails>,
    /// Whether there are more violations than these.
    pub truncated: bool,
}

impl Problem {
    /// The media type of a problem in JSON.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// A problem of that type.
    #[must_use]
    pub fn new(r#type: ProblemType) -> Self {
        Problem {
            r#type: r#type.urn().to_owned(),
            title: Some(r#type.title().to_owned()),
            status: Some(r#type.status()),
            detail: None,
            violations: Vec::new(),
            truncated: false,
        }
    }

    /// Creates a problem that says no more than its HTTP status: its type is `about:blank`, and its title should be the
    /// reason phrase of the status (RFC 9457, section 4.2.1).
    ///
    /// ```
    /// let problem = callagent::Problem::untyped(409, "Conflict");
    /// assert_eq!(serde_json::to_string(&problem)?, r#"{"type":"about:blank","title":"Conflict","status":409}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn untyped(status: u16, title: impl Into<String>) -> Self {
        Problem {
            r#type: ABOUT_BLANK.to_owned(),
            title: Some(title.into()),
            status: Some(status),
            detail: None,
            violations: Vec::new(),
            truncated: false,
        }
    }

    /// The response to a request with an invalid body.
    pub(crate) fn of_invalid(body: &RequestBody, invalid: &InvalidDocument) -> Self {
        let report = invalid.report();
        let violations: Vec<_> = report.violations().map(FindingDetails::from).collect();
        let is_malformed = violations.iter().any(|violation| violation.code == Code::MALFORMED.as_str());
        let first = report.violations().next().map(|first| first.subject_and_message()).unwrap_or_default();
        let detail = match report.violation_count() {
            1 => first,
            count => format!("{count} violations; the first: {first}"),
        };
        let truncated = report.violation_count() > violations.len();
        let r#type = if is_malformed { body.malformed } else { body.invalid };
        Problem { violations, truncated, ..Problem::new(r#type).detail(detail) }
    }

    /// Says what is the matter this time.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Problem { detail: Some(detail.into()), ..self }
    }
}

/// A violation or an advisory as a [`Problem`] and reports in JSON have it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FindingDetails {
    /// The name of a [`Code`], or of one that a newer contract has.
    pub code: String,
    /// The JSON Pointer of the value or field.
    pub pointer: String,
    /// The location in the text: `offset`, `length`, `line` and `column`.
    pub place: Option<Location>,
    /// What is wrong, as a sentence.
    pub message: Option<String>,
    /// What would be right, as a noun.
    pub expected: Option<String>,
    /// What was found, cut where it is long; absent where it is a secret.
    pub found: Option<String>,
    /// What would mend it.
    pub suggestion: Option<Suggestion>,
}

impl From<Finding<'_>> for FindingDetails {
    fn from(finding: Finding<'_>) -> Self {
        FindingDetails {
            code: finding.code().as_str().to_owned(),
            pointer: finding.pointer(),
            place: finding.location(),
            message: Some(finding.message()),
            expected: finding.expected(),
            found: finding.found().map(str::to_owned),
            suggestion: finding.suggestion().cloned(),
        }
    }
}
