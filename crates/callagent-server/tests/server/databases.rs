//! The databases that the suite runs on.

use callagent::Agent;
use callagent_server::{Database, ExportOptions, KeyRing, KeySource, Store, StoreOptions};
use tempfile::TempDir;

#[cfg(feature = "postgres")]
use {crate::cluster, callagent_server::PostgresConfig};

/// A new database of any kind, and the keys of it.
pub(crate) struct TestDatabase {
    pub(crate) name: &'static str,
    pub(crate) database: Database,
    pub(crate) keys: KeySource,
    /// The URL of a PostgreSQL database.
    pub(crate) url: Option<String>,
    _folder: TempDir,
}

/// A database in memory, one in a file, and if the machine has it, in PostgreSQL, also with serializable transactions.
pub(crate) fn databases() -> impl Iterator<Item = TestDatabase> {
    std::iter::once(TestDatabase::new("memory", None, Database::Memory)).chain(durable_databases())
}

/// The databases that can be opened again.
pub(crate) fn durable_databases() -> impl Iterator<Item = TestDatabase> {
    let folder = TempDir::new().expect("a folder");
    let database = Database::File(folder.path().join("agents.sqlite"));
    let file = TestDatabase { name: "file", database, keys: KeySource::NextToDatabase, url: None, _folder: folder };
    std::iter::once(file).chain(postgres_databases())
}

#[cfg(not(feature = "postgres"))]
pub(crate) fn postgres_databases() -> impl Iterator<Item = TestDatabase> {
    std::iter::empty()
}

/// A third of contended transactions then fail, and must be repeated.
#[cfg(feature = "postgres")]
pub(crate) const SERIALIZABLE: &[(&str, &str)] = &[("default_transaction_isolation", "serializable")];

/// The databases in PostgreSQL.
#[cfg(feature = "postgres")]
pub(crate) fn postgres_databases() -> impl Iterator<Item = TestDatabase> {
    let all = [("PostgreSQL", &[][..], ""), ("serializable", SERIALIZABLE, ""), ("pooler", &[], "?pooler=transaction")];
    all.into_iter().filter_map(|(name, settings, parameters)| {
        let url = cluster::cluster()?.create(settings);
        let config: PostgresConfig = format!("{url}{parameters}").parse().expect("a URL");
        Some(TestDatabase::new(name, Some(url), Database::Postgres(config)))
    })
}

impl TestDatabase {
    fn new(name: &'static str, url: Option<String>, database: Database) -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("keys");
        KeyRing::create(&file).expect("a file of keys");
        TestDatabase { name, database, keys: KeySource::File(file), url, _folder: folder }
    }

    pub(crate) fn open(&self) -> Store {
        self.open_with(StoreOptions::default())
    }

    pub(crate) fn open_with(&self, options: StoreOptions) -> Store {
        options.open(&self.database, &self.keys).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Runs a statement past the store. Bytes are written as `x'…'`.
    pub(crate) fn execute(&self, sql: &str) {
        match (&self.database, &self.url) {
            (Database::File(path), _) => {
                let connection = rusqlite::Connection::open(path).expect("a database");
                connection.execute_batch(sql).expect("a statement");
            }
            #[cfg(feature = "postgres")]
            (_, Some(url)) => {
                cluster::execute(url, &sql.replace("x'", "'\\x")).expect("a statement");
            }
            _ => panic!("a database in memory has a single user"),
        }
    }

    /// The agents of the database, without the store.
    pub(crate) fn exported(&self) -> Vec<Agent> {
        let mut lines = Vec::new();
        let options = ExportOptions::new();
        match &self.database {
            Database::File(path) => callagent_server::export_file(path, &options, &mut lines, |_| {}),
            #[cfg(feature = "postgres")]
            Database::Postgres(config) => callagent_server::export_postgres(config, &options, &mut lines, |_| {}),
            _ => panic!("a database in memory has a single user"),
        }
        .expect("an export");
        lines.split_inclusive(|&byte| byte == b'\n').map(|line| callagent::read(line).expect("an agent")).collect()
    }
}
