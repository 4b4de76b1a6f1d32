//! `cargo xtask check` and `cargo xtask ci`: the checks that a change must pass.

use std::{fmt::Write as _, process::Command, time::Instant};

use clap::Args;

use crate::{
    Halt, bindings, conformance, dependencies, differential, generate, install, languages, msrv, openapi_lint,
    packages, postgresql,
    process::{self, cargo},
    rehearse, schemathesis,
};

/// The features of `serde_json` that other crates in a build may enable.
const SERDE_JSON: &str =
    "serde_json/arbitrary_precision,serde_json/preserve_order,serde_json/float_roundtrip,serde_json/unbounded_depth";

/// The test programs that start servers, databases and thousands of commands.
const SLOW: [&str; 5] = ["server", "serve", "verify", "pages", "judged"];

#[derive(Args)]
pub(crate) struct Arguments {
    /// Run only the steps whose names contain this text. Can be repeated.
    #[arg(long, value_name = "NAME")]
    step: Vec<String>,
    /// Print the names of the steps, and exit.
    #[arg(long)]
    list: bool,
}

struct Step {
    name: &'static str,
    run: fn() -> Result<(), Halt>,
}

/// What has to hold before a commit.
const CHECK: &[Step] = &[
    Step { name: "formatting", run: formatting },
    Step { name: "lints", run: lints },
    Step { name: "generated files", run: generate::check },
    Step { name: "quick tests", run: quick_tests },
];

/// What has to hold before a change lands.
const CI: &[Step] = &[
    Step { name: "formatting", run: formatting },
    Step { name: "lints", run: lints },
    Step { name: "lints, default features", run: lints_of_core },
    Step { name: "features of the command", run: features },
    Step { name: "docs", run: docs },
    Step { name: "generated files", run: generate::check },
    Step { name: "public items", run: generate::check_public_api },
    Step { name: "OpenAPI linters", run: openapi_lint::run },
    Step { name: "conformance", run: || conformance::run(&conformance::Arguments::in_process()) },
    Step { name: "conformance, Python", run: || conformance::run(&conformance::Arguments::python()) },
    Step { name: "conformance, ready-made types", run: generate::ready_made::run },
    Step { name: "conformance, Ajv", run: languages::ajv },
    Step { name: "JSONTestSuite", run: || conformance::run(&conformance::Arguments::json_texts()) },
    Step { name: "differential", run: || differential::run(&differential::Arguments::short()) },
    Step { name: "exhaustive, one shard", run: || differential::run(&differential::Arguments::exhaustive()) },
    Step { name: "bindings, Python", run: bindings::python::run },
    Step { name: "recipes, Python", run: bindings::python::recipes },
    Step { name: "bindings, JavaScript", run: bindings::wasm::run },
    Step { name: "recipes, JavaScript", run: bindings::wasm::recipes },
    Step { name: "browser", run: bindings::wasm::browser },
    Step { name: "playground", run: bindings::playground::run },
    Step { name: "dependencies", run: dependencies::run },
    Step { name: "security advisories", run: dependencies::advisories },
    Step { name: "minimum supported Rust version", run: msrv::run },
    // The tests skip what needs these programs.
    Step { name: "commands of the pages", run: || install::require_programs(&["curl"]) },
    Step { name: "system calls of the server", run: || install::require_programs(&["strace -o /dev/null true"]) },
    Step { name: "PostgreSQL", run: postgresql::run },
    Step { name: "packages", run: packages::run },
    Step { name: "tests", run: tests },
    Step { name: "tests of the core alone", run: tests_of_core },
    Step { name: "tests with all features of serde_json", run: tests_with_features },
    Step { name: "schemathesis", run: schemathesis::run },
    Step { name: "example change of the documentation", run: || Ok(rehearse::run()?) },
    Step { name: "fuzz targets", run: fuzz_targets },
];

/// Runs the quick checks.
pub(crate) fn check() -> Result<(), Halt> {
    run_all(CHECK.iter())
}

/// Runs all checks, or some of them.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Halt> {
    let names = || CI.iter().map(|step| step.name).collect::<Vec<_>>().join("\n");
    if arguments.list {
        println!("{}", names());
        return Ok(());
    }
    let unknown = arguments.step.iter().find(|part| !CI.iter().any(|step| step.name.contains(part.as_str())));
    if let Some(unknown) = unknown {
        return Err(Halt::Failed(format!(
            "no step has `{unknown}` in its name; expected a part of one of:\n{}",
            names()
        )));
    }
    let is_selected =
        |step: &&Step| arguments.step.is_empty() || arguments.step.iter().any(|part| step.name.contains(part.as_str()));
    run_all(CI.iter().filter(is_selected))
}

