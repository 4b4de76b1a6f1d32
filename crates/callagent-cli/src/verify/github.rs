//! Workflow commands, which GitHub's runner shows as annotations: one per case with failures or advisories.

use std::io::{self, Write};

use super::{
    report::Report,
    shown::{ShownCase, ShownFailure},
};
use crate::formats::github;

pub(super) fn write(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    for case in &report.cases {
        let level = if case.in_baseline { "warning" } else { "error" };
        annotate(level, case, &case.failures, case.failure_count, out)?;
        annotate("warning", case, &case.advisories, case.advisories.len(), out)?;
    }
    Ok(())
}

fn annotate(
    level: &str,
    case: &ShownCase,
    failures: &[ShownFailure],
    count: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    let Some(first) = failures.first() else { return Ok(()) };
    let mut lines = vec![format!("{}.", case.title.trim_end_matches('.'))];
    lines.extend(first.lines());
    if count > 1 {
        lines.push(format!("and {} more", count - 1));
    }
    lines.extend(case.command.iter().map(|command| format!("Run it alone: {command}")));
    github::write_message(level, &case.id, &lines.join("\n"), out)
}
