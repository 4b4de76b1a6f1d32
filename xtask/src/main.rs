//! The project's own tasks, run as `cargo xtask TASK`.

mod ci;
mod compat;
mod drift;
mod fuzz;
mod process;
mod rehearse;
mod schema;

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
    Drift(drift::Arguments),
    /// Search for inputs that break a promise, guided by coverage.
    Fuzz(fuzz::Arguments),
    /// Make the worked change of the documentation in a copy of the workspace.
    Rehearse,
    /// Write the schemas from the types.
    Schema(schema::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Ci => ci::run(),
        Task::Compat(arguments) => return compat::run(&arguments),
        Task::Drift(arguments) => return drift::run(&arguments),
        Task::Fuzz(arguments) => fuzz::run(&arguments),
        Task::Rehearse => rehearse::run(),
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
