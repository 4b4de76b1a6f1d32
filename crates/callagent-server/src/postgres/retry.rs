//! Pauses between attempts.

use std::time::Duration;

/// How often to try in all, where other transactions are in the way.
pub(super) const ATTEMPTS: u32 = 20;

/// The longest pause.
const MAX: u64 = 200;

/// Returns a random pause before the next attempt, longer on average after each.
pub(super) fn pause(attempt: u32) -> Duration {
    let most = 2_u64.saturating_pow(attempt.saturating_add(1)).min(MAX);
    Duration::from_micros(fastrand::u64(0..=most * 1000))
}
