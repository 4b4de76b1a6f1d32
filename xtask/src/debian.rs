//! Rust from Debian's packages. They are only unpacked, so this needs no privileges.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Halt,
    install::require_programs,
    process::{command, output},
    tools,
};

/// The package with the linkers of targets other than the host. It has `wasm-ld`.
const LINKER: &str = "lld";

/// A version of Rust in a directory of its own.
pub(crate) struct Rust(PathBuf);

impl Rust {
    /// Fetches a version with further libraries of it, unless it was fetched before.
    pub(crate) fn fetched(version: &str, others: &[&str]) -> Result<Self, Halt> {
        let name: String =
            others.iter().map(|other| format!("-{}", other.rsplit('-').next().unwrap_or(other))).collect();
        let folder = tools::folder(&format!("rust-{version}{name}"));
        if !folder.join("usr/bin/cargo").exists() {
            fetch(version, others, &folder)?;
        }
        Ok(Rust(folder))
    }

    /// Returns its Cargo, which runs its own compiler with its own libraries.
    pub(crate) fn cargo(&self) -> Command {
        let Rust(folder) = self;
        let bin = folder.join("usr/bin");
        let libraries = ["usr/lib", "lib"].into_iter().flat_map(|lib| folders(&folder.join(lib)));
        let libraries = libraries.flat_map(|library| [library.join("lib"), library]);
        let path = env::var_os("PATH").unwrap_or_default();
        let mut command = command(bin.join("cargo"));
        // Variables inherited from Cargo refer to the newer Rust.
        for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "RUSTFLAGS"] {
            command.env_remove(name);
        }
        command
            .env("PATH", env::join_paths([bin].into_iter().chain(env::split_paths(&path))).unwrap_or(path))
            .env("LD_LIBRARY_PATH", env::join_paths(libraries).unwrap_or_default());
        command
    }
}

/// Unpacks the packages of a Rust version, others, and missing libraries into a directory.
fn fetch(version: &str, others: &[&str], folder: &Path) -> Result<(), Halt> {
    require_programs(&["apt-get", "apt-cache", "dpkg"])?;
    let apt = Apt(tools::folder("apt"));
    for kept in ["lists/partial", "archives/partial"] {
        let kept = apt.0.join(kept);
        fs::create_dir_all(&kept).map_err(|error| format!("cannot make {}: {error}", kept.display()))?;
    }
    let cannot = |reason: String| Halt::Skipped(format!("cannot download Debian's packages: {reason}"));
    output(apt.command("apt-get").args(["--quiet", "update"])).map_err(cannot)?;
    let packages = apt.packages(version, others).ok_or_else(|| {
        let others = others.iter().map(|other| format!(" with `{other}`")).collect::<String>();
        Halt::Skipped(format!("Debian's package lists have no `libstd-rust-{version}`{others}"))
    })?;
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

    /// The packages of a Rust version, with further libraries of it and their linker. Debian names the standard library after it, and stable releases may have newer
    /// versions under other names.
    fn packages(&self, version: &str, others: &[&str]) -> Option<Vec<String>> {
        ["", "-web"].into_iter().find_map(|kind| {
            let library = format!("libstd-rust{kind}-{version}");
            let reported = output(self.command("apt-cache").args(["show", "--no-all-versions", &library])).ok()?;
            let package = reported.lines().find_map(|line| line.strip_prefix("Version: "))?.to_owned();
            let names = [format!("rustc{kind}"), format!("cargo{kind}"), format!("libstd-rust{kind}-dev"), library];
            let names =
                names.into_iter().chain(others.iter().map(|other| other.replace("rust", &format!("rust{kind}"))));
            let linker = (!others.is_empty()).then(|| LINKER.to_owned());
            let names: Vec<_> = names.map(|name| format!("{name}={package}")).chain(linker).collect();
            // It succeeds even if only some are known.
            let known = output(self.command("apt-cache").args(["show", "--no-all-versions"]).args(&names)).ok()?;
            let found = known.lines().filter(|line| line.starts_with("Package: ")).count();
            (found == names.len()).then_some(names)
        })
    }
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}
