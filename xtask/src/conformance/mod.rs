//! `cargo xtask conformance`: the vectors, before the engines of this process or before any program.

mod executor;
mod expected;
mod in_process;
mod json_texts;
mod languages;
mod outcome;
mod table;

use std::time::Duration;

use clap::Args;

use crate::{
    Stop,
    process::split,
    vectors::{self, Suite, Vector},
};
pub(crate) use executor::Executor;
use expected::Expected;
pub(crate) use outcome::Answer;
use outcome::Outcome;

/// How many seconds a program has for an answer: a slow start is part of the first one.
const TIMEOUT: u64 = 30;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Run the vectors with this program instead, which speaks the protocol of conformance/PROTOCOL.md.
    #[arg(long, value_name = "COMMAND", group = "who")]
    executor: Option<String>,
    /// The name that the program goes by in the table and in conformance/expected-failures.json.
    #[arg(long, value_name = "NAME", requires = "executor", default_value = "executor")]
    name: String,
    /// How many seconds the program may take for one answer.
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT)]
    timeout: u64,
    /// Run them with judges in other languages, these or all, as far as their toolchains are at hand: validators with
    /// the committed schemas, and an independent reading of the contract.
    #[arg(long, group = "who", value_name = "NAME", num_args = 0.., value_delimiter = ',')]
    languages: Option<Vec<String>>,
    /// Instead of the vectors, read a well-known suite of JSON texts, which comes from a package registry.
    #[arg(long, group = "who")]
    json_texts: bool,
}

impl Arguments {
    /// The engines of this process.
    pub(crate) fn in_process() -> Self {
        Arguments { executor: None, name: String::new(), timeout: TIMEOUT, languages: None, json_texts: false }
    }

    pub(crate) fn json_texts() -> Self {
        Arguments { json_texts: true, ..Arguments::in_process() }
    }

    /// The independent reading of the contract, which needs Python alone.
    pub(crate) fn python() -> Self {
        Arguments { languages: Some(vec!["python".to_owned()]), ..Arguments::in_process() }
    }
}

/// What answers vectors.
pub(crate) trait Subject {
    fn name(&self) -> &str;
    fn answer(&mut self, vector: &Vector) -> Answer;
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Stop> {
    if arguments.json_texts {
        return Ok(json_texts::run()?);
    }
    let timeout = Duration::from_secs(arguments.timeout);
    let subjects: Vec<Box<dyn Subject>> = match (&arguments.executor, &arguments.languages) {
        (Some(command), _) => vec![Box::new(Executor::new(&arguments.name, split(command)?, timeout))],
        (None, Some(names)) => languages::subjects(names, timeout)?,
        (None, None) => in_process::subjects()?,
    };
    Ok(judge(subjects)?)
}

/// A judge in another language, with all that it needs.
pub(crate) struct Installed(Executor);

impl Installed {
    pub(crate) fn new(name: &str) -> Result<Self, Stop> {
        languages::install(name, Duration::from_secs(TIMEOUT)).map(Installed)
    }

    /// Runs the vectors with it.
    pub(crate) fn judge(self) -> Result<(), String> {
        judge(vec![Box::new(self.0)])
    }
}

fn judge(subjects: Vec<Box<dyn Subject>>) -> Result<(), String> {
    let suites = vectors::read()?;
    let expected = Expected::read(&suites)?;
    let results = subjects.into_iter().map(|subject| ask(subject, &suites, &expected)).collect::<Vec<_>>();
    table::print(&suites, &results);
    conclude(&suites, &results, &expected)
}

/// What became of each vector, suite by suite.
struct Results {
    name: String,
    outcomes: Vec<Vec<Outcome>>,
}

/// Each vector with its suite and its outcomes.
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
        let outcome = outcome::outcome(vector, subject.answer(vector));
        match outcome {
            Outcome::Failed(_) if expected.covers(&name, suite, vector) => Outcome::Expected,
            outcome => outcome,
        }
    };
    let outcomes =
        suites.iter().map(|suite| suite.vectors.iter().map(|vector| outcome(suite, vector)).collect()).collect();
    Results { name, outcomes }
}

/// Shows every failure, and says what to do.
fn conclude(suites: &[Suite], results: &[Results], expected: &Expected) -> Result<(), String> {
    let mut failures = 0;
    for (suite, vector, outcomes) in each_vector(suites, results) {
        // Those who fail alike are named together.
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
        (0, 0) if total == 0 => Err(format!("there is no vector in {}", vectors::FOLDER)),
        (0, 0) => Ok(()),
        (0, outdated) => Err(format!("{outdated} entries of {} no longer hold: take them out", expected::FILE)),
        (failures, _) => Err(format!(
            "{failures} of {total} vectors fail. A vector follows the contract's sentences (fixtures/vectors/sentences.json): mend what \
             fails it, or the vector if it is wrong. A gap that has to stay is an entry of {}, with a reason and a date",
            expected::FILE
        )),
    }
}
