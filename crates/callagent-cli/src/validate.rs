//! `callagent validate`: judges documents.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt,
    io::{self, Write as _},
    path::PathBuf,
    time::Instant,
};

use callagent::{Agent, Code, Reader, Report, UpdateAgent, model::Vocabulary};
use clap::Args;

use crate::{
    Direction, Outcome,
    documents::{self, Document},
    failure::Failure,
    fix::{self, Fixed},
    formats::{self, Format, Judged, Totals},
    input, interrupt,
    ordered::Sink,
    progress::Progress,
};

/// Validate documents: every violation of the contract, and advisories.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Arguments {
    /// What the documents are read as.
    #[arg(long = "as", value_enum, default_value_t = Direction::Update, value_name = "DIRECTION")]
    direction: Direction,
    /// Every line that is not blank is a document.
    #[arg(long)]
    lines: bool,
    /// How the report is written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// A request's unknown fields and unlisted words are advisories.
    #[arg(long)]
    tolerant: bool,
    /// This unlisted word in a request is an advisory, such as `llmModel=claude-sonnet-4`.
    #[arg(long, value_name = "FIELD=WORD", value_parser = accepted_value)]
    accept: Vec<AcceptedValue>,
    /// Apply the safe suggestions in place, then report what is left.
    #[arg(long, conflicts_with = "diff")]
    fix: bool,
    /// Show what `--fix` would change, as a diff in place of the report.
    #[arg(long, conflicts_with = "format")]
    diff: bool,
    /// An advisory makes the exit status 1.
    #[arg(long)]
    deny_advisories: bool,
    /// Leave documents without a violation out of the report.
    #[arg(long)]
    quiet: bool,
    /// At most this many violations and this many advisories per document are reported; 0 for all.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT)]
    limit: usize,
    /// How many threads work; by default one a core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Files, folders (the `*.json` below them, but not below linked folders), or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Clone)]
struct AcceptedValue {
    vocabulary: &'static Vocabulary,
    word: String,
}

/// How many violations and advisories of a document are reported, unless `--limit` says otherwise.
pub(crate) const DEFAULT_LIMIT: usize = 10_000;

/// Reads `FIELD=WORD`.
fn accepted_value(argument: &str) -> Result<AcceptedValue, String> {
    let vocabularies = UpdateAgent::OBJECT.vocabularies();
    let names = || vocabularies.iter().map(|(field, _)| *field).collect::<Vec<_>>().join(" or ");
    let (field, word) =
        argument.split_once('=').ok_or_else(|| format!("expected FIELD=WORD, FIELD being {}", names()))?;
    match vocabularies.iter().find(|(name, _)| *name == field) {
        Some((_, vocabulary)) => Ok(AcceptedValue { vocabulary, word: word.to_owned() }),
        None => Err(format!("no field `{field}` has words; expected {}", names())),
    }
}

/// How many of the most frequent violations the summary names.
const MOST_FREQUENT: usize = 3;

/// How many documents there were, and what was found in them.
#[derive(Default)]
struct Summary {
    documents: usize,
    invalid: usize,
    advisories: usize,
    violations: usize,
    /// The violations that are reported, by their codes.
    codes: BTreeMap<Code, usize>,
    /// How many files were changed, where any might be.
    fixed: Option<usize>,
    /// What could not be read or written.
    failures: Vec<Failure>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let stdin = arguments.paths.iter().filter(|path| input::is_stdin(path)).count();
    if stdin > 1 {
        return Err(Failure::Usage("standard input can be read once, so `-` may be given once".to_owned()));
    }
    if arguments.fix && stdin > 0 {
        return Err(Failure::Usage(
            "standard input cannot be fixed in place; `--diff` shows what would change".to_owned(),
        ));
    }
    let reader = reader(arguments);
    let mend = |text| mend(&reader, arguments.direction, text);
    let fixed = arguments.fix.then(|| fix::in_place(&arguments.paths, arguments.lines, mend));
    let summary = report(arguments, &reader, fixed)?;
    // Where standard error is closed, the exit status has to do.
    let _ = writeln!(io::stderr(), "{summary}");
    match summary {
        _ if interrupt::requested() => Err(Failure::Interrupted),
        Summary { failures, .. } if !failures.is_empty() => Err(Failure::AlreadyReported),
        Summary { invalid: 0, advisories: 0, .. } => Ok(Outcome::Well),
        Summary { invalid: 0, .. } if !arguments.deny_advisories => Ok(Outcome::Well),
        _ => Ok(Outcome::Found),
    }
}

/// Judges the documents and writes the report.
fn report(arguments: &Arguments, reader: &Reader, fixed: Option<Fixed>) -> Result<Summary, Failure> {
    let progress = Progress::of(&arguments.paths);
    let mut out = io::stdout().lock();
    let colored = formats::colored(&out);
    let mut frame = arguments.format.frame();
    let judged = documents::each(
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
    let summaries = match judged {
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
    // They come in the order of the threads.
    summary.failures.sort_by_cached_key(ToString::to_string);
    frame
        .finish(summary.totals(arguments.quiet), arguments.format.tail(&summary.failures).as_deref(), &mut out)
        .and_then(|()| out.flush())
        .map_err(Failure::Output)?;
    progress.finish();
    Ok(summary)
}

/// Judges a document and writes what is asked for of it.
fn write(
    arguments: &Arguments,
    reader: &Reader,
    document: &Document<'_>,
    colored: bool,
    summary: &mut Summary,
    out: &mut Sink,
) -> io::Result<()> {
    let begun = Instant::now();
    let report = judge(reader, arguments.direction, document);
    let time = begun.elapsed();
    summary.add(&report);
    if (arguments.diff || arguments.quiet) && report.is_valid() {
        return Ok(());
    }
    if arguments.diff {
        return fix::write_diff(document, &mend(reader, arguments.direction, document.text.to_vec()), out);
    }
    arguments.format.write(&Judged { document, report: &report, colored, time }, out)
}

fn reader(arguments: &Arguments) -> Reader {
    let mut reader = reporting(arguments.format, arguments.limit);
    if arguments.tolerant {
        reader = reader.tolerate_unknown_fields().tolerate_unknown_values();
    }
    for AcceptedValue { vocabulary, word } in &arguments.accept {
        reader = reader.accept_value(vocabulary, word);
    }
    reader
}

/// A reader for reports of that format, which keep at most so many findings of each kind; 0 means all.
pub(crate) fn reporting(format: Format, limit: usize) -> Reader {
    let reader = if limit == 0 { Reader::new() } else { Reader::new().limit(limit) };
    if format.shows_suggestions() { reader.suggest() } else { reader }
}

pub(crate) fn judge(reader: &Reader, direction: Direction, document: &Document<'_>) -> Report {
    match direction {
        Direction::Update => reader.check::<UpdateAgent>(document.text),
        Direction::Agent => reader.check::<Agent>(document.text),
    }
}

pub(crate) fn mend(reader: &Reader, direction: Direction, text: Vec<u8>) -> Vec<u8> {
    match direction {
        Direction::Update => reader.fix::<UpdateAgent>(text),
        Direction::Agent => reader.fix::<Agent>(text),
    }
}

impl Summary {
    /// How many documents there are in a report.
    fn totals(&self, is_quiet: bool) -> Totals {
        let (failures, errors) = (self.invalid, self.failures.len());
        Totals { tests: errors + if is_quiet { failures } else { self.documents }, failures, errors }
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
        let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
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
