//! What the call answers where it cannot answer 200: problem details (RFC 9457), each type with its status.

mod json;

use crate::{
    model::Code,
    report::{Finding, Place, Printable, Report, Suggestion},
};

/// A table of problem types, by their statuses. A row gives the title, the constant, the name and the status.
macro_rules! problem_types {
    ($(
        #[doc = $title:literal]
        $kind:ident = $name:literal, $status:literal;
    )+) => {
        /// The kind of a [`Problem`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ProblemType {
            $(#[doc = $title] $kind,)+
        }

        impl ProblemType {
            /// All types, in the order of their statuses.
            pub const ALL: &'static [ProblemType] = &[$(ProblemType::$kind),+];

            /// The URN that a problem of this type has for its `type`.
            #[must_use]
            pub const fn urn(self) -> &'static str {
                match self {
                    $(ProblemType::$kind => concat!("urn:callagent:problem:", $name),)+
                }
            }

            /// The name that the URN ends with.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(ProblemType::$kind => $name,)+
                }
            }

            /// The HTTP status of the answer.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self {
                    $(ProblemType::$kind => $status,)+
                }
            }

            /// What is the matter, in a sentence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(ProblemType::$kind => $title.trim_ascii(),)+
                }
            }
        }
    };
}

problem_types! {
    /// The body is not JSON.
    Malformed = "malformed", 400;
    /// The path holds no agent's id.
    BadPath = "bad-path", 400;
    /// The workspace's header is missing, or holds no workspace's id.
    BadWorkspace = "bad-workspace", 400;
    /// The key is missing, or is none that the server knows.
    Unauthorized = "unauthorized", 401;
    /// The key is not one for this workspace.
    Forbidden = "forbidden", 403;
    /// There is no such agent in this workspace.
    NotFound = "not-found", 404;
    /// The path does not take this method.
    MethodNotAllowed = "method-not-allowed", 405;
    /// The agent is not as the request says that it must be.
    PreconditionFailed = "precondition-failed", 412;
    /// The body is larger than the server takes.
    ContentTooLarge = "content-too-large", 413;
    /// The body is not declared to be JSON.
    UnsupportedMediaType = "unsupported-media-type", 415;
    /// The update breaks the contract.
    InvalidUpdate = "invalid-update", 422;
    /// There were too many requests in a short time.
    TooManyRequests = "too-many-requests", 429;
    /// The server cannot answer now.
    Unavailable = "unavailable", 503;
}

/// Why a call was not answered with 200: problem details (RFC 9457).
///
/// Made by a server from a [`ProblemType`] or a [`Report`], and read by a client, from any server: what is missing, or of
/// another type than documented, reads as absent, and further members are ignored. It never holds a secret that a report
/// would not.
///
/// ```
/// use callagent::{Problem, ProblemType, UpdateAgent};
///
/// let report = callagent::check::<UpdateAgent>(r#"{"llmModel": "gpt-5", "name": 7}"#);
/// let problem = Problem::of(&report).expect("the update is invalid");
/// assert_eq!(problem.problem_type(), Some(ProblemType::InvalidUpdate));
/// assert_eq!(problem.status, Some(422));
/// assert_eq!(problem.violations[0].pointer, "/name");
///
/// let read: Problem = serde_json::from_str(&serde_json::to_string(&problem)?)?;
/// assert_eq!(read, problem);
/// # Ok::<(), serde_json::Error>(())
/// ```
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

    /// The answer to a request with that report; `None` if the report has no violation.
    #[must_use]
    pub fn of(report: &Report) -> Option<Self> {
        let violations: Vec<_> = report.violations().map(Violation::from).collect();
        let first = violations.first()?;
        let is_malformed = first.code == Code::MALFORMED.as_str();
        let r#type = if is_malformed { ProblemType::Malformed } else { ProblemType::InvalidUpdate };
        let colon = if first.pointer.is_empty() { "" } else { ": " };
        let what = format!("{}{colon}{}", Printable(&first.pointer), first.message);
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

    /// The type, if it is one of this contract.
    #[must_use]
    pub fn problem_type(&self) -> Option<ProblemType> {
        ProblemType::ALL.iter().copied().find(|known| known.urn() == self.r#type)
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
    pub place: Option<Place>,
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
            place: finding.place(),
            message: finding.message(),
            expected: finding.expected(),
            found: finding.found().map(str::to_owned),
            suggestion: finding.suggestion().cloned(),
        }
    }
}
