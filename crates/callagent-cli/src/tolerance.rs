//! The tolerances for requests, as arguments.

use callagent::{Reader, tools::AcceptedValue};
use clap::Args;

#[derive(Args)]
pub(crate) struct Tolerance {
    /// Accept unknown fields and unknown values of requests: report them as advisories.
    #[arg(long)]
    tolerant: bool,
    #[command(flatten)]
    accepted: AcceptedValues,
}

/// The tolerance for listed values, which no field is lost by.
#[derive(Args)]
pub(crate) struct AcceptedValues {
    /// Accept this unknown value of a request, for example `llmModel=claude-sonnet-4`: report it as an advisory.
    #[arg(long, value_name = "FIELD=VALUE")]
    accept: Vec<AcceptedValue>,
}

impl Tolerance {
    /// Returns a reader with the tolerances.
    pub(crate) fn apply(&self, mut reader: Reader) -> Reader {
        if self.tolerant {
            reader = reader.tolerate_unknown_fields().tolerate_unknown_values();
        }
        self.accepted.apply(reader)
    }

    #[cfg(feature = "server")]
    /// Returns the arguments as settings, for `--show-config`.
    pub(crate) fn settings(&self) -> [(&'static str, String); 2] {
        let accepted: Vec<_> = self.accepted.accept.iter().map(ToString::to_string).collect();
        [("tolerant", self.tolerant.to_string()), ("accept", accepted.join(" "))]
    }
}

impl AcceptedValues {
    /// Returns a reader that accepts the values.
    pub(crate) fn apply(&self, reader: Reader) -> Reader {
        self.accept.iter().fold(reader, |reader, accepted| accepted.apply(reader))
    }
}
