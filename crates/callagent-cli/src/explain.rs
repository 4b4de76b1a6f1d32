//! `callagent explain`: explains the codes of reports, the rules of `callagent compat` and the cases of `callagent verify`.

use std::{
    borrow::Cow,
    ffi::OsStr,
    fmt::Write as _,
    io::{self, Write as _},
};

use callagent::Explanation;
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

#[cfg(feature = "compat")]
use crate::compat;
#[cfg(feature = "verify")]
use crate::verify;
use crate::{Outcome, failure::Failure};

/// The width of the text in columns.
const WIDTH: usize = 80;

/// Explain a code of a report or a rule of `compat`, with an example and its fix, or a case of `verify`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The code, the rule, or the case, such as `applies/absent-fields`. If omitted, all of them are listed.
    #[arg(value_parser = TopicParser::new())]
    code: Option<Topic>,
}

/// A code, rule or case to explain.
#[derive(Clone, Copy)]
enum Topic {
    Code(&'static Explanation),
    #[cfg(feature = "compat")]
    Rule(compat::explain::Topic),
    #[cfg(feature = "verify")]
    Case(&'static callagent_verify::Case),
}

impl Topic {
    /// Returns all topics but the cases.
    fn codes_and_rules() -> impl Iterator<Item = Topic> {
        let topics = Explanation::ALL.iter().map(Topic::Code);
        #[cfg(feature = "compat")]
        let topics = topics.chain(compat::explain::Topic::all().map(Topic::Rule));
        topics
    }

    fn name(self) -> Cow<'static, str> {
        match self {
            Topic::Code(explanation) => explanation.code.as_str().into(),
            #[cfg(feature = "compat")]
            Topic::Rule(rule) => rule.name().into(),
            #[cfg(feature = "verify")]
            Topic::Case(case) => case.id().into(),
        }
    }

    fn title(self) -> String {
        match self {
            Topic::Code(explanation) => explanation.code.title().to_owned(),
            #[cfg(feature = "compat")]
            Topic::Rule(rule) => rule.title(),
            #[cfg(feature = "verify")]
            Topic::Case(case) => format!("{}.", case.title().trim_end_matches('.')),
        }
    }

    fn explanation(self) -> String {
        match self {
            Topic::Code(explanation) => code_explanation(explanation),
            #[cfg(feature = "compat")]
            Topic::Rule(rule) => rule.explanation(WIDTH),
            #[cfg(feature = "verify")]
            Topic::Case(case) => verify::explain::explanation(case, WIDTH),
        }
    }
}

/// Parses a name. Clap lists the codes and rules, suggests similar ones and completes them in shells; there are too many
/// cases for that.
#[derive(Clone)]
struct TopicParser(PossibleValuesParser);

impl TopicParser {
    fn new() -> Self {
        let values = Topic::codes_and_rules().filter_map(|topic| match topic.name() {
            Cow::Borrowed(name) => Some(PossibleValue::new(name).help(topic.title())),
            Cow::Owned(_) => None,
        });
        TopicParser(PossibleValuesParser::new(values))
    }
}

impl TypedValueParser for TopicParser {
    type Value = Topic;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Topic, clap::Error> {
        #[cfg(feature = "verify")]
        if let Some(name) = value.to_str().filter(|name| name.contains('/')) {
            let unknown = || {
                let message = format!("{}\n", verify::explain::unknown(name));
                clap::Error::raw(clap::error::ErrorKind::InvalidValue, message).with_cmd(command)
            };
            return verify::explain::find(name).map(Topic::Case).ok_or_else(unknown);
        }
        let name = self.0.parse_ref(command, argument, value)?;
        let topic = Topic::codes_and_rules().find(|topic| topic.name() == name);
        topic.ok_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidValue).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let text = arguments.code.map_or_else(list, Topic::explanation);
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}

fn list() -> String {
    let list = table(&Topic::codes_and_rules().collect::<Vec<_>>());
    #[cfg(feature = "verify")]
    let list = format!("{list}\n{}", table(&callagent_verify::cases().iter().map(Topic::Case).collect::<Vec<_>>()));
    list
}

/// Lists topics, one per line.
fn table(topics: &[Topic]) -> String {
    let width = topics.iter().map(|topic| topic.name().len()).max().unwrap_or_default();
    topics.iter().fold(String::new(), |mut list, topic| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(list, "{:width$}  {}", topic.name(), topic.title());
        list
    })
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
