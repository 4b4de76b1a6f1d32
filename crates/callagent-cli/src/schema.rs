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
    /// As YAML in place of JSON.
    #[arg(long)]
    yaml: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Schema {
    /// The JSON Schema of the request.
    Update,
    /// The JSON Schema of the response.
    Agent,
    /// The JSON Schema of the answer to a call that fails.
    Problem,
    /// The OpenAPI 3.1 document of the call.
    Openapi,
    /// The same for tools that stop at OpenAPI 3.0, which cannot say when the key is due.
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
