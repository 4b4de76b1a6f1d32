//! The configuration of the extractors.

use std::{sync::LazyLock, time::Duration};

use axum::http::Extensions;
use callagent::Reader;

static DEFAULT: LazyLock<UpdateConfig> = LazyLock::new(UpdateConfig::new);

/// The configuration of the extractors: which requests they accept, and their limits.
///
/// Add it to a router as an [`Extension`](axum::Extension). Without one, the extractors use [`UpdateConfig::new`].
///
/// ```
/// use axum::{Extension, Router};
/// use callagent::{LlmModel, Reader};
/// use callagent_axum::{UpdateConfig, UpdateRequest, routes};
///
/// let reader = Reader::new().tolerate_unknown_fields().accept_value::<LlmModel>("claude-sonnet-4");
/// let config = UpdateConfig::new().reader(reader).body_limit(2 << 20);
/// let app: Router = routes(async |request: UpdateRequest| { /* … */ }).layer(Extension(config));
/// ```
#[derive(Debug, Clone)]
pub struct UpdateConfig {
    pub(crate) reader: Reader,
    finding_limit: usize,
    pub(crate) body_limit: usize,
    pub(crate) body_timeout: Duration,
}

impl UpdateConfig {
    /// The default limit on the size of a body: 16 MiB.
    pub const DEFAULT_BODY_LIMIT: usize = 16 << 20;
    /// The lowest limit on the size of a body that the contract allows: 1 MiB.
    pub const MIN_BODY_LIMIT: usize = 1 << 20;
    /// The default limit on the number of violations in a problem.
    pub const DEFAULT_FINDING_LIMIT: usize = 1_000;
    /// The default limit on the time that a body takes to arrive.
    pub const DEFAULT_BODY_TIMEOUT: Duration = Duration::from_secs(60);

    /// Creates the default configuration: the strict reader and the default limits.
    #[must_use]
    pub fn new() -> Self {
        UpdateConfig {
            reader: Reader::new().limit(Self::DEFAULT_FINDING_LIMIT),
            finding_limit: Self::DEFAULT_FINDING_LIMIT,
            body_limit: Self::DEFAULT_BODY_LIMIT,
            body_timeout: Self::DEFAULT_BODY_TIMEOUT,
        }
    }

    /// Sets the reader, with its tolerances. Its limit is replaced by [`UpdateConfig::finding_limit`].
    #[must_use]
    pub fn reader(self, reader: Reader) -> Self {
        UpdateConfig { reader: reader.limit(self.finding_limit), ..self }
    }

    /// Sets the number of violations that a problem has at most, at least one. A problem with more is `truncated`.
    #[must_use]
    pub fn finding_limit(self, limit: usize) -> Self {
        UpdateConfig { reader: self.reader.limit(limit), finding_limit: limit, ..self }
    }

    /// Sets the number of bytes that a body has at most. A lower value than [`UpdateConfig::MIN_BODY_LIMIT`] is raised to
    /// it. `DefaultBodyLimit` of axum has no effect on these extractors.
    #[must_use]
    pub fn body_limit(self, bytes: usize) -> Self {
        UpdateConfig { body_limit: bytes.max(Self::MIN_BODY_LIMIT), ..self }
    }

    /// Sets how long a body may take to arrive. The handler may take longer. The runtime needs its timer.
    #[must_use]
    pub fn body_timeout(self, timeout: Duration) -> Self {
        UpdateConfig { body_timeout: timeout, ..self }
    }

    /// Returns the configuration of a request.
    pub(crate) fn of(extensions: &Extensions) -> &Self {
        extensions.get().unwrap_or(&DEFAULT)
    }
}

impl Default for UpdateConfig {
    fn default() -> Self {
        UpdateConfig::new()
    }
}
