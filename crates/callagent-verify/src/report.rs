//! The result of a run.

use std::{fmt, time::Duration};

use serde::Serialize;
use serde_json::Value;

use crate::{
    case::{Case, Group},
    contract::Sentence,
    log::Failure,
    profile::Profile,
};

/// The sentences that the call cannot show. No server is judged by them.
pub const NOT_OBSERVABLE: &[&str] =
    &["apply.key.absent", "apply.key.null", "apply.key.string", "apply.key.kept", "http.not-observable"];

/// The outcome of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The server does what the case tests.
    Passed,
    /// The server breaks the contract.
    Failed,
    /// The case could not be run, for this reason.
    Skipped(String),
    /// The case has nothing to test on this server, for this reason.
    NotApplicable(String),
}

impl Outcome {
    /// Returns the name of the outcome.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Skipped(_) => "skipped",
            Outcome::NotApplicable(_) => "not applicable",
        }
    }

    /// Returns why the case was skipped or does not apply.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Outcome::Passed | Outcome::Failed => None,
            Outcome::Skipped(reason) | Outcome::NotApplicable(reason) => Some(reason),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// The result of a case.
#[derive(Debug)]
#[non_exhaustive]
pub struct CaseResult {
    /// The case.
    pub case: &'static Case,
    /// Its outcome.
    pub outcome: Outcome,
    /// The ways in which the server breaks the contract, at most five.
    pub failures: Vec<Failure>,
    /// The total number of failures.
    pub failure_count: usize,
    /// Differences from the contract that the profile does not require.
    pub advisories: Vec<Failure>,
    /// The number of requests sent.
    pub requests: usize,
    /// The number of requests that were not sent because they need `--touch-keys`.
    pub requests_skipped: usize,
    /// The duration.
    pub time: Duration,
}

/// The result of a run.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// What the server was judged by.
    pub profile: Profile,
    /// The seed of random requests.
    pub seed: u64,
    /// The results, in the order of the cases.
    pub results: Vec<CaseResult>,
    /// Whether the run was interrupted. Then the cases that are missing were not run.
    pub is_interrupted: bool,
    /// The duration.
    pub time: Duration,
    /// The agent as the last response showed it, without secrets.
    pub agent: Option<Value>,
}

/// The numbers of cases by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Summary {
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
    /// Skipped.
    pub skipped: usize,
    /// Not applicable.
    pub not_applicable: usize,
    /// Cases with advisories.
    pub with_advisories: usize,
    /// Requests sent.
    pub requests: usize,
}

impl Report {
    /// Returns whether no case failed.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.results.iter().all(|result| result.outcome != Outcome::Failed)
    }

    /// Counts the cases by outcome.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary::of(&self.results)
    }

    /// Returns the sentences that the call cannot show.
    pub fn not_observable(&self) -> impl Iterator<Item = &'static Sentence> {
        NOT_OBSERVABLE.iter().filter_map(|id| Sentence::find(id))
    }
}

impl Summary {
    /// Counts results by outcome.
    #[must_use]
    pub fn of<'r>(results: impl IntoIterator<Item = &'r CaseResult>) -> Self {
        let mut summary = Summary::default();
        for result in results {
            match result.outcome {
                Outcome::Passed => summary.passed += 1,
                Outcome::Failed => summary.failed += 1,
                Outcome::Skipped(_) => summary.skipped += 1,
                Outcome::NotApplicable(_) => summary.not_applicable += 1,
            }
            summary.with_advisories += usize::from(!result.advisories.is_empty());
            summary.requests += result.requests;
        }
        summary
    }
}

impl CaseResult {
    /// Returns the group of the case.
    #[must_use]
    pub fn group(&self) -> Group {
        self.case.group()
    }
}
