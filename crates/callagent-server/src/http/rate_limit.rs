//! A limit on the rate of the calls of each workspace.

use std::{
    collections::HashMap,
    error::Error,
    fmt,
    hash::{BuildHasher as _, RandomState},
    num::NonZeroU32,
    str::FromStr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use callagent::{ProblemType, WorkspaceId};
use governor::{
    Quota,
    clock::{Clock as _, DefaultClock},
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};

use super::refusal::Refusal;

/// The number of workspaces that are counted at once.
const MAX_WORKSPACES: usize = 100_000;

/// The time between two removals of idle workspaces.
const SWEEP: Duration = Duration::from_secs(1);

/// The maximum of each number of a limit.
const MAX: u32 = 1_000_000;

/// A number of calls per time, and the number that may come at once.
///
/// ```
/// use callagent_server::RateLimit;
///
/// let limit: RateLimit = "10/s,50".parse()?;
/// assert_eq!(limit.to_string(), "10/s,50");
/// assert_eq!("600/m".parse::<RateLimit>()?.to_string(), "600/m,600");
/// assert!("10".parse::<RateLimit>().is_err());
/// # Ok::<(), callagent_server::InvalidRateLimit>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    calls: NonZeroU32,
    unit: Unit,
    burst: NonZeroU32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
}

/// The error of parsing a [`RateLimit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRateLimit(());

impl Unit {
    fn from_name(name: &str) -> Option<Self> {
        [Unit::Second, Unit::Minute, Unit::Hour].into_iter().find(|unit| unit.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Unit::Second => "s",
            Unit::Minute => "m",
            Unit::Hour => "h",
        }
    }

    const fn duration(self) -> Duration {
        Duration::from_secs(match self {
            Unit::Second => 1,
            Unit::Minute => 60,
            Unit::Hour => 60 * 60,
        })
    }
}

impl RateLimit {
    fn quota(self) -> Option<Quota> {
        Some(Quota::with_period(self.unit.duration() / self.calls.get())?.allow_burst(self.burst))
    }
}

impl FromStr for RateLimit {
    type Err = InvalidRateLimit;

    fn from_str(text: &str) -> Result<Self, InvalidRateLimit> {
        let number = |text: &str| text.parse().ok().filter(|number: &NonZeroU32| number.get() <= MAX);
        let parse = || {
            let (rate, burst) = text.split_once(',').map_or((text, None), |(rate, burst)| (rate, Some(burst)));
            let (calls, unit) = rate.split_once('/')?;
            let (calls, unit) = (number(calls)?, Unit::from_name(unit)?);
            Some(RateLimit { calls, unit, burst: burst.map_or(Some(calls), number)? })
        };
        parse().ok_or(InvalidRateLimit(()))
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{},{}", self.calls, self.unit.name(), self.burst)
    }
}

impl fmt::Display for InvalidRateLimit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "expected N/s, N/m or N/h, and optionally a comma and the number of calls that may come at once, such as 10/s \
             or 10/s,50, with numbers from 1 to {MAX}"
        )
    }
}

impl Error for InvalidRateLimit {}

/// The calls of each workspace that were permitted lately.
pub(super) struct RateLimiter {
    limiter: governor::RateLimiter<u64, Workspaces, DefaultClock>,
    /// Workspaces are counted by their hash, since a client without a key may name any workspace, of any length. Two of them
    /// share a hash with a negligible probability.
    hasher: RandomState,
    /// When idle workspaces were removed.
    swept: Mutex<Option<Instant>>,
}

impl RateLimiter {
    /// Creates a limiter; `None` for a limit that limits nothing.
    pub(super) fn new(limit: RateLimit) -> Option<Self> {
        let limiter = governor::RateLimiter::new(limit.quota()?, Workspaces::default(), DefaultClock::default());
        Some(RateLimiter { limiter, hasher: RandomState::new(), swept: Mutex::new(None) })
    }

