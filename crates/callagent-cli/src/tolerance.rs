//! The tolerances for requests, as arguments.

use callagent::{Reader, UpdateAgent, model::Vocabulary, tools::accept_value};
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
    #[arg(long, value_name = "FIELD=VALUE", value_parser = accepted_value)]
    accept: Vec<AcceptedValue>,
}

#[derive(Clone)]
struct AcceptedValue {
    vocabulary: &'static Vocabulary,
    #[cfg_attr(not(feature = "server"), expect(dead_code, reason = "only the server shows its configuration"))]
    field: &'static str,
    value: String,
}

/// Parses `FIELD=VALUE`.
fn accepted_value(argument: &str) -> Result<AcceptedValue, String> {
    let vocabularies = UpdateAgent::OBJECT.vocabularies();
    let names = || vocabularies.iter().map(|(field, _)| format!("`{field}`")).collect::<Vec<_>>().join(" or ");
    let (field, value) =
        argument.split_once('=').ok_or_else(|| format!("expected FIELD=VALUE, where FIELD is {}", names()))?;
    match vocabularies.iter().find(|(name, _)| *name == field) {
        Some((field, vocabulary)) => Ok(AcceptedValue { field, vocabulary, value: value.to_owned() }),
        None => Err(format!("expected the field {}, found `{field}`", names())),
    }
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
        let accepted = self.accepted.accept.iter().map(|AcceptedValue { field, value, .. }| format!("{field}={value}"));
        let accepted: Vec<_> = accepted.collect();
        [("tolerant", self.tolerant.to_string()), ("accept", accepted.join(" "))]
    }
}

impl AcceptedValues {
    /// Returns a reader that accepts the values.
    pub(crate) fn apply(&self, reader: Reader) -> Reader {
        let accept =
            |reader, AcceptedValue { vocabulary, value, .. }: &AcceptedValue| accept_value(reader, vocabulary, value);
        self.accept.iter().fold(reader, accept)
    }
}
