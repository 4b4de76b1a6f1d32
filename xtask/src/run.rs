//! Long runs over numbered documents: sharded, parallel and resumable.

use std::{
    env, fmt, fs,
    ops::Range,
    path::PathBuf,
    str::FromStr,
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::process;

/// One of several parts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shard {
    number: u64,
    of: u64,
}

impl Shard {
    pub(crate) const WHOLE: Shard = Shard { number: 1, of: 1 };

    pub(crate) const fn new(number: u64, of: u64) -> Self {
        Shard { number, of }
    }

    /// The zero-based form.
    pub(crate) fn counted_from_zero(self) -> String {
        format!("{}/{}", self.number - 1, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if 1 <= number && number <= of => Ok(Shard { number, of }),
            _ => Err("expected K/N with K from 1 to N, such as 2/8".to_owned()),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.number, self.of)
    }
}

/// The part of a run to do, and where to record its progress.
#[derive(Clone, clap::Args)]
pub(crate) struct Part {
    /// Check only this part of the documents.
    #[arg(long, value_name = "K/N", default_value_t = Shard::WHOLE)]
    pub(crate) shard: Shard,
    /// Record the progress in this file, and resume from it if it exists.
    #[arg(long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
}

impl Part {
    pub(crate) const fn of(shard: Shard) -> Self {
        Part { shard, resume: None }
    }
}

/// A run over documents, in blocks.
pub(crate) struct Run {
    /// The title, with all parameters that determine the documents. Only a run with the same title can be resumed.
    pub(crate) title: String,
    pub(crate) documents: u64,
    /// The number of documents per block, which one thread checks.
    pub(crate) block: u64,
    pub(crate) part: Part,
}

/// The number of documents from which an optimized build pays off.
const MANY: u64 = 100_000;

/// The progress of a run.
#[derive(Serialize, Deserialize)]
struct Progress {
    run: String,
    blocks: u64,
}

