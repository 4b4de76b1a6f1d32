//! Expected failures, each with a reason and an expiry date.

use std::fs;

use callagent_testkit::vectors::{Suite, Vector};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;

use super::{Outcome, Results};

/// The file of expected failures, relative to the workspace.
pub(super) const FILE: &str = "conformance/expected-failures.json";

pub(super) struct Expected(Vec<Entry>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The name of the engine or adapter in the table.
    adapter: String,
    /// The vectors that fail, unless `suite` is given.
    #[serde(default)]
    vectors: Vec<String>,
    /// The suite with failing vectors.
    suite: Option<String>,
    reason: String,
    /// The last day of the entry.
    until: Date,
}

impl Expected {
    /// Reads the file.
    ///
    /// # Errors
    /// The file cannot be read, or an entry has no reason or names an unknown vector or suite.
    pub(super) fn read(suites: &[Suite]) -> Result<Self, String> {
        let wrong = |error: String| format!("{FILE}: {error}");
        let text = fs::read_to_string(crate::root().join(FILE)).map_err(|error| wrong(error.to_string()))?;
        Expected::parse(&text, suites).map_err(wrong)
    }

    fn parse(text: &str, suites: &[Suite]) -> Result<Self, String> {
        let entries: Vec<Entry> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        for entry in &entries {
            entry.check(suites).map_err(|error| format!("an entry of {}: {error}", entry.adapter))?;
        }
        Ok(Expected(entries))
    }

    pub(super) fn covers(&self, adapter: &str, suite: &Suite, vector: &Vector) -> bool {
        self.0.iter().any(|entry| entry.adapter == adapter && entry.covers(suite, vector))
    }

    /// Messages about outdated entries: expired, or for vectors that no longer fail.
    pub(super) fn outdated(&self, suites: &[Suite], results: &[Results]) -> Vec<String> {
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let mut outdated = Vec::new();
        for entry in &self.0 {
            let Entry { adapter, vectors, suite, reason, until } = entry;
            if *until < today {
                outdated.push(format!("an entry of {adapter} expired on {until}; its reason: {reason}"));
            }
            if results.iter().all(|result| result.name != *adapter) {
                continue;
            }
            let is_failing = |outcomes: &[(&str, &Outcome)]| {
                outcomes.iter().any(|(name, outcome)| name == adapter && matches!(outcome, Outcome::Expected))
            };
            let failing: Vec<_> =
                super::each_vector(suites, results).filter(|(.., outcomes)| is_failing(outcomes)).collect();
            let passes = |id: &&String| failing.iter().all(|(_, vector, _)| vector.id != **id);
            outdated.extend(vectors.iter().filter(passes).map(|id| format!("{adapter} no longer fails {id}")));
            if let Some(name) = suite.as_ref().filter(|name| failing.iter().all(|(suite, ..)| suite.name != **name)) {
                outdated.push(format!("{adapter} no longer fails any vector of {name}"));
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
            return Err("expected a reason".to_owned());
        }
        if self.vectors.is_empty() == self.suite.is_none() {
            return Err("expected either `vectors` or a `suite`".to_owned());
        }
        if let Some(id) = self.vectors.iter().find(|id| !is_vector(id)) {
            return Err(format!("unknown vector `{id}`"));
        }
        match self.suite.as_ref().filter(|name| suites.iter().all(|suite| suite.name != **name)) {
            Some(name) => Err(format!("unknown suite `{name}`")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use callagent_testkit::vectors::{Apply, Case};
    use serde_json::json;

    use super::*;

    /// A suite of two vectors.
    fn suites() -> Vec<Suite> {
        let vector = |id: &str| {
            let apply = Apply { agent: "{}".into(), update: "{}".into(), after: "{}".into(), sent: None };
            Vector { id: id.to_owned(), contract: Vec::new(), case: Case::Apply(apply) }
        };
        vec![Suite { name: "apply/some".to_owned(), about: String::new(), vectors: vec![vector("one"), vector("two")] }]
    }

    fn results(outcomes: [Outcome; 2]) -> Vec<Results> {
        vec![Results { name: "it".to_owned(), outcomes: vec![outcomes.into()] }]
    }

    fn parsed(changes: &serde_json::Value) -> Result<Expected, String> {
        let mut entry = json!({"adapter": "it", "reason": "a bug of it", "until": "9999-12-31"});
        if let (Some(entry), Some(changes)) = (entry.as_object_mut(), changes.as_object()) {
            entry.extend(changes.clone());
        }
        Expected::parse(&json!([entry]).to_string(), &suites())
    }

    #[test]
    fn an_entry_needs_a_reason_a_date_and_known_names() {
        for (changes, error) in [
            (json!({}), "either `vectors` or a `suite`"),
            (json!({"vectors": ["one"], "suite": "apply/some"}), "either `vectors` or a `suite`"),
            (json!({"vectors": ["three"]}), "unknown vector `three`"),
            (json!({"suite": "apply/other"}), "unknown suite `apply/other`"),
            (json!({"vectors": ["one"], "reason": " "}), "expected a reason"),
            (json!({"vectors": ["one"], "until": "2025-02-30"}), "date is not valid"),
        ] {
            let message = parsed(&changes).err().unwrap_or_default();
            assert!(message.contains(error), "{changes}: {message}");
        }
    }

    #[test]
    fn an_entry_covers_what_it_names() {
        let suites = suites();
        let covered = |changes: serde_json::Value, adapter: &str| {
            let expected = parsed(&changes).expect("it is an entry");
            suites[0].vectors.iter().map(|vector| expected.covers(adapter, &suites[0], vector)).collect::<Vec<_>>()
        };
        assert_eq!(covered(json!({"vectors": ["two"]}), "it"), [false, true]);
        assert_eq!(covered(json!({"suite": "apply/some"}), "it"), [true, true]);
        assert_eq!(covered(json!({"suite": "apply/some"}), "another"), [false, false]);
    }

    #[test]
    fn an_entry_expires_on_its_date_or_when_its_vectors_pass() {
        let outdated = |changes: serde_json::Value, outcomes| {
            parsed(&changes).expect("it is an entry").outdated(&suites(), &results(outcomes)).join("; ")
        };
        let both = json!({"vectors": ["one", "two"]});
        assert_eq!(outdated(both.clone(), [Outcome::Expected, Outcome::Expected]), "");
        assert_eq!(outdated(both, [Outcome::Passed, Outcome::Expected]), "it no longer fails one");
        let suite = json!({"suite": "apply/some"});
        assert_eq!(outdated(suite.clone(), [Outcome::Passed, Outcome::Expected]), "");
        assert_eq!(
            outdated(suite, [Outcome::Passed, Outcome::NotApplicable]),
            "it no longer fails any vector of apply/some"
        );
        let past = json!({"vectors": ["one"], "until": "2025-01-31"});
        assert!(outdated(past, [Outcome::Expected, Outcome::Passed]).contains("expired on 2025-01-31"));
    }
}
