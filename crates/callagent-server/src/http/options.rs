//! The options of the server.

use std::time::Duration;

use callagent::Reader;
use callagent_axum::UpdateConfig;
use tokio::sync::Semaphore;

use super::{faults::Fault, rate_limit::RateLimit, tls::Tls};

/// The options of a [`Server`](crate::Server). Every limit has a default that is safe for a server that faces strangers.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    pub(super) no_auth: bool,
    pub(super) rate_limit: Option<RateLimit>,
    pub(super) tls: Option<Tls>,
    pub(super) update: UpdateConfig,
    pub(super) memory: usize,
    pub(super) head_timeout: Duration,
    pub(super) write_timeout: Duration,
    pub(super) connections: usize,
    pub(super) drain: Duration,
    pub(super) faults: Vec<Fault>,
    pub(super) latency: Duration,
}

impl ServerOptions {
    /// The default limit on the size of all bodies that are being received or sent: 256 MiB.
    pub const DEFAULT_MEMORY: usize = 256 << 20;
    /// The default limit on the time in which the head of a request arrives, including the time before it on an idle
    /// connection.
    pub const DEFAULT_HEAD_TIMEOUT: Duration = Duration::from_secs(10);
    /// The default limit on the time in which a client reads nothing of a response.
    pub const DEFAULT_WRITE_TIMEOUT: Duration = Duration::from_secs(30);
    /// The default limit on the number of connections.
    pub const DEFAULT_CONNECTIONS: usize = 4096;
    /// The default limit on the time that a stop takes.
    pub const DEFAULT_DRAIN: Duration = Duration::from_secs(20);

    /// The maximum of each time. A longer one is cut to it, since the clock has an end.
    pub const MAX_TIME: Duration = Duration::from_secs(60 * 60);

    /// Creates the default options.
    #[must_use]
    pub fn new() -> Self {
        ServerOptions {
            no_auth: false,
            rate_limit: None,
            tls: None,
            update: UpdateConfig::new(),
            memory: Self::DEFAULT_MEMORY,
            head_timeout: Self::DEFAULT_HEAD_TIMEOUT,
            write_timeout: Self::DEFAULT_WRITE_TIMEOUT,
            connections: Self::DEFAULT_CONNECTIONS,
            drain: Self::DEFAULT_DRAIN,
            faults: Vec::new(),
            latency: Duration::ZERO,
        }
    }

    /// Serves everyone who reaches the server, without checking access keys.
    ///
    /// Otherwise a call needs an access key for its workspace if the database has or had one, or if the server listens
    /// beyond this machine. See [`Store::grant_access_key`](crate::Store::grant_access_key).
    #[must_use]
    pub fn no_auth(self) -> Self {
        ServerOptions { no_auth: true, ..self }
    }

    /// Limits the rate of the calls of each workspace. Beyond it, the response is 429.
    #[must_use]
    pub fn rate_limit(self, limit: RateLimit) -> Self {
        ServerOptions { rate_limit: Some(limit), ..self }
    }

    /// Serves TLS only.
    #[must_use]
    pub fn tls(self, tls: Tls) -> Self {
        ServerOptions { tls: Some(tls), ..self }
    }

    /// Sets the reader of updates, with its tolerances.
    #[must_use]
    pub fn reader(self, reader: Reader) -> Self {
        ServerOptions { update: self.update.reader(reader), ..self }
    }

    /// Sets the maximum number of violations in a response.
    #[must_use]
    pub fn finding_limit(self, limit: usize) -> Self {
        ServerOptions { update: self.update.finding_limit(limit), ..self }
    }

    /// Sets the maximum size of a body in bytes, at least 1 MiB.
    #[must_use]
    pub fn body_limit(self, bytes: usize) -> Self {
        ServerOptions { update: self.update.body_limit(bytes), ..self }
    }

    /// Sets the time in which a body must arrive.
    #[must_use]
    pub fn body_timeout(self, timeout: Duration) -> Self {
        ServerOptions { update: self.update.body_timeout(timeout.min(Self::MAX_TIME)), ..self }
    }

    /// Sets the maximum size of all bodies that are being received or sent. Beyond it, the response is 503.
    #[must_use]
    pub fn memory(self, bytes: usize) -> Self {
        ServerOptions { memory: bytes, ..self }
    }

    /// Sets the time in which the head of a request must arrive, including the time before it on an idle connection.
    /// The handshake of TLS has the same limit.
    #[must_use]
    pub fn head_timeout(self, timeout: Duration) -> Self {
        ServerOptions { head_timeout: timeout.min(Self::MAX_TIME), ..self }
    }

    /// Sets how long a client may read nothing of a response before the connection is closed.
    #[must_use]
    pub fn write_timeout(self, timeout: Duration) -> Self {
        ServerOptions { write_timeout: timeout.min(Self::MAX_TIME), ..self }
    }

    /// Sets the maximum number of connections. Further ones wait to be accepted.
    #[must_use]
    pub fn connections(self, connections: usize) -> Self {
        ServerOptions { connections: connections.clamp(1, Semaphore::MAX_PERMITS), ..self }
    }

    /// Sets how long a stop waits for requests that are being served.
    #[must_use]
    pub fn drain(self, drain: Duration) -> Self {
        ServerOptions { drain: drain.min(Self::MAX_TIME), ..self }
    }

    /// Sets the faults that are injected, for authors of clients.
    #[must_use]
    pub fn faults(self, faults: Vec<Fault>) -> Self {
        ServerOptions { faults, ..self }
    }

    /// Sets a delay before each response to the call, for authors of clients.
    #[must_use]
    pub fn latency(self, latency: Duration) -> Self {
        ServerOptions { latency: latency.min(Self::MAX_TIME), ..self }
    }
}

impl Default for ServerOptions {
    fn default() -> Self {
        ServerOptions::new()
    }
}
