//! `cargo xtask measure load`: measures the server under load with wrk, next to servers that do less.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use clap::Args;

use crate::{
    Halt,
    process::{self, cargo, command, output},
    served::Served,
};

/// The script of wrk. It prints the result on a line that begins with a mark.
const SCRIPT: &str = "bench/load.lua";
const MARK: &str = "result ";

/// The number of agents that the script updates.
const AGENTS: usize = 1000;

/// The numbers of connections. Each has one request in flight.
const CONNECTIONS: [usize; 3] = [1, 8, 64];

/// The position of the server that the ratios refer to.
const REFERENCE: usize = 1;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The directory for the database, on the disk to measure.
    #[arg(long, value_name = "FOLDER", default_value = "target")]
    folder: PathBuf,
    /// Repeat all measurements, and print the medians.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// The length of a measurement in seconds.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
}

/// A server to measure.
struct Contestant {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
}

/// A measurement.
#[derive(Clone, Copy)]
struct Measured {
    per_second: f64,
    /// Percentiles of the latency in milliseconds.
    p50: f64,
    p99: f64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Halt> {
    if let Err(error) = Command::new("wrk").stdout(Stdio::null()).stderr(Stdio::null()).status() {
        return Err(Halt::Skipped(format!("cannot run `wrk`, a package of Debian: {error}")));
    }
    process::run(&mut cargo(&["build", "--release", "--locked", "--bin", "callagent"]))?;
    process::run(&mut cargo(&["build", "--release", "--locked", "-p", "callagent-server", "--example", "baseline"]))?;
    let contestants = contestants(&arguments.folder)?;
    let mut measured = vec![Vec::new(); contestants.len() * CONNECTIONS.len()];
    for round in 1..=arguments.rounds {
        eprintln!("round {round} of {}", arguments.rounds);
        let mut measured = measured.iter_mut();
        for contestant in &contestants {
            let served = contestant.start()?;
            for (connections, measured) in CONNECTIONS.into_iter().zip(&mut measured) {
                measured.push(measure(&served, connections, arguments.seconds)?);
            }
        }
    }
    let medians: Vec<_> = measured.iter().map(|measured| median(measured)).collect();
    print(&contestants, &medians);
    Ok(())
}

/// Creates the agents and a database with them, and returns the servers.
fn contestants(folder: &Path) -> Result<Vec<Contestant>, String> {
    let folder = crate::root().join(folder).join("callagent-load");
    let failed = |error: io::Error| format!("cannot write to {}: {error}", folder.display());
    // A database of an earlier run has the agents already.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(failed)?;
    let path = |name: &str| folder.join(name).display().to_string();
    let (agents, database) = (path("agents.ndjson"), path("callagent.sqlite"));
    let lines: String = (0..AGENTS).map(|number| format!("{{\"_id\": \"agent-{number}\"}}\n")).collect();
    fs::write(&agents, lines).map_err(failed)?;
    let release = crate::root().join("target/release");
    let (callagent, baseline) = (release.join("callagent"), release.join("examples/baseline"));
    let import = ["import", "--workspace", "acme", "--lines", "--database", &database, &agents];
    output(command(&callagent).args(import))?;
    let contestant = |name, program: &Path, arguments: &[&str]| Contestant {
        name,
        program: program.to_owned(),
        arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
    };
    let in_memory = ["serve", "--workspace", "acme", "--lines", "--agents", &agents];
    let durable = ["serve", "--database", &database];
    let silent = ["--log", "warn", "--listen"];
    Ok(vec![
        contestant("axum, does nothing", &baseline, &["nothing"]),
        contestant("axum, plain serde", &baseline, &["parse"]),
        contestant("callagent serve, in memory", &callagent, &[&in_memory[..], &silent].concat()),
        contestant("the same, with a log of requests", &callagent, &[&in_memory[..], &["--listen"]].concat()),
        contestant("callagent serve, durable", &callagent, &[&durable[..], &silent].concat()),
    ])
}

impl Contestant {
    fn start(&self) -> Result<Served, String> {
        Served::start(|address| {
            let mut serve = command(&self.program);
            serve.args(&self.arguments).arg(address).stderr(Stdio::null());
            serve
        })
    }
}

/// Runs wrk against a server.
fn measure(served: &Served, connections: usize, seconds: u32) -> Result<Measured, String> {
    let (connections, duration) = (connections.to_string(), format!("{seconds}s"));
    let mut wrk = command("wrk");
    wrk.args(["--threads", "1", "--connections", &connections, "--duration", &duration, "--script", SCRIPT]);
    let printed = output(wrk.arg(served.url("")))?;
    let result = printed.lines().find_map(|line| line.strip_prefix(MARK)).unwrap_or_default();
    let numbers: Option<Vec<f64>> = result.split(' ').map(|number| number.parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[requests, microseconds, p50, p99, 0.0]) => {
            Ok(Measured { per_second: requests / microseconds * 1e6, p50: p50 / 1e3, p99: p99 / 1e3 })
        }
        _ => Err(format!("requests failed, or wrk printed no result:\n{printed}")),
    }
}

fn median(measured: &[Measured]) -> Measured {
    let median = |value: fn(&Measured) -> f64| {
        let mut values: Vec<_> = measured.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Measured { per_second: median(|one| one.per_second), p50: median(|one| one.p50), p99: median(|one| one.p99) }
}

/// Prints a table in Markdown.
fn print(contestants: &[Contestant], medians: &[Measured]) {
    println!("| server | connections | requests/s | ratio | p50 | p99 |\n| --- | ---: | ---: | ---: | ---: | ---: |");
    let rows: Vec<_> = medians.chunks(CONNECTIONS.len()).collect();
    let reference = rows.get(REFERENCE).copied().unwrap_or_default();
    for (contestant, row) in contestants.iter().zip(rows) {
        for ((connections, measured), reference) in CONNECTIONS.iter().zip(row).zip(reference) {
            let Measured { per_second, p50, p99 } = measured;
            let ratio = per_second / reference.per_second;
            let name = contestant.name;
            println!("| {name} | {connections} | {per_second:.0} | {ratio:.2} | {p50:.2} ms | {p99:.2} ms |");
        }
    }
}
