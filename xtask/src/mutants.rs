//! `cargo xtask mutants`: breaks the core crate in every small way, and shows what no test notices.

use clap::Args;

use crate::{process, process::command, run::Shard, tools};

const VERSION: &str = "27.1.0";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Break only this part of the changes.
    #[arg(long, value_name = "K/N", default_value_t = Shard::WHOLE)]
    shard: Shard,
    /// Only the files of these patterns, such as `**/apply.rs`.
    #[arg(long, value_name = "PATTERN")]
    file: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let tool = tools::built("cargo-mutants", VERSION)?;
    // What is broken, and what is left out and why, is said in `.cargo/mutants.toml`.
    let mut mutants = command(tool);
    mutants.args(["mutants", "--package", "callagent", "--output", "target/mutants"]);
    // A mutant that lives on these lives on more of them, as a rule; and a failure need not be made small.
    mutants.envs([("CALLAGENT_CASES", "40"), ("PROPTEST_MAX_SHRINK_ITERS", "0")]);
    mutants.args(["--shard", &arguments.shard.counted_from_zero()]);
    process::run(mutants.args(arguments.file.iter().flat_map(|pattern| ["--file", pattern])))
}
