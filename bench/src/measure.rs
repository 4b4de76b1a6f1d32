//! Timing: rounds in which every contestant checks all documents of a set.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use crate::{contestants::Contestant, documents::Set};

/// The nanoseconds per document of one contestant on one set, by round.
pub struct Timing {
    pub rounds: Vec<f64>,
}

/// A round repeats small sets, so that the cost of the clock is negligible.
const BYTES_A_ROUND: usize = 1_000_000;

/// Times the contestants in turn: A B C … A B C …
pub fn measure(set: &Set, contestants: &[Contestant], rounds: usize, limit: Duration) -> Vec<Timing> {
    let passes = BYTES_A_ROUND.div_ceil(set.bytes());
    let checks = (passes * set.documents.len()) as f64;
    let mut timings: Vec<Timing> = contestants.iter().map(|_| Timing { rounds: Vec::new() }).collect();
    let begun = Instant::now();
    // Round 0 warms up.
    for round in 0..=rounds {
        if round > 1 && begun.elapsed() > limit {
            break;
        }
        for (contestant, timing) in contestants.iter().zip(&mut timings) {
            // The first pass is affected by the caches of the previous contestant.
            run(contestant, set);
            let start = Instant::now();
            (0..passes).for_each(|_| run(contestant, set));
            let nanoseconds = start.elapsed().as_nanos() as f64 / checks;
            if round > 0 {
                timing.rounds.push(nanoseconds);
            }
        }
    }
    timings
}

fn run(contestant: &Contestant, set: &Set) {
    for document in &set.documents {
        black_box((contestant.accepts)(black_box(document)));
    }
}

impl Timing {
    pub fn minimum(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub fn median(&self) -> f64 {
        median(self.rounds.clone())
    }

    /// The median of the rounds' ratios to another contestant's same round.
    pub fn ratio(&self, to: &Timing) -> f64 {
        median(self.rounds.iter().zip(&to.rounds).map(|(own, other)| own / other).collect())
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    if numbers.len() % 2 == 1 { numbers[middle] } else { (numbers[middle - 1] + numbers[middle]) / 2.0 }
}
