//! `callagent explain`: explains the codes of reports and the rules of `callagent compat`.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use callagent::Explanation;
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use crate::{
    Outcome,
    compat::rules::{self, Row, Rule, UNDECIDED, UNDECIDED_HELP},
    failure::Failure,
};

/// The width of the text in columns.
const WIDTH: usize = 80;

/// Explain a code of a report or a rule of `compat`, with an example and its fix.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The code or rule. If omitted, all of them are listed.
    #[arg(value_parser = topic_parser())]
    code: Option<Topic>,
}

/// A code or rule to explain.
#[derive(Clone, Copy)]
enum Topic {
    Code(&'static Explanation),
    Rule(&'static Row, crate::Direction, &'static Rule),
    Undecided,
}

impl Topic {
    fn all() -> impl Iterator<Item = Topic> {
        let codes = Explanation::ALL.iter().map(Topic::Code);
        let rules = rules::all().map(|(row, direction, rule)| Topic::Rule(row, direction, rule));
        codes.chain(rules).chain([Topic::Undecided])
    }

    fn name(self) -> &'static str {
        match self {
            Topic::Code(explanation) => explanation.code.as_str(),
            Topic::Rule(_, _, rule) => rule.name,
            Topic::Undecided => UNDECIDED.name,
        }
    }

    fn title(self) -> String {
        match self {
            Topic::Code(explanation) => explanation.code.title().to_owned(),
            Topic::Rule(_, _, rule) => format!("{}.", rule.title),
            Topic::Undecided => format!("{}.", UNDECIDED.title),
        }
    }

    fn explanation(self) -> String {
        match self {
            Topic::Code(explanation) => code_explanation(explanation),
            Topic::Rule(row, direction, rule) => rule_explanation(row, direction, rule),
            Topic::Undecided => undecided_explanation(),
        }
    }
}

/// Parses a name. Clap lists the possible names, suggests similar ones and completes them in shells.
fn topic_parser() -> impl TypedValueParser<Value = Topic> {
    let names = Topic::all().map(|topic| PossibleValue::new(topic.name()).help(topic.title()));
    PossibleValuesParser::new(names)
        .try_map(|name| Topic::all().find(|topic| topic.name() == name).ok_or("unknown code or rule"))
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let text = arguments.code.map_or_else(list, Topic::explanation);
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}

fn list() -> String {
    let width = Topic::all().map(|topic| topic.name().len()).max().unwrap_or_default();
    Topic::all().fold(String::new(), |mut list, topic| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(list, "{:width$}  {}", topic.name(), topic.title());
        list
    })
}

fn rule_explanation(row: &Row, direction: crate::Direction, rule: &Rule) -> String {
    let (old, new) = row.versions(direction);
    let whom = match direction {
        crate::Direction::Update => "Breaks requests: the new version rejects some that the old version accepts.",
        crate::Direction::Agent => "Breaks responses: the new version may send some that the old version rejects.",
    };
    let title = format!("{}: {}.", rule.name, rule.title);
    let reference = format!("Reported by `callagent compat`. See {}.", row.reference);
    let paragraphs = [&title, whom, &reference, rules::fix(direction)].map(|text| textwrap::fill(text, WIDTH));
    format!("{}\n\nFor example, the old version:\n    {old}\nThe new version:\n    {new}\n", paragraphs.join("\n\n"))
}

fn undecided_explanation() -> String {
    let title = format!("{}: {}.", UNDECIDED.name, UNDECIDED.title);
    let paragraphs = [&title, "Reported by `callagent compat`.", UNDECIDED_HELP];
    format!("{}\n", paragraphs.map(|text| textwrap::fill(text, WIDTH)).join("\n\n"))
}

fn code_explanation(explanation: &Explanation) -> String {
    let Explanation { code, meaning, reason, fix, direction, example, fixed, .. } = explanation;
    let (head, severity) = (format!("{code}: {}", code.title()), code.severity().to_string());
    let paragraphs = [head.as_str(), &severity, meaning, reason, fix].map(|text| textwrap::fill(text, WIDTH));
    format!(
        "{}\n\nFor example, {direction}:\n{}\nFixed:\n{}\nReference: {}\n",
        paragraphs.join("\n\n"),
        textwrap::indent(&format!("{example}\n"), "    "),
        textwrap::indent(&format!("{fixed}\n"), "    "),
        code.reference(),
    )
}
