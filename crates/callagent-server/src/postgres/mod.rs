//! Storage in PostgreSQL, by any number of processes.

mod access_keys;
mod background;
mod config;
mod connection;
mod failure;
mod proofs;
mod queue;
mod rekey;
mod retry;
mod schema;
mod settings;
mod swap;
mod tls;
mod transfer;

use std::{sync::Arc, thread};

use prometheus_client::registry::Registry;
use tokio::sync::{mpsc, watch};

pub use config::{InvalidPostgresUrl, PostgresConfig};
pub(crate) use failure::Failure;
pub(crate) use rekey::rekey;
pub(crate) use swap::RETRIES;
pub(crate) use transfer::{Session, Staged, has_room};

use self::{
    access_keys::AccessKeys,
    background::Background,
    connection::{Pool, PoolSize, Statement},
    proofs::Recorded,
    queue::{Key, Queue, Running},
    settings::Found,
    swap::Swapper,
};
use crate::{
    error::{OpenStoreError, OpenStoreErrorKind, STOPPED, StoreError},
    keys::KeyRing,
    metrics::{StoreMetrics, constant, read_at_scrape},
    request::{Job, answer},
    store::{KeySource, StoreOptions},
};

const CHECK: Statement = Statement::new("SELECT 1 FROM agents LIMIT 1", &[]);

/// Connections, and a task for each agent with waiting updates.
pub(crate) struct Backend {
    config: PostgresConfig,
    shared: Arc<Shared>,
    /// Whether the store is closed.
    closed: watch::Receiver<bool>,
    runtime: tokio::runtime::Handle,
}

struct Shared {
    queue: Queue,
    swapper: Swapper,
}

impl Backend {
    /// Opens the database. Returns the keys too.
    pub(crate) fn open(
        config: &PostgresConfig,
        keys: &KeySource,
        options: StoreOptions,
        metrics: &StoreMetrics,
    ) -> Result<(Self, KeyRing), OpenStoreError> {
        let open = || {
            let keys = match keys {
                KeySource::Ring(keys) => keys.clone(),
                KeySource::File(path) => KeyRing::read(path).map_err(OpenStoreErrorKind::KeyFile)?,
                KeySource::NextToDatabase => return Err(OpenStoreErrorKind::KeysRequired),
            };
            let background = Background::start(None).map_err(OpenStoreErrorKind::Thread)?;
            let prepared = prepare(config.clone(), keys.clone());
            let pool = background.run(prepared).map_err(|_| OpenStoreErrorKind::Postgres(STOPPED.to_owned()))??;
            let swapper = Swapper { pool, keys: keys.clone(), recorded: Recorded::default(), metrics: metrics.clone() };
            let (running, ended) = mpsc::channel(1);
            let shared = Arc::new(Shared { queue: Queue::new(options, running, metrics.waiting.clone()), swapper });
            let runtime = background.handle().clone();
            let closed = wait_for_end(background, ended).map_err(OpenStoreErrorKind::Thread)?;
            Ok((Backend { config: config.clone(), shared, closed, runtime }, keys))
        };
        open().map_err(|kind| OpenStoreError { database: config.to_string(), kind })
    }

    /// Adds the metrics of the connections.
    pub(crate) fn register_metrics(&self, registry: &mut Registry) {
        let pool = &self.shared.swapper.pool;
        constant(
            registry,
            "postgres_pool_connections_limit",
            "The limit of `callagent_postgres_pool_connections`",
            pool.size().limit,
        );
        let size = |read: fn(PoolSize) -> usize| {
            let pool = pool.clone();
            move || read(pool.size())
        };
        let mut register = |name, help, read| read_at_scrape(registry, name, help, size(read));
        register("postgres_pool_connections", "Connections to the database", |size| size.connections);
        register("postgres_pool_idle_connections", "Connections to the database that are not in use", |size| size.idle);
        register("postgres_pool_waiting", "Tasks that wait for a connection", |size| size.waiting);
    }

    pub(crate) fn config(&self) -> &PostgresConfig {
        &self.config
    }

