//! The project's own tasks, run as `cargo xtask TASK`.

mod ci;
mod compat;
mod conformance;
mod deny;
mod differential;
mod drift;
mod exhaustive;
mod fuzz;
mod install;
mod languages;
mod load;
mod msrv;
mod mutants;
mod openapi_lint;
mod postgresql;
mod process;
mod public_api;
mod ready_made;
mod reference;
mod rehearse;
mod run;
mod schema;
mod schemathesis;
mod semver;
mod served;
mod tools;
mod verified;
mod verify_contract;
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
    /// Run all checks: formatting, lints, docs, schemas and tests.
    Ci,
    Compat(compat::Arguments),
    /// Run the vectors in fixtures/vectors against all engines, or against an adapter.
    Conformance(conformance::Arguments),
    /// Check the dependencies: licenses, sources, duplicates and unused ones.
    Deny(deny::Arguments),
    /// Compare all engines on generated documents.
    Differential(differential::Arguments),
    Drift(drift::Arguments),
    /// Compare all engines on every document of a small finite set.
    Exhaustive(exhaustive::Arguments),
    /// Run the fuzz targets, guided by coverage.
    Fuzz(fuzz::Arguments),
    /// Generate code from the schemas with other tools, and test it with the vectors.
    Languages(languages::Arguments),
    /// Measure the server under load, next to servers that do less.
    Load(load::Arguments),
    /// Test the core crate with its minimum supported Rust version.
    Msrv(msrv::Arguments),
    /// Run mutation tests of the core crate.
    Mutants(mutants::Arguments),
    /// Lint the OpenAPI documents.
    OpenapiLint,
    /// Install PostgreSQL for the tests, unless the machine has it.
    Postgresql,
    /// Write the list of public items of the core crate.
    PublicApi(public_api::Arguments),
    /// Test the ready-made types in their own languages, if the toolchains are installed.
    ReadyMade,
    /// Apply the example change of the documentation to a copy of the workspace.
    Rehearse,
    /// Generate the schemas, the reference page and the ready-made types.
    Schema(schema::Arguments),
    /// Test the server with requests generated from its OpenAPI document.
    Schemathesis,
    /// Check that the changes of the core crate since the last release fit its version.
    Semver,
    /// Compare the contract test with schemathesis, by the faults of a server that each of them finds.
    VerifyFaults(verify_faults::Arguments),
    /// Judge servers that the project did not write.
    VerifyOthers(verify_others::Arguments),
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
        Task::Ci => ci::run().map_err(Halt::from),
        Task::Compat(arguments) => return compat::run(&arguments),
        Task::Conformance(arguments) => conformance::run(&arguments),
        Task::Deny(arguments) => deny::run(&arguments),
        Task::Differential(arguments) => differential::run(&arguments).map_err(Halt::from),
        Task::Drift(arguments) => return drift::run(&arguments),
        Task::Exhaustive(arguments) => exhaustive::run(&arguments).map_err(Halt::from),
        Task::Fuzz(arguments) => fuzz::run(&arguments).map_err(Halt::from),
        Task::Languages(arguments) => languages::run(&arguments),
        Task::Load(arguments) => load::run(&arguments),
        Task::Msrv(arguments) => msrv::run(&arguments),
        Task::Mutants(arguments) => mutants::run(&arguments).map_err(Halt::from),
        Task::OpenapiLint => openapi_lint::run(),
        Task::Postgresql => postgresql::run(),
        Task::PublicApi(arguments) => public_api::run(&arguments),
        Task::ReadyMade => ready_made::run(),
        Task::Rehearse => rehearse::run().map_err(Halt::from),
        Task::Schema(arguments) => schema::run(&arguments).map_err(Halt::from),
        Task::Schemathesis => schemathesis::run(),
        Task::Semver => semver::run(),
        Task::VerifyFaults(arguments) => verify_faults::run(&arguments),
        Task::VerifyOthers(arguments) => verify_others::run(&arguments),
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
