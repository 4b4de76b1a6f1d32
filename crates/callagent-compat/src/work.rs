//! The bound on work: a count of steps, which does not depend on the machine.

use std::cell::Cell;

/// The steps of one comparison. A step takes up to 0.2 microseconds.
const TOTAL: u64 = 200_000_000;

/// The fraction of the remaining steps that a part may take, so that no part takes all of them.
const SHARE: u64 = 8;

/// The steps that a part has even if few remain.
const LEAST: u64 = 20_000;

/// The remaining steps of a comparison, and those of the current part.
#[derive(Default)]
pub(crate) struct Work {
    left: Cell<u64>,
    part: Cell<u64>,
}

impl Work {
    /// Adds the steps of one of the directions that changed to those that earlier ones have left over.
    pub(crate) fn add_direction(&self, directions: usize) {
        self.left.set(self.left.get() + TOTAL / directions.max(1) as u64);
    }

    /// Begins with another part.
    pub(crate) fn begin(&self) {
        let left = self.left.get();
        self.part.set((left / SHARE).max(left.min(LEAST)));
    }

    /// Takes steps. Returns whether there were enough.
    pub(crate) fn take(&self, steps: u64) -> bool {
        let part = self.part.get();
        let taken = steps.min(part);
        self.part.set(part - taken);
        self.left.set(self.left.get() - taken);
        taken == steps
    }

    /// Returns whether the part has taken all its steps.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.part.get() == 0
    }

    /// Returns whether all steps are taken.
    pub(crate) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}
