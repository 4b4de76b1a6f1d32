//! A JSON value that preserves the order of fields, and the random choices of the strategies.

use proptest::{prelude::Rng as _, test_runner::TestRng};
use serde_json::{Number, Value};

/// A JSON value whose objects preserve the order of fields and duplicate names.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    Null,
    Boolean(bool),
    Number(Number),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    pub(super) fn double(value: f64) -> Self {
        Tree::Number(Number::from_f64(value).expect("a finite number"))
    }

    /// A 64-bit integer.
    pub(super) fn integer(value: i128) -> Self {
        let number = u64::try_from(value).map(Number::from).or_else(|_| i64::try_from(value).map(Number::from));
        Tree::Number(number.expect("a 64-bit integer"))
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Tree::Null => Value::Null,
            Tree::Boolean(value) => Value::Bool(value),
            Tree::Number(value) => Value::Number(value),
            Tree::Text(value) => Value::String(value),
            Tree::Array(items) => items.into_iter().map(Tree::into_value).collect(),
            Tree::Object(fields) => fields.into_iter().map(|(name, value)| (name, value.into_value())).collect(),
        }
    }

    pub(super) fn is_text(&self, expected: &str) -> bool {
        matches!(self, Tree::Text(text) if text == expected)
    }

    /// Returns the nesting depth, including the value itself.
    pub(super) fn height(&self) -> usize {
        match self {
            Tree::Array(items) => 1 + items.iter().map(Tree::height).max().unwrap_or_default(),
            Tree::Object(fields) => 1 + fields.iter().map(|(_, value)| value.height()).max().unwrap_or_default(),
            _ => 0,
        }
    }

    /// Shuffles the fields of its objects.
    pub(super) fn reorder(&mut self, rng: &mut Rng) {
        match self {
            Tree::Array(items) => items.iter_mut().for_each(|item| item.reorder(rng)),
            Tree::Object(fields) => {
                rng.shuffle(fields);
                for (_, value) in fields {
                    value.reorder(rng);
                }
            }
            _ => {}
        }
    }

    /// Returns the value at a path of indices of items or fields.
    pub(super) fn at(&mut self, path: &[usize]) -> Option<&mut Tree> {
        path.iter().try_fold(self, |tree, &index| match tree {
            Tree::Array(items) => items.get_mut(index),
            Tree::Object(fields) => fields.get_mut(index).map(|(_, value)| value),
            _ => None,
        })
    }
}

/// Random choices that stay the same while a case is simplified.
#[derive(Debug)]
pub(super) struct Rng(TestRng);

impl Rng {
    pub(super) fn new(rng: TestRng) -> Self {
        Rng(rng)
    }

    /// Returns a number below `count`; 0 if `count` is 0.
    pub(super) fn below(&mut self, count: usize) -> usize {
        if count > 1 { self.0.random_range(0..count) } else { 0 }
    }

    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// Returns one of several items, of which there is at least one.
    pub(super) fn pick<T>(&mut self, mut among: Vec<T>) -> T {
        let index = self.below(among.len());
        among.swap_remove(index)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
