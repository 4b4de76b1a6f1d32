//! Iterating over documents, for `validate` and `normalize`.

use std::{
    io::{self, Write as _},
    num::NonZero,
    path::PathBuf,
    thread,
};

use crate::{
    failure::Failure,
    input::{self, Chunk},
    interrupt,
    ordered::{self, Piece, Sink},
    progress::Progress,
    source::Source,
    terminal,
};

/// A document and its source.
pub(crate) struct Document<'d> {
    pub(crate) source: &'d Source,
    /// The line number, if documents are lines.
    pub(crate) line: Option<usize>,
    pub(crate) text: &'d [u8],
}

/// A unit of work: a file with one document, or some lines of a file.
enum Job {
    File(PathBuf),
    Lines(Chunk),
}

/// Calls `work` for every document of the paths and for every failure to read one, on several threads. The output keeps
/// the order of the input. Failures are also printed.
///
/// # Errors
/// The results so far with the failure; `Failure::AlreadyReported` if a path could not be read.
pub(crate) fn each<R: Default + Send>(
    paths: &[PathBuf],
    lines: bool,
    threads: Option<usize>,
    progress: &Progress,
    work: impl Fn(Result<&Document<'_>, Failure>, &mut R, &mut Sink) -> io::Result<()> + Sync,
    mut write: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<Vec<R>, (Vec<R>, Failure)> {
    let threads = threads.or_else(|| thread::available_parallelism().ok().map(NonZero::get)).unwrap_or(1);
    let jobs = input::files(paths).flat_map(|file| match file {
        Ok(file) if lines => jobs_of(input::Chunks::new(file).map(|chunk| chunk.map(Job::Lines))),
        file => jobs_of(std::iter::once(file.map(Job::File))),
    });
    let jobs = jobs.take_while(|_| !interrupt::requested());
    let results = ordered::run(
        jobs,
        threads,
        |job, sink| {
            let mut result = R::default();
            let read = perform(job, progress, sink, |document, sink| work(document, &mut result, sink))?;
            Ok((result, read))
        },
        |piece| match piece {
            Piece::Output(text) => write(&text),
            Piece::Error(text) => {
                // A closed standard error leaves only the exit status.
                let _ = io::stderr().write_all(&text);
                Ok(())
            }
        },
    );
    match results {
        Ok(results) => {
            let all_read = results.iter().all(|(_, read)| *read);
            let results = results.into_iter().map(|(result, _)| result).collect();
            if all_read { Ok(results) } else { Err((results, Failure::AlreadyReported)) }
        }
        Err(failure) => Err((Vec::new(), failure)),
    }
}

/// Calls `work` for every document of a job. Returns whether the job could be read.
fn perform(
    job: Result<Job, Failure>,
    progress: &Progress,
    sink: &mut Sink,
    mut work: impl FnMut(Result<&Document<'_>, Failure>, &mut Sink) -> io::Result<()>,
) -> io::Result<bool> {
    let failure = match job {
        Ok(Job::Lines(chunk)) => {
            for (line, text) in chunk.documents() {
                work(Ok(&Document { source: &chunk.source, line: Some(line), text }), sink)?;
            }
            progress.advance(chunk.text.len());
            return Ok(true);
        }
        Ok(Job::File(path)) => match input::read(&path) {
            Ok(text) => {
                let source = Source::new(path);
                work(Ok(&Document { source: &source, line: None, text: &text }), sink)?;
                progress.advance(text.len());
                return Ok(true);
            }
            Err(failure) => failure,
        },
        Err(failure) => failure,
    };
    // An interrupted read is not a failure.
    if interrupt::requested() {
        return Ok(true);
    }
    sink.error(|out| out.write_all(terminal::line(&failure).as_bytes()))?;
    work(Err(failure), sink)?;
    Ok(false)
}

fn jobs_of<'j>(
    jobs: impl Iterator<Item = Result<Job, Failure>> + Send + 'j,
) -> Box<dyn Iterator<Item = Result<Job, Failure>> + Send + 'j> {
    Box::new(jobs)
}
