//! Importing agents: all of a file or nothing.
//!
//! The agents are checked, sealed and collected in a temporary table of SQLite, which keeps it in a file of its own. That
//! takes most of the time and locks nothing. A single transaction then copies them, so that a server on the same database
//! waits for the copying alone.

use std::{collections::HashSet, io::BufRead, time::Duration};

use callagent::{Agent, AgentId, WorkspaceId};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior, params};

use super::{
    documents,
    import_error::{ImportError, Kind, Located, Origin},
};
#[cfg(feature = "postgres")]
use crate::postgres::{self, Session};
use crate::{
    entry::MAX_AGENT,
    keys::{KeyRing, Place},
    sealing::{SealAgentError, agent_key_id, seal_agent},
    sqlite::{Access, Failure, Recorded},
    store::{Backend, Store},
    version::Version,
};

/// How long an import waits for the lock, which a busy server takes again and again.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

/// The number of agents between calls of the progress function.
const PROGRESS: u64 = 1000;

const CREATE: &str = "
    CREATE TEMP TABLE staged (line INTEGER NOT NULL, position INTEGER, id BLOB NOT NULL UNIQUE, document BLOB NOT NULL,
        key_id TEXT)
";
const STAGE: &str = "INSERT INTO temp.staged VALUES (?1, ?2, ?3, ?4, ?5)";
const FIRST: &str = "SELECT line FROM temp.staged WHERE id = ?1";
#[cfg(feature = "postgres")]
const CHUNK: &str =
    "SELECT rowid, line, position, id, document, key_id FROM temp.staged WHERE rowid > ?1 ORDER BY rowid";
const EXISTING: &str = "
    SELECT line, position, id FROM temp.staged AS staged
    WHERE EXISTS (SELECT 1 FROM agents WHERE workspace = ?1 AND agents.id = staged.id) ORDER BY staged.rowid LIMIT 1
";
const COPY: &str = "
    INSERT INTO agents (workspace, id, version, document, key_id)
    SELECT ?1, id, ?2, document, key_id FROM temp.staged WHERE true
    ON CONFLICT DO UPDATE SET
        version = max(excluded.version, agents.version + 1), document = excluded.document, key_id = excluded.key_id
";

/// Options of an import.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    lines: bool,
    replace: bool,
}

impl ImportOptions {
    /// Imports one JSON document or an array of them, and refuses agents that exist.
    #[must_use]
    pub fn new() -> Self {
        ImportOptions::default()
    }

    /// Reads a document from each line that is not blank. The file may then have any size.
    #[must_use]
    pub fn lines(self, lines: bool) -> Self {
        ImportOptions { lines, ..self }
    }

    /// Replaces agents that exist.
    #[must_use]
    pub fn replace(self, replace: bool) -> Self {
        ImportOptions { replace, ..self }
    }
}

struct Import<'i> {
    workspace: &'i WorkspaceId,
    keys: &'i KeyRing,
    /// The database, or for another one than SQLite a database of its own.
    connection: Connection,
    key_ids: HashSet<String>,
    count: u64,
}

impl Store {
    /// Imports all agents of a file, or none. It blocks the thread. Returns the number of agents.
    ///
    /// A document must be an agent with an `_id`. A plain key is sealed; a sealed one must be genuine. `source` names the
    /// file in errors. `progress` is called with the number of agents that are checked, every thousand and at the end.
    ///
    /// # Errors
    /// If the file cannot be read, a document is not an agent of this workspace, an agent occurs twice or exists, or the
    /// database cannot be written.
    pub fn import(
        &self,
        workspace: &WorkspaceId,
        source: &str,
        input: impl BufRead,
        options: ImportOptions,
        mut progress: impl FnMut(u64),
    ) -> Result<u64, ImportError> {
        let open = |error| Located::new(None, Kind::Open(error));
        let run = || -> Result<u64, Located> {
            let connection = match self.backend() {
                Backend::Sqlite(backend) => backend.location().connect(Access::Write).map_err(open)?,
                #[cfg(feature = "postgres")]
                // It is in a temporary file, where it does not fit into memory.
                Backend::Postgres(_) => Connection::open("")?,
            };
            let (keys, key_ids) = (self.keys(), HashSet::new());
            let mut import = Import { workspace, keys, connection, key_ids, count: 0 };
            import.stage(input, options, &mut progress)?;
            match self.backend() {
                Backend::Sqlite(_) => import.commit(options)?,
                #[cfg(feature = "postgres")]
                Backend::Postgres(backend) => {
                    import.copy(&Session::open(backend.config()).map_err(open)?, options)?;
                }
            }
            Ok(import.count)
        };
        run().map_err(|error| ImportError::new(source, error))
    }
}

