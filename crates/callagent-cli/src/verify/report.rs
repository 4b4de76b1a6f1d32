//! The report of a run, which each format writes.

use std::{fmt, time::Duration};

use callagent_verify::{Sentence, Summary};
use serde::Serialize;
use serde_json::Value;

use super::{configuration::Configuration, shown::ShownCase};
use crate::formats::count;

/// The report of a run.
pub(super) struct Report<'r> {
    pub(super) configuration: &'r Configuration,
    pub(super) summary: Totals,
    pub(super) cases: Vec<ShownCase>,
    pub(super) not_observable: Vec<&'static Sentence>,
    /// The agent as the last response showed it.
    pub(super) left_behind: Value,
}

/// The numbers of cases by outcome, and how the run ended.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Totals {
    #[serde(flatten)]
    pub(super) counts: Summary,
    /// The failed cases that failed in the baseline too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) in_baseline: Option<usize>,
    pub(super) interrupted: bool,
    #[serde(rename = "milliseconds", serialize_with = "super::shown::milliseconds")]
    pub(super) time: Duration,
}

impl Totals {
    /// Returns the number of failed cases that did not fail in the baseline.
    pub(super) fn regressions(&self) -> usize {
        self.counts.failed - self.in_baseline.unwrap_or_default()
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { passed, failed, skipped, not_applicable, with_advisories, requests, .. } = self.counts;
        let cases = passed + failed + skipped + not_applicable;
        write!(out, "{}: {passed} passed, {failed} failed", count(cases, "case", "cases"))?;
        if let Some(known) = self.in_baseline {
            write!(out, " ({known} of them in the baseline too)")?;
        }
        write!(out, ", {skipped} skipped, {not_applicable} not applicable; ")?;
        write!(out, "{} with advisories; ", count(with_advisories, "case", "cases"))?;
        write!(out, "{} in {}", count(requests, "request", "requests"), seconds(self.time))
    }
}

/// Formats a duration in seconds.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
