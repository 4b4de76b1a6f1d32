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
    /// The vectors that fail, or
    #[serde(default)]
    vectors: Vec<String>,
    /// the suite of which some fail.
    suite: Option<String>,
    reason: String,
    /// The last day on which they may fail.
    until: Date,
}

impl Expected {
    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read, or an entry lacks its reason or is of a vector or suite that there is not.
    pub(super) fn read(suites: &[Suite]) -> Result<Self, String> {
        let wrong = |error: String| format!("{FILE}: {error}");
        let text = fs::read(crate::root().join(FILE)).map_err(|error| wrong(error.to_string()))?;
        let entries: Vec<Entry> = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
        for entry in &entries {
            entry.check(suites).map_err(|error| wrong(format!("an entry of {}: {error}", entry.executor)))?;
        }
        Ok(Expected(entries))
    }

    pub(super) fn covers(&self, executor: &str, suite: &Suite, vector: &Vector) -> bool {
        self.0.iter().any(|entry| entry.executor == executor && entry.covers(suite, vector))
    }

    /// What is wrong with the entries by now: past their date, or of vectors that fail no longer.
    pub(super) fn outdated(&self, suites: &[Suite], results: &[Results]) -> Vec<String> {
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let mut outdated = Vec::new();
        for entry in &self.0 {
            let Entry { executor, vectors, suite, reason, until } = entry;
            if *until < today {
                outdated.push(format!("an entry of {executor} was to end on {until}; its reason: {reason}"));
            }
            let Some(result) = results.iter().find(|result| result.name == *executor) else { continue };
            let failing: Vec<_> =
                result.with(suites).filter(|(.., outcome)| matches!(outcome, Outcome::Expected)).collect();
            let passes = |id: &&String| failing.iter().all(|(_, vector, _)| vector.id != **id);
            outdated.extend(vectors.iter().filter(passes).map(|id| format!("{executor} fails {id} no longer")));
            if let Some(name) = suite.as_ref().filter(|name| failing.iter().all(|(suite, ..)| suite.name != **name)) {
                outdated.push(format!("{executor} fails nothing of {name} any longer"));
            }
        }
        outdated
    }
}

impl Entry {
    fn covers(&self, suite: &Suite, vector: &Vector) -> bool {
        self.vectors.contains(&vector.id) || self.suite.as_ref() == Some(&suite.name)
    }

    fn check(&self, suites: &[Suite]) -> Result<(), String> {
        let is_vector = |id: &&String| suites.iter().flat_map(|suite| &suite.vectors).any(|vector| vector.id == **id);
        if self.reason.trim().is_empty() {
            return Err("it has no reason".to_owned());
        }
        if self.vectors.is_empty() == self.suite.is_none() {
            return Err("it must have either `vectors` or a `suite`".to_owned());
        }
        if let Some(id) = self.vectors.iter().find(|id| !is_vector(id)) {
            return Err(format!("there is no vector `{id}`"));
        }
        match self.suite.as_ref().filter(|name| suites.iter().all(|suite| suite.name != **name)) {
            Some(name) => Err(format!("there is no suite `{name}`")),
            None => Ok(()),
        }
    }
}
