//! `cargo xtask msrv`: the core crate with the oldest Rust that it promises to need, as Debian packages it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;
use serde_json::Value;

use crate::{
    Ended, process,
    process::{cargo, command, output},
    tools,
};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Build it, and run no test.
    #[arg(long)]
    build: bool,
}

impl Arguments {
    pub(crate) const fn build() -> Self {
        Arguments { build: true }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Ended, String> {
    let version = promised()?;
    let folder = tools::folder(&format!("rust-{version}"));
    if !folder.join("usr/bin/cargo").exists()
        && let Err(reason) = fetch(&version, &folder)
    {
        return Ok(Ended::NotRun(format!("Rust {version} cannot be had from Debian's packages: {reason}")));
    }
    let task: &[&str] = if arguments.build { &["check", "--all-features"] } else { &["test"] };
    let of = ["--locked", "--package", "callagent", "--target-dir", "target/msrv"];
    process::run(old(&folder, "cargo").args(task).args(of))?;
    Ok(Ended::Fine)
}

/// The `rust-version` of the core crate.
fn promised() -> Result<String, String> {
    let metadata = output(&mut cargo(&["metadata", "--no-deps", "--locked", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| format!("cargo's metadata: {error}"))?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let version =
        packages.find(|package| package["name"] == "callagent").and_then(|core| core["rust_version"].as_str());
    Ok(version.ok_or("the core crate has no `rust-version`")?.to_owned())
}

/// Unpacks the packages of a Rust, and of the libraries that it lacks here, into a folder. Nothing is installed.
fn fetch(version: &str, folder: &Path) -> Result<(), String> {
    let packages = packages(version).or_else(|_| {
        output(command("apt-get").args(["--quiet", "update"]))?;
        packages(version)
    })?;
    let fetched = folder.join("packages");
    fs::create_dir_all(fetched.join("partial")).map_err(|error| format!("{}: {error}", fetched.display()))?;
    let cache = format!("Dir::Cache::archives={}", fetched.display());
    let download = ["--quiet", "--yes", "--no-install-recommends", "--download-only", "--option", &cache, "install"];
    output(command("apt-get").args(download).args(packages))?;
    let files = fs::read_dir(&fetched).map_err(|error| error.to_string())?;
    let archives =
        files.flatten().map(|file| file.path()).filter(|file| file.extension().is_some_and(|end| end == "deb"));
    for package in archives {
        output(command("dpkg").arg("--extract").arg(package).arg(folder))?;
    }
    fs::remove_dir_all(fetched).map_err(|error| error.to_string())
}

/// The packages of a Rust: Debian names its standard library after it, and a stable release may have newer ones for its
/// browsers under names of their own.
fn packages(version: &str) -> Result<Vec<String>, String> {
    let found = ["", "-web"].into_iter().find_map(|kind| {
        let library = format!("libstd-rust{kind}-{version}");
        let told = output(command("apt-cache").args(["show", "--no-all-versions", &library])).ok()?;
        let package = told.lines().find_map(|line| line.strip_prefix("Version: "))?.to_owned();
        let names = [format!("rustc{kind}"), format!("cargo{kind}"), format!("libstd-rust{kind}-dev"), library];
        Some(names.map(|name| format!("{name}={package}")).to_vec())
    });
    found.ok_or_else(|| format!("none is named `libstd-rust-{version}` or `libstd-rust-web-{version}`"))
}

/// A program of the old Rust, which finds its own compiler and libraries.
fn old(folder: &Path, program: &str) -> Command {
    let bin = folder.join("usr/bin");
    let libraries = ["usr/lib", "lib"].into_iter().flat_map(|lib| folders(&folder.join(lib)));
    let libraries = libraries.flat_map(|library| [library.join("lib"), library]);
    let path = env::var_os("PATH").unwrap_or_default();
    let mut command = command(bin.join(program));
    // What this task inherits from the cargo that runs it is the newer Rust's.
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "RUSTFLAGS"] {
        command.env_remove(name);
    }
    command
        .env("PATH", env::join_paths([bin].into_iter().chain(env::split_paths(&path))).unwrap_or(path))
        .env("LD_LIBRARY_PATH", env::join_paths(libraries).unwrap_or_default());
    command
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}