    pub(crate) fn access_keys(&self) -> AccessKeys {
        AccessKeys { shared: Arc::clone(&self.shared), runtime: self.runtime.clone() }
    }

    pub(crate) fn enqueue(&self, job: Job) -> Result<(), StoreError> {
        if let Some((key, running)) = self.shared.queue.push(job)? {
            self.runtime.spawn(serve(Arc::clone(&self.shared), key, running));
        }
        Ok(())
    }

    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        self.shared.queue.require_open()?;
        let shared = Arc::clone(&self.shared);
        let checked = self.runtime.spawn(async move {
            let connection = shared.swapper.pool.connection().await?;
            match connection.query_opt(&CHECK, &[]).await {
                Ok(_) => Ok(()),
                Err(failure) => {
                    connection.discard();
                    Err(failure)
                }
            }
        });
        match checked.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(failure)) => Err(StoreError::Database(failure.reason().into())),
            Err(_) => Err(StoreError::Closed),
        }
    }

    pub(crate) async fn stopped(&self) -> Result<(), StoreError> {
        // Without a sender, it is closed too.
        let _ = self.closed.clone().wait_for(|closed| *closed).await;
        Ok(())
    }

    /// Takes no further updates.
    pub(crate) fn close(&self) {
        self.shared.queue.close();
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.close();
    }
}

/// Brings the database into shape, and checks the keys. Returns the connections of updates.
async fn prepare(config: PostgresConfig, keys: KeyRing) -> Result<Pool, OpenStoreErrorKind> {
    let session = transfer::connect(&config).await?;
    schema::migrate(&session.connection).await?;
    proofs::check(&session.connection, &keys).await?;
    let pool = session.pool(&config)?;
    for warning in Found::read(&pool.connection().await?).await?.warnings() {
        tracing::warn!("{warning}");
    }
    Ok(pool)
}

/// Keeps the runtime until the store is closed and all updates are answered.
fn wait_for_end(
    background: Background,
    mut ended: mpsc::Receiver<std::convert::Infallible>,
) -> std::io::Result<watch::Receiver<bool>> {
    let (closed, is_closed) = watch::channel(false);
    thread::Builder::new().name("callagent-postgres".to_owned()).spawn(move || {
        while ended.blocking_recv().is_some() {}
        drop(background);
        closed.send_replace(true);
    })?;
    Ok(is_closed)
}

/// Applies the waiting updates of an agent, until none waits.
async fn serve(shared: Arc<Shared>, key: Arc<Key>, running: Running) {
    let served = Served { shared: &shared, key: &key };
    while !shared.queue.is_done(&key) {
        // Updates that arrive while this one waits for a connection are applied with it.
        let connection = shared.swapper.pool.connection().await;
        let jobs = shared.queue.take(&key);
        match connection {
            Ok(connection) => apply(&shared.swapper, connection, &key, jobs).await,
            Err(failure) => {
                let error = StoreError::from(failure);
                for job in jobs {
                    answer(job.answer, Err(error.clone()));
                }
            }
        }
    }
    drop((served, running));
}

async fn apply(swapper: &Swapper, connection: connection::Connection, key: &Key, jobs: Vec<Job>) {
    let mut connection = Some(connection);
    let (mut requests, mut answers): (Vec<_>, Vec<_>) = jobs.into_iter().map(|job| (job.request, job.answer)).unzip();
    while !requests.is_empty() {
        let outcomes = match swapper.apply(&mut connection, key, &requests).await {
            Ok(outcomes) => outcomes,
            Err(error) => requests.iter().map(|_| Err(error.clone())).collect(),
        };
        requests.drain(..outcomes.len().min(requests.len()));
        for (sender, outcome) in answers.drain(..outcomes.len().min(answers.len())).zip(outcomes) {
            answer(sender, outcome);
        }
    }
}

/// An agent that is served. If its task fails, the next update starts another one.
struct Served<'s> {
    shared: &'s Shared,
    key: &'s Key,
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.shared.queue.abandon(self.key);
        }
    }
}
