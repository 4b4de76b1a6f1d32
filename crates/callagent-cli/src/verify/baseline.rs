//! The baseline: the JSON report of an earlier run.

use std::{collections::BTreeMap, path::Path};

use callagent_verify::Profile;
use serde::Deserialize;

use super::{arguments, shown::FAILED};
use crate::failure::Failure;

/// The outcomes of the cases of an earlier run.
pub(super) struct Baseline {
    outcomes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Report {
    configuration: Configuration,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Configuration {
    profile: String,
}

#[derive(Deserialize)]
struct Case {
    case: String,
    outcome: String,
}

impl Baseline {
    pub(super) fn read(file: &Path, profile: Profile) -> Result<Self, Failure> {
        let text = arguments::read(file)?;
        let shown = file.display();
        let report: Report = serde_json::from_str(&text).map_err(|error| {
            let expected = "expected the report of `callagent verify --format json` as the baseline";
            Failure::Server(format!("{expected}, found another document in `{shown}`: {error}"))
        })?;
        let other = report.configuration.profile;
        if other != profile.as_str() {
            return Err(Failure::Usage(format!(
                "the baseline `{shown}` was made with --profile {other}, and cannot be compared with --profile {profile}"
            )));
        }
        Ok(Baseline { outcomes: report.cases.into_iter().map(|case| (case.case, case.outcome)).collect() })
    }

    /// Returns whether a case failed in the earlier run.
    pub(super) fn has_failure(&self, case: &str) -> bool {
        self.outcomes.get(case).is_some_and(|outcome| outcome == FAILED)
    }
}
