//! The report for people: the configuration, a tree of cases, and the details of failures.

use std::{
    borrow::Cow,
    fmt::Display,
    io::{self, Write},
};

use callagent_verify::Group;
use clap::builder::styling::{AnsiColor, Style};

use super::{
    report::{Report, Totals, seconds},
    safe::safe,
    shown::{MARGIN, ShownCase, ShownExchange, ShownFailure, ShownResponse, cut},
};
use crate::formats::count;

/// The headers of a response that are shown.
const SHOWN_HEADERS: [&str; 8] =
    ["allow", "cache-control", "content-type", "etag", "location", "retry-after", "www-authenticate", "x-request-id"];
/// The most lines of a body that are shown.
const MAX_LINES: usize = 20;
/// The longest agent that is shown, in characters.
const MAX_AGENT: usize = 4096;

const FAILED: Style = AnsiColor::Red.on_default().bold();
const PASSED: Style = AnsiColor::Green.on_default();
const ADVISORY: Style = AnsiColor::Yellow.on_default();
const SKIPPED: Style = AnsiColor::Cyan.on_default();
const HEADING: Style = Style::new().bold();

/// How the report is written.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) colored: bool,
    /// Whether to show the cases that passed, and all details.
    pub(super) verbose: bool,
}

pub(super) fn write(report: &Report<'_>, look: Look, out: &mut impl Write) -> io::Result<()> {
    write_head(report, look, out)?;
    for group in Group::ALL {
        let cases: Vec<_> = report.cases.iter().filter(|case| case.group == group.as_str()).collect();
        if !cases.is_empty() {
            write_group(*group, &cases, look, out)?;
        }
    }
    for case in &report.cases {
        write_details(case, look, out)?;
    }
    write_end(report, look, out)
}

fn write_head(report: &Report<'_>, look: Look, out: &mut impl Write) -> io::Result<()> {
    let (configuration, Totals { counts, interrupted, .. }) = (report.configuration, &report.summary);
    let verdict = match counts.failed {
        _ if *interrupted => look.paint(ADVISORY, "interrupted; the results so far"),
        0 => look.paint(PASSED, "no case failed"),
        failed => look.paint(FAILED, count(failed, "case failed", "cases failed")),
    };
    writeln!(out, "{}: {verdict}\n", look.paint(HEADING, format!("Contract test of {}", configuration.url)))?;
    let given = |is_given| if is_given { "given, not shown" } else { "none" }.to_owned();
    let headers: Vec<_> = configuration.headers.iter().map(|(name, _)| name.as_str()).collect();
    let headers = if headers.is_empty() { "none".to_owned() } else { headers.join(", ") };
    let mut lines = vec![
        ("agent", format!("{} in the workspace {}", configuration.agent, configuration.workspace)),
        ("profile", configuration.profile.to_string()),
        ("seed", configuration.seed.to_string()),
        ("keys", if configuration.touch_keys { "changed" } else { "left alone" }.to_owned()),
        ("access key", given(configuration.access_key)),
        ("headers", headers),
        ("timeout", configuration.timeout.clone()),
    ];
    lines.extend(configuration.rate.map(|rate| ("rate", format!("{rate} requests per second"))));
    lines.extend(configuration.replay.iter().map(|file| ("replay", file.clone())));
    for (name, names) in [("only", &configuration.only), ("without", &configuration.skip)] {
        if !names.is_empty() {
            lines.push((name, names.join(", ")));
        }
    }
    let failed = match report.summary.in_baseline {
        Some(known) => format!("{}, {known} of them in the baseline too", counts.failed),
        None => counts.failed.to_string(),
    };
    lines.extend([
        ("passed", counts.passed.to_string()),
        ("failed", failed),
        ("skipped", counts.skipped.to_string()),
        ("not applicable", counts.not_applicable.to_string()),
        ("with advisories", counts.with_advisories.to_string()),
        ("requests", counts.requests.to_string()),
        ("time", seconds(report.summary.time)),
    ]);
    lines.iter().try_for_each(|(name, value)| writeln!(out, "  {name:<16} {}", safe(value)))
}

fn write_group(group: Group, cases: &[&ShownCase], look: Look, out: &mut impl Write) -> io::Result<()> {
    let number = |is_counted: fn(&ShownCase) -> bool| cases.iter().filter(|case| is_counted(case)).count();
    let (failed, passed) = (number(ShownCase::has_failed), number(ShownCase::has_passed));
    let skipped = number(ShownCase::is_skipped);
    let counts = [
        (failed, FAILED, "failed"),
        (passed, PASSED, "passed"),
        (skipped, SKIPPED, "skipped"),
        (cases.len() - failed - passed - skipped, Style::new(), "not applicable"),
    ];
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(number, _, _)| *number > 0)
        .map(|(number, style, outcome)| look.paint(style, format!("{number} {outcome}")))
        .collect();
    let heading = look.paint(HEADING, format!("{} ({group})", group.title()));
    writeln!(out, "\n{heading}: {}", counts.join(", "))?;
    if look.verbose {
        return cases.iter().try_for_each(|case| write_case(case, look, out));
    }
    let shown: Vec<_> = cases.iter().filter(|case| !case.has_passed() || !case.advisories.is_empty()).collect();
    // Cases that could not be run for the same reason are one line, since they would bury the failures.
    for alike in
        shown.chunk_by(|first, second| first.is_skipped() && second.is_skipped() && first.reason == second.reason)
    {
        match alike {
            [first, _, ..] if first.is_skipped() => {
                let reason = first.reason.as_deref().unwrap_or_default();
                writeln!(
                    out,
                    "  {} {}: {}",
                    look.paint(SKIPPED, "○"),
                    count(alike.len(), "case", "cases"),
                    safe(reason)
                )?;
            }
            alike => alike.iter().try_for_each(|case| write_case(case, look, out))?,
        }
    }
    Ok(())
}

