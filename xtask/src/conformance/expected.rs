//! The failures that are written down: each with a reason, and until when.

use std::fs;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;

use super::{Outcome, Results};
use crate::vectors::{Suite, Vector};

/// Where they are written down, below the workspace's folder.
pub(super) const FILE: &str = "conformance/expected-failures.json";

pub(super) struct Expected(Vec<Entry>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The engine or executor, as the table names it.
    executor: String,
    /// A vector's id, or
    vector: Option<String>,
    /// a suite's name.
    suite: Option<String>,
    reason: String,
    /// The last day on which it may fail.
    until: Date,
}

impl Expected {
    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read, or an entry is of no vector or suite that there is.
    pub(super) fn read(suites: &[Suite]) -> Result<Self, String> {
        let wrong = |error: String| format!("{FILE}: {error}");
        let text = fs::read(crate::root().join(FILE)).map_err(|error| wrong(error.to_string()))?;
        let entries: Vec<Entry> = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
        for entry in &entries {
            if entry.reason.trim().is_empty() {
                return Err(wrong(format!("{entry} has no reason")));
            }
            if !suites
                .iter()
                .flat_map(|suite| suite.vectors.iter().map(move |vector| (suite, vector)))
                .any(|(suite, vector)| entry.is_of(suite, vector))
            {
                return Err(wrong(format!(
                    "{entry} is of no vector; name either a `vector` or a `suite` that there is"
                )));
            }
        }
        Ok(Expected(entries))
    }

    pub(super) fn covers(&self, executor: &str, suite: &Suite, vector: &Vector) -> bool {
        self.0.iter().any(|entry| entry.executor == executor && entry.is_of(suite, vector))
    }

    /// What is wrong with entries: past their date, or of vectors that pass.
    pub(super) fn outdated(&self, suites: &[Suite], results: &[Results]) -> Vec<String> {
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let mut outdated = Vec::new();
        for entry in &self.0 {
            if entry.until < today {
                outdated.push(format!("{entry} was to end on {}; its reason was: {}", entry.until, entry.reason));
            }
            let Some(result) = results.iter().find(|result| result.name == entry.executor) else { continue };
            let outcomes = suites.iter().zip(&result.outcomes).flat_map(|(suite, outcomes)| {
                suite.vectors.iter().zip(outcomes).filter(|(vector, _)| entry.is_of(suite, vector))
            });
            if outcomes.into_iter().all(|(_, outcome)| !matches!(outcome, Outcome::Expected)) {
                outdated.push(format!("{entry} fails no longer"));
            }
        }
        outdated
    }
}

impl Entry {
    fn is_of(&self, suite: &Suite, vector: &Vector) -> bool {
        match (&self.vector, &self.suite) {
            (Some(id), None) => *id == vector.id,
            (None, Some(name)) => *name == suite.name,
            _ => false,
        }
    }
}

impl std::fmt::Display for Entry {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = self.vector.as_deref().or(self.suite.as_deref()).unwrap_or("nothing");
        write!(out, "{} of {}", what, self.executor)
    }
}
