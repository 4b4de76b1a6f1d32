//! `cargo xtask ci`: all checks that a change must pass.

use std::time::Instant;

use crate::{
    Halt, conformance, deny, differential, exhaustive, install, languages, msrv, openapi_lint, postgresql, process,
    public_api, ready_made, rehearse, schema, schemathesis,
};

/// The features of `serde_json` that other crates in a build may enable.
const SERDE_JSON: &str =
    "serde_json/arbitrary_precision,serde_json/preserve_order,serde_json/float_roundtrip,serde_json/unbounded_depth";

pub(crate) fn run() -> Result<(), String> {
    let mut steps = Steps::default();
    steps.cargo("formatting", &["fmt", "--all", "--check"])?;
    let lints = ["clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    steps.cargo("lints", &lints)?;
    let lints = ["clippy", "--locked", "-p", "callagent", "--lib", "--", "-D", "warnings"];
    steps.cargo("lints, default features", &lints)?;
    steps.run("docs", docs)?;
    steps.run("schemas", || schema::run(&schema::Arguments::check()).map_err(Halt::from))?;
    steps.run("OpenAPI linters", openapi_lint::run)?;
    steps.run("conformance", || conformance::run(&conformance::Arguments::in_process()))?;
    steps.run("conformance of the reference implementation in Python", || {
        conformance::run(&conformance::Arguments::python())
    })?;
    steps.run("ready-made types in Python and TypeScript", ready_made::run)?;
    steps.run("code that Ajv generates from the schemas", languages::ajv)?;
    steps.run("JSONTestSuite", || conformance::run(&conformance::Arguments::json_texts()))?;
    steps.run("differential", || differential::run(&differential::Arguments::short()).map_err(Halt::from))?;
    steps.run("exhaustive, one shard", || exhaustive::run(&exhaustive::Arguments::short()).map_err(Halt::from))?;
    steps.run("public items", || public_api::run(&public_api::Arguments::check()))?;
    steps.run("dependencies", || deny::run(&deny::Arguments::offline()))?;
    steps.run("minimum supported Rust version", || msrv::run(&msrv::Arguments::build()))?;
    // The tests skip what needs these programs.
    steps.run("commands of the pages", || install::require_programs(&["curl"]))?;
    steps.run("system calls of the server", || install::require_programs(&["strace -o /dev/null true"]))?;
    steps.run("PostgreSQL", postgresql::run)?;
    steps.cargo("tests", &["test", "--locked", "--workspace"])?;
    steps.run("schemathesis against the server", schemathesis::run)?;
    steps.run("example change of the documentation", || rehearse::run().map_err(Halt::from))?;
    steps.cargo("tests of the core crate", &["test", "--locked", "-p", "callagent"])?;
    let tests = ["test", "--locked", "-p", "callagent", "--features", SERDE_JSON];
    steps.cargo("tests with all features of serde_json", &tests)?;
    let fuzz = ["--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target", "--all-targets"];
    steps.cargo("formatting, fuzz targets", &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])?;
    steps.cargo("lints, fuzz targets", &[&["clippy"], &fuzz[..], &["--", "-D", "warnings"]].concat())?;
    steps.cargo("fuzz targets, on seeds and corpus", &[&["test"], &fuzz[..]].concat())?;
    steps.conclude();
    Ok(())
}

fn docs() -> Result<(), Halt> {
    let mut docs = process::cargo(&["doc", "--locked", "--workspace", "--no-deps", "--all-features"]);
    Ok(process::run(docs.arg("--document-private-items").env("RUSTDOCFLAGS", "-D warnings"))?)
}

#[derive(Default)]
struct Steps {
    /// The skipped steps, with reasons.
    skipped: Vec<String>,
}

impl Steps {
    fn cargo(&mut self, name: &str, arguments: &[&str]) -> Result<(), String> {
        self.run(name, || Ok(process::run(&mut process::cargo(arguments))?))
    }

    fn run(&mut self, name: &str, work: impl FnOnce() -> Result<(), Halt>) -> Result<(), String> {
        eprintln!("=== {name}");
        let started = Instant::now();
        match work() {
            Ok(()) => eprintln!("=== {name}: passed, {:.1} s", started.elapsed().as_secs_f32()),
            Err(Halt::Skipped(reason)) => {
                let message = format!("{name}: skipped: {reason}");
                eprintln!("=== {message}");
                self.skipped.push(message);
            }
            Err(Halt::Failed(error)) => return Err(format!("{name} failed: {error}")),
        }
        Ok(())
    }

    /// Repeats the skipped steps, which are easily missed in the output.
    fn conclude(self) {
        for message in self.skipped {
            eprintln!("=== {message}");
        }
        eprintln!("=== all other checks passed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_steps_are_kept_and_failures_stop() {
        let mut steps = Steps::default();
        assert_eq!(steps.run("one", || Ok(())), Ok(()));
        assert_eq!(steps.run("two", || Err(Halt::Skipped("`node` is not installed".to_owned()))), Ok(()));
        let failed = steps.run("three", || Err(Halt::Failed("another hash".to_owned())));
        assert_eq!(failed, Err("three failed: another hash".to_owned()));
        assert_eq!(steps.skipped, ["two: skipped: `node` is not installed"]);
    }
}