/// Runs steps until one fails, and prints a table of them.
fn run_all<'s>(steps: impl Iterator<Item = &'s Step>) -> Result<(), Halt> {
    let (mut rows, mut failed) = (Vec::new(), None);
    for step in steps {
        eprintln!("=== {}", step.name);
        let started = Instant::now();
        let outcome = match (step.run)() {
            Ok(()) => "passed".to_owned(),
            Err(Halt::Skipped(reason)) => format!("skipped: {reason}"),
            Err(Halt::Failed(error)) => {
                failed = Some(Halt::Failed(format!("{} failed: {error}", step.name)));
                "failed".to_owned()
            }
        };
        rows.push((step.name, started.elapsed().as_secs_f32(), outcome));
        if failed.is_some() {
            break;
        }
    }
    eprint!("\n{}", table(&rows));
    failed.map_or(Ok(()), Err)
}

/// Returns a table of steps with their times in seconds and outcomes.
fn table(rows: &[(&str, f32, String)]) -> String {
    let width = rows.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
    let mut table = String::new();
    // Writing to a string cannot fail.
    for (name, seconds, outcome) in rows {
        let _ = writeln!(table, "{name:width$} {seconds:7.1} s  {outcome}");
    }
    let total: f32 = rows.iter().map(|(_, seconds, _)| seconds).sum();
    let _ = writeln!(table, "{:width$} {total:7.1} s", "");
    table
}

fn run_cargo(arguments: &[&str]) -> Result<(), Halt> {
    Ok(process::run(&mut cargo(arguments))?)
}

fn formatting() -> Result<(), Halt> {
    run_cargo(&["fmt", "--all", "--check"])?;
    run_cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])
}

fn lints() -> Result<(), Halt> {
    run_cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"])
}

fn lints_of_core() -> Result<(), Halt> {
    run_cargo(&["clippy", "--locked", "-p", "callagent", "--lib", "--", "-D", "warnings"])
}

/// Builds the command with each of its features alone.
fn features() -> Result<(), Halt> {
    let of = ["clippy", "--locked", "-p", "callagent-cli", "--no-default-features", "--features"];
    for feature in ["", "client", "compat", "postgres", "server", "verify"] {
        run_cargo(&[&of[..], &[feature, "--", "-D", "warnings"]].concat())?;
    }
    Ok(())
}

fn docs() -> Result<(), Halt> {
    let mut docs = cargo(&["doc", "--locked", "--workspace", "--no-deps", "--all-features"]);
    Ok(process::run(docs.arg("--document-private-items").env("RUSTDOCFLAGS", "-D warnings"))?)
}

fn tests() -> Result<(), Halt> {
    run_cargo(&["test", "--locked", "--workspace"])
}

/// Runs the unit tests, and the test programs that are not slow.
fn quick_tests() -> Result<(), Halt> {
    let packages = process::packages()?;
    let targets = packages.iter().flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let tests = targets.filter(|target| target["kind"][0] == "test").filter_map(|target| target["name"].as_str());
    let mut command: Command = cargo(&["test", "--locked", "--workspace", "--lib", "--bins"]);
    for test in tests.filter(|name| !SLOW.contains(name)) {
        command.args(["--test", test]);
    }
    Ok(process::run(&mut command)?)
}

fn tests_of_core() -> Result<(), Halt> {
    run_cargo(&["test", "--locked", "-p", "callagent"])
}

fn tests_with_features() -> Result<(), Halt> {
    run_cargo(&["test", "--locked", "-p", "callagent", "--features", SERDE_JSON])
}

/// Lints the fuzz targets, and runs them on their seeds and corpus.
fn fuzz_targets() -> Result<(), Halt> {
    let of = ["--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target", "--all-targets"];
    run_cargo(&[&["clippy"], &of[..], &["--", "-D", "warnings"]].concat())?;
    run_cargo(&[&["test"], &of[..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_steps_go_on_and_failures_stop() {
        let passed = Step { name: "one", run: || Ok(()) };
        let skipped = Step { name: "two", run: || Err(Halt::Skipped("`node` is not installed".to_owned())) };
        let failing = Step { name: "three", run: || Err(Halt::Failed("another hash".to_owned())) };
        let never = Step { name: "four", run: || panic!("a step failed before") };
        assert!(run_all([&passed, &skipped].into_iter()).is_ok());
        let failed = run_all([&skipped, &failing, &never].into_iter());
        assert!(matches!(failed, Err(Halt::Failed(error)) if error == "three failed: another hash"));
        let rows = [("one", 1.25, "passed".to_owned()), ("eleven", 100.0, "skipped: no".to_owned())];
        let expected = "one        1.2 s  passed\neleven   100.0 s  skipped: no\n         101.2 s\n";
        assert_eq!(table(&rows), expected);
    }
}
