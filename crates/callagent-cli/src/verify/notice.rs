//! What is said on standard error before and after a run.

use std::{path::Path, time::Duration};

use callagent::{UPDATE_AGENT, WorkspaceId};
use callagent_verify::{Record, Target};
use serde::Deserialize;

use super::{baseline::Baseline, configuration::Configuration, shown::ShownCase};
use crate::{failure::Failure, formats::count, terminal};

/// What a run is going to do.
pub(super) struct Plan {
    /// The number of requests, approximately.
    pub(super) requests: usize,
    /// The time of each.
    pub(super) latency: Duration,
}

/// Prints what the run is about, what it changes, and how long it takes.
pub(super) fn print(configuration: &Configuration, plan: &Plan) {
    let Configuration { url, workspace, agent, profile, seed, touch_keys, .. } = configuration;
    let method = UPDATE_AGENT.method.as_str();
    terminal::print(format!(
        "testing {method} {url} with the agent `{agent}` in the workspace `{workspace}`; profile {profile}, seed {seed}"
    ));
    let keys = if *touch_keys { "its ElevenLabs key is overwritten too" } else { "its ElevenLabs key is left alone" };
    terminal::print(format!(
        "the agent should be one made for this test: every field that an update has is overwritten, and what is added to \
         `settings` and `variables` cannot be removed; {keys}"
    ));
    let requests = count(plan.requests, "request", "requests");
    let time = time(plan);
    terminal::print(format!("about {requests}, about {time}; Ctrl-C ends the test and reports the results so far"));
}

fn time(Plan { requests, latency }: &Plan) -> String {
    let time = latency.saturating_mul(u32::try_from(*requests).unwrap_or(u32::MAX));
    match time.as_secs() {
        seconds @ 0..=119 => format!("{} s", seconds + 1),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}

/// Prints the cases that failed in the baseline and pass now.
pub(super) fn print_fixed(cases: &[ShownCase], baseline: &Baseline) {
    let fixed = cases.iter().filter(|case| case.has_passed() && baseline.has_failure(&case.id));
    let fixed: Vec<_> = fixed.map(|case| case.id.as_str()).collect();
    if !fixed.is_empty() {
        let (fixed, cases) = (fixed.join(", "), count(fixed.len(), "case", "cases"));
        terminal::print(format!("{cases} of the baseline no longer failed: {fixed}; update the baseline"));
    }
}

/// The request of a recorded line, as far as it names an agent.
#[derive(Deserialize)]
struct Line {
    path: String,
    headers: Vec<(String, String)>,
}

/// Reads recorded requests, and counts them.
pub(super) fn recorded(text: &str, target: &Target, file: &Path) -> Result<(Record, usize), Failure> {
    let shown = file.display();
    let invalid = |reason: String| {
        Failure::Server(format!(
            "expected the requests that --record stored in `{shown}`, found another document: {reason}"
        ))
    };
    let record = Record::read(text).map_err(invalid)?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let is_of_target = |line: &&str| {
        serde_json::from_str(line).is_ok_and(|Line { path, headers }| {
            let is_workspace =
                |(name, value): &(String, String)| name == WorkspaceId::HEADER && value == target.workspace().as_str();
            path == target.agent().path() && headers.iter().any(is_workspace)
        })
    };
    if !lines.iter().any(is_of_target) {
        let (agent, workspace) = (target.agent(), target.workspace());
        return Err(Failure::Usage(format!(
            "`{shown}` has no request for the agent `{agent}` in the workspace `{workspace}`; give those of the record"
        )));
    }
    Ok((record, lines.len()))
}
