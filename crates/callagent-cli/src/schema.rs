//! `callagent schema`: prints the schemas embedded in this build.

use std::io::{self, Write as _};

use clap::{Args, ValueEnum};

use crate::{Outcome, failure::Failure};
use callagent::published;

/// Print a schema of the contract.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The schema to print.
    #[arg(value_enum)]
    schema: Schema,
    /// Print YAML instead of JSON.
    #[arg(long)]
    yaml: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Schema {
    /// The JSON Schema of requests.
    Update,
    /// The JSON Schema of responses.
    Agent,
    /// The JSON Schema of error responses.
    Problem,
    /// The OpenAPI 3.1 document.
    Openapi,
    /// The OpenAPI 3.0 document. It cannot express when `elevenLabsApiKey` is required.
    #[value(name = "openapi-3.0")]
    Openapi3_0,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let published = match arguments.schema {
        Schema::Update => published::UPDATE_AGENT,
        Schema::Agent => published::AGENT,
        Schema::Problem => published::PROBLEM,
        Schema::Openapi => published::OPENAPI,
        Schema::Openapi3_0 => published::OPENAPI_3_0,
    };
    let text = if arguments.yaml { published.yaml } else { published.json };
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}
