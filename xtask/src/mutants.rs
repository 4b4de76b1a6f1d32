//! `cargo xtask mutants`: mutation tests of the core crate.

use clap::Args;

use crate::{process, process::command, run::Shard, tools};

const VERSION: &str = "27.1.0";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Test only this part of the mutants.
    #[arg(long, value_name = "K/N", default_value_t = Shard::WHOLE)]
    shard: Shard,
    /// Mutate only the files that match these patterns, such as `**/apply.rs`.
    #[arg(long, value_name = "PATTERN")]
    file: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let tool = tools::built("cargo-mutants", VERSION)?;
    // `.cargo/mutants.toml` has the exclusions with their reasons.
    let mut mutants = command(tool);
    mutants.args(["mutants", "--package", "callagent", "--output", "target/mutants"]);
    // Few cases suffice, and failures need not be shrunk.
    mutants.envs([("CALLAGENT_CASES", "40"), ("PROPTEST_MAX_SHRINK_ITERS", "0")]);
    mutants.args(["--shard", &arguments.shard.counted_from_zero()]);
    process::run(mutants.args(arguments.file.iter().flat_map(|pattern| ["--file", pattern])))
}
