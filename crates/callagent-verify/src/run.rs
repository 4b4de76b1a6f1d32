//! Running cases against a server.

use std::{
    error::Error,
    fmt,
    future::Future,
    io,
    time::{Duration, Instant},
};

use callagent::{Document as _, LlmModel, UPDATE_AGENT, UpdateAgent};
use http::{StatusCode, header::LOCATION};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    case::{Action, Case},
    cases::{self, cases},
    client::SendError,
    judge,
    log::{Done, Stop},
    options::Options,
    report::{CaseResult, Outcome, Report},
    request::Request,
    response::Response,
    session::Session,
    target::Target,
};

/// The least time of a run, if no time is set.
const MIN_TIME: Duration = Duration::from_secs(50);

/// A run against a server that answers the call.
pub struct Run {
    session: Session,
    results: Vec<CaseResult>,
    /// The time of the first response.
    latency: Duration,
}

/// Why a server cannot be tested. The message is a single line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupError(String);

impl fmt::Display for SetupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for SetupError {}

impl Run {
    /// Connects to the server with an update that has only the model.
    ///
    /// # Errors
    /// If there is no response, or it shows that the call, the access key or the agent is not the right one.
    pub async fn start(target: Target, options: Options) -> Result<Self, SetupError> {
        let mut session = Session::new(target, options);
        let request = session.reading();
        let response = session.client.send(&request).await;
        let response = response.map_err(|error| unreachable(session.target(), &error))?;
        check(session.target(), &response)?;
        session.learn_from(&response);
        Ok(Run { session, results: Vec::new(), latency: response.time })
    }

    /// Runs cases, and calls a function before and after each of them. `interrupt` ends the run early: the report then has
    /// the results so far.
    pub async fn run(
        mut self,
        selected: &[&'static Case],
        mut observe: impl FnMut(Event<'_>),
        interrupt: impl Future<Output = ()>,
    ) -> (Report, Record) {
        let started = Instant::now();
        self.session.is_alone = selected.len() == 1;
        self.session.limit_time(self.max_time(selected.iter().map(|case| case.approximate_requests()).sum()));
        let is_interrupted = tokio::select! {
            () = interrupt => true,
            () = self.run_all(selected, &mut observe) => false,
        };
        self.into_report(is_interrupted, started)
    }

    /// Returns the time after which the remaining cases are skipped.
    fn max_time(&self, requests: usize) -> Duration {
        let Options { max_time, rate, .. } = self.session.options;
        let interval = rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate));
        let requests = u32::try_from(requests).unwrap_or(u32::MAX);
        let expected = self.latency.max(interval).saturating_mul(requests);
        max_time.unwrap_or_else(|| MIN_TIME.max(expected.saturating_mul(4)))
    }

    /// Returns the time that the server took for the first response.
    #[must_use]
    pub fn latency(&self) -> Duration {
        self.latency
    }
}

impl Run {
    async fn run_all(&mut self, selected: &[&'static Case], observe: &mut impl FnMut(Event<'_>)) {
        let mut given_up = None;
        let mut has_observed = false;
        for case in selected {
            observe(Event::Started(case));
            let started = Instant::now();
            let session = &mut self.session;
            session.begin(case.id(), &case.sentences);
            let done = match &given_up {
                Some(reason) => Err(Stop::Skipped(format!("not run, since {reason}"))),
                None => run_case(session, case, &mut has_observed).await,
            };
            if let Err(Stop::GivenUp(reason)) = &done {
                given_up = Some(reason.clone());
            }
            let result = finish(session, case, done, started);
            observe(Event::Finished(&result));
            self.results.push(result);
        }
    }

