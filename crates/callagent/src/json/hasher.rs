//! The hasher for names from documents. Its seed is secret, so that no document can choose names that collide.

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) use std::hash::RandomState as NameHasher;

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) use seeded::Seeded as NameHasher;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub use seeded::seed_hashing;

/// For the target without an operating system, where the standard library has no source of random numbers.
#[cfg(any(test, all(target_family = "wasm", target_os = "unknown")))]
mod seeded {
    use std::{
        hash::{BuildHasher, DefaultHasher, Hasher as _},
        sync::atomic::{AtomicU64, Ordering},
    };

    static SEED: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

    /// Sets the secret seed of the hash tables for names. The target `wasm32-unknown-unknown` has no random numbers of
    /// its own, so its host has to call this before the first document is read.
    #[cfg_attr(test, expect(unreachable_pub, reason = "only that target exports it"))]
    pub fn seed_hashing(seed: [u64; 2]) {
        for (stored, seed) in SEED.iter().zip(seed) {
            stored.store(seed, Ordering::Relaxed);
        }
    }

    #[derive(Clone)]
    pub(crate) struct Seeded([u64; 2]);

    impl Default for Seeded {
        fn default() -> Self {
            let [first, second] = &SEED;
            Seeded([first.load(Ordering::Relaxed), second.load(Ordering::Relaxed)])
        }
    }

    impl BuildHasher for Seeded {
        type Hasher = DefaultHasher;

        fn build_hasher(&self) -> DefaultHasher {
            // The keys of this hasher are public constants. Its state is secret after a secret prefix.
            let mut hasher = DefaultHasher::new();
            self.0.iter().for_each(|part| hasher.write_u64(*part));
            hasher
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn hashes_depend_on_both_halves_of_the_seed() {
            let hash = |seed| Seeded(seed).hash_one("name");
            assert_eq!(hash([1, 2]), hash([1, 2]));
            assert_ne!(hash([1, 2]), hash([1, 3]));
            assert_ne!(hash([1, 2]), hash([3, 2]));
            seed_hashing([1, 2]);
            assert_eq!(Seeded::default().hash_one("name"), hash([1, 2]));
        }
    }
}