impl Run {
    /// Checks all documents of the shard. `check` checks a block.
    ///
    /// # Errors
    /// The first errors of `check`, or a failure to record the progress.
    pub(crate) fn run(&self, check: impl Fn(Range<u64>) -> Result<(), String> + Sync) -> Result<(), String> {
        let blocks = self.documents.div_ceil(self.block);
        let mine: Vec<u64> =
            (0..blocks).filter(|block| block % self.part.shard.of == self.part.shard.number - 1).collect();
        let range = |block: u64| block * self.block..((block + 1) * self.block).min(self.documents);
        let count = |blocks: &[u64]| -> u64 { blocks.iter().map(|&block| range(block).end - range(block).start).sum() };

        let done = self.resumed()?;
        let (done, open) = mine.split_at_checked(usize::try_from(done).unwrap_or(usize::MAX)).unwrap_or((&mine, &[]));
        if !done.is_empty() {
            eprintln!("{}: resumed after {} documents", self.title, count(done));
        }
        if cfg!(debug_assertions) && count(open) > MANY {
            return self.run_optimized();
        }
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let (begun, mut reported) = (Instant::now(), Instant::now());
        for (number, round) in open.chunks(threads * 8).enumerate() {
            self.round(round, threads, &|block| check(range(block)))?;
            let so_far = &open[..(number + 1).saturating_mul(threads * 8).min(open.len())];
            self.note(done.len() + so_far.len())?;
            if reported.elapsed() > Duration::from_secs(10) {
                reported = Instant::now();
                eprintln!("{}: {} of {} documents", self.title, count(done) + count(so_far), count(&mine));
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = count(open) as f64 / seconds.max(f64::EPSILON);
        let shard =
            if self.part.shard == Shard::WHOLE { String::new() } else { format!(", shard {}", self.part.shard) };
        println!(
            "{}{shard}: {} documents, no difference; {seconds:.1} s, {rate:.0} documents/s",
            self.title,
            count(&mine)
        );
        Ok(())
    }

    /// Runs the same command in an optimized build.
    fn run_optimized(&self) -> Result<(), String> {
        eprintln!("{}: building with optimizations, because there are many documents", self.title);
        let mut optimized = process::cargo(&["run", "--release", "--quiet", "--locked", "--package", "xtask", "--"]);
        // Paths in the arguments are relative to the current directory.
        process::run(optimized.args(env::args_os().skip(1)).current_dir("."))
    }

    /// Checks some blocks on all threads.
    fn round(
        &self,
        blocks: &[u64],
        threads: usize,
        check: &(impl Fn(u64) -> Result<(), String> + Sync),
    ) -> Result<(), String> {
        let lanes = (0..threads).map(|lane| blocks.iter().skip(lane).step_by(threads));
        let wrong: Vec<String> = thread::scope(|scope| {
            let started: Vec<_> =
                lanes.map(|mut lane| scope.spawn(move || lane.try_for_each(|&block| check(block)).err())).collect();
            let joined = started.into_iter().map(|thread| {
                thread.join().unwrap_or_else(|_| Some("an engine panicked; see the message above".to_owned()))
            });
            joined.flatten().collect()
        });
        if wrong.is_empty() { Ok(()) } else { Err(format!("{}: the engines differ\n{}", self.title, wrong.join("\n"))) }
    }

    /// The number of blocks that an earlier run completed.
    fn resumed(&self) -> Result<u64, String> {
        let Some(path) = self.part.resume.as_ref().filter(|path| path.exists()) else { return Ok(0) };
        let wrong = |error: &dyn fmt::Display| format!("cannot resume from {}: {error}", path.display());
        let text = fs::read(path).map_err(|error| wrong(&error))?;
        let progress: Progress = serde_json::from_slice(&text).map_err(|error| wrong(&error))?;
        let this = self.identity();
        if progress.run == this {
            Ok(progress.blocks)
        } else {
            Err(wrong(&format!(
                "expected the progress of `{this}`, found that of another run, `{}`; use another file",
                progress.run
            )))
        }
    }

    fn note(&self, blocks: usize) -> Result<(), String> {
        let Some(path) = &self.part.resume else { return Ok(()) };
        let progress = Progress { run: self.identity(), blocks: u64::try_from(blocks).unwrap_or(u64::MAX) };
        let noted = serde_json::to_vec(&progress).map_err(|error| error.to_string());
        let written = noted.and_then(|text| fs::write(path, text).map_err(|error| error.to_string()));
        written.map_err(|error| format!("cannot record the progress in {}: {error}", path.display()))
    }

    fn identity(&self) -> String {
        format!("{}, {} documents, shard {}", self.title, self.documents, self.part.shard)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Mutex};

    use super::*;

    fn run_of(shard: Shard, resume: Option<PathBuf>) -> Run {
        Run { title: "test".to_owned(), documents: 1003, block: 10, part: Part { shard, resume } }
    }

    fn checked(run: &Run) -> (Result<(), String>, BTreeSet<u64>) {
        let checked = Mutex::new(BTreeSet::new());
        let done = run.run(|range| {
            let mut checked = checked.lock().map_err(|error| error.to_string())?;
            range.for_each(|index| assert!(checked.insert(index), "{index} is checked twice"));
            Ok(())
        });
        (done, checked.into_inner().unwrap_or_default())
    }

    #[test]
    fn shards_cover_each_document_once() {
        let shards: Vec<_> = (1..=7).map(|number| checked(&run_of(Shard::new(number, 7), None)).1).collect();
        assert_eq!(shards.iter().map(BTreeSet::len).sum::<usize>(), 1003);
        assert_eq!(shards.into_iter().flatten().collect::<BTreeSet<_>>(), (0..1003).collect());
    }

    #[test]
    fn a_run_resumes_where_it_stopped() {
        let folder = tempfile::tempdir().expect("a folder");
        let run = run_of(Shard::WHOLE, Some(folder.path().join("progress.json")));
        let stopped = run.run(|range| if range.contains(&700) { Err("stop".to_owned()) } else { Ok(()) });
        assert!(stopped.is_err_and(|error| error.contains("stop")));
        let (done, rest) = checked(&run);
        assert_eq!(done, Ok(()));
        assert!(rest.contains(&700) && rest.contains(&1002) && !rest.contains(&0));

        let other = Run { documents: 2000, ..run };
        assert!(checked(&other).0.is_err_and(|error| error.contains("another run")));
    }

    #[test]
    fn shards_are_read_and_written() {
        for (text, from_zero) in [("1/1", "0/1"), ("2/8", "1/8"), ("8/8", "7/8")] {
            let written = text.parse::<Shard>().map(|shard| (shard.to_string(), shard.counted_from_zero()));
            assert_eq!(written, Ok((text.to_owned(), from_zero.to_owned())));
        }
        for text in ["", "1", "0/8", "9/8", "a/b", "1/2/3", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
