//! Random choices from a seed.

use proptest::{
    prelude::Rng as _,
    test_runner::{RngAlgorithm, TestRng},
};

/// A reproducible random number generator.
pub(super) struct Rng(TestRng);

impl Rng {
    pub(super) fn new(seed: u64, block: u64) -> Self {
        // The generator does not accept a seed of all zeros.
        let bytes: Vec<u8> =
            [seed.wrapping_add(1), block.wrapping_add(1)].iter().flat_map(|part| part.to_le_bytes()).collect();
        Rng(TestRng::from_seed(RngAlgorithm::XorShift, &bytes))
    }

    /// The generator, for strategies.
    pub(super) fn rng(&mut self) -> TestRng {
        let seed: [u8; 16] = self.0.random();
        TestRng::from_seed(RngAlgorithm::XorShift, &seed)
    }

    /// A number less than `count`, or 0 if `count` is 0.
    pub(super) fn below(&mut self, count: usize) -> usize {
        if count > 1 { self.0.random_range(0..count) } else { 0 }
    }

    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.0.random()
    }

    /// A random item, or `None` if there is none.
    pub(super) fn pick<'c, T>(&mut self, among: &'c [T]) -> Option<&'c T> {
        among.get(self.below(among.len()))
    }
}
