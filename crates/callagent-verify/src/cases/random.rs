//! Random requests, reproducible by their seed.

use std::collections::BTreeSet;

use callagent::{UpdateAgent, testing};
use proptest::{
    strategy::{Strategy, ValueTree as _},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::{
    log::{Done, Stop},
    session::Session,
    shrink,
};

/// How many random documents are sent.
pub(super) const VALID: usize = 60;
pub(super) const INVALID: usize = 60;
pub(super) const PAIRS: usize = 120;
/// How many documents are generated to find different pairs.
const CANDIDATES: usize = 1500;

fn samples<S: Strategy>(seed: u64, strategy: &S, count: usize) -> Vec<S::Value>
where
    S::Value: Clone,
{
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    // Xorshift never leaves a state of all zeros.
    bytes[8..].copy_from_slice(b"callagnt");
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::XorShift, &bytes));
    let samples = (0..count).filter_map(|_| strategy.new_tree(&mut runner).ok());
    samples.map(|tree| tree.current()).collect()
}

pub(super) fn valid(seed: u64, count: usize) -> Vec<String> {
    samples(seed, &testing::valid_text::<UpdateAgent>(), count)
}

pub(super) fn invalid(seed: u64, count: usize) -> Vec<String> {
    let samples = samples(seed, &testing::invalid_text::<UpdateAgent>(), count);
    samples.into_iter().map(|invalid| invalid.text).collect()
}

/// Documents with two violations, of different pairs of codes and fields.
pub(super) fn pairs(seed: u64) -> Vec<String> {
    let field = |pointer: &str| {
        let names = pointer.split('/').filter(|name| name.parse::<usize>().is_err());
        names.take(3).collect::<Vec<_>>().join("/")
    };
    let mut known = BTreeSet::new();
    let samples = samples(seed, &testing::invalid_text::<UpdateAgent>(), CANDIDATES).into_iter();
    let pairs = samples.filter(|invalid| match &*invalid.violations {
        [first, second] => known.insert([first, second].map(|(pointer, code)| (field(pointer), code.as_str()))),
        _ => false,
    });
    pairs.take(PAIRS).map(|invalid| invalid.text).collect()
}

/// Sends a random document. If the response is wrong, the failure shows a small document that is answered as wrongly.
pub(super) async fn exchange(session: &mut Session, text: String) -> Done {
    session.log.forget_exchanges();
    let request = session.target().update(text);
    match session.exchange(request.clone()).await {
        Ok(_) | Err(Stop::Skipped(_)) => Ok(()),
        Err(Stop::Failed) => {
            shrink::shrink(session, &request).await?;
            Err(Stop::Failed)
        }
        Err(stop) => Err(stop),
    }
}
