//! What a store counts and measures. It does so with a server or without.

use std::{fmt, time::Duration};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};

use crate::error::StoreError;

/// The upper bounds of times, in seconds: from less than a sync takes to the limits of statements.
const SECONDS: [f64; 14] = [0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The metrics of a store. Clones are the same metrics.
#[derive(Debug, Clone)]
pub(crate) struct StoreMetrics {
    /// The number of updates that wait.
    pub(crate) waiting: Gauge,
    batch: Histogram,
    commit: Histogram,
    errors: Counters,
    #[cfg(feature = "postgres")]
    pub(crate) retries: Counters,
    #[cfg(feature = "postgres")]
    pub(crate) open_outcomes: Counter,
}

impl StoreMetrics {
    pub(crate) fn new() -> Self {
        StoreMetrics {
            waiting: Gauge::default(),
            batch: Histogram::new(exponential_buckets(1.0, 2.0, 9)),
            commit: Histogram::new(SECONDS),
            errors: Counters::new("kind", &StoreError::KINDS),
            #[cfg(feature = "postgres")]
            retries: Counters::new("reason", &crate::postgres::RETRIES),
            #[cfg(feature = "postgres")]
            open_outcomes: Counter::default(),
        }
    }

    /// Counts a batch of updates.
    pub(crate) fn applied(&self, updates: usize) {
        self.batch.observe(u32::try_from(updates).unwrap_or(u32::MAX).into());
    }

    /// Counts a commit.
    pub(crate) fn committed(&self, time: Duration) {
        self.commit.observe(time.as_secs_f64());
    }

    /// Counts an update that fails.
    pub(crate) fn failed(&self, error: &StoreError) {
        self.errors.increment(error.kind());
    }

    /// Registers what every store has.
    pub(crate) fn register(&self, registry: &mut Registry, queue: usize) {
        registry.register("store_waiting_updates", "Updates that wait to be applied", self.waiting.clone());
        constant(registry, "store_waiting_updates_limit", "The limit of `callagent_store_waiting_updates`", queue);
        registry.register("store_batch_updates", "Updates per batch, which is committed at once", self.batch.clone());
        let help = "Time to commit a batch that changes something: in SQLite the transaction, in PostgreSQL the write";
        registry.register_with_unit("store_commit_duration", help, Unit::Seconds, self.commit.clone());
        self.errors.register(registry, "store_errors", "Updates that failed in the store, by kind");
    }

    /// Registers what a store in PostgreSQL has.
    #[cfg(feature = "postgres")]
    pub(crate) fn register_postgres(&self, registry: &mut Registry) {
        self.retries.register(registry, "postgres_retries", "Batches that were tried again, by reason");
        let help = "Connections that were lost during a commit, so that its outcome was found out afterwards";
        registry.register("postgres_open_outcomes", help, self.open_outcomes.clone());
    }
}

/// Counters by a label with a closed set of values. All of them are exposed from the start, so that the first increase is
/// seen as one.
#[derive(Debug, Clone)]
pub(crate) struct Counters {
    label: &'static str,
    counters: Family<[(&'static str, &'static str); 1], Counter>,
}

impl Counters {
    pub(crate) fn new(label: &'static str, values: &[&'static str]) -> Self {
        let counters = Counters { label, counters: Family::default() };
        for value in values {
            drop(counters.counters.get_or_create(&[(label, value)]));
        }
        counters
    }

    pub(crate) fn increment(&self, value: &'static str) {
        self.counters.get_or_create(&[(self.label, value)]).inc();
    }

    pub(crate) fn register(&self, registry: &mut Registry, name: &str, help: &str) {
        registry.register(name, help, self.counters.clone());
    }
}

/// Registers a number that does not change.
pub(crate) fn constant(registry: &mut Registry, name: &'static str, help: &'static str, value: usize) {
    registry.register(name, help, ConstGauge::new(whole(value)));
}

/// Registers a number that is read whenever the metrics are.
pub(crate) fn read_at_scrape(
    registry: &mut Registry,
    name: &'static str,
    help: &'static str,
    read: impl Fn() -> usize + Send + Sync + 'static,
) {
    registry.register_collector(Box::new(ReadAtScrape { name, help, read }));
}

struct ReadAtScrape<R> {
    name: &'static str,
    help: &'static str,
    read: R,
}

impl<R: Fn() -> usize + Send + Sync + 'static> Collector for ReadAtScrape<R> {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let gauge = ConstGauge::new(whole((self.read)()));
        // Its help gets the full stop that others get when they are registered.
        let help = format!("{}.", self.help);
        gauge.encode(encoder.encode_descriptor(self.name, &help, None, gauge.metric_type())?)
    }
}

impl<R> fmt::Debug for ReadAtScrape<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ReadAtScrape").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Returns a number as the value of a gauge.
pub(crate) fn whole(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