    /// Counts a call, or refuses it if it is one too many.
    pub(super) fn check(&self, workspace: &WorkspaceId) -> Result<(), Refusal> {
        if self.limiter.len() >= MAX_WORKSPACES {
            self.sweep();
        }
        let Err(not_until) = self.limiter.check_key(&self.hasher.hash_one(workspace)) else { return Ok(()) };
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        // A client that waits for the rounded time is served.
        let seconds = (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1);
        Err(Refusal::RetryAfter(ProblemType::TOO_MANY_REQUESTS, seconds))
    }

    /// Forgets the workspaces that have their full quota again, from time to time.
    fn sweep(&self) {
        let now = Instant::now();
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.is_none_or(|swept| now.duration_since(swept) >= SWEEP) {
            *swept = Some(now);
            self.limiter.retain_recent();
        }
    }
}

/// The state of the limiter for each workspace, up to [`MAX_WORKSPACES`]. Further ones share a single state.
#[derive(Default)]
struct Workspaces(Mutex<States>);

#[derive(Default)]
struct States {
    counted: HashMap<u64, Nanos>,
    others: Option<Nanos>,
}

impl Workspaces {
    fn lock(&self) -> MutexGuard<'_, States> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateStore for Workspaces {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut states = self.lock();
        let is_full = states.counted.len() >= MAX_WORKSPACES;
        match states.counted.get(key).copied() {
            None if is_full => {
                let (result, state) = decide(states.others)?;
                states.others = Some(state);
                Ok(result)
            }
            known => {
                let (result, state) = decide(known)?;
                states.counted.insert(*key, state);
                Ok(result)
            }
        }
    }
}

impl ShrinkableKeyedStateStore<u64> for Workspaces {
    fn retain_recent(&self, drop_below: Nanos) {
        self.lock().counted.retain(|_, state| *state > drop_below);
    }

    fn len(&self) -> usize {
        self.lock().counted.len()
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(number: usize) -> WorkspaceId {
        WorkspaceId::new(number.to_string()).expect("an id")
    }

    #[test]
    fn any_number_of_workspaces_takes_bounded_memory() {
        let limiter = RateLimiter::new("1/h".parse().expect("a limit")).expect("a limiter");
        for number in 0..MAX_WORKSPACES {
            assert!(limiter.check(&workspace(number)).is_ok());
        }
        for number in 0..3 {
            assert!(limiter.check(&workspace(number)).is_err(), "it is still counted");
            let is_first = number == 0;
            assert_eq!(
                limiter.check(&workspace(MAX_WORKSPACES + number)).is_ok(),
                is_first,
                "the others share a limit"
            );
        }
        assert_eq!(limiter.limiter.len(), MAX_WORKSPACES);
    }

    #[test]
    fn idle_workspaces_are_forgotten() {
        let limiter = RateLimiter::new("1000000/s,1".parse().expect("a limit")).expect("a limiter");
        for number in 0..3 * MAX_WORKSPACES {
            assert!(limiter.check(&workspace(number)).is_ok() || number >= MAX_WORKSPACES);
        }
        *limiter.swept.lock().expect("no panic") = None;
        assert!(limiter.check(&workspace(0)).is_ok());
        assert!(limiter.limiter.len() < MAX_WORKSPACES);
    }

    #[test]
    fn limits_are_parsed() {
        for (text, shown) in [("1/s", "1/s,1"), ("90/m,5", "90/m,5"), ("1000000/h", "1000000/h,1000000")] {
            assert_eq!(text.parse::<RateLimit>().expect("a limit").to_string(), shown);
        }
        for text in
            ["", "1", "/s", "0/s", "1/d", "1/s,", "1/s,0", "-1/s", "1.5/s", "1000001/s", "1/s,1000001", "1/s,1,1"]
        {
            assert!(text.parse::<RateLimit>().is_err(), "{text}");
        }
    }
}
