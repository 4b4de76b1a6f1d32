//! `cargo xtask ci`: everything that must hold before a change lands.

use std::{env, process::Command, time::Instant};

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
    step("schemas", || crate::schema::run(&crate::schema::Arguments::check()))?;
    cargo("tests", &["test", "--locked", "--workspace"], &[])?;
    step("a change of the contract, rehearsed", crate::rehearse::run)?;
    cargo("tests of the core alone", &["test", "--locked", "-p", "callagent"], &[])?;
    cargo("tests with serde_json's features", &["test", "--locked", "-p", "callagent", "--features", SERDE_JSON], &[])
}

fn cargo(name: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    step(name, || {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(arguments).envs(environment.iter().copied()).current_dir(crate::root());
        let status = command.status().map_err(|error| format!("cannot start cargo: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("run `cargo {}` to see it alone", arguments.join(" "))) }
    })
}

fn step(name: &str, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    eprintln!("=== {name}");
    let begun = Instant::now();
    work().map_err(|error| format!("{name} failed: {error}"))?;
    eprintln!("=== {name}: fine, {:.1} s", begun.elapsed().as_secs_f32());
    Ok(())
}
