//! A run against a server: sends requests, judges their responses, and knows the agent.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use callagent::{LlmModel, Reader, UpdateAgent, tools::child_pointer};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    client::Client,
    expectation::{Expected, Refusal},
    judge::{self, Mismatch},
    known::{Known, changes_key},
    log::{CaseLog, Done, Failure, Stop},
    options::Options,
    request::Request,
    response::Response,
    target::Target,
};

/// How long a case waits for a server that is not expected to answer soon, unless it is alone.
const PATIENCE: Duration = Duration::from_secs(1);

/// A run against a server.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) options: Options,
    pub(crate) known: Option<Known>,
    shown: BTreeSet<String>,
    /// Mismatches that concern all responses, by sentence: the first, and whether it is a failure.
    general: BTreeMap<&'static str, Vec<(bool, Failure)>>,
    pub(crate) log: CaseLog,
    pub(crate) record: Vec<(String, Request)>,
    pub(crate) case: String,
    pub(crate) timeouts: u32,
    pub(crate) overload: Duration,
    pub(crate) saw_overload: bool,
    /// Whether a single case is run.
    pub(crate) is_alone: bool,
    /// The number of requests sent to shrink others.
    pub(crate) shrunk: usize,
    pub(crate) next: Option<Instant>,
    /// The time of the run, and when it is over.
    pub(crate) deadline: Option<(Duration, Instant)>,
}

impl Session {
    pub(crate) fn new(target: Target, options: Options) -> Self {
        Session {
            client: Client::new(target, options.timeout),
            options,
            known: None,
            shown: BTreeSet::new(),
            general: BTreeMap::new(),
            log: CaseLog::default(),
            record: Vec::new(),
            case: String::new(),
            timeouts: 0,
            overload: Duration::ZERO,
            saw_overload: false,
            is_alone: false,
            shrunk: 0,
            next: None,
            deadline: None,
        }
    }

    pub(crate) fn target(&self) -> &Target {
        self.client.target()
    }

    pub(crate) fn known(&self) -> Option<&Known> {
        self.known.as_ref()
    }

    /// Forgets the agent, after updates whose order is unknown.
    pub(crate) fn forget_known(&mut self) {
        self.known = None;
    }

    /// Returns how long to wait for a server that is not expected to answer soon.
    pub(crate) fn patience(&self) -> Duration {
        if self.is_alone { self.client.timeout() } else { self.client.timeout().min(PATIENCE) }
    }

    /// Limits the time of the requests from now on.
    pub(crate) fn limit_time(&mut self, time: Duration) {
        self.deadline = Some((time, Instant::now() + time));
    }

