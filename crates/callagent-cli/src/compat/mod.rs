//! `callagent compat`: breaking changes between two versions of a schema or of an OpenAPI document.

pub(crate) mod explain;
mod report;

use std::{
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    time::Instant,
};

use callagent::Location;
use callagent_compat::{Document, Error, MAX_BYTES, Options, Verdict, Version};
use clap::Args;

use crate::{
    Direction, Outcome,
    failure::Failure,
    formats::{self, Format},
    input,
    progress::Progress,
    source::Source,
};
use report::Report;

/// Compare two versions of a JSON Schema or an OpenAPI document and report breaking changes.
///
/// A change breaks requests if the new version rejects a document that the old version accepts. A change breaks
/// responses if the new version may send a document that the old version rejects. Each breaking change is reported
/// with such a document, its witness. Both versions are JSON or YAML.
///
/// Exit status: 0 compatible; 1 breaking changes; 2 undecided, or an error such as an unreadable file.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The documents that a JSON Schema describes. Not used for OpenAPI documents.
    #[arg(long = "as", value_enum, default_value_t = Direction::Update, value_name = "DIRECTION")]
    direction: Direction,
    /// The format of the report. `json` and `ndjson` have one object per finding.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The old version: a file, or `-` for standard input.
    old: PathBuf,
    /// The new version: a file, or `-` for standard input.
    new: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    if [&arguments.old, &arguments.new].iter().all(|path| input::is_stdin(path)) {
        return Err(Failure::Usage("standard input cannot be both the old and the new version".to_owned()));
    }
    let (old, new) = (read(&arguments.old)?, read(&arguments.new)?);
    let started = Instant::now();
    let options = Options::new(match arguments.direction {
        Direction::Update => callagent_compat::Direction::Request,
        Direction::Agent => callagent_compat::Direction::Response,
    });
    let progress = Progress::of_comparison();
    let compared =
        callagent_compat::compare(&old, &new, &options.progress(&|count, total| progress.set_of(count, total)));
    progress.finish();
    let time = started.elapsed();
    let (old_source, new_source) = (Source::new(&arguments.old), Source::new(&arguments.new));
    let comparison = compared.map_err(|error| failure(error, &old_source, &new_source))?;
    let mut out = io::stdout().lock();
    let colored = formats::colored(&out);
    let report = Report { old: &old_source, new: &new_source, text: new.text(), comparison: &comparison, time };
    report.write(arguments.format, colored, &mut out).and_then(|()| out.flush()).map_err(Failure::Output)?;
    // A closed standard error leaves only the exit status.
    let _ = writeln!(io::stderr(), "{report}");
    match comparison.verdict() {
        Verdict::Incompatible => Ok(Outcome::Found),
        Verdict::Compatible => Ok(Outcome::Well),
        Verdict::Undecided => Err(Failure::AlreadyReported),
    }
}

fn read(path: &Path) -> Result<Document, Failure> {
    let mut text = Vec::new();
    input::open(path)
        .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut text))
        .map_err(|error| Failure::unreadable(path, error))?;
    let syntax_error = if is_json(&text) { syntax_error(&text) } else { None };
    Document::parse(text).map_err(|error| {
        let reason = syntax_error.unwrap_or_else(|| error.to_string());
        Failure::Uncomparable { path: path.to_owned(), reason }
    })
}

/// Returns whether a text looks like JSON and not like YAML.
fn is_json(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The syntax error of a JSON text, as in other reports.
fn syntax_error(text: &[u8]) -> Option<String> {
    let error = callagent::check_json(text).err()?;
    let malformed = error.report().violations().next()?;
    let Location { line, column, .. } = malformed.location()?;
    Some(format!("it is not JSON: {} (line {line}, column {column})", malformed.message()))
}

fn failure(error: Error, old: &Source, new: &Source) -> Failure {
    let source = |version| if version == Version::Old { old } else { new };
    match error {
        Error::Document { version, reason } => {
            Failure::Uncomparable { path: source(version).path().to_owned(), reason }
        }
        Error::Kinds { openapi } => {
            let (api, schema) = if openapi == Version::Old { (old, new) } else { (new, old) };
            Failure::Usage(format!(
                "`{api}` is an OpenAPI document and `{schema}` is not; expected two of the same kind"
            ))
        }
        error => Failure::Usage(error.to_string()),
    }
}
