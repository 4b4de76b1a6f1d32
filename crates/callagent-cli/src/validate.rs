//! `callagent validate`: validates documents and reports violations.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt,
    io::{self, Write as _},
    path::PathBuf,
    time::{Duration, Instant},
};

use callagent::{Code, Reader, Report, tools::USUAL_LIMIT};
use clap::Args;

use crate::{
    Direction, Outcome,
    documents::{self, Document},
    failure::Failure,
    fix::{self, Fixed},
    formats::{self, Checked, Format, Totals, count},
    input, interrupt,
    ordered::Sink,
    progress::Progress,
    tolerance::Tolerance,
};

/// Validate documents and report every violation and advisory.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a command-line flag")]
pub(crate) struct Arguments {
    /// The kind of the documents.
    #[arg(long = "as", value_enum, default_value_t = Direction::Update, value_name = "DIRECTION")]
    direction: Direction,
    /// Treat each non-blank line as a document.
    #[arg(long)]
    lines: bool,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    tolerance: Tolerance,
    /// Apply safe suggestions in place, then report the remaining violations.
    #[arg(long, conflicts_with = "diff")]
    fix: bool,
    /// Print the changes that `--fix` would make as a diff, instead of the report.
    #[arg(long, conflicts_with = "format")]
    diff: bool,
    /// Exit with status 1 if there are advisories.
    #[arg(long)]
    deny_advisories: bool,
    /// Omit documents without violations from the report.
    #[arg(long)]
    quiet: bool,
    /// Report at most N violations and N advisories per document, or all if N is 0.
    #[arg(long, value_name = "N", default_value_t = USUAL_LIMIT)]
    limit: usize,
    /// The number of threads [default: one per core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Files, directories (all `*.json` files below them; links to directories are not followed), or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// The number of most frequent codes in the summary.
const MOST_FREQUENT: usize = 3;

/// Counts of documents and findings.
#[derive(Default)]
struct Summary {
    documents: usize,
    invalid: usize,
    advisories: usize,
    violations: usize,
    /// The number of reported violations by code.
    codes: BTreeMap<Code, usize>,
    /// The number of changed files, with `--fix`.
    fixed: Option<usize>,
    /// The failures to read or write.
    failures: Vec<Failure>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let stdin = arguments.paths.iter().filter(|path| input::is_stdin(path)).count();
    if stdin > 1 {
        return Err(Failure::Usage("standard input cannot be read twice; give `-` only once".to_owned()));
    }
    if arguments.fix && stdin > 0 {
        return Err(Failure::Usage(
            "standard input cannot be fixed in place; use `--diff` to show the changes".to_owned(),
        ));
    }
    let reader = arguments.tolerance.apply(reader_for(arguments.format, arguments.limit));
    let fix = |text| arguments.direction.kind().fix(&reader, text);
    let fixed = arguments.fix.then(|| fix::in_place(&arguments.paths, arguments.lines, fix));
    let summary = report(arguments, &reader, fixed)?;
    // A closed standard error leaves only the exit status.
    let _ = writeln!(io::stderr(), "{summary}");
    match summary {
        _ if interrupt::requested() => Err(Failure::Interrupted),
        Summary { failures, .. } if !failures.is_empty() => Err(Failure::AlreadyReported),
        Summary { invalid: 0, advisories: 0, .. } => Ok(Outcome::Well),
        Summary { invalid: 0, .. } if !arguments.deny_advisories => Ok(Outcome::Well),
        _ => Ok(Outcome::Found),
    }
}

/// Checks the documents and writes the report.
fn report(arguments: &Arguments, reader: &Reader, fixed: Option<Fixed>) -> Result<Summary, Failure> {
    let progress = Progress::of(&arguments.paths);
    let mut out = io::stdout().lock();
    let colored = formats::colored(&out);
    let mut frame = arguments.format.frame();
    let checked = documents::each(
        &arguments.paths,
        arguments.lines,
        arguments.jobs.map(usize::from),
        &progress,
        |document, summary: &mut Summary, sink| match document {
            Ok(document) => write(arguments, reader, document, colored, summary, sink),
            Err(failure) => {
                let written = if arguments.diff { Ok(()) } else { arguments.format.write_failure(&failure, sink) };
                summary.failures.push(failure);
                written
            }
        },
        |text| frame.write(text, &mut out),
    );
    let summaries = match checked {
        Ok(summaries) | Err((summaries, Failure::AlreadyReported)) => summaries,
        Err((_, failure)) => return Err(failure),
    };
    let mut summary = summaries.into_iter().fold(Summary::default(), Summary::merge);
    summary.fixed = fixed.as_ref().map(|fixed| fixed.files);
    let unfixed = fixed.map(|fixed| fixed.failures).unwrap_or_default();
    let interruption = interrupt::requested().then_some(Failure::Interrupted);
    for failure in unfixed.into_iter().chain(interruption) {
        let mut text = Vec::new();
        let written = arguments.format.write_failure(&failure, &mut text);
        written.and_then(|()| frame.write(&text, &mut out)).map_err(Failure::Output)?;
        summary.failures.push(failure);
    }
    // Threads finish in any order.
    summary.failures.sort_by_cached_key(ToString::to_string);
    frame
        .finish(summary.totals(arguments.quiet), arguments.format.tail(&summary.failures).as_deref(), &mut out)
        .and_then(|()| out.flush())
        .map_err(Failure::Output)?;
    progress.finish();
    Ok(summary)
}

/// Checks a document and writes its report or diff.
fn write(
    arguments: &Arguments,
    reader: &Reader,
    document: &Document<'_>,
    colored: bool,
    summary: &mut Summary,
    out: &mut Sink,
) -> io::Result<()> {
    let started = Instant::now();
    let report = arguments.direction.kind().check(reader, document.text);
    let time = started.elapsed();
    summary.add(&report);
    if (arguments.diff || arguments.quiet) && report.is_valid() {
        return Ok(());
    }
    if arguments.diff {
        return fix::write_diff(document, &arguments.direction.kind().fix(reader, document.text.to_vec()), out);
    }
    arguments.format.write(&Checked { document, report: &report, colored, time }, out)
}

/// Prints the report on a single document, with the summary, as `callagent validate` does.
#[cfg(feature = "client")]
pub(crate) fn print(document: &Document<'_>, report: &Report, format: Format) -> Result<(), Failure> {
    let mut summary = Summary::default();
    summary.add(report);
    let (mut out, mut frame, mut text) = (io::stdout().lock(), format.frame(), Vec::new());
    let checked = Checked { document, report, colored: formats::colored(&out), time: Duration::ZERO };
    format
        .write(&checked, &mut text)
        .and_then(|()| frame.write(&text, &mut out))
        .and_then(|()| frame.finish(summary.totals(false), None, &mut out))
        .and_then(|()| out.flush())
        .map_err(Failure::Output)?;
    // A closed standard error leaves only the exit status.
    let _ = writeln!(io::stderr(), "{summary}");
    Ok(())
}

/// Prints the report on a document to standard error, for people.
pub(crate) fn print_to_stderr(document: &Document<'_>, report: &Report) {
    let mut errors = io::stderr().lock();
    let checked = Checked { document, report, colored: formats::colored(&errors), time: Duration::ZERO };
    // A closed standard error leaves only the exit status.
    let _ = Format::Human.write(&checked, &mut errors);
}

/// A reader for reports in a format, with a limit of findings of each kind; 0 means no limit.
pub(crate) fn reader_for(format: Format, limit: usize) -> Reader {
    let reader = if limit == 0 { Reader::new() } else { Reader::new().limit(limit) };
    if format.shows_suggestions() { reader.suggest() } else { reader }
}

impl Summary {
    /// The counts for the report.
    fn totals(&self, is_quiet: bool) -> Totals {
        let (failures, errors) = (self.invalid, self.failures.len());
        Totals { tests: errors + if is_quiet { failures } else { self.documents }, failures, errors, skipped: 0 }
    }

