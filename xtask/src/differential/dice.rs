//! Random choices from a seed.

use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng},
};

/// Random choices, the same again for the same seed.
pub(super) struct Dice(TestRng);

impl Dice {
    pub(super) fn new(seed: u64, block: u64) -> Self {
        // The generator takes no seed that is zero all over.
        let bytes: Vec<u8> =
            [seed.wrapping_add(1), block.wrapping_add(1)].iter().flat_map(|part| part.to_le_bytes()).collect();
        Dice(TestRng::from_seed(RngAlgorithm::XorShift, &bytes))
    }

    /// The generator itself, to be used by a strategy.
    pub(super) fn rng(&mut self) -> TestRng {
        let seed: [u8; 16] = self.0.random();
        TestRng::from_seed(RngAlgorithm::XorShift, &seed)
    }

    /// A number below `count`, which is 0 only if `count` is.
    pub(super) fn below(&mut self, count: usize) -> usize {
        if count > 1 { self.0.random_range(0..count) } else { 0 }
    }

    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.0.random()
    }

    /// One of several; `None` if there are none.
    pub(super) fn pick<'c, T>(&mut self, among: &'c [T]) -> Option<&'c T> {
        among.get(self.below(among.len()))
    }
}
