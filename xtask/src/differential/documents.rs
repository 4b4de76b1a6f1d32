//! Document generation: the crate's strategies, and mutations of their documents.

use callagent::{
    Agent, Document as Model, UpdateAgent,
    model::Direction,
    testing::{Invalid, invalid_text, valid_json, valid_text},
};
use callagent_testkit::engines::Entry;
use proptest::{
    strategy::{BoxedStrategy, Strategy, ValueTree},
    test_runner::{Config, TestRunner},
};
use serde_json::Value;

use super::{mutate, rng::Rng, tokens};

/// A generated document.
pub(super) struct Generated {
    pub(super) direction: Direction,
    pub(super) text: Vec<u8>,
    /// The violations, if known.
    pub(super) known: Option<Vec<Entry>>,
}

/// Generates documents from a seed.
pub(super) struct Generator {
    rng: Rng,
    runner: TestRunner,
    update: Strategies,
    agent: Strategies,
}

struct Strategies {
    valid: BoxedStrategy<String>,
    invalid: BoxedStrategy<Invalid>,
    value: BoxedStrategy<Value>,
}

impl Strategies {
    fn new<T: Model + 'static>() -> Self {
        Strategies {
            valid: valid_text::<T>().boxed(),
            invalid: invalid_text::<T>().boxed(),
            value: valid_json::<T>().boxed(),
        }
    }
}

impl Generator {
    pub(super) fn new(seed: u64, block: u64) -> Self {
        let mut rng = Rng::new(seed, block);
        let runner = TestRunner::new_with_rng(Config::default(), rng.rng());
        Generator { rng, runner, update: Strategies::new::<UpdateAgent>(), agent: Strategies::new::<Agent>() }
    }

    /// Generates the next document, alternating directions and sources.
    pub(super) fn next(&mut self, index: u64) -> Result<Generated, String> {
        let (direction, strategies) = match index % 2 {
            0 => (Direction::Request, &self.update),
            _ => (Direction::Response, &self.agent),
        };
        let (text, known) = match index / 2 % 8 {
            0 => (generate(&strategies.valid, &mut self.runner)?.into_bytes(), Some(Vec::new())),
            1 => {
                let Invalid { text, violations, .. } = generate(&strategies.invalid, &mut self.runner)?;
                (text.into_bytes(), Some(violations))
            }
            2 => (tokens::mutate(&mut self.rng, &generate(&strategies.valid, &mut self.runner)?).into_bytes(), None),
            3 => (mutate::bytes(&mut self.rng, generate(&strategies.valid, &mut self.runner)?), None),
            4 => (
                tokens::mutate(&mut self.rng, &generate(&strategies.invalid, &mut self.runner)?.text).into_bytes(),
                None,
            ),
            _ => {
                let mut value = generate(&strategies.value, &mut self.runner)?;
                mutate::value(&mut self.rng, &mut value);
                (value.to_string().into_bytes(), None)
            }
        };
        Ok(Generated { direction, text, known })
    }
}

fn generate<T: std::fmt::Debug>(strategy: &BoxedStrategy<T>, runner: &mut TestRunner) -> Result<T, String> {
    let tree = strategy.new_tree(runner).map_err(|reason| format!("a strategy failed: {reason}"))?;
    Ok(tree.current())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_documents() {
        let texts = |seed: u64, block: u64| -> Vec<Vec<u8>> {
            let mut generator = Generator::new(seed, block);
            (0..64).map(|index| generator.next(index).expect("a document").text).collect()
        };
        assert_eq!(texts(1, 0), texts(1, 0));
        assert_ne!(texts(1, 0), texts(2, 0));
        assert_ne!(texts(1, 0), texts(1, 500));
    }
}
