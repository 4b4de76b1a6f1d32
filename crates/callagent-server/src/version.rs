//! Versions of stored agents.

use std::fmt;

use callagent::ETag;
use jiff::Timestamp;

/// A version of an agent. It grows with every change and never repeats: it is at least the time of the change in
/// microseconds since 1970, even if an agent is imported again or the database is restored from a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(u64);

impl Version {
    /// Returns the version of a change at this time.
    #[must_use]
    pub fn next(previous: Option<Version>, now: Timestamp) -> Self {
        let clock = u64::try_from(now.as_microsecond()).unwrap_or(0);
        Version(previous.map_or(clock, |Version(previous)| clock.max(previous.saturating_add(1))))
    }

    /// Returns the version as a number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Returns the version as a database has it. Versions are positive, and grow by one or to the time.
    pub(crate) fn to_sql(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }

    /// Returns the strong entity tag of the version.
    #[must_use]
    pub fn etag(self) -> ETag {
        self.0.into()
    }
}

/// A version as stored.
impl From<u64> for Version {
    fn from(version: u64) -> Self {
        Version(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}
