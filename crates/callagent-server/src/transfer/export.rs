//! Exporting agents as JSON lines.

use std::{
    error::Error,
    fmt,
    io::{self, Write},
    path::Path,
};

use callagent::{Agent, AgentId, WorkspaceId};
use rusqlite::Connection;

#[cfg(feature = "postgres")]
use crate::postgres::{PostgresConfig, Session};
use crate::{
    error::OpenStoreError,
    keys::{KeyRing, Place, UnsealError},
    sealing::unseal_agent,
    sqlite::{Access, Location},
    store::{Backend, Store},
};

/// The number of agents between calls of the progress function.
const PROGRESS: u64 = 1000;

const SELECT: &str =
    "SELECT workspace, id, document FROM agents WHERE ?1 IS NULL OR workspace = ?1 ORDER BY workspace, id";

/// Options of an export.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    workspace: Option<WorkspaceId>,
    reveal: Option<KeyRing>,
}

/// The error of an export.
#[derive(Debug)]
pub struct ExportError(Kind);

#[derive(Debug)]
enum Kind {
    Open(OpenStoreError),
    Database(rusqlite::Error),
    #[cfg(feature = "postgres")]
    Postgres(String),
    Write(io::Error),
    Agent {
        workspace: String,
        id: String,
        problem: Problem,
    },
}

#[derive(Debug)]
enum Problem {
    Unreadable,
    Unseal(UnsealError),
}

impl ExportOptions {
    /// Exports the agents of all workspaces, with their keys sealed.
    #[must_use]
    pub fn new() -> Self {
        ExportOptions::default()
    }

    /// Exports the agents of this workspace.
    #[must_use]
    pub fn workspace(self, workspace: WorkspaceId) -> Self {
        ExportOptions { workspace: Some(workspace), ..self }
    }

    /// Exports the agents' keys in plain text.
    #[must_use]
    pub fn reveal_keys(self, keys: KeyRing) -> Self {
        ExportOptions { reveal: Some(keys), ..self }
    }
}

impl Store {
    /// Exports agents as they are at one moment: JSON documents, each on a line, in the order of workspace and id. It blocks
    /// the thread. Returns the number of agents. `progress` is called with it every thousand agents and at the end.
    ///
    /// # Errors
    /// If the database cannot be read, a key is to be revealed that is not genuine, or the output cannot be written.
    pub fn export(
        &self,
        options: &ExportOptions,
        output: impl Write,
        progress: impl FnMut(u64),
    ) -> Result<u64, ExportError> {
        match self.backend() {
            Backend::Sqlite(backend) => from_sqlite(backend.location(), options, output, progress),
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => export_postgres(backend.config(), options, output, progress),
        }
    }
}

/// Exports agents from a database file, which another process may use. See [`Store::export`].
///
/// # Errors
/// If there is no such database, and as [`Store::export`].
pub fn export_file(
    database: impl AsRef<Path>,
    options: &ExportOptions,
    output: impl Write,
    progress: impl FnMut(u64),
) -> Result<u64, ExportError> {
    let location = Location::file(database.as_ref()).map_err(Kind::Open)?;
    from_sqlite(&location, options, output, progress)
}

/// Exports agents from a PostgreSQL database, which other processes may use. See [`Store::export`].
///
/// # Errors
/// If there is no such database, and as [`Store::export`].
#[cfg(feature = "postgres")]
pub fn export_postgres(
    database: &PostgresConfig,
    options: &ExportOptions,
    output: impl Write,
    progress: impl FnMut(u64),
) -> Result<u64, ExportError> {
    let session = Session::open(database).map_err(Kind::Open)?;
    let mut lines = Lines { options, output, progress, count: 0 };
    let exported =
        session.export(options.workspace.as_ref(), |workspace, id, document| lines.write(workspace, id, document));
    exported.map_err(|failure| Kind::Postgres(failure.to_string()))??;
    lines.finish()
}

fn from_sqlite(
    location: &Location,
    options: &ExportOptions,
    output: impl Write,
    progress: impl FnMut(u64),
) -> Result<u64, ExportError> {
    let connection: Connection = location.connect(Access::Read).map_err(Kind::Open)?;
    let mut select = connection.prepare(SELECT)?;
    // A single statement reads from a single state.
    let mut rows = select.query([options.workspace.as_ref().map(|workspace| workspace.as_str().as_bytes())])?;
    let mut lines = Lines { options, output, progress, count: 0 };
    while let Some(row) = rows.next()? {
        let bytes = |column| row.get_ref(column)?.as_blob().map_err(rusqlite::Error::from);
        lines.write(bytes(0)?, bytes(1)?, bytes(2)?)?;
    }
    lines.finish()
}

/// The lines of an export.
struct Lines<'o, W, P> {
    options: &'o ExportOptions,
    output: W,
    progress: P,
    count: u64,
}

impl<W: Write, P: FnMut(u64)> Lines<'_, W, P> {
    /// Writes an agent.
    fn write(&mut self, workspace: &[u8], id: &[u8], document: &[u8]) -> Result<(), ExportError> {
        match &self.options.reveal {
            None => self.output.write_all(document)?,
            Some(keys) => {
                let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
                let (workspace, id) = (text(workspace), text(id));
                let revealed = reveal(document, &workspace, &id, keys);
                let agent = revealed.map_err(|problem| Kind::Agent { workspace, id, problem })?;
                serde_json::to_writer(&mut self.output, &agent).map_err(io::Error::from)?;
            }
        }
        self.output.write_all(b"\n")?;
        self.count += 1;
        if self.count.is_multiple_of(PROGRESS) {
            (self.progress)(self.count);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<u64, ExportError> {
        self.output.flush()?;
        (self.progress)(self.count);
        Ok(self.count)
    }
}

fn reveal(document: &[u8], workspace: &str, id: &str, keys: &KeyRing) -> Result<Agent, Problem> {
    let mut agent: Agent = callagent::read(document).map_err(|_| Problem::Unreadable)?;
    let workspace = WorkspaceId::new(workspace).map_err(|_| Problem::Unreadable)?;
    let id = AgentId::new(id).map_err(|_| Problem::Unreadable)?;
    unseal_agent(&mut agent, keys, &Place::eleven_labs_key(&workspace, &id)).map_err(Problem::Unseal)?;
    Ok(agent)
}

impl From<Kind> for ExportError {
    fn from(kind: Kind) -> Self {
        ExportError(kind)
    }
}

impl From<rusqlite::Error> for ExportError {
    fn from(error: rusqlite::Error) -> Self {
        ExportError(Kind::Database(error))
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        ExportError(Kind::Write(error))
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Open(error) => error.fmt(out),
            Kind::Database(error) => write!(out, "cannot read the database: {error}"),
            #[cfg(feature = "postgres")]
            Kind::Postgres(reason) => write!(out, "cannot read the database: {reason}"),
            Kind::Write(error) => write!(out, "cannot write the export: {error}"),
            Kind::Agent { workspace, id, problem } => {
                write!(out, "cannot export the agent {id:?} of the workspace {workspace:?}: ")?;
                match problem {
                    Problem::Unreadable => out.write_str("it is damaged"),
                    Problem::Unseal(error) => error.fmt(out),
                }
            }
        }
    }
}

impl Error for ExportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Kind::Open(error) => Some(error),
            Kind::Database(error) => Some(error),
            Kind::Write(error) => Some(error),
            #[cfg(feature = "postgres")]
            Kind::Postgres(_) => None,
            Kind::Agent { .. } => None,
        }
    }
}
