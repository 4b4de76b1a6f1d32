//! The project's own tasks, run as `cargo xtask TASK`.

mod ci;
mod conformance;
mod differential;
mod engines;
mod exhaustive;
mod ready_made;
mod reference;
mod run;
mod schema;
mod vectors;
mod world;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check everything: formatting, lints, docs, the schemas, and all tests.
    Ci,
    /// Run the vectors of fixtures/vectors through every engine, or through any program.
    Conformance(conformance::Arguments),
    /// Generate documents, and compare all engines in verdict and places.
    Differential(differential::Arguments),
    /// Judge every document of a small closed world, and compare all engines in verdict and places.
    Exhaustive(exhaustive::Arguments),
    /// Try the ready-made types in their own languages, as far as the toolchains are at hand.
    ReadyMade,
    /// Write the schemas, the reference page and the ready-made types from the declarations.
    Schema(schema::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Ci => ci::run(),
        Task::Conformance(arguments) => conformance::run(&arguments),
        Task::Differential(arguments) => differential::run(&arguments),
        Task::Exhaustive(arguments) => exhaustive::run(&arguments),
        Task::ReadyMade => ready_made::run(),
        Task::Schema(arguments) => schema::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("cargo xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn root() -> &'static std::path::Path {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.parent().unwrap_or(folder)
}
