//! `callagent schema`: prints the schemas embedded in this build.

use std::io::{self, Write as _};

use clap::{Args, ValueEnum};

use crate::{Outcome, failure::Failure};

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

/// A committed schema, as JSON and as YAML.
macro_rules! committed {
    ($name:literal) => {
        [
            include_str!(concat!("../../../schemas/", $name, ".json")),
            include_str!(concat!("../../../schemas/", $name, ".yaml")),
        ]
    };
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let [json, yaml] = match arguments.schema {
        Schema::Update => committed!("update-agent.schema"),
        Schema::Agent => committed!("agent.schema"),
        Schema::Problem => committed!("problem.schema"),
        Schema::Openapi => committed!("openapi"),
        Schema::Openapi3_0 => committed!("openapi-3.0"),
    };
    let text = if arguments.yaml { yaml } else { json };
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}
