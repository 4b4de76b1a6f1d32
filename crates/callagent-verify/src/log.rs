//! What is recorded while a case runs.

use std::fmt;

use callagent::tools::EscapeControl;

use crate::{contract::Sentence, request::Request, response::Response};

/// The most exchanges that a failure shows.
const MAX_STEPS: usize = 6;

/// Why a case ends early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The failure is recorded.
    Failed,
    /// The case cannot be run now.
    Skipped(String),
    /// The case has nothing to test on this server.
    NotApplicable(String),
    /// No further case can be run.
    GivenUp(String),
}

pub(crate) type Done = Result<(), Stop>;

/// A request and its response, if there was one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// The response.
    pub response: Option<Response>,
}

/// A way in which the server breaks the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The message: `expected …, found …`.
    pub message: String,
    /// The ids of the sentences that are broken.
    pub sentences: Vec<String>,
    /// The requests that show it, in order. The last response is the wrong one.
    pub exchanges: Vec<Exchange>,
}

/// What is recorded while a case runs.
#[derive(Default)]
pub(crate) struct CaseLog {
    pub(crate) sentences: Vec<String>,
    pub(crate) failures: Vec<Failure>,
    pub(crate) failure_count: usize,
    pub(crate) advisories: Vec<Failure>,
    pub(crate) requests: usize,
    pub(crate) skipped: usize,
    /// Whether statuses that are usually the subject of a general case are the subject of this one.
    pub(crate) judges_status: bool,
    pub(crate) exchanges: Vec<Exchange>,
}

impl CaseLog {
    /// The most failures, and the most advisories, that are kept.
    pub(crate) const MAX_KEPT: usize = 5;

    pub(crate) fn new(sentences: Vec<String>) -> Self {
        CaseLog { sentences, ..CaseLog::default() }
    }

    pub(crate) fn fail(&mut self, failure: Failure) {
        self.failure_count += 1;
        if self.failures.len() < Self::MAX_KEPT {
            self.failures.push(failure);
        }
    }

    pub(crate) fn advise(&mut self, advisory: Failure) {
        if self.advisories.len() < Self::MAX_KEPT {
            self.advisories.push(advisory);
        }
    }

    pub(crate) fn replace_last_failure(&mut self, failure: Failure) {
        if let Some(last) = self.failures.last_mut() {
            *last = failure;
        }
    }

    pub(crate) fn push(&mut self, request: &Request, response: Option<Response>) {
        if self.exchanges.len() == MAX_STEPS {
            self.exchanges.remove(0);
        }
        self.exchanges.push(Exchange { request: request.clone(), response });
    }

    /// Forgets the exchanges so far, which have nothing to do with the next one.
    pub(crate) fn forget_exchanges(&mut self) {
        self.exchanges.clear();
    }

    /// Returns the last response.
    pub(crate) fn last_response(&self) -> Option<Response> {
        self.exchanges.last()?.response.clone()
    }
}

/// Shows the message, the sentences, and the requests with their responses.
impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", EscapeControl(&self.message))?;
        for sentence in self.sentences.iter().filter_map(|id| Sentence::find(id)) {
            writeln!(out, "  contract: {}: {}", sentence.id, sentence.says)?;
        }
        for Exchange { request, response } in &self.exchanges {
            writeln!(out, "  request: {}", EscapeControl(&request.to_curl("", &[], Request::MAX_SHOWN)))?;
            match response {
                Some(response) => {
                    writeln!(
                        out,
                        "  response: {} {}",
                        response.status.as_u16(),
                        EscapeControl(&response.shown_body())
                    )?;
                }
                None => writeln!(out, "  response: none")?,
            }
        }
        Ok(())
    }
}
