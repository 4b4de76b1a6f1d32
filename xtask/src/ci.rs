//! `cargo xtask ci`: everything that must hold before a change lands.

use std::time::Instant;

use crate::{
    Ended, conformance, deny, differential, exhaustive, languages, msrv, openapi_lint, process, public_api, ready_made,
    rehearse, schema,
};

/// The features of `serde_json` that another crate of a build may turn on under us.
const SERDE_JSON: &str =
    "serde_json/arbitrary_precision,serde_json/preserve_order,serde_json/float_roundtrip,serde_json/unbounded_depth";

pub(crate) fn run() -> Result<(), String> {
    cargo("formatting", &["fmt", "--all", "--check"], &[])?;
    cargo(
        "lints",
        &["clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"],
        &[],
    )?;
    cargo("lints, default features", &["clippy", "--locked", "-p", "callagent", "--lib", "--", "-D", "warnings"], &[])?;
    let docs = ["doc", "--locked", "--workspace", "--no-deps", "--all-features", "--document-private-items"];
    cargo("docs", &docs, &[("RUSTDOCFLAGS", "-D warnings")])?;
    step("schemas", || schema::run(&schema::Arguments::check()))?;
    optional("linters of OpenAPI documents", openapi_lint::run)?;
    step("conformance", || conformance::run(&conformance::Arguments::in_process()))?;
    step("conformance of an independent reading, by the executor protocol", || {
        conformance::run(&conformance::Arguments::python())
    })?;
    optional("ready-made types, in Python and TypeScript", ready_made::run)?;
    optional("the code that Ajv writes of the schemas", languages::ajv)?;
    step("texts of JSONTestSuite", || conformance::run(&conformance::Arguments::json_texts()))?;
    step("differential", || differential::run(&differential::Arguments::short()))?;
    step("exhaustive, one shard", || exhaustive::run(&exhaustive::Arguments::short()))?;
    optional("public items", || public_api::run(&public_api::Arguments::check()))?;
    optional("dependencies", || deny::run(&deny::Arguments::offline()))?;
    optional("the oldest Rust", || msrv::run(&msrv::Arguments::build()))?;
    cargo("tests", &["test", "--locked", "--workspace"], &[])?;
    step("a change of the contract, rehearsed", rehearse::run)?;
    cargo("tests of the core alone", &["test", "--locked", "-p", "callagent"], &[])?;
    cargo("tests with serde_json's features", &["test", "--locked", "-p", "callagent", "--features", SERDE_JSON], &[])?;
    let fuzz = ["--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target", "--all-targets"];
    cargo("formatting of the fuzz targets", &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"], &[])?;
    cargo("lints of the fuzz targets", &[&["clippy"], &fuzz[..], &["--", "-D", "warnings"]].concat(), &[])?;
    cargo("fuzz targets on their seeds and corpus", &[&["test"], &fuzz[..]].concat(), &[])
}

fn cargo(name: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    step(name, || process::run(process::cargo(arguments).envs(environment.iter().copied())))
}

fn step(name: &str, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    optional(name, || work().map(|()| Ended::Fine))
}

/// A step that needs what not every machine has.
fn optional(name: &str, work: impl FnOnce() -> Result<Ended, String>) -> Result<(), String> {
    eprintln!("=== {name}");
    let begun = Instant::now();
    match work().map_err(|error| format!("{name} failed: {error}"))? {
        Ended::Fine => eprintln!("=== {name}: fine, {:.1} s", begun.elapsed().as_secs_f32()),
        Ended::NotRun(reason) => eprintln!("=== {name}: not run here: {reason}"),
    }
    Ok(())
}
