//! What reports show: results without credentials, and with bounds.

use std::time::Duration;

use callagent_verify::{CaseResult, Exchange, Failure, Outcome, Request, Response, Sentence};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{baseline::Baseline, configuration::Configuration, redact::Redact, safe::safe};

/// The outcomes of cases in reports.
const PASSED: &str = "passed";
pub(super) const FAILED: &str = "failed";
const SKIPPED: &str = "skipped";
const NOT_APPLICABLE: &str = "not-applicable";

/// The longest message, value of a header and body of a request, in characters.
const MAX_MESSAGE: usize = 2000;
const MAX_HEADER: usize = 500;
const MAX_BODY: usize = 4096;

/// Precedes the lines of a response, so that none of them looks like a command for a runner.
pub(super) const MARGIN: &str = "| ";

/// The header whose values are credentials of the server.
const SET_COOKIE: &str = "set-cookie";

/// The result of a case.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownCase {
    /// The full name.
    #[serde(rename = "case")]
    pub(super) id: String,
    pub(super) group: &'static str,
    pub(super) number: usize,
    pub(super) title: &'static str,
    pub(super) sentences: Vec<&'static Sentence>,
    pub(super) outcome: &'static str,
    /// Why it was skipped or does not apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// Whether it failed, as it did in the baseline.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) in_baseline: bool,
    pub(super) failure_count: usize,
    pub(super) failures: Vec<ShownFailure>,
    pub(super) advisories: Vec<ShownFailure>,
    pub(super) requests: usize,
    pub(super) requests_skipped: usize,
    #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
    pub(super) time: Duration,
    /// The command that runs it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<String>,
}

/// A way in which the server breaks the contract.
#[derive(Serialize)]
pub(super) struct ShownFailure {
    pub(super) message: String,
    pub(super) sentences: Vec<&'static Sentence>,
    pub(super) exchanges: Vec<ShownExchange>,
}

#[derive(Serialize)]
pub(super) struct ShownExchange {
    pub(super) request: ShownRequest,
    pub(super) response: Option<ShownResponse>,
}

#[derive(Serialize)]
pub(super) struct ShownRequest {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
    /// The `curl` line that sends it.
    pub(super) curl: String,
}

#[derive(Serialize)]
pub(super) struct ShownResponse {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

pub(super) fn milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u128(time.as_millis())
}

/// What all results need to be shown.
pub(super) struct Shower<'r> {
    pub(super) configuration: &'r Configuration,
    pub(super) redact: &'r Redact,
    pub(super) baseline: Option<&'r Baseline>,
}

impl Shower<'_> {
    pub(super) fn case(&self, result: &CaseResult) -> ShownCase {
        let (case, id) = (result.case, result.case.id());
        let outcome = match result.outcome {
            Outcome::Failed => FAILED,
            Outcome::NotApplicable(_) => NOT_APPLICABLE,
            Outcome::Passed => PASSED,
            _ => SKIPPED,
        };
        let is_replay = self.configuration.replay.is_some();
        let is_clean = result.failures.is_empty() && result.advisories.is_empty();
        let failures = |failures: &[Failure]| failures.iter().map(|failure| self.failure(failure)).collect();
        ShownCase {
            group: case.group().as_str(),
            number: case.number(),
            title: case.title(),
            sentences: case.sentences().collect(),
            outcome,
            reason: result.outcome.reason().map(|reason| self.message(reason)),
            in_baseline: outcome == FAILED && self.baseline.is_some_and(|baseline| baseline.has_failure(&id)),
            failure_count: result.failure_count,
            failures: failures(&result.failures),
            advisories: failures(&result.advisories),
            requests: result.requests,
            requests_skipped: result.requests_skipped,
            time: result.time,
            command: (!is_replay && !is_clean).then(|| self.configuration.command(&id)),
            id,
        }
    }

    /// Shows the agent that the test leaves behind.
    pub(super) fn agent(&self, agent: Option<Value>) -> Value {
        self.redact.value(agent.unwrap_or_default())
    }

    /// Shows a message, which is safe on one line.
    fn message(&self, message: &str) -> String {
        safe(&cut(self.redact.text(message), MAX_MESSAGE)).into_owned()
    }

    fn failure(&self, Failure { message, sentences, exchanges, .. }: &Failure) -> ShownFailure {
        ShownFailure {
            message: self.message(message),
            sentences: sentences.iter().filter_map(|id| Sentence::find(id)).collect(),
            exchanges: exchanges.iter().map(|exchange| self.exchange(exchange)).collect(),
        }
    }

    fn exchange(&self, Exchange { request, response, .. }: &Exchange) -> ShownExchange {
        ShownExchange {
            request: self.request(request),
            response: response.as_ref().map(|response| self.response(response)),
        }
    }

    fn request(&self, request: &Request) -> ShownRequest {
        let Configuration { url, .. } = self.configuration;
        let text = |bytes: &[u8]| self.redact.request(&String::from_utf8_lossy(bytes));
        let headers = request.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
        let curl = request.to_curl(url, &self.configuration.credentials, Request::MAX_SHOWN);
        ShownRequest {
            method: request.method.to_string(),
            path: request.path.clone(),
            headers,
            body: cut(self.redact.request(&request.shown_body()), MAX_BODY),
            curl: safe(&self.redact.request(&curl)).into_owned(),
        }
    }

    fn response(&self, response: &Response) -> ShownResponse {
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            let value = match name.as_str() {
                SET_COOKIE => "…".to_owned(),
                _ => cut(self.redact.text(&String::from_utf8_lossy(value.as_bytes())), MAX_HEADER),
            };
            (name.to_string(), value)
        };
        // Before the library cuts it.
        let body = self.redact.text(&String::from_utf8_lossy(&response.body));
        let response = Response { body: body.into(), ..response.clone() };
        ShownResponse {
            status: response.status.as_u16(),
            headers: response.headers.iter().map(header).collect(),
            body: response.shown_body(),
        }
    }
}

/// Cuts a text after a number of characters.
pub(super) fn cut(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

impl ShownCase {
    pub(super) fn has_failed(&self) -> bool {
        self.outcome == FAILED
    }

    /// Returns whether it was not run, or has nothing to test on the server.
    pub(super) fn is_without_verdict(&self) -> bool {
        matches!(self.outcome, SKIPPED | NOT_APPLICABLE)
    }

    pub(super) fn has_passed(&self) -> bool {
        self.outcome == PASSED
    }

    pub(super) fn is_skipped(&self) -> bool {
        self.outcome == SKIPPED
    }
}

impl ShownFailure {
    /// Returns the failure as lines: the message, the sentences, the requests and their responses. Each is safe on one
    /// line.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.message.clone()];
        lines.extend(self.sentences.iter().map(|sentence| format!("{}: {}", sentence.id, sentence.says)));
        for ShownExchange { request, response } in &self.exchanges {
            lines.push(request.curl.clone());
            match response {
                None => lines.push("no response".to_owned()),
                Some(response) => {
                    lines.push(format!("status {}", response.status));
                    lines.extend(response.body.lines().map(|line| format!("{MARGIN}{}", safe(line))));
                }
            }
        }
        lines
    }
}
