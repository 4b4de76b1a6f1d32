//! Connections to the database, and statements on them.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, RecyclingMethod, Runtime};
use tokio::time::timeout;
use tokio_postgres::{
    Row, RowStream, SimpleQueryMessage,
    types::{ToSql, Type},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{config::PostgresConfig, failure::Failure, settings::Limits};

/// How long to wait for a connection, if all are in use, and for a new one.
const POOL_TIMEOUT: Duration = Duration::from_secs(5);

/// A statement, with the types of its parameters.
pub(super) struct Statement {
    sql: &'static str,
    types: &'static [Type],
}

impl Statement {
    pub(super) const fn new(sql: &'static str, types: &'static [Type]) -> Self {
        Statement { sql, types }
    }
}

/// Connections that are made when they are needed.
#[derive(Clone)]
pub(super) struct Pool {
    clients: deadpool_postgres::Pool,
    limits: Limits,
    /// Whether statements are prepared in connections.
    prepares: bool,
}

/// The numbers of connections in a pool.
#[derive(Debug, Clone, Copy)]
pub(super) struct PoolSize {
    pub(super) limit: usize,
    pub(super) connections: usize,
    pub(super) idle: usize,
    /// The number of tasks that wait for one.
    pub(super) waiting: usize,
}

impl Pool {
    /// Creates a pool. `options` are settings of its connections.
    pub(super) fn new(
        config: &PostgresConfig,
        connections: usize,
        limits: Limits,
        options: Option<&str>,
        tls: MakeRustlsConnect,
    ) -> Result<Self, Failure> {
        let mut parameters = config.to_config();
        if let Some(options) = options {
            parameters.options(options);
        }
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(parameters, tls, recycling);
        let clients = deadpool_postgres::Pool::builder(manager)
            .max_size(connections)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(POOL_TIMEOUT))
            .create_timeout(Some(POOL_TIMEOUT))
            .recycle_timeout(Some(POOL_TIMEOUT))
            .build();
        let clients = clients.map_err(|error| Failure::Refused(error.to_string()))?;
        Ok(Pool { clients, limits, prepares: !config.is_pooled() })
    }

    pub(super) fn size(&self) -> PoolSize {
        let status = self.clients.status();
        PoolSize { limit: status.max_size, connections: status.size, idle: status.available, waiting: status.waiting }
    }

    /// Returns a free connection, or a new one.
    pub(super) async fn connection(&self) -> Result<Connection, Failure> {
        let client = self.clients.get().await?;
        Ok(Connection { client, answer: self.limits.answer, prepares: self.prepares })
    }
}

/// A connection that goes back to its pool when it is dropped.
pub(super) struct Connection {
    client: Object,
    /// How long to wait for the answer to a statement.
    answer: Duration,
    prepares: bool,
}

type Parameters<'p> = &'p [&'p (dyn ToSql + Sync)];

impl Connection {
    /// Runs a statement that returns at most one row.
    pub(super) async fn query_opt(
        &self,
        statement: &Statement,
        parameters: Parameters<'_>,
    ) -> Result<Option<Row>, Failure> {
        Ok(self.query(statement, parameters).await?.into_iter().next())
    }

    pub(super) async fn query(&self, statement: &Statement, parameters: Parameters<'_>) -> Result<Vec<Row>, Failure> {
        self.answer(async {
            if self.prepares {
                let prepared = self.client.prepare_typed_cached(statement.sql, statement.types).await?;
                self.client.query(&prepared, parameters).await
            } else {
                self.client.query_typed(statement.sql, &typed(statement, parameters)).await
            }
        })
        .await
    }

    /// Runs a statement that returns no rows. Returns the number of rows that it changed.
    pub(super) async fn execute(&self, statement: &Statement, parameters: Parameters<'_>) -> Result<u64, Failure> {
        self.answer(async {
            if self.prepares {
                let prepared = self.client.prepare_typed_cached(statement.sql, statement.types).await?;
                self.client.execute(&prepared, parameters).await
            } else {
                self.client.execute_typed(statement.sql, &typed(statement, parameters)).await
            }
        })
        .await
    }

    /// Runs a statement without parameters and rows.
    pub(super) async fn run(&self, sql: &str) -> Result<(), Failure> {
        self.answer(self.client.batch_execute(sql)).await
    }

    /// Returns a setting of the connection.
    pub(super) async fn show(&self, setting: &str) -> Result<Option<String>, Failure> {
        let messages = self.answer(self.client.simple_query(&format!("SHOW {setting}"))).await?;
        Ok(messages.into_iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }

    /// Runs a statement whose rows are read while they arrive.
    pub(super) async fn stream(&self, statement: &Statement, parameters: Parameters<'_>) -> Result<RowStream, Failure> {
        self.answer(self.client.query_typed_raw(statement.sql, typed(statement, parameters))).await
    }

    /// Ends a transaction after a failure. Returns whether the connection can be used again.
    pub(super) async fn roll_back(&self, failure: &Failure) -> bool {
        failure.keeps_connection() && self.run("ROLLBACK").await.is_ok()
    }

    /// Closes the connection instead of keeping it for others.
    pub(super) fn discard(self) {
        drop(Object::take(self.client));
    }

    async fn answer<T>(&self, answer: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, Failure> {
        match timeout(self.answer, answer).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Failure::Lost(format!("no answer within {} seconds", self.answer.as_secs()))),
        }
    }
}

fn typed<'p>(statement: &Statement, parameters: Parameters<'p>) -> Vec<(&'p (dyn ToSql + Sync), Type)> {
    parameters.iter().copied().zip(statement.types.iter().cloned()).collect()
}
