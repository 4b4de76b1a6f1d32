//! Errors of an update.

use std::{error::Error, fmt, time::Duration};

use callagent::{FieldError, FindingDetails, InvalidDocument, Problem, ReportDetails};
use http::{HeaderMap, StatusCode, header::LOCATION};

use crate::redact::Secrets;

/// The error of an update.
///
/// It keeps what is known of the last attempt: the status, the headers and the body of the response. `Display` is a sentence
/// that says what to do. Nothing in it contains the access key, a secret header or an ElevenLabs key, even if the server
/// repeats them.
#[derive(Debug)]
pub struct UpdateError {
    /// Of the last attempt.
    failure: Box<Failure>,
    attempts: u32,
    may_be_applied: bool,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The agent id is invalid. Nothing was sent.
    InvalidAgentId(FieldError),
    /// The contract refuses the update. Nothing was sent.
    InvalidUpdate(InvalidDocument),
    /// The blocking client was used inside an async runtime. Nothing was sent.
    InsideRuntime,
    /// No connection could be opened. The last attempt was not sent.
    Connect {
        /// The reason of the operating system or the TLS library.
        reason: String,
        /// Whether the certificate of the server was refused.
        is_certificate: bool,
    },
    /// There was no complete response in time.
    Timeout {
        /// How long the last attempt took.
        after: Duration,
    },
    /// The connection broke before the response was complete, or the response is not HTTP.
    Interrupted {
        /// The reason.
        reason: String,
    },
    /// The server answered with a problem document (RFC 9457).
    Problem(Problem),
    /// The agent does not match `If-Match` (status 412).
    ///
    /// If [`UpdateError::may_be_applied`], an earlier attempt whose response was lost may be what changed the agent.
    PreconditionFailed(Option<Problem>),
    /// The server answered 200, but the agent in the response violates the contract. The text is [`UpdateError::body`].
    InvalidAgent(ReportDetails),
    /// The response is larger than the limit of the client.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The server answered with any other status than 200, without a problem document. Redirects are among them.
    Status(StatusCode),
}

/// Why an attempt failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) response: Option<FailedResponse>,
    /// Whether this attempt may have changed the agent.
    pub(crate) may_be_applied: bool,
    pub(crate) is_repeatable: bool,
    pub(crate) is_timeout: bool,
    pub(crate) retry_after: Option<Duration>,
}

/// The response of a failed attempt, without secrets.
#[derive(Debug)]
pub(crate) struct FailedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) request_id: Option<String>,
    pub(crate) location: Option<String>,
}

impl FailedResponse {
    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, body: &[u8], secrets: &Secrets) -> Self {
        let text = |name: &str| {
            let value = headers.get(name).filter(|value| !value.is_empty())?;
            Some(secrets.sentence(&String::from_utf8_lossy(value.as_bytes())))
        };
        FailedResponse {
            status,
            body: secrets.body(body),
            request_id: text(REQUEST_ID),
            location: text(LOCATION.as_str()),
            headers: secrets.headers(headers),
        }
    }
}

/// The header in which a server gives the id that its logs have.
pub(crate) const REQUEST_ID: &str = "x-request-id";

impl Failure {
    /// A failure without a response that is not worth repeating.
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Failure {
            kind,
            response: None,
            may_be_applied: false,
            is_repeatable: false,
            is_timeout: false,
            retry_after: None,
        }
    }

    /// The value of the span's attribute `error.type`.
    pub(crate) fn error_type(&self) -> String {
        let name = match (&self.kind, &self.response) {
            (ErrorKind::InvalidAgent(_), _) => "invalid_agent",
            (ErrorKind::TooLarge { .. }, _) => "too_large",
            (_, Some(response)) => return response.status.as_u16().to_string(),
            (ErrorKind::Timeout { .. }, None) => "timeout",
            (ErrorKind::Connect { .. }, None) => "connect",
            _ => "interrupted",
        };
        name.to_owned()
    }
}

impl UpdateError {
    pub(crate) fn new(failure: Box<Failure>, attempts: u32, may_be_applied: bool) -> Self {
        UpdateError { failure, attempts, may_be_applied }
    }

    pub(crate) fn not_sent(kind: ErrorKind) -> Self {
        UpdateError::new(Box::new(Failure::new(kind)), 0, false)
    }

    /// Returns what went wrong with the last attempt.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.failure.kind
    }

    /// Returns the status of the last response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|response| response.status)
    }

    /// Returns the headers of the last response. Values with secrets are replaced by `***`.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(|response| &response.headers)
    }

    /// Returns the beginning of the body of the last response, at most 64 KiB. Secrets are replaced by `…`.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.response().map(|response| response.body.as_str())
    }

    /// Returns the `x-request-id` of the last response, which the logs of a server have.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// Returns how long the server asked to wait in `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.failure.retry_after
    }

    /// Returns the number of attempts, 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns whether any attempt may have changed the agent. If not, none of them has.
    #[must_use]
    pub fn may_be_applied(&self) -> bool {
        self.may_be_applied
    }

    /// Returns the problem document of the last response, if there was one.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self.kind() {
            ErrorKind::Problem(problem) | ErrorKind::PreconditionFailed(Some(problem)) => Some(problem),
            _ => None,
        }
    }

    /// Returns the violations that the server found in the update.
    #[must_use]
    pub fn violations(&self) -> &[FindingDetails] {
        self.problem().map_or(&[], |problem| &problem.violations)
    }

    fn response(&self) -> Option<&FailedResponse> {
        self.failure.response.as_ref()
    }
}

