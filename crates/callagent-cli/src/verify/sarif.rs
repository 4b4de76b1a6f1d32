//! A SARIF 2.1.0 log: one rule per case, one result per failure and advisory.

use std::io::{self, Write};

use callagent::{AgentId, Location, Span, UPDATE_AGENT};
use callagent_verify::cases;
use serde_json::{Value, json};

use super::{
    report::Report,
    shown::{ShownCase, ShownFailure},
};
use crate::{
    failure::Failure,
    formats::{
        Totals,
        sarif::{self, Entry},
    },
    source::Source,
};

pub(super) fn write(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut frame = sarif::frame_with(&rules());
    let mut text = Vec::new();
    for case in &report.cases {
        let level = if case.in_baseline { "warning" } else { "error" };
        for failure in &case.failures {
            write_result(report, case, level, failure, &mut text)?;
        }
        for advisory in &case.advisories {
            write_result(report, case, "note", advisory, &mut text)?;
        }
    }
    frame.write(&text, out)?;
    let tail = report.summary.interrupted.then(|| sarif::tail(&[Failure::Interrupted]));
    frame.finish(Totals::default(), tail.as_deref(), out)
}

/// A server has no file, but GitHub requires one relative to the repository: it is the path of the call. The URL of the
/// call is the logical location.
fn write_result(
    report: &Report<'_>,
    case: &ShownCase,
    level: &str,
    failure: &ShownFailure,
    out: &mut impl Write,
) -> io::Result<()> {
    let path = AgentId::path_template();
    let url = format!("{} {}{path}", UPDATE_AGENT.method.as_str(), report.configuration.url);
    let start = Location { span: Span { offset: 0, length: 0 }, line: 1, column: 1 };
    let sentences: Vec<_> = failure.sentences.iter().map(|sentence| sentence.id.as_str()).collect();
    Entry {
        rule: (&case.id, cases().iter().position(|rule| rule.id() == case.id)),
        level,
        text: &failure.lines().join("\n"),
        uri: &Source::new(path.trim_start_matches('/')).uri(),
        region: sarif::region(start, (1, 1)),
        pointer: &url,
        fix: None,
        identity: &[&case.id, &sentences.join(" ")],
    }
    .write(out)
}

fn rules() -> Vec<Value> {
    let rule = |case: &callagent_verify::Case| {
        let sentences: Vec<_> =
            case.sentences().map(|sentence| format!("{}: {}", sentence.id, sentence.says)).collect();
        json!({
            "id": case.id(),
            "shortDescription": {"text": format!("{}.", case.title().trim_end_matches('.'))},
            "help": {"text": sentences.join("\n\n")},
            "defaultConfiguration": {"level": "error"},
        })
    };
    cases().iter().map(rule).collect()
}
