//! Checking the core crate with its minimum supported Rust version, from Debian's packages.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Halt,
    install::require_programs,
    process::{self, command, output},
    tools,
};

pub(crate) fn run() -> Result<(), Halt> {
    let version = minimum_version()?;
    let folder = tools::folder(&format!("rust-{version}"));
    if !folder.join("usr/bin/cargo").exists() {
        fetch(&version, &folder)?;
    }
    let check = ["check", "--all-features", "--locked", "--package", "callagent", "--target-dir", "target/msrv"];
    Ok(process::run(old(&folder, "cargo").args(check))?)
}

/// The `rust-version` of the core crate.
fn minimum_version() -> Result<String, String> {
    let packages = process::packages()?;
    let mut packages = packages.iter();
    let version =
        packages.find(|package| package["name"] == "callagent").and_then(|core| core["rust_version"].as_str());
    Ok(version.ok_or("the core crate has no `rust-version`")?.to_owned())
}

/// Unpacks the packages of a Rust version and of missing libraries into a directory. Nothing is installed, so this needs
/// no privileges.
fn fetch(version: &str, folder: &Path) -> Result<(), Halt> {
    require_programs(&["apt-get", "apt-cache", "dpkg"])?;
    let apt = Apt(tools::folder("apt"));
    for kept in ["lists/partial", "archives/partial"] {
        let kept = apt.0.join(kept);
        fs::create_dir_all(&kept).map_err(|error| format!("cannot make {}: {error}", kept.display()))?;
    }
    let cannot = |reason: String| Halt::Skipped(format!("cannot download Debian's packages: {reason}"));
    output(apt.command("apt-get").args(["--quiet", "update"])).map_err(cannot)?;
    let packages = apt
        .packages(version)
        .ok_or_else(|| Halt::Skipped(format!("Debian's package lists have no `libstd-rust-{version}`")))?;
    let download = ["--quiet", "--yes", "--no-install-recommends", "--download-only", "install"];
    output(apt.command("apt-get").args(download).args(packages)).map_err(cannot)?;
    let unpacked = apt.0.join("unpacked");
    let files = fs::read_dir(apt.0.join("archives")).map_err(|error| error.to_string())?;
    let archives =
        files.flatten().map(|file| file.path()).filter(|file| file.extension().is_some_and(|end| end == "deb"));
    for package in archives {
        output(command("dpkg").arg("--extract").arg(package).arg(&unpacked))?;
    }
    let moved = fs::rename(unpacked, folder).and_then(|()| fs::remove_dir_all(&apt.0));
    Ok(moved.map_err(|error| format!("cannot fill {}: {error}", folder.display()))?)
}

/// Debian's packages, with separate lists and archives in a directory.
struct Apt(PathBuf);

impl Apt {
    fn command(&self, program: &str) -> Command {
        let mut apt = command(program);
        for (option, value) in [
            ("Dir::State::lists", self.0.join("lists").as_path()),
            ("Dir::Cache", &self.0),
            // The user of apt's sandbox cannot write to this directory.
            ("APT::Sandbox::User", Path::new("")),
            // The lock protects installed packages, which are not changed.
            ("Debug::NoLocking", Path::new("true")),
        ] {
            apt.arg("--option").arg(format!("{option}={}", value.display()));
        }
        apt
    }

    /// The packages of a Rust version. Debian names the standard library after it, and stable releases may have newer
    /// versions under other names.
    fn packages(&self, version: &str) -> Option<Vec<String>> {
        ["", "-web"].into_iter().find_map(|kind| {
            let library = format!("libstd-rust{kind}-{version}");
            let reported = output(self.command("apt-cache").args(["show", "--no-all-versions", &library])).ok()?;
            let package = reported.lines().find_map(|line| line.strip_prefix("Version: "))?.to_owned();
            let names = [format!("rustc{kind}"), format!("cargo{kind}"), format!("libstd-rust{kind}-dev"), library];
            Some(names.map(|name| format!("{name}={package}")).to_vec())
        })
    }
}

/// A program of the old Rust version, with its own compiler and libraries.
fn old(folder: &Path, program: &str) -> Command {
    let bin = folder.join("usr/bin");
    let libraries = ["usr/lib", "lib"].into_iter().flat_map(|lib| folders(&folder.join(lib)));
    let libraries = libraries.flat_map(|library| [library.join("lib"), library]);
    let path = env::var_os("PATH").unwrap_or_default();
    let mut command = command(bin.join(program));
    // Variables inherited from Cargo refer to the newer Rust.
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