fn write_case(case: &ShownCase, look: Look, out: &mut impl Write) -> io::Result<()> {
    let (_, name) = case.id.split_once('/').unwrap_or_default();
    let line = format!("{} {name}: {}", case.number, case.title);
    let line = match case.outcome {
        _ if case.in_baseline => format!("{} {line} (in the baseline too)", look.paint(FAILED, "✘")),
        _ if case.has_failed() => look.paint(FAILED, format!("✘ {line}")),
        _ if case.has_passed() => format!("{} {line}", look.paint(PASSED, "✔")),
        _ if case.is_skipped() => format!("{} {line}", look.paint(SKIPPED, "○")),
        _ => format!("– {line}"),
    };
    writeln!(out, "  {line}")?;
    if let Some(reason) = &case.reason {
        let outcome = if case.is_skipped() { "skipped" } else { "not applicable" };
        writeln!(out, "      {outcome}: {}", safe(reason))?;
    }
    if let Some(failure) = case.failures.first() {
        writeln!(out, "      {}", safe(&failure.message))?;
    }
    for advisory in &case.advisories {
        writeln!(out, "    {} {}", look.paint(ADVISORY, "! advisory:"), safe(&advisory.message))?;
    }
    Ok(())
}

/// Writes the details of a case that failed, or of its advisories too.
fn write_details(case: &ShownCase, look: Look, out: &mut impl Write) -> io::Result<()> {
    let shown = if look.verbose { usize::MAX } else { 1 };
    let failures = case.failures.iter().take(shown).map(|failure| (failure, false));
    let advisories = case.advisories.iter().filter(|_| look.verbose).map(|advisory| (advisory, true));
    let mut details = failures.chain(advisories).peekable();
    if details.peek().is_none() {
        return Ok(());
    }
    let (style, mark) = if case.has_failed() { (FAILED, "✘") } else { (ADVISORY, "!") };
    let title = format!("{mark} {} ({}/{})", case.id, case.group, case.number);
    writeln!(out, "\n{}", look.paint(style, title))?;
    for (failure, is_advisory) in details {
        write_failure(case, failure, is_advisory, look, out)?;
    }
    let rest = case.failure_count.saturating_sub(shown);
    if rest > 0 {
        writeln!(out, "  {} of this case; --verbose shows more", count(rest, "other failure", "other failures"))?;
    }
    if let Some(command) = &case.command {
        write_part("run it alone", [safe(command)], look, out)?;
    }
    Ok(())
}

fn write_failure(
    case: &ShownCase,
    failure: &ShownFailure,
    is_advisory: bool,
    look: Look,
    out: &mut impl Write,
) -> io::Result<()> {
    let wrong = if is_advisory { "advisory" } else { "wrong" };
    write_part(wrong, [safe(&failure.message)], look, out)?;
    if failure.sentences.iter().all(|sentence| sentence.says != case.title) {
        write_part("right", [safe(case.title)], look, out)?;
    }
    let sentences = failure.sentences.iter().map(|sentence| format!("{}: {}", sentence.id, sentence.says).into());
    write_part("contract", sentences, look, out)?;
    let steps = failure.exchanges.len();
    for (index, ShownExchange { request, response }) in failure.exchanges.iter().enumerate() {
        let step = if steps > 1 { format!(" {} of {steps}", index + 1) } else { String::new() };
        write_part(&format!("request{step}"), [safe(&request.curl)], look, out)?;
        let lines = response.as_ref().map_or_else(|| vec!["none".into()], response_lines);
        write_part("response", lines, look, out)?;
    }
    Ok(())
}

fn response_lines(response: &ShownResponse) -> Vec<Cow<'_, str>> {
    let mut lines: Vec<Cow<'_, str>> = vec![response.status.to_string().into()];
    let is_shown = |name: &str| SHOWN_HEADERS.contains(&name);
    let headers = response.headers.iter().filter(|(name, _)| is_shown(name));
    lines.extend(headers.map(|(name, value)| format!("{name}: {}", safe(value)).into()));
    let mut body = response.body.lines();
    lines.extend(body.by_ref().take(MAX_LINES).map(|line| format!("{MARGIN}{}", safe(line)).into()));
    match body.count() {
        0 => {}
        rest => lines.push(format!("… ({} more)", count(rest, "line", "lines")).into()),
    }
    lines
}

/// Writes lines below a label.
fn write_part<'l>(
    label: &str,
    lines: impl IntoIterator<Item = Cow<'l, str>>,
    look: Look,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "  {}", look.paint(HEADING, format!("{label}:")))?;
    lines.into_iter().try_for_each(|line| writeln!(out, "    {line}"))
}

fn write_end(report: &Report<'_>, look: Look, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{}", look.paint(HEADING, "Not observable: no server is judged by these sentences"))?;
    for sentence in &report.not_observable {
        writeln!(out, "  {}: {}", sentence.id, sentence.says)?;
    }
    writeln!(out, "\n{}", look.paint(HEADING, "Left behind: the agent as the last response showed it"))?;
    let agent = if report.left_behind.is_null() {
        "unknown: no response showed it after the last update".to_owned()
    } else {
        cut(report.left_behind.to_string(), MAX_AGENT)
    };
    writeln!(out, "  {}", safe(&agent))
}

impl Look {
    fn paint(self, style: Style, text: impl Display) -> String {
        let text = text.to_string();
        let text = safe(&text);
        if self.colored { format!("{style}{text}{style:#}") } else { text.into_owned() }
    }
}
