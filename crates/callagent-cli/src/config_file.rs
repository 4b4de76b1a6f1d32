//! Configuration files: the arguments of a subcommand by name, as TOML.

use clap::{Arg, ArgAction, Command};
use toml::{
    Spanned,
    de::{DeTable, DeValue, Error},
};

/// The name of the argument that names the file.
pub(crate) const NAME: &str = "config";

/// A setting of a file.
pub(crate) struct Setting {
    pub(crate) name: String,
    /// The setting as arguments. There is none for a switch that is off.
    pub(crate) arguments: Vec<String>,
    pub(crate) line: usize,
}

/// A mistake in a file and its line.
pub(crate) type Mistake = (usize, String);

/// Parses the settings of a subcommand. Returns all mistakes, and the other settings unless the file is not TOML.
pub(crate) fn parse(text: &str, command: &Command) -> (Vec<Setting>, Vec<Mistake>) {
    let line = |offset: usize| 1 + text.get(..offset).unwrap_or_default().matches('\n').count();
    let (table, errors) = DeTable::parse_recoverable(text);
    let malformed = |error: &Error| (line(error.span().map_or(0, |span| span.start)), error.message().to_owned());
    if !errors.is_empty() {
        return (Vec::new(), errors.iter().map(malformed).collect());
    }
    let (mut settings, mut mistakes) = (Vec::new(), Vec::new());
    for (name, value) in table.get_ref() {
        let line = line(name.span().start);
        match arguments(name.get_ref(), value, command) {
            Ok(arguments) => settings.push(Setting { name: name.get_ref().to_string(), arguments, line }),
            Err(mistake) => mistakes.push((line, mistake)),
        }
    }
    settings.sort_by_key(|setting| setting.line);
    mistakes.sort();
    (settings, mistakes)
}

/// Returns a setting as arguments.
fn arguments(name: &str, value: &Spanned<DeValue<'_>>, command: &Command) -> Result<Vec<String>, String> {
    let has_name = |argument: &&Arg| argument.get_long() == Some(name);
    let is_setting = |argument: &&Arg| !matches!(argument.get_action(), ArgAction::Help) && name != NAME;
    let argument = command.get_arguments().find(has_name).filter(is_setting);
    let argument = argument.ok_or_else(|| format!("unknown setting `{name}`"))?;
    let expected =
        |what: &str| format!("expected {what} for `{name}`, found a value of type {}", value.get_ref().type_str());
    match (argument.get_action(), value.get_ref()) {
        (ArgAction::SetTrue, DeValue::Boolean(true)) => Ok(vec![format!("--{name}")]),
        (ArgAction::SetTrue, DeValue::Boolean(false)) => Ok(Vec::new()),
        (ArgAction::SetTrue, _) => Err(expected("true or false")),
        (ArgAction::Append, DeValue::Array(items)) => {
            let items = items.iter().map(|item| scalar(item.get_ref()));
            let items = items.collect::<Option<Vec<_>>>().ok_or_else(|| expected("strings in the array"))?;
            Ok(items.into_iter().map(|item| format!("--{name}={item}")).collect())
        }
        (_, value) => {
            scalar(value).map(|value| vec![format!("--{name}={value}")]).ok_or_else(|| expected("a string or a number"))
        }
    }
}

/// Returns a string or a number as it is written.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}
