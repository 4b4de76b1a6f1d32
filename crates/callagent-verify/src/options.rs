//! How the test runs.

use std::time::Duration;

use crate::profile::Profile;

/// How the test runs.
///
/// ```
/// use std::time::Duration;
/// use callagent_verify::{Options, Profile};
///
/// let options = Options::new().profile(Profile::Strict).seed(7).timeout(Duration::from_secs(2));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub(crate) profile: Profile,
    pub(crate) seed: u64,
    pub(crate) timeout: Duration,
    pub(crate) max_time: Option<Duration>,
    pub(crate) rate: Option<f64>,
    pub(crate) touches_keys: bool,
    pub(crate) records: bool,
    pub(crate) undocumented_fields: Vec<String>,
}

impl Options {
    /// The default time for a response: 10 s.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

    /// Creates the default options: the documented profile, the seed 0, no limit of the rate, and no changes to keys.
    #[must_use]
    pub fn new() -> Self {
        Options {
            profile: Profile::default(),
            seed: 0,
            timeout: Self::DEFAULT_TIMEOUT,
            max_time: None,
            rate: None,
            touches_keys: false,
            records: false,
            undocumented_fields: Vec::new(),
        }
    }

    /// Sets what the server is judged by.
    #[must_use]
    pub fn profile(self, profile: Profile) -> Self {
        Options { profile, ..self }
    }

    /// Sets the seed of random requests. The same seed gives the same requests.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Options { seed, ..self }
    }

    /// Sets the time in which a response must be complete.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Options { timeout, ..self }
    }

    /// Sets the time after which the remaining cases are skipped.
    ///
    /// By default it is 50 s, or longer if the first response or the [rate](Options::rate) shows that the requests take
    /// longer: four times the expected time.
    #[must_use]
    pub fn max_time(self, time: Duration) -> Self {
        Options { max_time: Some(time), ..self }
    }

    /// Limits the number of requests per second.
    #[must_use]
    pub fn rate(self, requests_per_second: f64) -> Self {
        Options { rate: Some(requests_per_second), ..self }
    }

    /// Allows accepted updates that store or remove the ElevenLabs key of the agent. Without it, the cases that need them
    /// are skipped. Requests that must be refused may always contain a made-up key.
    #[must_use]
    pub fn touch_keys(self) -> Self {
        Options { touches_keys: true, ..self }
    }

    /// Names an undocumented field that the agent has, as a JSON Pointer. Every response must have it. Without it, the test
    /// knows only those that the first response has.
    #[must_use]
    pub fn undocumented_field(mut self, pointer: impl Into<String>) -> Self {
        self.undocumented_fields.push(pointer.into());
        self
    }

    /// Keeps all requests: the [`Record`](crate::Record) that [`Run::run`](crate::Run::run) returns.
    #[must_use]
    pub fn record(self) -> Self {
        Options { records: true, ..self }
    }
}

impl Default for Options {
    fn default() -> Self {
        Options::new()
    }
}
