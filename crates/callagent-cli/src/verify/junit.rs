//! JUnit XML: one test case per case, of the class of its group.

use std::io::{self, Write};

use super::{
    report::Report,
    shown::{ShownCase, ShownFailure},
};
use crate::{
    failure::Failure,
    formats::{
        Totals,
        junit::{self, Case, End, Lines},
    },
};

pub(super) fn write(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut frame = junit::frame();
    let mut text = Vec::new();
    report.cases.iter().try_for_each(|case| write_case(case, &mut text))?;
    let errors = usize::from(report.summary.interrupted);
    if report.summary.interrupted {
        junit::write_failure(&Failure::Interrupted, &mut text)?;
    }
    frame.write(&text, out)?;
    let failures = report.summary.regressions();
    let skipped = report.cases.iter().filter(|case| case.is_without_verdict() || case.in_baseline).count();
    frame.finish(Totals { tests: report.cases.len() + errors, failures, errors, skipped }, None, out)
}

/// A case that failed in the baseline too is skipped, since consumers fail if any test case does.
fn write_case(case: &ShownCase, out: &mut impl Write) -> io::Result<()> {
    let advisories = case.advisories.iter().flat_map(ShownFailure::lines).map(|line| format!("advisory: {line}"));
    Case {
        class: case.group,
        name: case.id.split_once('/').map_or(&*case.id, |(_, name)| name),
        file: None,
        time: case.time,
        end: end(case),
        notes: (!case.advisories.is_empty()).then(|| Box::new(advisories) as Lines<'_>),
    }
    .write(out)
}

fn end(case: &ShownCase) -> Option<End<'_>> {
    if let Some(first) = case.failures.first() {
        let command = case.command.iter().map(|command| format!("Run it alone: {command}"));
        let lines = Box::new(case.failures.iter().flat_map(ShownFailure::lines).chain(command));
        let (element, message) = if case.in_baseline {
            ("skipped", format!("failed in the baseline too: {}", first.message))
        } else {
            ("failure", first.message.clone())
        };
        return Some(End::from_findings(element, (&case.id, message), lines, case.failure_count));
    }
    let outcome = if case.is_skipped() { "skipped" } else { "not applicable" };
    let reason = case.reason.as_ref()?;
    Some(End { element: "skipped", kind: case.outcome, message: format!("{outcome}: {reason}"), lines: None })
}
