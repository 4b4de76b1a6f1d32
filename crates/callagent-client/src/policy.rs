//! When an update is repeated: the policy, and the budget that all calls of a client share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

/// The longest time that can be set. The clock has an end.
const MAX_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// When and how often an update is repeated.
///
/// An update is repeated after a connection that failed or broke, a timeout, and the statuses 408, 429, 500, 502, 503 and
/// 504. The delay is random, between zero and a maximum that doubles with each attempt ("full jitter"), in addition to
/// the time that the server asks for in `Retry-After`.
///
/// Each repeat takes 5 tokens from a budget that all calls of a client share, or 10 after a timeout. Each update that
/// succeeds returns 1. While a server is down, the budget is empty and nothing is repeated, so that a client does not
/// multiply the load.
///
/// ```
/// use std::time::Duration;
/// use callagent_client::RetryPolicy;
///
/// let patient = RetryPolicy::new().attempts(5).deadline(Duration::from_secs(120));
/// assert_ne!(patient, RetryPolicy::none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    pub(crate) attempts: u32,
    pub(crate) deadline: Duration,
    pub(crate) attempt_timeout: Duration,
    base_delay: Duration,
    max_delay: Duration,
    pub(crate) max_retry_after: Duration,
    budget: u32,
}

impl RetryPolicy {
    /// The default number of attempts.
    pub const DEFAULT_ATTEMPTS: u32 = 3;
    /// The default of [`RetryPolicy::deadline`].
    pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);
    /// The default of [`RetryPolicy::attempt_timeout`].
    pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
    /// The defaults of [`RetryPolicy::delay`].
    pub const DEFAULT_DELAY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
    /// The default of [`RetryPolicy::max_retry_after`].
    pub const DEFAULT_MAX_RETRY_AFTER: Duration = Duration::from_secs(10);
    /// The default of [`RetryPolicy::budget`].
    pub const DEFAULT_BUDGET: u32 = 500;

    /// Creates the default policy.
    #[must_use]
    pub fn new() -> Self {
        let (base_delay, max_delay) = Self::DEFAULT_DELAY;
        RetryPolicy {
            attempts: Self::DEFAULT_ATTEMPTS,
            deadline: Self::DEFAULT_DEADLINE,
            attempt_timeout: Self::DEFAULT_ATTEMPT_TIMEOUT,
            base_delay,
            max_delay,
            max_retry_after: Self::DEFAULT_MAX_RETRY_AFTER,
            budget: Self::DEFAULT_BUDGET,
        }
    }

    /// Creates a policy that repeats nothing.
    #[must_use]
    pub fn none() -> Self {
        RetryPolicy::new().attempts(1)
    }

    /// Sets the maximum number of attempts, at least 1.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        RetryPolicy { attempts: attempts.max(1), ..self }
    }

    /// Sets the time for the whole call, with all its attempts and delays.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        RetryPolicy { deadline: deadline.min(MAX_TIME), ..self }
    }

    /// Sets the time after which an attempt is given up and repeated. The last attempt has all the time that is left.
    #[must_use]
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        RetryPolicy { attempt_timeout: timeout.min(MAX_TIME), ..self }
    }

    /// Sets the maximum of the random delay before the second attempt, which doubles with each further one up to `max`.
    #[must_use]
    pub fn delay(self, base: Duration, max: Duration) -> Self {
        RetryPolicy { base_delay: base.min(MAX_TIME), max_delay: max.min(MAX_TIME), ..self }
    }

    /// Sets the longest `Retry-After` to wait for. If a server asks for more, its response is returned as the error.
    #[must_use]
    pub fn max_retry_after(self, max: Duration) -> Self {
        RetryPolicy { max_retry_after: max.min(MAX_TIME), ..self }
    }

    /// Sets the number of tokens in the budget. It is a property of the client: a policy for a single call cannot change
    /// it.
    #[must_use]
    pub fn budget(self, tokens: u32) -> Self {
        RetryPolicy { budget: tokens, ..self }
    }

    /// Returns a random delay before the attempt that follows `attempts` others.
    pub(crate) fn jitter(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(30);
        let max = self.base_delay.saturating_mul(1 << doublings).min(self.max_delay);
        max.mul_f64(fastrand::f64())
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy::new()
    }
}

/// The tokens that all calls of a client share.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    tokens: Arc<AtomicU32>,
    capacity: u32,
}

impl Budget {
    const RETRY: u32 = 5;
    const RETRY_AFTER_TIMEOUT: u32 = 10;
    const SUCCESS: u32 = 1;

    pub(crate) fn new(policy: &RetryPolicy) -> Self {
        Budget { tokens: Arc::new(AtomicU32::new(policy.budget)), capacity: policy.budget }
    }

    /// Takes the tokens of a repeat; `false` if there are not enough.
    pub(crate) fn take(&self, after_timeout: bool) -> bool {
        let cost = if after_timeout { Self::RETRY_AFTER_TIMEOUT } else { Self::RETRY };
        let take = |tokens: u32| tokens.checked_sub(cost);
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    /// Returns tokens after a success.
    pub(crate) fn succeed(&self) {
        let add = |tokens: u32| Some(tokens.saturating_add(Self::SUCCESS).min(self.capacity));
        // The closure always returns a value.
        let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget() {
        let budget = Budget::new(&RetryPolicy::new().budget(21));
        assert!(budget.take(true) && budget.take(false) && budget.take(false));
        assert!(!budget.take(false), "one token is left");
        (0..4).for_each(|_| budget.succeed());
        assert!(!budget.take(true) && budget.take(false));
        (0..100).for_each(|_| budget.succeed());
        assert_eq!(budget.tokens.load(Ordering::Relaxed), 21, "never more than the capacity");
    }

    #[test]
    fn delays_are_random_up_to_a_maximum_that_doubles() {
        let policy = RetryPolicy::new().delay(Duration::from_millis(100), Duration::from_millis(350));
        for (attempts, max) in [(1, 100), (2, 200), (3, 350), (u32::MAX, 350)] {
            let delays: Vec<_> = (0..1_000).map(|_| policy.jitter(attempts)).collect();
            let max = Duration::from_millis(max);
            assert!(delays.iter().all(|delay| *delay <= max), "{attempts}");
            assert!(delays.iter().any(|delay| *delay > max.mul_f64(0.9)), "{attempts}");
            assert!(delays.iter().any(|delay| *delay < max.mul_f64(0.1)), "{attempts}");
        }
    }
}