    /// Sends recorded requests again, and judges them like those of a run.
    pub async fn replay(
        mut self,
        record: &Record,
        mut observe: impl FnMut(Event<'_>),
        interrupt: impl Future<Output = ()>,
    ) -> Report {
        let started = Instant::now();
        self.session.limit_time(self.max_time(record.0.len()));
        let is_interrupted = tokio::select! {
            () = interrupt => true,
            () = self.replay_all(record, &mut observe) => false,
        };
        self.into_report(is_interrupted, started).0
    }

    async fn replay_all(&mut self, Record(requests): &Record, observe: &mut impl FnMut(Event<'_>)) {
        for part in requests.chunk_by(|(first, _), (second, _)| first == second) {
            let Some(case) = part.first().and_then(|(id, _)| cases().iter().find(|case| case.id() == *id)) else {
                continue;
            };
            observe(Event::Started(case));
            let started = Instant::now();
            let session = &mut self.session;
            session.begin(case.id(), &case.sentences);
            let done = replay_case(session, part).await;
            let is_over = matches!(done, Err(Stop::GivenUp(_)));
            let result = finish(session, case, done, started);
            observe(Event::Finished(&result));
            self.results.push(result);
            if is_over {
                return;
            }
        }
    }

    fn into_report(self, is_interrupted: bool, started: Instant) -> (Report, Record) {
        let Run { session, results, .. } = self;
        let agent = session.known().and_then(|known| serde_json::to_value(&known.agent).ok()).map(without_secrets);
        let Options { profile, seed, .. } = session.options;
        let report = Report { profile, seed, results, is_interrupted, time: started.elapsed(), agent };
        (report, Record(session.record))
    }
}

/// What happens in a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'r> {
    /// A case begins.
    Started(&'static Case),
    /// A case is over.
    Finished(&'r CaseResult),
}

async fn run_case(session: &mut Session, case: &Case, has_observed: &mut bool) -> Done {
    match &case.action {
        Action::Documents(documents) => cases::run_documents(session, documents).await,
        Action::Scenario(run) => run(session).await,
        Action::General(sentence) => {
            if !std::mem::replace(has_observed, true) {
                observe_responses(session).await?;
            }
            session.claim_general(sentence)
        }
    }
}

/// Sends the requests whose responses the general cases look at. Their other failures are those of other cases.
async fn observe_responses(session: &mut Session) -> Done {
    let log = session.set_log_aside();
    let observed = cases::observe(session).await;
    session.restore_log(log);
    match observed {
        Err(stop @ (Stop::GivenUp(_) | Stop::Skipped(_))) => Err(stop),
        _ => Ok(()),
    }
}

async fn replay_case(session: &mut Session, requests: &[(String, Request)]) -> Done {
    let mut done = Ok(());
    for (_, request) in requests {
        match session.exchange(request.clone()).await {
            Ok(_) => {}
            Err(stop @ Stop::GivenUp(_)) => return Err(stop),
            Err(stop) => done = Err(stop),
        }
    }
    done
}

fn finish(session: &mut Session, case: &'static Case, done: Done, started: Instant) -> CaseResult {
    let log = std::mem::take(&mut session.log);
    let outcome = match done {
        _ if log.failure_count > 0 => Outcome::Failed,
        Ok(()) | Err(Stop::Failed) => Outcome::Passed,
        Err(Stop::Skipped(reason) | Stop::GivenUp(reason)) => Outcome::Skipped(reason),
        Err(Stop::NotApplicable(reason)) => Outcome::NotApplicable(reason),
    };
    CaseResult {
        case,
        outcome,
        failures: log.failures,
        failure_count: log.failure_count,
        advisories: log.advisories,
        requests: log.requests,
        requests_skipped: log.skipped,
        time: started.elapsed(),
    }
}

/// Requests that were sent, with the names of their cases. It contains no credentials; keys in it are made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record(Vec<(String, Request)>);

#[derive(Serialize, Deserialize)]
struct Line {
    case: String,
    #[serde(flatten)]
    request: Request,
}

impl Record {
    /// Writes one request per line, as JSON.
    ///
    /// # Errors
    /// If writing fails.
    pub fn write(&self, mut out: impl io::Write) -> io::Result<()> {
        for (case, request) in &self.0 {
            serde_json::to_writer(&mut out, &Line { case: case.clone(), request: request.clone() })?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// Reads what [`Record::write`] wrote.
    ///
    /// # Errors
    /// If a line is not a recorded request of a case that exists, with the number of the line.
    pub fn read(text: &str) -> Result<Self, String> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let requests = lines.map(|(index, line)| {
            let wrong = |reason: String| format!("line {}: {reason}", index + 1);
            let Line { case, request } = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
            if cases().iter().any(|known| known.id() == case) {
                Ok((case, request))
            } else {
                Err(wrong(format!("unknown case `{case}`")))
            }
        });
        requests.collect::<Result<_, _>>().map(Record)
    }
}

fn unreachable(target: &Target, error: &SendError) -> SetupError {
    let url = target.base_url();
    SetupError(match error {
        SendError::Connect(reason) => format!("cannot connect to {url}: {reason}"),
        SendError::Timeout(time) => format!("{url} did not answer within {time:?}; a longer --timeout may help"),
        SendError::Closed | SendError::Invalid(_) => format!("{url} does not answer as an HTTP/1.1 server: {error}"),
    })
}

/// Checks the first response: to an update with only the model.
fn check(target: &Target, response: &Response) -> Result<(), SetupError> {
    let (agent, workspace) = (target.agent(), target.workspace());
    let status = response.status.as_u16();
    let media_type = response.media_type().unwrap_or_default();
    let call = format!("{} {}{}", UPDATE_AGENT.method.as_str(), target.base_url(), agent.path());
    let message = match response.status {
        StatusCode::UNAUTHORIZED if target.credentials().is_empty() => {
            format!("{call} answered 401: it needs an access key, which none was given")
        }
        StatusCode::UNAUTHORIZED => format!("{call} answered 401: the access key is not valid"),
        StatusCode::FORBIDDEN => {
            format!("{call} answered 403: the access key does not grant access to the workspace `{workspace}`")
        }
        StatusCode::NOT_FOUND => {
            format!(
                "{call} answered 404: the workspace `{workspace}` has no agent `{agent}`, or the URL is not that of the API"
            )
        }
        status if status.is_redirection() => {
            let location = response.header(&LOCATION).unwrap_or("elsewhere");
            format!(
                "{call} answered {}: it redirects to {location}; give the URL that it redirects to",
                status.as_u16()
            )
        }
        StatusCode::METHOD_NOT_ALLOWED => format!("{call} answered 405: the URL is that of another API"),
        _ if !response.status.is_success() => {
            let update = format!("{{\"llmModel\": \"{}\"}}", LlmModel::default().as_str());
            format!("{call} answered {status} to the update {update}, with which the test begins")
        }
        _ if ["text/html", "application/xhtml+xml"].contains(&media_type.as_str())
            && judge::agent(response).is_err() =>
        {
            format!("{call} answered {status} with a page of HTML: the URL is not that of the API")
        }
        _ => return Ok(()),
    };
    Err(SetupError(message))
}

/// Replaces the values of secret fields.
fn without_secrets(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                let is_secret = UpdateAgent::CONTRACT.secrets.is_name(name);
                *value = if is_secret { "…".into() } else { without_secrets(value.take()) };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_secrets(item.take())),
        Value::String(text) if UpdateAgent::CONTRACT.secrets.are_in(text) => "…".clone_into(text),
        _ => {}
    }
    value
}
