//! `callagent schema`: prints the schemas that this build carries.

use std::io::{self, Write as _};

use clap::{Args, ValueEnum};

use crate::{Outcome, failure::Failure};

/// Print a schema of the contract.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Which one.
    #[arg(value_enum)]
    schema: Schema,
}

#[derive(Clone, Copy, ValueEnum)]
enum Schema {
    /// The JSON Schema of the request.
    Update,
    /// The JSON Schema of the response.
    Agent,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let text = match arguments.schema {
        Schema::Update => include_str!("../../../schemas/update-agent.schema.json"),
        Schema::Agent => include_str!("../../../schemas/agent.schema.json"),
    };
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}
