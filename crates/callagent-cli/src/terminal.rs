//! Messages on standard error, with control characters escaped, and documents on standard output.

use std::{
    fmt,
    io::{self, Write as _},
};

use callagent::tools::EscapeControl;
use serde::Serialize;

/// Prints a message to standard error.
pub(crate) fn print(message: impl fmt::Display) {
    // A closed standard error leaves only the exit status.
    let _ = io::stderr().write_all(line(message).as_bytes());
}

/// Prints a document as a line of JSON to standard output.
pub(crate) fn print_document(document: &impl Serialize) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, document)?;
    writeln!(out)?;
    out.flush()
}

/// Formats a message as a line of standard error.
pub(crate) fn line(message: impl fmt::Display) -> String {
    format!("callagent: {}\n", EscapeControl(&message.to_string()))
}
