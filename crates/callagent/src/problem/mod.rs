//! Responses to requests that fail: problem details (RFC 9457).

mod json;

use crate::{
    model::{Code, ProblemType, RequestBody},
    report::{EscapeControl, Finding, Location, Report, Suggestion},
};

/// Why a call was not answered with 200: problem details (RFC 9457).
///
/// Made by a server from a [`ProblemType`] or a [`Report`], and read by a client, from any server: what is missing, or of
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
    pub violations: Vec<Violation>,
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
        }
    }

    /// The response to a request whose body has that report; `None` if the report has no violation.
    pub(crate) fn from_report(body: &RequestBody, report: &Report) -> Option<Self> {
        let violations: Vec<_> = report.violations().map(Violation::from).collect();
        let first = violations.first()?;
        let is_malformed = first.code == Code::MALFORMED.as_str();
        let r#type = if is_malformed { body.malformed } else { body.invalid };
        let colon = if first.pointer.is_empty() { "" } else { ": " };
        let what = format!("{}{colon}{}", EscapeControl(&first.pointer), first.message);
        let detail = match (violations.len(), report.is_cut()) {
            (1, false) => what,
            (count, false) => format!("{count} violations; the first: {what}"),
            (count, true) => format!("more than {count} violations; the first: {what}"),
        };
        Some(Problem { violations, ..Problem::new(r#type).detail(detail) })
    }

    /// Says what is the matter this time.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Problem { detail: Some(detail.into()), ..self }
    }
}

/// A violation as it stands in a [`Problem`] and in JSON reports; an advisory has the same fields.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The name of a [`Code`], or of one that a newer contract has.
    pub code: String,
    /// The JSON Pointer of the value or field.
    pub pointer: String,
    /// Where it stands in the text: `offset`, `length`, `line` and `column`.
    pub place: Option<Location>,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What would be right, as a noun.
    pub expected: Option<String>,
    /// What was found, cut where it is long; absent where it is a secret.
    pub found: Option<String>,
    /// What would mend it.
    pub suggestion: Option<Suggestion>,
}

impl From<Finding<'_>> for Violation {
    fn from(finding: Finding<'_>) -> Self {
        Violation {
            code: finding.code().as_str().to_owned(),
            pointer: finding.pointer(),
            place: finding.location(),
            message: finding.message(),
            expected: finding.expected(),
            found: finding.found().map(str::to_owned),
            suggestion: finding.suggestion().cloned(),
        }
    }
}
