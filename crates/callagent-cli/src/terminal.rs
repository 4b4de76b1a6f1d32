//! Messages on standard error, with control characters escaped.

use std::{
    fmt,
    io::{self, Write as _},
};

use callagent::tools::EscapeControl;

/// Prints a message to standard error.
pub(crate) fn print(message: impl fmt::Display) {
    // A closed standard error leaves only the exit status.
    let _ = io::stderr().write_all(line(message).as_bytes());
}

/// Formats a message as a line of standard error.
pub(crate) fn line(message: impl fmt::Display) -> String {
    format!("callagent: {}\n", EscapeControl(&message.to_string()))
}