    fn add(&mut self, report: &Report) {
        self.documents += 1;
        self.invalid += usize::from(!report.is_valid());
        self.advisories += report.advisory_count();
        self.violations += report.violation_count();
        for violation in report.violations() {
            *self.codes.entry(violation.code()).or_default() += 1;
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.documents += other.documents;
        self.invalid += other.invalid;
        self.advisories += other.advisories;
        self.violations += other.violations;
        for (code, count) in other.codes {
            *self.codes.entry(code).or_default() += count;
        }
        self.failures.extend(other.failures);
        self
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { documents, invalid, advisories, violations, codes, fixed, .. } = self;
        write!(
            out,
            "{}: {} valid, {invalid} invalid; {}, {}",
            count(*documents, "document", "documents"),
            documents - invalid,
            count(*violations, "violation", "violations"),
            count(*advisories, "advisory", "advisories"),
        )?;
        let mut frequent: Vec<_> = codes.iter().collect();
        frequent.sort_by_key(|(code, count)| (Reverse(**count), **code));
        for (index, (code, count)) in frequent.into_iter().take(MOST_FREQUENT).enumerate() {
            write!(out, "{}{code} {count}", if index == 0 { "; most frequent: " } else { ", " })?;
        }
        fixed.map_or(Ok(()), |files| write!(out, "; {}", count(files, "file fixed", "files fixed")))
    }
}
