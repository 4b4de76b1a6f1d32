//! `cargo xtask differential`: compares all engines on generated documents.

mod bindings;
mod documents;
mod mutate;
mod rng;
mod shrink;
mod tokens;

use callagent_testkit::engines::{self, compare};
use clap::Args;

use crate::{
    Halt, exhaustive,
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
    /// Compare every field of every finding with these packages in other languages instead, or with all of them.
    #[arg(long, value_name = "NAME", num_args = 0.., value_delimiter = ',', conflicts_with = "exhaustive")]
    bindings: Option<Vec<String>>,
    #[command(flatten)]
    part: Part,
}

impl Arguments {
    /// The part that CI runs.
    pub(crate) const fn short() -> Self {
        Arguments { documents: 20_000, seed: 1, exhaustive: false, bindings: None, part: Part::of(Shard::WHOLE) }
    }

    /// The part of the finite set that CI runs.
    pub(crate) const fn exhaustive() -> Self {
        Arguments { documents: 0, seed: 0, exhaustive: true, bindings: None, part: Part::of(exhaustive::SHORT) }
    }

    /// The part that CI runs with a package in another language.
    pub(crate) fn binding(name: &str) -> Self {
        Arguments { documents: 6_000, bindings: Some(vec![name.to_owned()]), ..Arguments::short() }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Halt> {
    let &Arguments { documents, seed, exhaustive, ref bindings, ref part } = arguments;
    match bindings {
        Some(names) => bindings::run(names, documents, seed, part),
        None if exhaustive => Ok(exhaustive::run(part)?),
        None => Ok(engines(documents, seed, part)?),
    }
}

/// Compares the engines of this process.
fn engines(documents: u64, seed: u64, part: &Part) -> Result<(), String> {
    let engines = engines::all()?;
    let run = Run { title: format!("differential, seed {seed}"), documents, block: BLOCK, part: part.clone() };
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
