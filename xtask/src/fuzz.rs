//! `cargo xtask fuzz`: runs the fuzz targets, guided by coverage.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Stdio,
};

use clap::Args;

use crate::process::{self, cargo, command, output};

/// The options of LLVM's sanitizer-coverage pass, through which libFuzzer sees which code an input reaches. Stable Rust
/// accepts all of them.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// The directory of the targets, one file each.
const TARGETS: &str = "fuzz/fuzz_targets";
/// The time limit of an input in seconds. Reading should take milliseconds.
const TIMEOUT: u32 = 5;
/// The maximum length of an input in bytes. Non-linear time shows at this length.
const LONGEST: u32 = 16 * 1024;

/// The maximum length of a committed input in bytes, which keeps the corpus small and readable.
const KEPT: u64 = 64;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Run only this target, one of the files in `fuzz/fuzz_targets/`.
    #[arg(long)]
    target: Option<String>,
    /// How long to run each target. Inputs found are kept in `target/fuzz/` and used by the next run.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Write short inputs that reach more code than the seeds to `fuzz/corpus/` instead of searching.
    #[arg(long, conflicts_with = "seconds")]
    keep: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let targets = match &arguments.target {
        Some(target) => vec![target.clone()],
        None => names().map_err(|error| format!("cannot read {TARGETS}: {error}"))?,
    };
    let programs = build(&targets)?;
    let searches = targets.iter().map(|target| Search { target, program: programs.join(target) });
    let ended = searches.map(|search| if arguments.keep { search.keep() } else { search.run(arguments.seconds) });
    // Run all targets even if one fails.
    let failed = ended.filter_map(Result::err).inspect(|message| eprintln!("{message}")).count();
    if failed == 0 { Ok(()) } else { Err("some targets failed, see above".to_owned()) }
}

/// The names of all targets.
fn names() -> io::Result<Vec<String>> {
    let paths = fs::read_dir(crate::root().join(TARGETS))?.map(|entry| entry.map(|entry| entry.path()));
    let name = |path: PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut names = paths.map(|path| path.map(name)).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// Builds the targets and writes their seeds. Returns the directory of the programs.
fn build(targets: &[String]) -> Result<PathBuf, String> {
    let fuzz = ["--quiet", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target/fuzz"];
    process::run(cargo(&["run"]).args(fuzz).args(["--bin", "seeds", "target/fuzz/seeds"]))?;

    let compiler = output(command("rustc").arg("-vV"))?;
    let host =
        compiler.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("expected a `host` line from rustc")?;
    // With an explicit target, build scripts are built without the flags.
    let mut build = cargo(&["build", "--release", "--features", "libfuzzer", "--target", host]);
    build.args(fuzz).env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\u{1f}"));
    process::run(build.args(targets.iter().flat_map(|target| ["--bin", target])))?;
    Ok(Path::new("target/fuzz").join(host).join("release"))
}

struct Search<'t> {
    target: &'t str,
    program: PathBuf,
}

impl Search<'_> {
    /// Runs the target and prints libFuzzer's statistics.
    fn run(&self, seconds: u32) -> Result<(), String> {
        let target = self.target;
        let (found, log) = (self.folder("target/fuzz/found") + "/", format!("target/fuzz/{target}.log"));
        let corpus = ["target/fuzz/corpus", "fuzz/corpus", "target/fuzz/seeds"].map(|parent| self.folder(parent));
        let made = corpus.iter().chain([&found]).try_for_each(|folder| fs::create_dir_all(crate::root().join(folder)));
        let file = made.and_then(|()| fs::File::create(crate::root().join(&log)));
        let file = file.map_err(|error| format!("cannot write {log}: {error}"))?;
        let mut search = command(crate::root().join(&self.program));
        search.args(corpus).args([
            format!("-max_total_time={seconds}"),
            format!("-timeout={TIMEOUT}"),
            format!("-max_len={LONGEST}"),
            format!("-artifact_prefix={found}"),
            "-dict=target/fuzz/seeds/dictionary".to_owned(),
            "-print_final_stats=1".to_owned(),
        ]);
        let ended = process::run(search.stderr(file));
        ended.map_err(|_| {
            format!(
                "{target} failed on an input, see {log}. Copy it from {found} to \
                 fuzz/corpus/{target}/, and `cargo test --manifest-path fuzz/Cargo.toml` reproduces it"
            )
        })?;
        let reported = fs::read_to_string(crate::root().join(&log)).unwrap_or_default();
        let (executions, edges) = (counted(&reported, "number_of_executed_units:"), counted(&reported, " cov:"));
        println!("{target}: {executions} executions in {seconds} s, {edges} edges covered");
        Ok(())
    }

    /// Writes short inputs that reach more code than the seeds to the committed corpus. Files with descriptive names are
    /// kept.
    fn keep(&self) -> Result<(), String> {
        let (seeds, kept) = (self.folder("target/fuzz/seeds"), self.folder("fuzz/corpus"));
        let made = fs::create_dir_all(crate::root().join(&kept));
        made.map_err(|error| format!("cannot write {kept}: {error}"))?;
        // Merging adds a minimal set of inputs from the other directories to the first one, by edges covered.
        let mut merge = command(crate::root().join(&self.program));
        merge.args(["-set_cover_merge=1", "-use_counters=0", "-use_cmp=0"]);
        merge.args([&seeds, &kept, &self.folder("target/fuzz/corpus")]);
        process::run(merge.stderr(Stdio::null()))?;
        let replace = || -> io::Result<(usize, u64)> {
            for path in by_libfuzzer(&kept)? {
                fs::remove_file(path)?;
            }
            let mut inputs = by_libfuzzer(&seeds)?;
            inputs.retain(|path| fs::metadata(path).is_ok_and(|file| file.len() <= KEPT));
            let folder = crate::root().join(&kept);
            let sizes = inputs.iter().map(|path| fs::copy(path, folder.join(path.file_name().unwrap_or_default())));
            Ok((inputs.len(), sizes.sum::<io::Result<u64>>()?))
        };
        let (count, bytes) = replace().map_err(|error| format!("cannot write {kept}: {error}"))?;
        println!("{}: {count} inputs with {bytes} bytes in addition to the seeds", self.target);
        Ok(())
    }

    fn folder(&self, parent: &str) -> String {
        format!("{parent}/{}", self.target)
    }
}

/// The files of a directory that libFuzzer named, by their SHA-1.
fn by_libfuzzer(folder: &str) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(crate::root().join(folder))?.map(|entry| entry.map(|entry| entry.path()));
    let is_hash = |name: &str| name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_named = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(is_hash);
    paths.filter(|path| path.as_ref().map_or(true, is_named)).collect()
}

/// The last value of a libFuzzer statistic, as in `cov: 12` or `stat::number_of_executed_units: 12`.
fn counted<'l>(log: &'l str, name: &str) -> &'l str {
    let after = log.rsplit_once(name).map(|(_, after)| after.trim_start());
    after.and_then(|after| after.split_whitespace().next()).unwrap_or("unknown")
}
