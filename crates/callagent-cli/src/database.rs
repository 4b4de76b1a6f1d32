//! The database and its encryption keys, as arguments.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use callagent_server::{Database, KeyRing, KeySource, Store};
use clap::Args;

use crate::failure::Failure;

/// The database that lives in memory.
const MEMORY: &str = ":memory:";

#[derive(Args)]
pub(crate) struct DatabaseArguments {
    /// The SQLite file, or `:memory:`.
    #[arg(
        long,
        env = "CALLAGENT_DATABASE",
        hide_env_values = true,
        value_name = "FILE",
        default_value = "callagent.sqlite"
    )]
    database: PathBuf,
    /// The file of encryption keys, one `ID:BASE64` per line; the first one encrypts [default: the database file with
    /// `.keys` appended, which is created if nothing is encrypted yet].
    #[arg(long, env = "CALLAGENT_ENCRYPTION_KEYS", hide_env_values = true, value_name = "FILE")]
    encryption_keys: Option<PathBuf>,
}

impl DatabaseArguments {
    /// Opens the store.
    pub(crate) fn open(&self) -> Result<Store, Failure> {
        let database = if self.is_memory() { Database::Memory } else { Database::File(self.file()?.to_owned()) };
        self.open_as(&database)
    }

    /// Opens the store of a database file that exists.
    pub(crate) fn open_existing(&self) -> Result<Store, Failure> {
        let file = self.file()?;
        if matches!(file.try_exists(), Ok(false)) {
            return Err(Failure::store(format!("there is no database `{}`", file.display())));
        }
        self.open()
    }

    /// Opens a store in memory, with the encryption keys that are given.
    pub(crate) fn open_in_memory(&self) -> Result<Store, Failure> {
        self.open_as(&Database::Memory)
    }

    fn open_as(&self, database: &Database) -> Result<Store, Failure> {
        let keys = self.encryption_keys.clone().map_or(KeySource::NextToDatabase, KeySource::File);
        Store::open(database, &keys).map_err(Failure::store)
    }

    fn is_memory(&self) -> bool {
        self.database.as_os_str() == MEMORY
    }

    /// Returns the database file.
    pub(crate) fn file(&self) -> Result<&Path, Failure> {
        if self.is_memory() {
            return Err(Failure::Usage(format!("expected a database file, found `{MEMORY}`")));
        }
        // A URL may contain a password.
        if is_url(&self.database) {
            return Err(Failure::Usage("expected an SQLite file as the database, found a URL".to_owned()));
        }
        Ok(&self.database)
    }

    /// Returns the file of the encryption keys.
    pub(crate) fn key_file(&self) -> Result<PathBuf, Failure> {
        if let Some(file) = &self.encryption_keys {
            return Ok(file.clone());
        }
        let mut file = OsString::from(self.file()?);
        file.push(".keys");
        Ok(file.into())
    }

    /// Returns the ids of the encryption keys; the first one encrypts. There are none before the file is created.
    pub(crate) fn key_ids(&self) -> Result<String, Failure> {
        if self.encryption_keys.is_none() && (self.is_memory() || !self.key_file()?.exists()) {
            return Ok(String::new());
        }
        let keys = KeyRing::read(self.key_file()?).map_err(Failure::store)?;
        Ok(keys.ids().collect::<Vec<_>>().join(" "))
    }

    /// Returns the arguments as settings, for `--show-config`.
    pub(crate) fn settings(&self) -> Result<[(&'static str, String); 3], Failure> {
        let (database, keys) = match (self.is_memory(), &self.encryption_keys) {
            (true, None) => (MEMORY.to_owned(), "in memory".to_owned()),
            (true, Some(file)) => (MEMORY.to_owned(), file.display().to_string()),
            (false, _) => (self.file()?.display().to_string(), self.key_file()?.display().to_string()),
        };
        Ok([("database", database), ("encryption-keys", keys), ("encryption-key-ids", self.key_ids()?)])
    }
}

/// Returns whether a path is a URL: a scheme (RFC 3986, section 3.1) and `://`.
fn is_url(path: &Path) -> bool {
    let path = path.to_string_lossy();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    path.split_once("://").is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.bytes().all(is_allowed))
}
