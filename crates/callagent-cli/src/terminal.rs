//! Messages on standard error, escaped so that a terminal does not obey the names and texts in them.

use std::{
    env, fmt,
    io::{self, Write as _},
};

use callagent::EscapeControl;
use clap::Parser;

/// Writes a message to standard error.
pub(crate) fn say(message: impl fmt::Display) {
    // If standard error is closed, the exit status has to do.
    let _ = io::stderr().write_all(line(message).as_bytes());
}

/// A message as a line of standard error.
pub(crate) fn line(message: impl fmt::Display) -> String {
    format!("callagent: {}\n", EscapeControl(&message.to_string()))
}

/// Parses the arguments of the process.
///
/// # Errors
/// A mistake in the arguments, in which they are escaped; or a request for help.
pub(crate) fn parse<T: Parser>() -> Result<T, clap::Error> {
    let mistake = match T::try_parse() {
        Ok(arguments) => return Ok(arguments),
        Err(mistake) => mistake,
    };
    // Messages repeat arguments as they are, so they are asked for with escaped ones. Only text that is not UTF-8 makes
    // another mistake, whose message repeats nothing.
    let escaped = env::args_os().map(|argument| EscapeControl(&argument.to_string_lossy()).to_string());
    match T::try_parse_from(escaped) {
        Err(escaped) if escaped.kind() == mistake.kind() => Err(escaped),
        _ => Err(mistake),
    }
}
