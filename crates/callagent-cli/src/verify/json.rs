//! JSON: an object for the run, or a line for each case and one for the run. The field names are stable.

use std::io::{self, Write};

use callagent::tools::EscapeControl;
use callagent_verify::Sentence;
use serde::Serialize;
use serde_json::Value;

use super::{
    configuration::Configuration,
    report::{Report, Totals},
    shown::ShownCase,
};

/// What is said once for the run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct End<'r> {
    not_observable: &'r [&'static Sentence],
    left_behind: &'r Value,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'r> {
    Case(&'r ShownCase),
    Summary {
        configuration: &'r Configuration,
        summary: &'r Totals,
        #[serde(flatten)]
        end: End<'r>,
    },
}

/// Writes an object with one line per case.
pub(super) fn write(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let Report { configuration, summary, .. } = report;
    let (configuration, summary, cases) = (text(configuration)?, text(summary)?, lines(&report.cases)?);
    write!(out, "{{\"configuration\":{configuration},\n\"summary\":{summary},\n\"cases\":{cases},\n")?;
    let end = text(&End::of(report))?;
    writeln!(out, "{}", end.strip_prefix('{').unwrap_or(&end))
}

/// Returns an array with one line per item.
pub(super) fn lines(items: &[impl Serialize]) -> io::Result<String> {
    let items = items.iter().map(text).collect::<io::Result<Vec<_>>>()?;
    Ok(format!("[\n{}\n]", items.join(",\n")))
}

/// Writes the line of a case.
pub(super) fn write_case(case: &ShownCase, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", text(&Line::Case(case))?)
}

/// Writes the line of the run.
pub(super) fn write_summary(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let Report { configuration, summary, .. } = report;
    writeln!(out, "{}", text(&Line::Summary { configuration, summary, end: End::of(report) })?)
}

/// Returns JSON on one line. What could control a terminal or a runner of CI is escaped, which is in strings only.
pub(super) fn text(value: &impl Serialize) -> io::Result<String> {
    Ok(EscapeControl(&serde_json::to_string(value)?).to_string().replace("##", r"#\u0023"))
}

impl<'r> End<'r> {
    fn of(report: &'r Report<'_>) -> Self {
        End { not_observable: &report.not_observable, left_behind: &report.left_behind }
    }
}
