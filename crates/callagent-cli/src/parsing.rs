//! Parsing the arguments of the process, with those of a configuration file, and reporting all invalid values at once.

#[cfg(feature = "server")]
use std::fs;
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use callagent::tools::EscapeControl;
use clap::{
    Command, Parser,
    error::{ContextKind, ContextValue, ErrorKind},
};

#[cfg(feature = "server")]
use crate::config_file::{self, Setting};
use crate::failure::Failure;

/// The environment variable that names a configuration file.
#[cfg(feature = "server")]
const VARIABLE: &str = "CALLAGENT_CONFIG";

/// What was parsed.
pub(crate) enum Parsed<T> {
    Arguments(T),
    /// A text such as the help.
    Text(clap::Error),
    Invalid(Invalid<T>),
}

/// Arguments with mistakes.
pub(crate) struct Invalid<T> {
    pub(crate) mistakes: Vec<String>,
    /// The arguments without the invalid values, if they are complete.
    pub(crate) rest: Option<T>,
    /// The names of the arguments with invalid values.
    #[cfg_attr(not(feature = "server"), expect(dead_code, reason = "only those of the server depend on each other"))]
    pub(crate) names: Vec<String>,
}

/// An argument of the process or of a configuration file.
struct Token {
    text: OsString,
    /// The line in the configuration file.
    line: Option<usize>,
}

struct Parsing {
    command: Command,
    tokens: Vec<Token>,
    file: PathBuf,
    mistakes: Vec<String>,
    invalid: Vec<String>,
}

/// Parses the arguments of the process. Flags replace variables of the environment, and those replace the settings of a
/// configuration file.
pub(crate) fn parse<T: Parser>() -> Result<Parsed<T>, Failure> {
    let tokens = env::args_os().map(|text| Token { text, line: None }).collect();
    let (file, mistakes, invalid) = (PathBuf::new(), Vec::new(), Vec::new());
    let mut parsing = Parsing { command: T::command(), tokens, file, mistakes, invalid };
    #[cfg(feature = "server")]
    parsing.add_file()?;
    loop {
        let matches = parsing.command.clone().try_get_matches_from(parsing.tokens.iter().map(|token| &token.text));
        let error = match matches.and_then(|matches| T::from_arg_matches(&matches)) {
            Ok(arguments) if parsing.mistakes.is_empty() => return Ok(Parsed::Arguments(arguments)),
            Ok(rest) => return Ok(Parsed::Invalid(parsing.end(Some(rest)))),
            Err(error) if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                error
            }
            Err(text) => return Ok(Parsed::Text(text)),
        };
        if !parsing.remove(&error) {
            // Without the invalid values, something may be missing.
            if parsing.mistakes.is_empty() || error.kind() != ErrorKind::MissingRequiredArgument {
                let mistake = parsing.escaped(&error);
                parsing.mistakes.push(mistake);
            }
            return Ok(Parsed::Invalid(parsing.end(None)));
        }
    }
}

impl Parsing {
    fn end<T>(self, rest: Option<T>) -> Invalid<T> {
        Invalid { mistakes: self.mistakes, rest, names: self.invalid }
    }

    #[cfg(feature = "server")]
    /// Adds the settings of the configuration file, if the subcommand has one.
    fn add_file(&mut self) -> Result<(), Failure> {
        let name = self.tokens.get(1).map(|token| token.text.to_string_lossy().into_owned());
        let Some(subcommand) = name.and_then(|name| self.command.find_subcommand(name)) else { return Ok(()) };
        if !subcommand.get_arguments().any(|argument| argument.get_id() == config_file::NAME) {
            return Ok(());
        }
        let Some(file) = self.value_of(config_file::NAME).or_else(|| env::var_os(VARIABLE)) else { return Ok(()) };
        let file = PathBuf::from(file);
        let text = fs::read_to_string(&file).map_err(|error| Failure::unreadable(&file, error))?;
        let (settings, mistakes) = config_file::parse(&text, subcommand);
        let is_set = |setting: &Setting| {
            let mut arguments = subcommand.get_arguments();
            let argument = arguments.find(|argument| argument.get_long() == Some(&setting.name));
            let variable = argument.and_then(|argument| argument.get_env());
            self.position(&setting.name).is_some() || variable.and_then(env::var_os).is_some()
        };
        let used = settings.into_iter().filter(|setting| !is_set(setting));
        let tokens = used.flat_map(|Setting { arguments, line, .. }| {
            arguments.into_iter().map(move |text| Token { text: text.into(), line: Some(line) })
        });
        let tokens: Vec<_> = tokens.collect();
        self.tokens.splice(2..2, tokens);
        self.mistakes = mistakes.iter().map(|(line, mistake)| format!("{}: {mistake}", place(&file, *line))).collect();
        self.file = file;
        Ok(())
    }

