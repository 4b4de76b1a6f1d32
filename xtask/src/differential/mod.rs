//! `cargo xtask differential`: compares all engines on generated documents.

mod documents;
mod mutate;
mod rng;
mod shrink;
mod tokens;

use callagent_testkit::engines::{self, compare};
use clap::Args;

use crate::{
    exhaustive,
    run::{Part, Run, Shard},
};
use documents::{Generated, Generator};

/// The number of documents per seed.
const BLOCK: u64 = 500;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The number of documents.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    documents: u64,
    /// The seed. The same seed gives the same documents.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Compare on every document of a small finite set instead.
    #[arg(long, conflicts_with_all = ["documents", "seed"])]
    exhaustive: bool,
    #[command(flatten)]
    part: Part,
}

impl Arguments {
    /// The part that CI runs.
    pub(crate) const fn short() -> Self {
        Arguments { documents: 20_000, seed: 1, exhaustive: false, part: Part::of(Shard::WHOLE) }
    }

    /// The part of the finite set that CI runs.
    pub(crate) const fn exhaustive() -> Self {
        Arguments { documents: 0, seed: 0, exhaustive: true, part: Part::of(exhaustive::SHORT) }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    if arguments.exhaustive {
        return exhaustive::run(&arguments.part);
    }
    let engines = engines::all()?;
    let &Arguments { documents, seed, .. } = arguments;
    let run =
        Run { title: format!("differential, seed {seed}"), documents, block: BLOCK, part: arguments.part.clone() };
    run.run(|range| {
        let mut generator = Generator::new(seed, range.start);
        for index in range {
            let Generated { direction, text, known } = generator.next(index)?;
            let found = compare::differences(&engines, direction, &text, known.as_deref());
            if found.is_empty() {
                continue;
            }
            let shrunk =
                shrink::shrink(text.clone(), |text| !compare::differences(&engines, direction, text, None).is_empty());
            // The known violations do not apply to a smaller document.
            let (found, text) = match compare::differences(&engines, direction, &shrunk, None) {
                smaller if smaller.is_empty() => (found, text),
                smaller => (smaller, shrunk),
            };
            let id = format!("differential-{seed}-{index}");
            return Err(compare::report(&engines, &id, direction, &text, &found));
        }
        Ok(())
    })
}
