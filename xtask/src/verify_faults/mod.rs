//! `cargo xtask measure faults`: compares the contract test with schemathesis, by the faults that each of them finds.

mod results;
mod schemathesis;
mod table;

use std::{
    process::Command,
    sync::{Mutex, PoisonError},
    thread,
    time::Instant,
};

use clap::{Args, ValueEnum};

use crate::{
    Halt,
    process::{cargo, command, output, run as run_command},
    served::Served,
    verified,
};
use results::{Outcome, Results};

/// The server with the faults.
const PROGRAM: &str = "target/debug/examples/faulty";

/// The access key that the server requires.
const ACCESS_KEY: &str = "callagent-verify-faults";

/// The undocumented fields of its agent.
const UNDOCUMENTED_FIELDS: [&str; 2] = ["--undocumented-field=/team", "--undocumented-field=/ttsModel/pitch"];

#[derive(Args)]
pub(crate) struct Arguments {
    /// Run this fault only. Can be repeated.
    #[arg(long, value_name = "FAULT")]
    only: Vec<String>,
    /// Run this tool only, and keep the results of the other one.
    #[arg(long, value_enum)]
    tool: Option<Tool>,
    /// The number of requests that schemathesis generates at random with each configuration. Its systematic ones are more.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    examples: u32,
    /// The number of servers to test at a time. More than one falsifies the times.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    jobs: u32,
    /// Skip what an earlier run has tested.
    #[arg(long)]
    resume: bool,
    /// Write the table to docs/contract-test-faults.md.
    #[arg(long)]
    write: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tool {
    Verify,
    Schemathesis,
}

/// A server to test.
struct Subject {
    name: String,
    about: String,
    /// The arguments of the server.
    arguments: Vec<String>,
    profile: &'static str,
}

/// Runs the tools on each server. The results are kept, so that a run can be interrupted and parts of it can be repeated.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Halt> {
    run_command(&mut cargo(&["build", "--locked", "--package", "callagent-verify", "--example", "faulty"]))?;
    let subjects = subjects(&output(command(crate::root().join(PROGRAM)).arg("--list"))?);
    if let Some(name) = arguments.only.iter().find(|name| !subjects.iter().any(|subject| subject.name == **name)) {
        return Err(Halt::Failed(format!("unknown fault `{name}`; see `faulty --list`")));
    }
    let mut tools = vec![Tool::Verify, Tool::Schemathesis];
    tools.retain(|&tool| arguments.tool.is_none_or(|only| only == tool));
    if tools.contains(&Tool::Verify) {
        verified::build()?;
    }
    if tools.contains(&Tool::Schemathesis) {
        schemathesis::install()?;
    }
    let mut results = Results::read()?;
    results.keep(&subjects);
    let is_chosen = |subject: &Subject, tool: Tool| {
        // What is reported of the correct servers does not count as found.
        results.lacks_accusations(&subject.name, tool)
            || (arguments.only.is_empty() || arguments.only.contains(&subject.name))
                && !(arguments.resume && results.has(&subject.name, tool))
    };
    let pairs = subjects.iter().flat_map(|subject| tools.iter().map(move |&tool| (subject, tool)));
    let chosen: Vec<_> = pairs.filter(|&(subject, tool)| is_chosen(subject, tool)).collect();
    let results = Mutex::new(results);
    judge_all(chosen, &results, arguments)?;
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    let table = table::markdown(&results);
    println!("\n{table}");
    if arguments.write {
        table::write(&table)?;
    }
    Ok(())
}

/// Runs tools on servers, several at a time.
fn judge_all(pairs: Vec<(&Subject, Tool)>, results: &Mutex<Results>, arguments: &Arguments) -> Result<(), Halt> {
    let pairs = Mutex::new(pairs.into_iter());
    let next = || pairs.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        while let Some((subject, tool)) = next() {
            let outcome = judge(tool, subject, arguments.examples)?;
            println!("{}: {}: {outcome}", subject.name, tool.name());
            results.lock().unwrap_or_else(PoisonError::into_inner).set(&subject.name, tool, outcome)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..arguments.jobs).map(|_| scope.spawn(work)).collect();
        lanes.into_iter().try_for_each(|lane| {
            lane.join().unwrap_or_else(|_| Err(Halt::Failed("a thread panicked; see the message above".to_owned())))
        })
    })
}

/// The correct servers and one server per line of `list`.
fn subjects(list: &str) -> Vec<Subject> {
    let correct = |name: &str, arguments: &[&str], profile: &'static str| Subject {
        name: name.to_owned(),
        about: "The server has no fault.".to_owned(),
        arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
        profile,
    };
    let faults = list.lines().filter_map(|line| line.split_once("  ")).map(|(name, about)| Subject {
        name: name.to_owned(),
        about: about.trim().to_owned(),
        arguments: vec!["--fault".to_owned(), name.to_owned()],
        profile: "strict",
    });
    let correct = [correct(results::STRICT, &[], "strict"), correct(results::TOLERANT, &["--tolerant"], "tolerant")];
    correct.into_iter().chain(faults).collect()
}

/// Starts a server and runs a tool on it.
fn judge(tool: Tool, subject: &Subject, examples: u32) -> Result<Outcome, Halt> {
    let served = Served::start(|address| serve(subject, address))?;
    let begun = Instant::now();
    let findings = match tool {
        Tool::Verify => {
            verified::judge(&served.url(""), subject.profile, Some(ACCESS_KEY), &UNDOCUMENTED_FIELDS)?.failed()
        }
        Tool::Schemathesis => schemathesis::judge(&served.url(""), examples)?,
    };
    Ok(Outcome { findings, seconds: begun.elapsed().as_secs_f64() })
}

fn serve(subject: &Subject, address: &str) -> Command {
    let mut faulty = command(crate::root().join(PROGRAM));
    faulty.args(&subject.arguments).args(["--listen", address, "--access-key", ACCESS_KEY]);
    faulty
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Tool::Verify => "callagent verify",
            Tool::Schemathesis => "schemathesis",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_the_list_is_a_fault() {
        let subjects = subjects("a-fault  It does wrong.\nother    It does other things wrong.\n");
        let shown: Vec<_> = subjects
            .iter()
            .map(|subject| (&subject.name[..], &subject.about[..], subject.arguments.join(" ")))
            .collect();
        assert_eq!(
            shown,
            [
                (results::STRICT, "The server has no fault.", String::new()),
                (results::TOLERANT, "The server has no fault.", "--tolerant".to_owned()),
                ("a-fault", "It does wrong.", "--fault a-fault".to_owned()),
                ("other", "It does other things wrong.", "--fault other".to_owned()),
            ]
        );
    }
}
