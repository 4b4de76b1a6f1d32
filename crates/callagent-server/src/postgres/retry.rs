//! Pauses between attempts.

use std::time::Duration;

/// The longest pause.
const MAX: u64 = 200;

/// Returns a random pause before the next attempt, longer on average after each.
pub(super) fn pause(attempt: u32) -> Duration {
    let most = 2_u64.saturating_pow(attempt.saturating_add(1)).min(MAX);
    Duration::from_micros(fastrand::u64(0..=most * 1000))
}
