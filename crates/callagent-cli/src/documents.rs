//! Documents one after the other: what `validate` and `normalize` have in common.

use std::{
    io::{self, Write as _},
    num::NonZero,
    thread,
};

use crate::{
    failure::Failure,
    input::{self, Chunk},
    ordered::{self, Piece, Sink},
    progress::Progress,
};

/// One document, and where it comes from.
pub(crate) struct Document<'d> {
    pub(crate) source: &'d str,
    /// The number of its line, where documents are lines.
    pub(crate) line: Option<usize>,
    pub(crate) text: &'d [u8],
}

/// A piece of work: a file that is one document, or some lines.
enum Job {
    File(String),
    Lines(Chunk),
}

/// Does something with every document of the paths, on several threads, its output in the order of the input. Gives what
/// the calls gave, merged; `Failure::Told` if a path could not be read.
pub(crate) fn each<R: Default + Send>(
    paths: &[String],
    lines: bool,
    threads: Option<NonZero<usize>>,
    progress: &Progress,
    work: impl Fn(&Document<'_>, &mut R, &mut Sink) -> io::Result<()> + Sync,
    mut write: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<Vec<R>, (Vec<R>, Failure)> {
    let threads = threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZero::<usize>::MIN);
    let jobs = input::files(paths).flat_map(|file| match file {
        Ok(file) if lines => jobs_of(input::Chunks::new(file).map(|chunk| chunk.map(Job::Lines))),
        file => jobs_of(std::iter::once(file.map(Job::File))),
    });
    let jobs = jobs.take_while(|_| !progress.is_interrupted());
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
                // Where standard error is closed, the exit status has to do.
                let _ = io::stderr().write_all(&text);
                Ok(())
            }
        },
    );
    match results {
        Ok(results) => {
            let all_read = results.iter().all(|(_, read)| *read);
            let results = results.into_iter().map(|(result, _)| result).collect();
            if all_read { Ok(results) } else { Err((results, Failure::Told)) }
        }
        Err(error) => Err((Vec::new(), Failure::Output(error))),
    }
}

/// Does something with every document of a job; whether it could be read.
fn perform(
    job: Result<Job, Failure>,
    progress: &Progress,
    sink: &mut Sink,
    mut work: impl FnMut(&Document<'_>, &mut Sink) -> io::Result<()>,
) -> io::Result<bool> {
    let failure = match job {
        Ok(Job::Lines(chunk)) => {
            for (line, text) in chunk.documents() {
                work(&Document { source: &chunk.source, line: Some(line), text }, sink)?;
            }
            progress.advance(chunk.text.len());
            return Ok(true);
        }
        Ok(Job::File(source)) => match input::read(&source) {
            Ok(text) => {
                work(&Document { source: &source, line: None, text: &text }, sink)?;
                progress.advance(text.len());
                return Ok(true);
            }
            Err(failure) => failure,
        },
        Err(failure) => failure,
    };
    sink.error(|out| writeln!(out, "callagent: {failure}"))?;
    Ok(false)
}

fn jobs_of<'j>(
    jobs: impl Iterator<Item = Result<Job, Failure>> + Send + 'j,
) -> Box<dyn Iterator<Item = Result<Job, Failure>> + Send + 'j> {
    Box::new(jobs)
}
