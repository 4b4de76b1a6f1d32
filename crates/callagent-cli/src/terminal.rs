//! Messages on standard error, with control characters escaped.

use std::{
    env, fmt,
    io::{self, Write as _},
};

use callagent::tools::EscapeControl;
use clap::Parser;

/// Prints a message to standard error.
pub(crate) fn print(message: impl fmt::Display) {
    // A closed standard error leaves only the exit status.
    let _ = io::stderr().write_all(line(message).as_bytes());
}

/// Formats a message as a line of standard error.
pub(crate) fn line(message: impl fmt::Display) -> String {
    format!("callagent: {}\n", EscapeControl(&message.to_string()))
}

/// Parses the arguments of the process.
///
/// # Errors
/// Invalid arguments, escaped in the message, or a request for help.
pub(crate) fn parse<T: Parser>() -> Result<T, clap::Error> {
    let mistake = match T::try_parse() {
        Ok(arguments) => return Ok(arguments),
        Err(mistake) => mistake,
    };
    // Clap's messages repeat arguments unescaped, so the escaped arguments are parsed again. Only arguments that are not
    // UTF-8 give another kind of error, and its message repeats nothing.
    let escaped = env::args_os().map(|argument| EscapeControl(&argument.to_string_lossy()).to_string());
    match T::try_parse_from(escaped) {
        Err(escaped) if escaped.kind() == mistake.kind() => Err(escaped),
        _ => Err(mistake),
    }
}

/// Returns the message about invalid arguments as text for a single line, without the usage.
pub(crate) fn mistake(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = |paragraph: &str| paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let paragraphs = text.trim_start_matches("error: ").split("\n\n").map(line);
    let is_kept = |line: &String| !line.starts_with("Usage: ") && !line.starts_with("For more information, ");
    paragraphs.filter(is_kept).collect::<Vec<_>>().join("; ")
}
