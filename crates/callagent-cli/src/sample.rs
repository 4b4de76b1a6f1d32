//! `callagent sample`: generates documents for tests in any language, reproducibly by seed.

use std::{
    fmt::Debug,
    io::{self, Write},
};

use callagent::{
    Agent, Document, UpdateAgent,
    testing::{Invalid, invalid_text, valid_text},
};
use clap::Args;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde::Serialize;

use crate::{Direction, Outcome, failure::Failure};

/// Generate random documents, one per line.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The kind of the documents.
    #[arg(long = "as", value_enum, default_value_t = Direction::Update, value_name = "DIRECTION")]
    direction: Direction,
    /// Generate invalid documents: each line is `{"document": TEXT, "violations": [{"pointer", "code"}…]}`.
    #[arg(long)]
    invalid: bool,
    /// The number of documents.
    #[arg(long, value_name = "N", default_value_t = 10)]
    count: u64,
    /// The seed. The same seed gives the same documents.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let printed = match arguments.direction {
        Direction::Update => print::<UpdateAgent>(arguments, &mut out),
        Direction::Agent => print::<Agent>(arguments, &mut out),
    };
    printed.and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}

fn print<T: Document>(arguments: &Arguments, out: &mut impl Write) -> io::Result<()> {
    if arguments.invalid {
        generate(arguments, &invalid_text::<T>(), |invalid| {
            serde_json::to_writer(&mut *out, &InvalidDocument::from(invalid))?;
            writeln!(out)
        })
    } else {
        // Line ends occur in JSON text only as white space.
        generate(arguments, &valid_text::<T>(), |text| writeln!(out, "{}", text.replace(['\n', '\r'], " ")))
    }
}

/// Generates values and prints each of them.
fn generate<S: Strategy<Value: Debug>>(
    Arguments { count, seed, .. }: &Arguments,
    strategy: &S,
    mut print: impl FnMut(S::Value) -> io::Result<()>,
) -> io::Result<()> {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    // Xorshift never leaves a state of all zeros.
    bytes[8..].copy_from_slice(b"callagnt");
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::XorShift, &bytes));
    for _ in 0..*count {
        let value = strategy.new_tree(&mut runner).map_err(|reason| io::Error::other(reason.to_string()))?;
        print(value.current())?;
    }
    Ok(())
}

#[derive(Serialize)]
struct InvalidDocument {
    document: String,
    violations: Vec<Violation>,
}

#[derive(Serialize)]
struct Violation {
    pointer: String,
    code: &'static str,
}

impl From<Invalid> for InvalidDocument {
    fn from(invalid: Invalid) -> Self {
        let violation = |(pointer, code): (String, callagent::Code)| Violation { pointer, code: code.as_str() };
        InvalidDocument { violations: invalid.violations.into_iter().map(violation).collect(), document: invalid.text }
    }
}
