//! Errors of the command, with messages that say what to do.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use callagent::tools::EscapeControl;

use crate::{interrupt, terminal};

/// An error with exit status 2, or an interruption.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A path that could not be read.
    Unreadable { path: PathBuf, error: io::Error },
    /// A file that could not be replaced by its fixed text.
    Unwritable { path: PathBuf, error: io::Error },
    /// A directory without documents.
    NoDocuments { directory: PathBuf },
    /// A document that cannot be compared.
    #[cfg(feature = "compat")]
    Uncomparable { path: PathBuf, reason: String },
    /// A mistake in the arguments.
    Usage(String),
    /// Mistakes in the arguments and in the files that they name.
    Mistakes(Vec<Failure>),
    /// A thread that could not be started.
    Thread(io::Error),
    #[cfg(feature = "server")]
    /// A message about the database, the import or the server.
    Store(String),
    #[cfg(any(feature = "client", feature = "verify"))]
    /// Why a server cannot be tested, or did not make an update.
    Server(String),
    /// An interruption by Ctrl-C or a signal.
    Interrupted,
    /// Standard output could not be written.
    Output(io::Error),
    /// Failures that were already printed.
    AlreadyReported,
}

impl Failure {
    pub(crate) fn unreadable(path: &Path, error: io::Error) -> Self {
        Failure::Unreadable { path: path.to_owned(), error }
    }

    #[cfg(feature = "server")]
    pub(crate) fn store(error: impl fmt::Display) -> Self {
        Failure::Store(error.to_string())
    }

    pub(crate) fn status(&self) -> ExitCode {
        ExitCode::from(if matches!(self, Failure::Interrupted) { interrupt::STATUS } else { 2 })
    }

    /// The path that could not be used, if any.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Failure::Unreadable { path, .. }
            | Failure::Unwritable { path, .. }
            | Failure::NoDocuments { directory: path } => Some(path),
            #[cfg(feature = "compat")]
            Failure::Uncomparable { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Prints the message to standard error.
    pub(crate) fn print(&self) {
        match self {
            Failure::AlreadyReported => {}
            Failure::Mistakes(mistakes) => match &**mistakes {
                [mistake] => mistake.print(),
                mistakes => mistakes.iter().for_each(|mistake| match mistake {
                    Failure::Usage(mistake) => terminal::print(mistake),
                    mistake => mistake.print(),
                }),
            },
            _ => terminal::print(self),
        }
    }

    /// Prints the message to standard error, and returns the exit status.
    pub(crate) fn report(&self) -> ExitCode {
        self.print();
        self.status()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self {
            Failure::Unreadable { path, error } => format!("cannot read `{}`: {error}", path.display()),
            Failure::Unwritable { path, error } => format!("cannot write `{}`: {error}", path.display()),
            Failure::NoDocuments { directory } => {
                let directory = directory.display();
                format!("no `*.json` files in the directory `{directory}`; give files or a directory that has some")
            }
            #[cfg(feature = "compat")]
            Failure::Uncomparable { path, reason } => format!("cannot compare `{}`: {reason}", path.display()),
            Failure::Usage(mistake) => format!("{mistake}; for more information, try `callagent help`"),
            Failure::Mistakes(mistakes) => mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            #[cfg(feature = "server")]
            Failure::Store(message) => message.clone(),
            #[cfg(any(feature = "client", feature = "verify"))]
            Failure::Server(message) => message.clone(),
            Failure::Thread(error) => format!("cannot start a thread: {error}"),
            Failure::Interrupted => "interrupted; the output is incomplete".to_owned(),
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                "standard output was closed before the output was complete".to_owned()
            }
            Failure::Output(error) => format!("cannot write to standard output: {error}"),
            Failure::AlreadyReported => return Ok(()),
        };
        // File names may contain control characters.
        EscapeControl(&reason).fmt(out)
    }
}
