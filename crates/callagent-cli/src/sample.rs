//! `callagent sample`: documents for tests in any language, the same ones for the same seed.

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

/// Print documents made up from the contract, one a line.
#[derive(Args)]
pub(crate) struct Arguments {
    /// What the documents are.
    #[arg(long = "as", value_enum, default_value_t = Direction::Update, value_name = "DIRECTION")]
    direction: Direction,
    /// Spoiled documents: each line is `{"document": TEXT, "violations": [{"pointer", "code"}…]}`.
    #[arg(long)]
    invalid: bool,
    /// How many.
    #[arg(long, value_name = "N", default_value_t = 10)]
    count: u64,
    /// What they are made from.
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
        drawn(arguments, &invalid_text::<T>(), |invalid| {
            serde_json::to_writer(&mut *out, &Spoiled::from(invalid))?;
            writeln!(out)
        })
    } else {
        // A line's end in JSON text is white space, and only that.
        drawn(arguments, &valid_text::<T>(), |text| writeln!(out, "{}", text.replace(['\n', '\r'], " ")))
    }
}

/// Draws as many values as asked for.
fn drawn<S: Strategy<Value: Debug>>(
    Arguments { count, seed, .. }: &Arguments,
    strategy: &S,
    mut print: impl FnMut(S::Value) -> io::Result<()>,
) -> io::Result<()> {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    // A generator that starts from nothing but zeros stays there.
    bytes[8..].copy_from_slice(b"callagnt");
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::XorShift, &bytes));
    for _ in 0..*count {
        let value = strategy.new_tree(&mut runner).map_err(|reason| io::Error::other(reason.to_string()))?;
        print(value.current())?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Spoiled {
    document: String,
    violations: Vec<Violation>,
}

#[derive(Serialize)]
struct Violation {
    pointer: String,
    code: &'static str,
}

impl From<Invalid> for Spoiled {
    fn from(invalid: Invalid) -> Self {
        let violation = |(pointer, code): (String, callagent::Code)| Violation { pointer, code: code.as_str() };
        Spoiled { violations: invalid.violations.into_iter().map(violation).collect(), document: invalid.text }
    }
}
