//! Why the command could not do its work, in words that say what to do.

use std::{fmt, io, io::Write as _};

/// A reason for exit status 2.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A path that could not be read.
    Unreadable { path: String, error: io::Error },
    /// A file that could not be replaced by its mended text.
    Unwritable { path: String, error: io::Error },
    /// A folder without a document.
    NoDocuments { folder: String },
    /// A document that cannot be compared.
    Uncomparable { path: String, reason: String },
    /// A mistake in the arguments.
    Usage(String),
    /// Someone pressed Ctrl-C.
    Interrupted,
    /// Standard output could not be written.
    Output(io::Error),
    /// Some of the paths could not be read; each was told when it came up.
    Told,
}

impl Failure {
    /// Tells the reason on standard error.
    pub(crate) fn tell(&self) {
        if !matches!(self, Failure::Told) {
            // Where standard error is closed too, the exit status has to do.
            let _ = writeln!(io::stderr(), "callagent: {self}");
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Unreadable { path, error } => write!(out, "cannot read `{path}`: {error}"),
            Failure::Unwritable { path, error } => write!(out, "cannot write `{path}`: {error}; it stays as it was"),
            Failure::NoDocuments { folder } => {
                write!(out, "no `*.json` below the folder `{folder}`; name files, or a folder that holds some")
            }
            Failure::Uncomparable { path, reason } => write!(out, "cannot compare `{path}`: {reason}"),
            Failure::Usage(mistake) => write!(out, "{mistake}; see `callagent help`"),
            Failure::Interrupted => out.write_str("interrupted; what came until then is counted above"),
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                out.write_str("standard output was closed before the report was complete")
            }
            Failure::Output(error) => write!(out, "cannot write to standard output: {error}"),
            Failure::Told => Ok(()),
        }
    }
}
