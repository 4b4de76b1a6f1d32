//! Testing the ready-made types in their own languages.

use std::fs;

use callagent_testkit::vectors;

use super::{
    probes::{Probes, probes},
    python, typescript,
};
use crate::{Halt, conformance::Installed, process};

/// The output directory, which Git ignores.
const FOLDER: &str = "target/ready-made";
const PYTHON: &str = "target/conformance/python/bin/python";
const PYTHON_USAGE: &str = "conformance/ready-made/test_python.py";
const TSC: &str = "conformance/adapters/typescript/node_modules/typescript/bin/tsc";
const TSC_OPTIONS: [&str; 11] = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--target",
    "es2023",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--pretty",
    "false",
];
const TYPESCRIPT_USAGE: &str = "conformance/ready-made/usage.ts";

/// The number of failing probes to show.
const SHOWN: usize = 20;

/// Tests the Python module and the TypeScript declarations, if their toolchains are installed.
///
/// # Errors
/// One of them is wrong or cannot be tested.
pub(crate) fn run() -> Result<(), Halt> {
    let python = Installed::new("pydantic").and_then(|adapter| Ok(in_python(adapter)?));
    // The generators pin the compiler.
    let typescript = Installed::new("ajv").and_then(|_| Ok(in_typescript()?));
    let mut reasons = Vec::new();
    for (language, tried) in [("Python", python), ("TypeScript", typescript)] {
        match tried {
            Ok(()) => {}
            Err(Halt::Skipped(reason)) => reasons.push(format!("{language}: {reason}")),
            Err(failed) => return Err(failed),
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(Halt::Skipped(reasons.join("; "))) }
}

/// Runs the vectors, usage tests and type checks of the Python module.
fn in_python(adapter: Installed) -> Result<(), String> {
    adapter.check()?;
    let module = format!("schemas/{}", python::FILE);
    let usage = run_program(PYTHON, &["-m", "unittest", PYTHON_USAGE])?;
    let types = run_program(
        PYTHON,
        &["-m", "mypy", "--strict", "--cache-dir", &format!("{FOLDER}/mypy"), &module, PYTHON_USAGE],
    )?;
    for (name, (succeeded, output)) in [("unittest", usage), ("mypy", types)] {
        if !succeeded {
            return Err(format!("{name} reports for {module} and {PYTHON_USAGE}:\n{output}"));
        }
        println!("{name}: {}", output.lines().last().unwrap_or_default());
    }
    Ok(())
}

/// Compiles the vectors as literals, and a program that uses the types.
fn in_typescript() -> Result<(), String> {
    let Probes { text, ids, accepted, rejected, inexpressible } = probes(&vectors::read()?);
    let file = format!("{FOLDER}/probes.ts");
    let wrong = |error: std::io::Error| format!("cannot write {file}: {error}");
    fs::create_dir_all(crate::root().join(FOLDER)).map_err(wrong)?;
    fs::write(crate::root().join(&file), text).map_err(wrong)?;
    let mut arguments = vec![TSC];
    arguments.extend(TSC_OPTIONS);
    let (succeeded, output) = run_program("node", &[arguments, vec![&file, TYPESCRIPT_USAGE]].concat())?;
    if succeeded {
        println!(
            "tsc: {accepted} valid documents accepted, {rejected} invalid ones rejected, {inexpressible} that types cannot reject"
        );
        return Ok(());
    }
    // `target/ready-made/probes.ts(12,3): error TS2578: Unused '@ts-expect-error' directive.`
    let id = |line: &str| {
        let number = line.strip_prefix(&file)?.strip_prefix('(')?.split(',').next()?;
        ids.get(number.parse::<usize>().ok()?.checked_sub(1)?)
    };
    let reported = output.lines().map(|line| id(line).map_or_else(|| line.to_owned(), |id| format!("{id}: {line}")));
    let reported: Vec<_> = reported.take(SHOWN).collect();
    Err(format!(
        "tsc reports for schemas/{} (an unused `@ts-expect-error` is an accepted document that types can reject):\n{}",
        typescript::FILE,
        reported.join("\n")
    ))
}

/// Runs a program in the root directory of the workspace. Returns whether it succeeds, and its output.
fn run_program(program: &str, arguments: &[&str]) -> Result<(bool, String), String> {
    let modules = ["PYTHONPATH", "MYPYPATH"].map(|variable| (variable, "schemas/python"));
    let mut command = process::command(program);
    let output = command.args(arguments).envs(modules).env("PYTHONDONTWRITEBYTECODE", "1").output();
    let output = output.map_err(|error| format!("cannot start {program}: {error}"))?;
    let text = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&text).trim_end().to_owned()))
}
