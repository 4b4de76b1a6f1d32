//! Error responses: problem details (RFC 9457).

mod json;

use crate::{
    model::{Code, ProblemType, RequestBody},
    report::{FindingDetails, InvalidDocument},
};

/// The type of a problem that has no meaning beyond its HTTP status.
const ABOUT_BLANK: &str = "about:blank";

/// An error response: problem details (RFC 9457).
///
/// Servers create it from a [`ProblemType`] or an [`InvalidDocument`]. Clients read it from any server: members that are
/// missing or have an unexpected type read as absent, and unknown members are ignored. It contains no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The URN of a [`ProblemType`], or the URI that another server uses; `about:blank` if absent.
    pub r#type: String,
    /// A one-sentence summary of the problem type.
    pub title: Option<String>,
    /// The HTTP status of the response.
    pub status: Option<u16>,
    /// An explanation of this occurrence of the problem.
    pub detail: Option<String>,
    /// The violations of the contract, if any, sorted by location.
    pub violations: Vec<FindingDetails>,
    /// Whether there are more violations than these.
    pub truncated: bool,
}

impl Problem {
    /// The media type of a problem in JSON.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// Creates a problem of a type.
    #[must_use]
    pub fn new(r#type: ProblemType) -> Self {
        Problem { r#type: r#type.as_str().to_owned(), ..Problem::untyped(r#type.status(), r#type.title()) }
    }

    /// Creates a problem that only has an HTTP status. Its type is `about:blank`, and its title should be the reason
    /// phrase of the status (RFC 9457, section 4.2.1).
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

    /// Creates the response to a request with an invalid body.
    pub(crate) fn of_invalid(body: &RequestBody, invalid: &InvalidDocument) -> Self {
        let report = invalid.report();
        let violations: Vec<_> = report.violations().map(FindingDetails::from).collect();
        let is_malformed = violations.iter().any(|violation| violation.code == Code::MALFORMED.as_str());
        let first = report.violations().next().expect("an invalid document has a violation").subject_and_message();
        let detail = match report.violation_count() {
            1 => first,
            count => format!("{count} violations; the first: {first}"),
        };
        let truncated = report.violation_count() > violations.len();
        let r#type = if is_malformed { body.malformed } else { body.invalid };
        Problem { violations, truncated, ..Problem::new(r#type).detail(detail) }
    }

    /// Sets the explanation of this occurrence.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Problem { detail: Some(detail.into()), ..self }
    }
}
