//! A single attempt: one request and its whole response.

use std::{error::Error, time::Duration};

use bytes::BytesMut;
use callagent::{Agent, ETag, FindingDetails, Problem, Reader, ReportDetails, UPDATE_AGENT};
use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, ETAG},
};
use tokio::time::{Instant, timeout_at};

use crate::{
    error::{ErrorKind, FailedResponse, Failure, REQUEST_ID},
    redact::{MAX_FINDINGS, Secrets},
    retry_after::retry_after,
    tls::is_certificate_error,
};

/// The largest body of an error that is read.
const MAX_ERROR: usize = 8 << 20;

/// What an attempt needs.
pub(crate) struct Attempt<'c> {
    pub(crate) http: &'c reqwest::Client,
    pub(crate) request: reqwest::Request,
    pub(crate) until: Instant,
    pub(crate) response_limit: usize,
    pub(crate) secrets: &'c Secrets,
}

/// The response to an update that succeeded.
pub(crate) struct Success {
    pub(crate) agent: Agent,
    pub(crate) etag: Option<ETag>,
    pub(crate) advisories: Vec<FindingDetails>,
    pub(crate) request_id: Option<String>,
}

/// A response that was read as a whole.
struct Response {
    status: StatusCode,
    headers: HeaderMap,
    /// The body, or what was read of it.
    body: BytesMut,
    is_too_large: bool,
}

impl Attempt<'_> {
    /// Sends the request and reads the response.
    pub(crate) async fn run(self) -> Result<Success, Box<Failure>> {
        let Attempt { http, request, until, response_limit, secrets } = self;
        let started = Instant::now();
        let response = match exchange(http, request, until, response_limit).await {
            Ok(response) => response,
            Err(Lost::TimedOut) => return Err(timed_out(started.elapsed())),
            Err(Lost::Failed(error)) => return Err(without_response(&error, started.elapsed(), secrets)),
        };
        response.judge(response_limit, secrets)
    }
}

/// Why there is no complete response.
enum Lost {
    TimedOut,
    Failed(reqwest::Error),
}

async fn exchange(
    http: &reqwest::Client,
    request: reqwest::Request,
    until: Instant,
    limit: usize,
) -> Result<Response, Lost> {
    let mut incoming = in_time(until, http.execute(request)).await?;
    let (status, headers) = (incoming.status(), std::mem::take(incoming.headers_mut()));
    // The span of this attempt.
    tracing::Span::current().record("http.response.status_code", status.as_u16());
    let mut response = Response { status, headers, body: BytesMut::new(), is_too_large: false };
    let limit = if response.is_success() { limit } else { limit.min(MAX_ERROR) };
    loop {
        match in_time(until, incoming.chunk()).await {
            Ok(Some(chunk)) => {
                let room = limit - response.body.len();
                response.body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                response.is_too_large = chunk.len() > room;
            }
            Err(lost) if response.is_success() => return Err(lost),
            // Without the rest of the body, the status still says what happened.
            Ok(None) | Err(_) => return Ok(response),
        }
        if response.is_too_large {
            return Ok(response);
        }
    }
}

async fn in_time<T>(until: Instant, step: impl Future<Output = Result<T, reqwest::Error>>) -> Result<T, Lost> {
    timeout_at(until, step).await.map_err(|_| Lost::TimedOut)?.map_err(Lost::Failed)
}

fn timed_out(after: Duration) -> Box<Failure> {
    Box::new(Failure {
        may_be_applied: true,
        is_repeatable: true,
        is_timeout: true,
        ..Failure::new(ErrorKind::Timeout { after })
    })
}

/// Classifies the error of an attempt without a complete response.
fn without_response(error: &reqwest::Error, after: Duration, secrets: &Secrets) -> Box<Failure> {
    let reason = secrets.sentence(&root(error).to_string());
    if error.is_connect() {
        let is_certificate = is_certificate_error(error);
        return Box::new(Failure {
            is_repeatable: !is_certificate,
            is_timeout: error.is_timeout(),
            ..Failure::new(ErrorKind::Connect { reason, is_certificate })
        });
    }
    if error.is_timeout() {
        return timed_out(after);
    }
    let kind = ErrorKind::Interrupted { reason };
    Box::new(Failure { may_be_applied: true, is_repeatable: true, ..Failure::new(kind) })
}

/// Returns the first cause of an error. The errors around it repeat the URL.
fn root<'e>(mut error: &'e (dyn Error + 'static)) -> &'e (dyn Error + 'static) {
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

impl Response {
    fn is_success(&self) -> bool {
        self.status.as_u16() == UPDATE_AGENT.response.status
    }

    fn judge(self, limit: usize, secrets: &Secrets) -> Result<Success, Box<Failure>> {
        if !self.is_success() {
            let kind = self.refusal(secrets);
            return Err(self.failure(kind, secrets));
        }
        if self.is_too_large {
            return Err(self.failure(ErrorKind::TooLarge { limit }, secrets));
        }
        let (agent, report) = Reader::new().limit(MAX_FINDINGS).read_and_report::<Agent>(&self.body);
        let mut report = ReportDetails::from(&report);
        report.violations.iter_mut().chain(&mut report.advisories).for_each(|finding| secrets.finding(finding));
        let Some(agent) = agent else {
            return Err(self.failure(ErrorKind::InvalidAgent(report), secrets));
        };
        let text = |name: &str| self.headers.get(name)?.to_str().ok();
        Ok(Success {
            agent,
            etag: text(ETAG.as_str()).and_then(|tag| tag.parse().ok()),
            advisories: report.advisories,
            request_id: text(REQUEST_ID).map(|id| secrets.sentence(id)),
        })
    }

    /// Returns the kind of a response with another status than that of success.
    fn refusal(&self, secrets: &Secrets) -> ErrorKind {
        let problem = self.problem().map(|problem| secrets.problem(problem));
        match problem {
            problem if self.status == StatusCode::PRECONDITION_FAILED => ErrorKind::PreconditionFailed(problem),
            Some(problem) => ErrorKind::Problem(problem),
            None => ErrorKind::Status(self.status),
        }
    }

    /// Reads the body as a problem document, if its media type says so.
    fn problem(&self) -> Option<Problem> {
        let media_type = self.headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim();
        if !media_type.eq_ignore_ascii_case(Problem::MEDIA_TYPE) || self.is_too_large {
            return None;
        }
        serde_json::from_slice(&self.body).ok()
    }

    fn failure(self, kind: ErrorKind, secrets: &Secrets) -> Box<Failure> {
        let status = self.status.as_u16();
        Box::new(Failure {
            kind,
            // A request that is refused with 4xx has no effect. Any other response may follow one, redirects included.
            may_be_applied: !self.status.is_client_error(),
            // PUT is idempotent, and so is this update.
            is_repeatable: matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            is_timeout: false,
            retry_after: retry_after(&self.headers),
            response: Some(FailedResponse::new(self.status, &self.headers, &self.body, secrets)),
        })
    }
}
