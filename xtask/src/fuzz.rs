//! `cargo xtask fuzz`: searches for inputs that break a promise, guided by coverage.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Stdio,
};

use clap::Args;

use crate::process::{self, cargo, command, output};

/// What the sanitizer-coverage pass of LLVM is told, so that libFuzzer sees which code an input reaches. Stable Rust
/// takes all of it.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// Where the targets are, a file each.
const TARGETS: &str = "fuzz/fuzz_targets";
/// An input that takes longer, in seconds, is a finding: no reader needs more than milliseconds for it.
const TIMEOUT: u32 = 5;
/// The longest input, in bytes. A reader whose time is not linear shows at this length.
const LONGEST: u32 = 16 * 1024;

/// The longest input that is committed, in bytes: longer ones are many, and no one can read them.
const KEPT: u64 = 64;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Search this target alone, one of the files of `fuzz/fuzz_targets/`.
    #[arg(long)]
    target: Option<String>,
    /// How long each target is searched. What was found is kept in `target/fuzz/`, and the next search begins with it.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Search no more; write the short inputs that reach what the seeds do not to `fuzz/corpus/`.
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
    // All are searched, whatever one of them finds.
    let failed = ended.filter_map(Result::err).inspect(|message| eprintln!("{message}")).count();
    if failed == 0 { Ok(()) } else { Err("not every target is fine, as said above".to_owned()) }
}

/// The names of all targets.
fn names() -> io::Result<Vec<String>> {
    let paths = fs::read_dir(crate::root().join(TARGETS))?.map(|entry| entry.map(|entry| entry.path()));
    let name = |path: PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut names = paths.map(|path| path.map(name)).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// Builds the targets, and writes their seeds; the folder of the programs.
fn build(targets: &[String]) -> Result<PathBuf, String> {
    let fuzz = ["--quiet", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target/fuzz"];
    process::run(cargo(&["run"]).args(fuzz).args(["--bin", "seeds", "fixtures", "target/fuzz/seeds"]))?;

    let compiler = output(command("rustc").arg("-vV"))?;
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not say its host")?;
    // Named as the target, the host's build scripts are built without the flags.
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
    /// Searches, and prints what libFuzzer counted.
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
                "{target} found an input that breaks a promise: {log} says which. Copy it from {found} to \
                 fuzz/corpus/{target}/, and `cargo test --manifest-path fuzz/Cargo.toml` shows it"
            )
        })?;
        let told = fs::read_to_string(crate::root().join(&log)).unwrap_or_default();
        let (executions, edges) = (counted(&told, "number_of_executed_units:"), counted(&told, " cov:"));
        println!("{target}: {executions} executions in {seconds} s, {edges} edges of the code reached");
        Ok(())
    }

    /// Writes the short inputs that reach what the seeds do not to the folder that is committed. There, a file with a name of
    /// its own stays.
    fn keep(&self) -> Result<(), String> {
        let (seeds, kept) = (self.folder("target/fuzz/seeds"), self.folder("fuzz/corpus"));
        let made = fs::create_dir_all(crate::root().join(&kept));
        made.map_err(|error| format!("cannot write {kept}: {error}"))?;
        // Merging adds to the first folder what the others have beyond it: as few inputs as reach all edges of the code,
        // however often they do.
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
        println!("{}: {count} inputs of {bytes} bytes beside the seeds", self.target);
        Ok(())
    }

    fn folder(&self, parent: &str) -> String {
        format!("{parent}/{}", self.target)
    }
}

/// The files of a folder that libFuzzer named: by their SHA-1.
fn by_libfuzzer(folder: &str) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(crate::root().join(folder))?.map(|entry| entry.map(|entry| entry.path()));
    let is_hash = |name: &str| name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_named = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(is_hash);
    paths.filter(|path| path.as_ref().map_or(true, is_named)).collect()
}

/// What libFuzzer counted: its last word on `name`, as in `cov: 12` or `stat::number_of_executed_units: 12`.
fn counted<'l>(log: &'l str, name: &str) -> &'l str {
    let after = log.rsplit_once(name).map(|(_, after)| after.trim_start());
    after.and_then(|after| after.split_whitespace().next()).unwrap_or("unknown")
}
