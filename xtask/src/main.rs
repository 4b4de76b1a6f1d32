//! The project's own tasks, run as `cargo xtask TASK`.

mod ci;
mod compat;
mod conformance;
mod deny;
mod differential;
mod drift;
mod engines;
mod exhaustive;
mod fuzz;
mod install;
mod languages;
mod msrv;
mod mutants;
mod openapi_lint;
mod process;
mod public_api;
mod ready_made;
mod reference;
mod rehearse;
mod run;
mod schema;
mod semver;
mod tools;
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
    Compat(compat::Arguments),
    /// Run the vectors of fixtures/vectors through every engine, or through any program.
    Conformance(conformance::Arguments),
    /// Check what the project depends on: licences, sources, duplicates, and whether it is used.
    Deny(deny::Arguments),
    /// Generate documents, and compare all engines in verdict and places.
    Differential(differential::Arguments),
    Drift(drift::Arguments),
    /// Judge every document of a small closed world, and compare all engines in verdict and places.
    Exhaustive(exhaustive::Arguments),
    /// Search for inputs that break a promise, guided by coverage.
    Fuzz(fuzz::Arguments),
    /// Have generators of code read the schemas, and hold what they write against the vectors.
    Languages(languages::Arguments),
    /// Test the core crate with the oldest Rust that it promises to need.
    Msrv(msrv::Arguments),
    /// Break the core crate in every small way, and show what no test notices.
    Mutants(mutants::Arguments),
    /// Have the linters of OpenAPI documents look at ours.
    OpenapiLint,
    /// Write the list of the core crate's public items.
    PublicApi(public_api::Arguments),
    /// Try the ready-made types in their own languages, as far as the toolchains are at hand.
    ReadyMade,
    /// Make the worked change of the documentation in a copy of the workspace.
    Rehearse,
    /// Write the schemas, the reference page and the ready-made types from the declarations.
    Schema(schema::Arguments),
    /// Check that the core crate's changes since the last release fit its version.
    Semver,
}

/// Why a task has not done what it is for.
enum Stop {
    /// The machine lacks what it needs, which breaks nothing.
    Skipped(String),
    Failed(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Stop::Failed(message)
    }
}

fn main() -> ExitCode {
    let ended = match Arguments::parse().task {
        Task::Ci => ci::run().map_err(Stop::from),
        Task::Compat(arguments) => return compat::run(&arguments),
        Task::Conformance(arguments) => conformance::run(&arguments),
        Task::Deny(arguments) => deny::run(&arguments),
        Task::Differential(arguments) => differential::run(&arguments).map_err(Stop::from),
        Task::Drift(arguments) => return drift::run(&arguments),
        Task::Exhaustive(arguments) => exhaustive::run(&arguments).map_err(Stop::from),
        Task::Fuzz(arguments) => fuzz::run(&arguments).map_err(Stop::from),
        Task::Languages(arguments) => languages::run(&arguments),
        Task::Msrv(arguments) => msrv::run(&arguments),
        Task::Mutants(arguments) => mutants::run(&arguments).map_err(Stop::from),
        Task::OpenapiLint => openapi_lint::run(),
        Task::PublicApi(arguments) => public_api::run(&arguments),
        Task::ReadyMade => ready_made::run(),
        Task::Rehearse => rehearse::run().map_err(Stop::from),
        Task::Schema(arguments) => schema::run(&arguments).map_err(Stop::from),
        Task::Semver => semver::run(),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Skipped(reason)) => {
            eprintln!("cargo xtask: not run here: {reason}");
            ExitCode::SUCCESS
        }
        Err(Stop::Failed(message)) => {
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
