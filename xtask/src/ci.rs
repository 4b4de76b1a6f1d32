//! `cargo xtask ci`: everything that must hold before a change lands.

use std::time::Instant;

use crate::{
    Stop, conformance, deny, differential, exhaustive, languages, msrv, openapi_lint, process, public_api, ready_made,
    rehearse, schema,
};

/// The features of `serde_json` that another crate of a build may turn on under us.
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
    steps.run("schemas", || schema::run(&schema::Arguments::check()).map_err(Stop::from))?;
    steps.run("linters of OpenAPI documents", openapi_lint::run)?;
    steps.run("conformance", || conformance::run(&conformance::Arguments::in_process()))?;
    steps.run("conformance of an independent reading, by the executor protocol", || {
        conformance::run(&conformance::Arguments::python())
    })?;
    steps.run("ready-made types, in Python and TypeScript", ready_made::run)?;
    steps.run("the code that Ajv writes of the schemas", languages::ajv)?;
    steps.run("texts of JSONTestSuite", || conformance::run(&conformance::Arguments::json_texts()))?;
    steps.run("differential", || differential::run(&differential::Arguments::short()).map_err(Stop::from))?;
    steps.run("exhaustive, one shard", || exhaustive::run(&exhaustive::Arguments::short()).map_err(Stop::from))?;
    steps.run("public items", || public_api::run(&public_api::Arguments::check()))?;
    steps.run("dependencies", || deny::run(&deny::Arguments::offline()))?;
    steps.run("the oldest Rust", || msrv::run(&msrv::Arguments::build()))?;
    steps.cargo("tests", &["test", "--locked", "--workspace"])?;
    steps.run("a change of the contract, rehearsed", || rehearse::run().map_err(Stop::from))?;
    steps.cargo("tests of the core alone", &["test", "--locked", "-p", "callagent"])?;
    let tests = ["test", "--locked", "-p", "callagent", "--features", SERDE_JSON];
    steps.cargo("tests with serde_json's features", &tests)?;
    let fuzz = ["--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target", "--all-targets"];
    steps.cargo("formatting of the fuzz targets", &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])?;
    steps.cargo("lints of the fuzz targets", &[&["clippy"], &fuzz[..], &["--", "-D", "warnings"]].concat())?;
    steps.cargo("fuzz targets on their seeds and corpus", &[&["test"], &fuzz[..]].concat())?;
    steps.conclude();
    Ok(())
}

fn docs() -> Result<(), Stop> {
    let mut docs = process::cargo(&["doc", "--locked", "--workspace", "--no-deps", "--all-features"]);
    Ok(process::run(docs.arg("--document-private-items").env("RUSTDOCFLAGS", "-D warnings"))?)
}

#[derive(Default)]
struct Steps {
    /// Those that this machine lacks something for, with what.
    not_run: Vec<String>,
}

impl Steps {
    fn cargo(&mut self, name: &str, arguments: &[&str]) -> Result<(), String> {
        self.run(name, || Ok(process::run(&mut process::cargo(arguments))?))
    }

    fn run(&mut self, name: &str, work: impl FnOnce() -> Result<(), Stop>) -> Result<(), String> {
        eprintln!("=== {name}");
        let begun = Instant::now();
        match work() {
            Ok(()) => eprintln!("=== {name}: fine, {:.1} s", begun.elapsed().as_secs_f32()),
            Err(Stop::Skipped(reason)) => {
                let told = format!("{name}: not run here: {reason}");
                eprintln!("=== {told}");
                self.not_run.push(told);
            }
            Err(Stop::Failed(error)) => return Err(format!("{name} failed: {error}")),
        }
        Ok(())
    }

    /// Says again what was not run, which otherwise is lost among the rest.
    fn conclude(self) {
        for told in self.not_run {
            eprintln!("=== {told}");
        }
        eprintln!("=== all that was run is fine");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_run_is_kept_and_what_fails_stops() {
        let mut steps = Steps::default();
        assert_eq!(steps.run("one", || Ok(())), Ok(()));
        assert_eq!(steps.run("two", || Err(Stop::Skipped("there is no `node`".to_owned()))), Ok(()));
        let failed = steps.run("three", || Err(Stop::Failed("another hash".to_owned())));
        assert_eq!(failed, Err("three failed: another hash".to_owned()));
        assert_eq!(steps.not_run, ["two: not run here: there is no `node`"]);
    }
}
