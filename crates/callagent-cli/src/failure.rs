//! Why the command could not do its work, in words that say what to do.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use callagent::EscapeControl;

use crate::{interrupt, terminal};

/// A reason for exit status 2, or an interruption.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A path that could not be read.
    Unreadable { path: PathBuf, error: io::Error },
    /// A file that could not be replaced by its mended text.
    Unwritable { path: PathBuf, error: io::Error },
    /// A folder without a document.
    NoDocuments { folder: PathBuf },
    /// A document that cannot be compared.
    Uncomparable { path: PathBuf, reason: String },
    /// A mistake in the arguments.
    Usage(String),
    /// A thread that could not be started.
    Thread(io::Error),
    /// Someone pressed Ctrl-C.
    Interrupted,
    /// Standard output could not be written.
    Output(io::Error),
    /// Some of the paths could not be read; each was told when it came up.
    AlreadyReported,
}

impl Failure {
    pub(crate) fn unreadable(path: &Path, error: io::Error) -> Self {
        Failure::Unreadable { path: path.to_owned(), error }
    }

    pub(crate) fn status(&self) -> ExitCode {
        ExitCode::from(if matches!(self, Failure::Interrupted) { interrupt::STATUS } else { 2 })
    }

    /// The path that it is about.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Failure::Unreadable { path, .. }
            | Failure::Unwritable { path, .. }
            | Failure::NoDocuments { folder: path }
            | Failure::Uncomparable { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Tells the reason on standard error.
    pub(crate) fn tell(&self) {
        if !matches!(self, Failure::AlreadyReported) {
            terminal::say(self);
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self {
            Failure::Unreadable { path, error } => format!("cannot read `{}`: {error}", path.display()),
            Failure::Unwritable { path, error } => format!("cannot write `{}`: {error}", path.display()),
            Failure::NoDocuments { folder } => {
                let folder = folder.display();
                format!("no `*.json` below the folder `{folder}`; name files, or a folder that holds some")
            }
            Failure::Uncomparable { path, reason } => format!("cannot compare `{}`: {reason}", path.display()),
            Failure::Usage(mistake) => format!("{mistake}; see `callagent help`"),
            Failure::Thread(error) => format!("cannot start a thread: {error}"),
            Failure::Interrupted => "interrupted; what was done until then is above".to_owned(),
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                "standard output was closed before the report was complete".to_owned()
            }
            Failure::Output(error) => format!("cannot write to standard output: {error}"),
            Failure::AlreadyReported => return Ok(()),
        };
        // The name of a file can hold anything.
        EscapeControl(&reason).fmt(out)
    }
}
