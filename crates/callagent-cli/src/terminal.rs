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