impl Import<'_> {
    /// Checks the documents, and collects them in a temporary table.
    fn stage(
        &mut self,
        input: impl BufRead,
        options: ImportOptions,
        progress: &mut impl FnMut(u64),
    ) -> Result<(), Located> {
        self.connection.busy_timeout(BUSY_TIMEOUT)?;
        self.connection.execute_batch(CREATE)?;
        // It writes to the temporary table only, so it locks nothing.
        self.connection.execute_batch("BEGIN DEFERRED")?;
        documents::for_each(input, options.lines, |document, origin| {
            self.stage_one(document, origin).map_err(|kind| Located::new(origin, kind))?;
            self.count += 1;
            if self.count.is_multiple_of(PROGRESS) {
                progress(self.count);
            }
            Ok(())
        })?;
        self.connection.execute_batch("COMMIT")?;
        progress(self.count);
        Ok(())
    }

    fn stage_one(&mut self, document: &[u8], origin: Origin) -> Result<(), Kind> {
        let mut agent: Agent = callagent::read(document).map_err(Kind::Invalid)?;
        let id = AgentId::new(agent.id.as_deref().ok_or(Kind::MissingId)?).map_err(Kind::InvalidId)?;
        let expected = self.workspace.as_str();
        if let Some(found) = agent.workspace_id.as_deref().filter(|found| *found != expected) {
            return Err(Kind::Workspace { expected: expected.to_owned(), found: found.to_owned() });
        }
        seal_agent(&mut agent, self.keys, &Place::eleven_labs_key(self.workspace, &id)).map_err(
            |error| match error {
                SealAgentError::Seal(error) => Kind::Seal(error),
                SealAgentError::Unseal(error) => Kind::Unseal(error),
            },
        )?;
        let key_id = agent_key_id(&agent);
        if let Some(key_id) = key_id.filter(|key_id| !self.key_ids.contains(*key_id)) {
            self.key_ids.insert(key_id.to_owned());
        }
        let document = serde_json::to_vec(&agent).map_err(Kind::Serialize)?;
        if document.len() > MAX_AGENT {
            return Err(Kind::TooLarge(MAX_AGENT));
        }
        let id = id.as_str().as_bytes();
        let mut stage = self.connection.prepare_cached(STAGE)?;
        match stage.execute(params![to_sql(origin.line), origin.index.map(to_sql), id, document, key_id]) {
            Ok(_) => Ok(()),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                let line: i64 = self.connection.query_row(FIRST, [id], |row| row.get(0))?;
                Err(Kind::Repeated(from_sql(line)))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Copies the agents in one transaction.
    fn commit(&mut self, options: ImportOptions) -> Result<(), Located> {
        let workspace = self.workspace.as_str().as_bytes();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if !options.replace {
            let existing = transaction.query_row(EXISTING, [workspace], |row| {
                let origin = Origin { line: from_sql(row.get(0)?), index: row.get::<_, Option<_>>(1)?.map(from_sql) };
                Ok((origin, String::from_utf8_lossy(row.get_ref(2)?.as_blob()?).into_owned()))
            });
            if let Some((origin, id)) = existing.optional()? {
                return Err(Located::new(origin, Kind::Exists(id)));
            }
        }
        let mut recorded = Recorded::default();
        for key_id in &self.key_ids {
            recorded
                .record(&transaction, key_id, self.keys)
                .map_err(|failure| Located::new(None, Kind::Database(failure)))?;
        }
        transaction.execute(COPY, params![workspace, Version::next(None, Timestamp::now()).to_sql()])?;
        transaction.commit()?;
        Ok(())
    }
}

#[cfg(feature = "postgres")]
impl Import<'_> {
    /// Copies the agents into a PostgreSQL database, in one transaction.
    fn copy(&self, session: &Session, options: ImportOptions) -> Result<(), Located> {
        let version = Version::next(None, Timestamp::now()).to_sql();
        let copied = session.transaction("BEGIN", |session| {
            session.record(&self.key_ids, self.keys)?;
            let mut last = 0;
            loop {
                let chunk = match self.chunk(last) {
                    Ok(chunk) => chunk,
                    Err(error) => return Ok(Err(error)),
                };
                let Some(staged) = chunk.last() else { return Ok(Ok(())) };
                last = staged.row;
                let (origins, agents): (Vec<_>, Vec<_>) =
                    chunk.into_iter().map(|staged| (staged.origin, staged.agent)).unzip();
                let ids: Vec<_> = agents.iter().map(|agent| agent.id.clone()).collect();
                let existing = session.insert(self.workspace, version, agents, options.replace)?;
                if let Some((origin, id)) = existing.and_then(|index| origins.get(index).zip(ids.get(index))) {
                    return Ok(Err(Located::new(*origin, Kind::Exists(String::from_utf8_lossy(id).into_owned()))));
                }
            }
        });
        copied.unwrap_or_else(|failure| Err(Located::new(None, Kind::Postgres(failure))))
    }

    /// Returns some of the agents after a row.
    fn chunk(&self, after: i64) -> Result<Vec<Staged>, Located> {
        let mut select = self.connection.prepare_cached(CHUNK)?;
        let mut rows = select.query([after])?;
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        while postgres::has_room(chunk.len(), bytes) {
            let Some(row) = rows.next()? else { break };
            let origin = Origin { line: from_sql(row.get(1)?), index: row.get::<_, Option<_>>(2)?.map(from_sql) };
            let agent = postgres::Staged { id: row.get(3)?, document: row.get(4)?, key_id: row.get(5)? };
            bytes += agent.document.len();
            chunk.push(Staged { row: row.get(0)?, origin, agent });
        }
        Ok(chunk)
    }
}

/// An agent in the temporary table.
#[cfg(feature = "postgres")]
struct Staged {
    row: i64,
    origin: Origin,
    agent: postgres::Staged,
}

/// Lines and positions are counted in memory, so they fit.
fn to_sql(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn from_sql(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

impl From<rusqlite::Error> for Kind {
    fn from(error: rusqlite::Error) -> Self {
        Kind::Database(Failure::from(error))
    }
}

impl From<rusqlite::Error> for Located {
    fn from(error: rusqlite::Error) -> Self {
        Located::new(None, error)
    }
}