    /// Begins a case that cites these sentences.
    pub(crate) fn begin(&mut self, case: String, sentences: &[Cow<'static, str>]) {
        self.case = case;
        self.log = CaseLog::new(sentences.iter().map(ToString::to_string).collect());
    }

    /// Sends a request and judges the response.
    ///
    /// # Errors
    /// If the response is wrong, which is recorded, or if there is none.
    pub(crate) async fn exchange(&mut self, request: Request) -> Result<Response, Stop> {
        let expected = self.expected(&request)?;
        self.exchange_expecting(&expected, &request).await
    }

    async fn exchange_expecting(&mut self, expected: &Expected, request: &Request) -> Result<Response, Stop> {
        let response = self.send(request).await?;
        self.judge(expected, &response)?;
        Ok(response)
    }

    /// Sends an update with these fields and the model, which must be accepted.
    pub(crate) async fn accept(&mut self, fields: Value) -> Result<Response, Stop> {
        let request = self.update_of(fields);
        let expected = self.expected(&request)?;
        assert!(
            matches!(expected, Expected::Accepted(_) | Expected::Open),
            "a case sends an invalid update: {request:?}"
        );
        self.exchange_expecting(&expected, &request).await
    }

    /// Sends a request that must be refused.
    pub(crate) async fn refuse(&mut self, request: Request) -> Result<Response, Stop> {
        let expected = self.expected(&request)?;
        assert!(matches!(expected, Expected::Refused(_) | Expected::Open), "a case sends a valid request: {request:?}");
        self.exchange_expecting(&expected, &request).await
    }

    /// Creates an update with these fields and the model.
    pub(crate) fn update_of(&self, mut fields: Value) -> Request {
        if let Some(fields) = fields.as_object_mut() {
            fields.entry("llmModel").or_insert_with(|| json!(self.model()));
        }
        self.target().update(fields.to_string())
    }

    /// Returns the current model, or the default if it is unknown.
    pub(crate) fn model(&self) -> LlmModel {
        let current = self.known.as_ref().and_then(|known| known.agent.llm_model.as_ref()?.known());
        current.unwrap_or_default()
    }

    /// Reads the agent by an update that changes nothing, or at most the model if the agent is unknown.
    pub(crate) async fn read(&mut self) -> Result<Response, Stop> {
        let request = self.reading();
        self.exchange(request).await
    }

    /// Creates an update with only the model.
    pub(crate) fn reading(&self) -> Request {
        self.update_of(json!({}))
    }

    /// Reads the agent if it is unknown.
    ///
    /// # Errors
    /// If no response is an agent. The case whose update the server should not have stored has recorded that.
    pub(crate) async fn ensure_known(&mut self) -> Done {
        if self.known.is_some() {
            return Ok(());
        }
        if self.shown.is_empty() {
            let read = self.read().await;
            return match self.known {
                None => Err(Stop::GivenUp("no response to an accepted update has been an agent".to_owned())),
                Some(_) => read.map(drop),
            };
        }
        let mut message = String::new();
        for request in [self.reading(), self.update_of(overwriting())] {
            let log = self.set_log_aside();
            let response = self.exchange(request).await;
            let failure = self.restore_log(log);
            match response {
                Err(stop @ (Stop::GivenUp(_) | Stop::Skipped(_))) => return Err(stop),
                _ if self.known.is_some() => return Ok(()),
                _ => message = failure.map(|failure| failure.message).unwrap_or_default(),
            }
        }
        Err(Stop::Skipped(format!("the server no longer answers with an agent: {message}")))
    }

    /// Takes the agent from the first response, which is judged when the update is sent again.
    pub(crate) fn learn_from(&mut self, response: &Response) {
        self.learn(judge::agent(response).ok().map(|agent| Known { agent, etag: response.etag() }));
    }

    /// Checks that refused requests had no effect.
    pub(crate) async fn check_unchanged(&mut self) -> Done {
        if self.known.is_none() {
            return Ok(());
        }
        let cited = std::mem::replace(&mut self.log.sentences, vec!["http.refused.no-effect".to_owned()]);
        let read = self.read().await;
        self.log.sentences = cited;
        read.map(drop)
    }

    /// Determines the expected response.
    pub(crate) fn expected(&mut self, request: &Request) -> Result<Expected, Stop> {
        let expected = Expected::of(request, self.target(), self.options.profile, self.known.as_ref());
        let may_change_key = match &expected {
            Expected::Accepted(update) => changes_key(update),
            Expected::Refused(_) => false,
            Expected::Open => {
                let tolerant = Reader::new().tolerate_unknown_fields().tolerate_unknown_values();
                tolerant.read::<UpdateAgent>(&request.body).is_ok_and(|update| changes_key(&update))
            }
        };
        if may_change_key && !self.options.touches_keys {
            self.log.skipped += 1;
            return Err(Stop::Skipped("it stores or removes a key, which needs --touch-keys".to_owned()));
        }
        Ok(expected)
    }

    /// Judges a response, and takes the agent from it.
    pub(crate) fn judge(&mut self, expected: &Expected, response: &Response) -> Done {
        let mismatches = match expected {
            Expected::Accepted(update) => {
                let (known, mismatches) =
                    judge::accepted(self.known.as_ref(), update, response, &|pointer| self.shown.contains(pointer));
                // A server error leaves open whether the update was applied.
                if !response.status.is_client_error() {
                    self.learn(known);
                }
                mismatches
            }
            Expected::Refused(refusal) => self.judge_refusal(refusal, response),
            Expected::Open => {
                if response.status.is_success() {
                    self.learn_from(response);
                }
                let failed = response.status == StatusCode::INTERNAL_SERVER_ERROR;
                failed.then(|| Mismatch::contract("expected no server error, found 500")).into_iter().collect()
            }
        };
        self.note(mismatches)
    }

    fn judge_refusal(&mut self, refusal: &Refusal, response: &Response) -> Vec<Mismatch> {
        let mut mismatches = judge::refused(self.options.profile, refusal, response);
        if response.status.is_success() {
            self.learn_from(response);
            // A server that accepts a request answers with an agent.
            mismatches.extend(judge::agent(response).err());
        }
        mismatches
    }

    fn learn(&mut self, known: Option<Known>) {
        if let Some(Ok(agent)) = known.as_ref().map(|known| serde_json::to_value(&known.agent)) {
            show("", &agent, &mut self.shown);
        }
        self.known = known;
    }

    /// Records mismatches with the exchanges of the case so far.
    ///
    /// # Errors
    /// If one of them is a failure of the case.
    pub(crate) fn note(&mut self, mismatches: Vec<Mismatch>) -> Done {
        let mut done = Ok(());
        for mismatch in mismatches {
            let is_failure = self.options.profile.requires(mismatch.basis);
            let mut sentences = match mismatch.sentence {
                Some(sentence) => vec![sentence.to_owned()],
                None => self.log.sentences.clone(),
            };
            sentences.dedup();
            let is_general = mismatch.is_general && !self.log.judges_status;
            let exchanges = if is_general {
                self.log.exchanges.last().cloned().into_iter().collect()
            } else {
                self.log.exchanges.clone()
            };
            let failure = Failure { message: mismatch.message, sentences, exchanges };
            match mismatch.sentence {
                Some(sentence) if is_general => {
                    let noted = self.general.entry(sentence).or_default();
                    if noted.len() < CaseLog::MAX_KEPT
                        && noted.iter().all(|(_, noted)| noted.message != failure.message)
                    {
                        noted.push((is_failure, failure));
                    }
                }
                _ if is_failure => {
                    self.log.fail(failure);
                    done = Err(Stop::Failed);
                }
                _ => self.log.advise(failure),
            }
        }
        done
    }

    /// Begins a log of its own for a request.
    pub(crate) fn set_log_aside(&mut self) -> CaseLog {
        let log = CaseLog::new(self.log.sentences.clone());
        std::mem::replace(&mut self.log, log)
    }

    /// Ends the log of a request, and returns its failure.
    pub(crate) fn restore_log(&mut self, log: CaseLog) -> Option<Failure> {
        let mut own = std::mem::replace(&mut self.log, log);
        self.log.requests += own.requests;
        own.failures.pop()
    }

    /// Makes the mismatches of all responses with a sentence those of the case.
    pub(crate) fn claim_general(&mut self, sentence: &str) -> Done {
        let mut done = Ok(());
        for (is_failure, failure) in self.general.remove(sentence).unwrap_or_default() {
            if is_failure {
                self.log.fail(failure);
                done = Err(Stop::Failed);
            } else {
                self.log.advise(failure);
            }
        }
        done
    }
}

/// Fields that overwrite what a server should not have stored, such as a text that no response can hold.
fn overwriting() -> Value {
    json!({"name": "", "phoneNumberIds": [], "variables": {}, "settings": {"a": null, "custom": null}})
}

/// Adds the pointers of all fields in a document.
fn show(pointer: &str, value: &Value, shown: &mut BTreeSet<String>) {
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        let pointer = child_pointer(pointer, name);
        show(&pointer, value, shown);
        shown.insert(pointer);
    }
}
