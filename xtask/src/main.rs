//! The project's own tasks, run as `cargo xtask TASK`.

mod bindings;
mod ci;
mod compat;
mod conformance;
mod debian;
mod dependencies;
mod differential;
mod drift;
mod exhaustive;
mod fuzz;
mod generate;
mod install;
mod languages;
mod load;
mod measure;
mod msrv;
mod mutants;
mod openapi_lint;
mod packages;
mod postgresql;
mod process;
mod rehearse;
mod run;
mod schemathesis;
mod semver;
mod served;
mod tools;
mod verified;
mod verify_faults;
mod verify_others;
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
    /// Run the quick checks, before a commit: formatting, lints, generated files and tests.
    Check,
    /// Run all checks, before a change lands.
    Ci(ci::Arguments),
    Compat(compat::Arguments),
    /// Run the vectors in fixtures/vectors against all engines, or against an adapter.
    Conformance(conformance::Arguments),
    /// Compare all engines on generated documents, or on every document of a small finite set.
    Differential(differential::Arguments),
    Drift(drift::Arguments),
    /// Run the fuzz targets, guided by coverage.
    Fuzz(fuzz::Arguments),
    Generate(generate::Arguments),
    /// Measure what the docs show.
    #[command(subcommand)]
    Measure(measure::Figures),
    /// Run mutation tests of the core crate.
    Mutants(mutants::Arguments),
}

/// Why a task did not complete.
enum Halt {
    /// The machine lacks a requirement, which is not a failure.
    Skipped(String),
    Failed(String),
}

impl From<String> for Halt {
    fn from(message: String) -> Self {
        Halt::Failed(message)
    }
}

fn main() -> ExitCode {
    let ended = match Arguments::parse().task {
        Task::Check => ci::check(),
        Task::Ci(arguments) => ci::run(&arguments),
        Task::Compat(arguments) => return compat::run(&arguments),
        Task::Conformance(arguments) => conformance::run(&arguments),
        Task::Differential(arguments) => differential::run(&arguments),
        Task::Drift(arguments) => return drift::run(&arguments),
        Task::Fuzz(arguments) => fuzz::run(&arguments).map_err(Halt::from),
        Task::Generate(arguments) => generate::run(&arguments),
        Task::Measure(figures) => measure::run(&figures),
        Task::Mutants(arguments) => mutants::run(&arguments).map_err(Halt::from),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Halt::Skipped(reason)) => {
            eprintln!("cargo xtask: skipped: {reason}");
            ExitCode::SUCCESS
        }
        Err(Halt::Failed(message)) => {
            eprintln!("cargo xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The root directory of the workspace.
fn root() -> &'static std::path::Path {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.parent().unwrap_or(folder)
}