impl Error for UpdateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.kind() {
            ErrorKind::InvalidAgentId(error) => Some(error),
            ErrorKind::InvalidUpdate(error) => Some(error),
            _ => None,
        }
    }
}

/// Writes what happened, what to do, and whether the agent may have changed.
impl fmt::Display for UpdateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::InvalidAgentId(error) => return write!(out, "the update was not sent: {error}"),
            ErrorKind::InvalidUpdate(error) => {
                return write!(out, "the update was not sent, since it violates the contract: {error}");
            }
            ErrorKind::InsideRuntime => {
                return out.write_str(
                    "the update was not sent, since a blocking client would block an async runtime; use \
                     `callagent_client::Client` here",
                );
            }
            kind => self.write_kind(kind, out)?,
        }
        match (self.kind(), self.may_be_applied()) {
            (ErrorKind::PreconditionFailed(_), true) => {
                out.write_str("; an earlier attempt without a response may have been applied")?;
            }
            (_, true) => out.write_str("; the update may be in effect or not")?,
            (_, false) => out.write_str("; the update is not in effect")?,
        }
        let attempts = self.attempts();
        write!(out, " ({attempts} attempt{}", plural(attempts.into()))?;
        match self.request_id() {
            Some(id) => write!(out, ", request id {id})"),
            None => out.write_str(")"),
        }
    }
}

impl UpdateError {
    fn write_kind(&self, kind: &ErrorKind, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match kind {
            ErrorKind::Connect { reason, is_certificate: true } => write!(
                out,
                "the certificate of the server is not trusted: {reason}; add the certificate of its authority with \
                 `root_certificate`"
            ),
            ErrorKind::Connect { reason, .. } => {
                write!(out, "cannot connect to the server: {reason}; check the base URL and that the server runs")
            }
            ErrorKind::Timeout { after } => {
                write!(out, "no complete response within {after:.1?}; repeat the update later or allow more time")
            }
            ErrorKind::Interrupted { reason } => {
                write!(out, "the connection broke before the response was complete: {reason}; repeat the update")
            }
            ErrorKind::PreconditionFailed(_) => {
                out.write_str("the agent is not in the state that `If-Match` requires; compare its current state before the update is repeated")
            }
            ErrorKind::InvalidAgent(report) => write!(
                out,
                "the agent in the response violates the contract{}; report it to the operator of the server",
                report.violations.first().map(first_violation).unwrap_or_default()
            ),
            ErrorKind::TooLarge { limit } => {
                write!(out, "the response is larger than {limit} bytes; raise `response_limit`")
            }
            ErrorKind::Problem(problem) => {
                let text = problem.detail.as_ref().or(problem.title.as_ref());
                let text = text.map(|text| Secrets::default().sentence(text.trim_end_matches('.')));
                let text = text.map(|text| format!(": {text}")).unwrap_or_default();
                self.write_status(&text, out)
            }
            ErrorKind::Status(_) => self.write_status("", out),
            ErrorKind::InvalidAgentId(_) | ErrorKind::InvalidUpdate(_) | ErrorKind::InsideRuntime => Ok(()),
        }
    }

    fn write_status(&self, detail: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(FailedResponse { status, location, .. }) = self.response() else { return Ok(()) };
        write!(out, "the server answered {}", status.as_u16())?;
        if let Some(reason) = status.canonical_reason() {
            write!(out, " {reason}")?;
        }
        write!(out, "{detail}; ")?;
        if let Some(location) = location.as_ref().filter(|_| status.is_redirection()) {
            return write!(out, "redirects are not followed, so check whether the base URL belongs to {location}");
        }
        if let Some(time) = self.retry_after().filter(|_| matches!(status.as_u16(), 408 | 429 | 500..)) {
            let seconds = time.as_secs().max(1);
            return write!(out, "repeat the update in {seconds} second{}", plural(seconds));
        }
        out.write_str(advice(*status))
    }
}

/// Returns the ending of a noun after this number.
fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

/// Says what to do about a status.
fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "check the update, the workspace, and proxies that change requests",
        401 => "check the access key",
        403 => "use an access key that may change agents of this workspace",
        404 => "check the agent id, the workspace and the base URL",
        413 => "make the update smaller",
        422 => "correct the update",
        429 => "send fewer requests",
        408 | 500..=599 => "repeat the update later",
        300..=399 => "redirects are not followed, so check the base URL",
        _ => "check the base URL",
    }
}

fn first_violation(violation: &FindingDetails) -> String {
    let FindingDetails { code, pointer, message, .. } = violation;
    let message = message.as_deref().unwrap_or(code);
    let separator = if pointer.is_empty() { "" } else { ": " };
    format!(": {}", Secrets::default().sentence(&format!("{pointer}{separator}{message}")))
}

/// The error of building a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError(pub(crate) String);

impl fmt::Display for BuildError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot create the client: {}", self.0)
    }
}

impl Error for BuildError {}