    #[cfg(feature = "server")]
    /// Returns the index of the first token that sets an argument.
    fn position(&self, name: &str) -> Option<usize> {
        let flag = format!("--{name}");
        let is_flag =
            |text: &str| text.strip_prefix(&*flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('='));
        let before_values = self.tokens.iter().take_while(|token| token.text != "--");
        before_values.map(|token| token.text.to_string_lossy()).position(|text| is_flag(&text))
    }

    #[cfg(feature = "server")]
    /// Returns the value of an argument among the tokens.
    fn value_of(&self, name: &str) -> Option<OsString> {
        let position = self.position(name)?;
        let token = self.tokens.get(position)?.text.to_str()?;
        match token.split_once('=') {
            Some((_, value)) => Some(value.into()),
            None => self.tokens.get(position + 1).map(|token| token.text.clone()),
        }
    }

    /// Removes the invalid value that an error is about, and keeps the mistake. Returns whether it could.
    fn remove(&mut self, error: &clap::Error) -> bool {
        if !matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) {
            return false;
        }
        let (Some(ContextValue::String(argument)), Some(ContextValue::String(value))) =
            (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue))
        else {
            return false;
        };
        let Some(name) = argument.strip_prefix("--").and_then(|rest| rest.split([' ', '=']).next()) else {
            return false;
        };
        let (flag, joined) = (format!("--{name}"), format!("--{name}={value}"));
        let is_value =
            |index: usize| self.tokens.get(index).is_some_and(|token| token.text.to_string_lossy() == **value);
        let found = self.tokens.iter().enumerate().find_map(|(index, token)| {
            let text = token.text.to_string_lossy();
            if text == joined {
                Some(index..=index)
            } else {
                (text == flag && is_value(index + 1)).then_some(index..=index + 1)
            }
        });
        let mistake = self.escaped(error);
        match found {
            Some(range) => {
                let line = self.tokens.get(*range.start()).and_then(|token| token.line);
                let place = line.map(|line| format!("{}: ", place(&self.file, line))).unwrap_or_default();
                self.mistakes.push(place + &mistake);
                self.tokens.drain(range);
            }
            None => match self.without_variable(name, value) {
                Some(variable) => self.mistakes.push(format!("{variable}: {mistake}")),
                None => return false,
            },
        }
        self.invalid.push(name.to_owned());
        true
    }

    /// Ignores the environment variable of an argument from now on if it has this value, and returns its name.
    fn without_variable(&mut self, name: &str, value: &str) -> Option<String> {
        let subcommand = self.tokens.get(1)?.text.to_str()?.to_owned();
        let arguments = self.command.find_subcommand(&subcommand)?;
        let argument = arguments.get_arguments().find(|argument| argument.get_long() == Some(name))?;
        let (id, variable) = (argument.get_id().clone(), argument.get_env()?);
        env::var_os(variable).filter(|found| found.to_string_lossy() == value)?;
        let variable = variable.to_string_lossy().into_owned();
        let command = std::mem::take(&mut self.command);
        self.command = command.mut_subcommand(subcommand, |subcommand| {
            subcommand.mut_arg(id, |argument| argument.env(clap::builder::Resettable::Reset))
        });
        Some(variable)
    }

    /// Returns the message of an error with control characters escaped, which clap repeats as they are. Only arguments that
    /// are not UTF-8 give another kind of error, and its message repeats nothing.
    fn escaped(&self, error: &clap::Error) -> String {
        let escaped = self.tokens.iter().map(|token| EscapeControl(&token.text.to_string_lossy()).to_string());
        match self.command.clone().try_get_matches_from(escaped) {
            Err(escaped) if escaped.kind() == error.kind() => message(&escaped),
            _ => message(error),
        }
    }
}

fn place(file: &Path, line: usize) -> String {
    format!("{}:{line}", file.display())
}

/// Returns the message about invalid arguments as text for a single line, without the usage.
fn message(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = |paragraph: &str| paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let paragraphs = text.trim_start_matches("error: ").split("\n\n").map(line);
    let is_kept = |line: &String| !line.starts_with("Usage: ") && !line.starts_with("For more information, ");
    paragraphs.filter(is_kept).collect::<Vec<_>>().join("; ")
}
