//! The bound on work: a count of steps, which does not depend on the machine.

use std::cell::Cell;

/// The steps of one comparison. A step takes about a microsecond.
const TOTAL: u64 = 20_000_000;

/// The steps that an exchange has even if there are many.
const LEAST: u64 = 20_000;

/// The remaining steps of an exchange.
pub(crate) struct Work {
    left: Cell<u64>,
    /// The steps that each exchange gets, in addition to those that earlier ones have left over.
    share: u64,
}

impl Work {
    /// Divides the steps among exchanges.
    pub(crate) fn new(exchanges: usize) -> Self {
        Work { left: Cell::new(0), share: (TOTAL / (exchanges.max(1) as u64)).max(LEAST) }
    }

    /// Begins with another exchange.
    pub(crate) fn begin(&self) {
        self.left.set(self.left.get().saturating_add(self.share));
    }

    /// Takes steps. Returns whether there were enough.
    pub(crate) fn take(&self, steps: u64) -> bool {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Returns whether all steps are taken.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.left.get() == 0
    }
}
