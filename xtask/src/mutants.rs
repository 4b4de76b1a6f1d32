//! `cargo xtask mutants`: mutation tests of the core crate, and of the server by the contract test.

use clap::Args;

use crate::{
    process::{self, cargo, command},
    run::Shard,
    tools,
};

const VERSION: &str = "27.1.0";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Test only this part of the mutants.
    #[arg(long, value_name = "K/N", default_value_t = Shard::WHOLE)]
    shard: Shard,
    /// Mutate only the files that match these patterns, such as `**/apply.rs`.
    #[arg(long, value_name = "PATTERN")]
    file: Vec<String>,
    /// Mutate how the server merges updates and chooses statuses, and run the contract test.
    #[arg(long)]
    verify: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let mut mutants = command(tools::built("cargo-mutants", VERSION)?);
    // The configurations have the exclusions with their reasons.
    mutants.args(["mutants", "--output", "target/mutants", "--shard", &arguments.shard.counted_from_zero()]);
    mutants.args(arguments.file.iter().flat_map(|pattern| ["--file", pattern]));
    if arguments.verify {
        // Builds the command of the contract test, and tests the server without a change. cargo-mutants could do only the latter, and
        // in the wrong package.
        let test = ["test", "--locked", "--package", "callagent-cli", "--profile", "mutants", "--test", "verify"];
        process::run(cargo(&test).arg("judged_by::"))?;
        // The mutants are built elsewhere, in copies of the workspace.
        mutants.env("CALLAGENT_TEST_VERIFY", crate::root().join("target/mutants/callagent"));
        mutants.args(["--config", ".cargo/mutants-verify.toml", "--baseline", "skip", "--timeout", "120"]);
    } else {
        mutants.args(["--package", "callagent"]);
        // Few cases suffice, and failures need not be shrunk.
        mutants.envs([("CALLAGENT_CASES", "40"), ("PROPTEST_MAX_SHRINK_ITERS", "0")]);
    }
    process::run(&mut mutants)
}
