//! Checking the core crate with its minimum supported Rust version, from Debian's packages.

use crate::{Halt, debian::Rust, process};

pub(crate) fn run() -> Result<(), Halt> {
    let rust = Rust::fetched(&minimum_version()?, &[])?;
    let check = ["check", "--all-features", "--locked", "--package", "callagent", "--target-dir", "target/msrv"];
    Ok(process::run(rust.cargo().args(check))?)
}

/// The `rust-version` of the core crate.
pub(crate) fn minimum_version() -> Result<String, String> {
    let packages = process::packages()?;
    let mut packages = packages.iter();
    let version =
        packages.find(|package| package["name"] == "callagent").and_then(|core| core["rust_version"].as_str());
    Ok(version.ok_or("the core crate has no `rust-version`")?.to_owned())
}
