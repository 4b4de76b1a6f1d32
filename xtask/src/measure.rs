//! `cargo xtask measure`: figures that the docs show, which take minutes and depend on the machine.

use clap::Subcommand;

use crate::{Halt, languages, load, verify_faults, verify_others};

#[derive(Subcommand)]
pub(crate) enum Figures {
    /// The server under load, next to servers that do less.
    Load(load::Arguments),
    /// The contract test and schemathesis, by the faults of a server that each of them finds.
    Faults(verify_faults::Arguments),
    /// Servers that the project did not write, by the contract test.
    Others(verify_others::Arguments),
    /// Code that other tools generate from the schemas, by the vectors.
    Generators(languages::Arguments),
}

pub(crate) fn run(figures: &Figures) -> Result<(), Halt> {
    match figures {
        Figures::Load(arguments) => load::run(arguments),
        Figures::Faults(arguments) => verify_faults::run(arguments),
        Figures::Others(arguments) => verify_others::run(arguments),
        Figures::Generators(arguments) => languages::run(arguments),
    }
}
