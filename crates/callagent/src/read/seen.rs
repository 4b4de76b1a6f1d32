//! Which texts have been seen: a linear look while they are few, a hash set beyond.

use std::{borrow::Cow, collections::HashSet};

const FEW: usize = 8;

pub(crate) struct Seen<'t> {
    few: [Cow<'t, str>; FEW],
    count: usize,
    many: Option<HashSet<Cow<'t, str>>>,
}

impl<'t> Seen<'t> {
    pub(crate) const fn new() -> Self {
        Seen { few: [const { Cow::Borrowed("") }; FEW], count: 0, many: None }
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        match &self.many {
            Some(many) => many.contains(text),
            None => self.few.iter().take(self.count).any(|seen| seen == text),
        }
    }

    /// Adds a text that is not contained.
    pub(crate) fn add(&mut self, text: Cow<'t, str>) {
        match (&mut self.many, self.few.get_mut(self.count)) {
            (Some(many), _) => {
                many.insert(text);
            }
            (None, Some(free)) => {
                *free = text;
                self.count += 1;
            }
            (None, None) => {
                let mut many: HashSet<_> = self.few.iter_mut().map(std::mem::take).collect();
                many.insert(text);
                self.many = Some(many);
            }
        }
    }
}
