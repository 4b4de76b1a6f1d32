//! `callagent explain`: what the codes of reports mean.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use callagent::{Code, Explanation};
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use crate::{Outcome, failure::Failure};

/// How many columns the text takes.
const WIDTH: usize = 80;

/// Explain a code of reports: what it means, why it is a rule, an example and its mend.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The code; without it, all codes are listed.
    #[arg(value_parser = code_parser())]
    code: Option<Code>,
}

/// Takes the codes' names, so that a wrong one gets the nearest and the list, and shells complete them.
fn code_parser() -> impl TypedValueParser<Value = Code> {
    let names = Code::ALL.iter().map(|code| PossibleValue::new(code.as_str()).help(code.explanation().title));
    PossibleValuesParser::new(names).try_map(|name| Code::from_name(&name).ok_or("no such code"))
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let text = arguments.code.map_or_else(list, explanation);
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}

fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or_default();
    Code::ALL.iter().fold(String::new(), |mut list, code| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(list, "{code:width$}  {}", code.explanation().title);
        list
    })
}

fn explanation(code: Code) -> String {
    let Explanation { title, severity, meaning, reason, mend, direction, example, mended, .. } = code.explanation();
    let (head, severity) = (format!("{code}: {title}"), severity.to_string());
    let paragraphs = [head.as_str(), &severity, meaning, reason, mend].map(|text| textwrap::fill(text, WIDTH));
    format!(
        "{}\n\nFor example, {direction}:\n{}\nMended:\n{}\nIn the reference: {}\n",
        paragraphs.join("\n\n"),
        textwrap::indent(&format!("{example}\n"), "    "),
        textwrap::indent(&format!("{mended}\n"), "    "),
        code.reference(),
    )
}
