//! The database and its encryption keys, as arguments.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use callagent_server::{Database, ExportError, ExportOptions, KeyRing, KeySource, Store, export_file};
use clap::Args;

use crate::failure::Failure;

/// The database that lives in memory.
const MEMORY: &str = ":memory:";

/// The maximum size of a file with a URL.
const MAX_URL: u64 = 64 * 1024;

#[derive(Args)]
pub(crate) struct DatabaseArguments {
    /// The SQLite file, `:memory:`, or the URL of a PostgreSQL database.
    #[arg(
        long,
        env = "CALLAGENT_DATABASE",
        hide_env_values = true,
        value_name = "FILE|URL",
        default_value = "callagent.sqlite"
    )]
    database: PathBuf,
    /// The file with the URL of a PostgreSQL database, for a URL with a password.
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    database_url_file: Option<PathBuf>,
    /// The file of encryption keys, one `ID:BASE64` per line; the first one encrypts [default: the SQLite file with
    /// `.keys` appended, which is created if nothing is encrypted yet].
    #[arg(long, env = "CALLAGENT_ENCRYPTION_KEYS", hide_env_values = true, value_name = "FILE")]
    encryption_keys: Option<PathBuf>,
}

impl DatabaseArguments {
    /// Opens the store.
    pub(crate) fn open(&self) -> Result<Store, Failure> {
        let database = self.database()?;
        self.key_file(&database)?;
        self.open_as(&database)
    }

    /// Opens the store of a database that exists.
    pub(crate) fn open_existing(&self) -> Result<Store, Failure> {
        if let Database::File(file) = self.database()?
            && matches!(file.try_exists(), Ok(false))
        {
            return Err(Failure::store(format!("there is no database `{}`", file.display())));
        }
        self.open_durable()
    }

    /// Opens the store, which must outlive the command.
    pub(crate) fn open_durable(&self) -> Result<Store, Failure> {
        require_durable(&self.database()?)?;
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

    /// Exports agents, from a database that exists.
    pub(crate) fn export(&self, options: &ExportOptions, out: impl io::Write) -> Result<u64, Failure> {
        let exported: Result<u64, ExportError> = match self.database()? {
            #[cfg(feature = "postgres")]
            Database::Postgres(config) => callagent_server::export_postgres(&config, options, out, |_| ()),
            Database::File(file) => export_file(file, options, out, |_| ()),
            _ => return Err(not_durable()),
        };
        exported.map_err(Failure::store)
    }

    fn database(&self) -> Result<Database, Failure> {
        if let Some(path) = &self.database_url_file {
            let url = read_url(path).map_err(|error| Failure::unreadable(path, error))?;
            return postgres(url.trim());
        }
        if self.database.as_os_str() == MEMORY {
            return Ok(Database::Memory);
        }
        // A URL may contain a password, so that it is not taken for a file and shown.
        if !is_url(&self.database) {
            return Ok(Database::File(self.database.clone()));
        }
        let url = self.database.to_str();
        let url = url.ok_or_else(|| Failure::Usage("invalid URL of a database: expected UTF-8".to_owned()))?;
        let database = postgres(url)?;
        if has_password(&database) && env::args_os().any(|argument| argument.to_string_lossy().contains(url)) {
            return Err(Failure::Usage(
                "other users can see the password of the database in the arguments; set CALLAGENT_DATABASE or use \
                 --database-url-file instead"
                    .to_owned(),
            ));
        }
        Ok(database)
    }

    /// Returns the file of the encryption keys of the database in the arguments.
    pub(crate) fn require_key_file(&self) -> Result<PathBuf, Failure> {
        let database = self.database()?;
        require_durable(&database)?;
        self.key_file(&database)?.ok_or_else(|| Failure::Usage("expected --encryption-keys".to_owned()))
    }

    /// Returns the file of the encryption keys. A database in memory needs none.
    fn key_file(&self, database: &Database) -> Result<Option<PathBuf>, Failure> {
        match (&self.encryption_keys, database) {
            (Some(file), _) => Ok(Some(file.clone())),
            (None, Database::Memory) => Ok(None),
            (None, Database::File(database)) => {
                let mut file = OsString::from(database);
                file.push(".keys");
                Ok(Some(file.into()))
            }
            (None, _) => Err(Failure::Usage(
                "a PostgreSQL database requires --encryption-keys, the same file for all servers; create one with \
                 `(umask 077; echo \"key-1:$(head -c 32 /dev/urandom | base64)\" > FILE)`"
                    .to_owned(),
            )),
        }
    }

    /// Returns the ids of the encryption keys; the first one encrypts. There are none before the file is created.
    pub(crate) fn key_ids(&self) -> Result<String, Failure> {
        let Some(file) = self.key_file(&self.database()?)? else { return Ok(String::new()) };
        if self.encryption_keys.is_none() && !file.exists() {
            return Ok(String::new());
        }
        let keys = KeyRing::read(file).map_err(Failure::store)?;
        Ok(keys.ids().collect::<Vec<_>>().join(" "))
    }

    /// Returns the arguments as settings, for `--show-config`.
    pub(crate) fn settings(&self) -> Result<[(&'static str, String); 3], Failure> {
        let database = self.database()?;
        let keys = self.key_file(&database)?.map_or_else(|| "in memory".to_owned(), |file| file.display().to_string());
        let database = match database {
            #[cfg(feature = "postgres")]
            Database::Postgres(config) => config.to_string(),
            _ => self.database.display().to_string(),
        };
        Ok([("database", database), ("encryption-keys", keys), ("encryption-key-ids", self.key_ids()?)])
    }
}

/// Requires a database that outlives the command.
fn require_durable(database: &Database) -> Result<(), Failure> {
    if matches!(database, Database::Memory) { Err(not_durable()) } else { Ok(()) }
}

fn not_durable() -> Failure {
    Failure::Usage(format!("expected a database file or URL, found `{MEMORY}`"))
}

/// Returns whether a path is a URL: a scheme (RFC 3986, section 3.1) and `://`, or the scheme of PostgreSQL.
fn is_url(path: &Path) -> bool {
    let path = path.to_string_lossy();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    path.split_once(':').is_some_and(|(scheme, rest)| {
        let is_scheme = !scheme.is_empty() && scheme.bytes().all(is_allowed);
        is_scheme && (rest.starts_with("//") || ["postgres", "postgresql"].contains(&scheme))
    })
}

fn read_url(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_URL).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(feature = "postgres")]
fn postgres(url: &str) -> Result<Database, Failure> {
    match url.parse() {
        Ok(config) => Ok(Database::Postgres(config)),
        Err(error) => Err(Failure::Usage(format!("invalid URL of a database: {error}"))),
    }
}

#[cfg(feature = "postgres")]
fn has_password(database: &Database) -> bool {
    matches!(database, Database::Postgres(config) if config.has_password())
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &str) -> Result<Database, Failure> {
    Err(Failure::Usage("expected an SQLite file as the database; this build has no PostgreSQL".to_owned()))
}

#[cfg(not(feature = "postgres"))]
fn has_password(_: &Database) -> bool {
    false
}
