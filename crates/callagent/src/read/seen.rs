//! Which texts have been seen: a linear look while they are few, a hash set beyond.

use std::{borrow::Cow, collections::HashSet};

const FEW: usize = 12;

pub(crate) struct Seen<'t> {
    /// The first ones, as long as none of them had to be unescaped.
    few: [&'t str; FEW],
    count: usize,
    many: Option<HashSet<Cow<'t, str>>>,
}

impl<'t> Seen<'t> {
    pub(crate) const fn new() -> Self {
        Seen { few: [""; FEW], count: 0, many: None }
    }

    #[inline]
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.few.iter().take(self.count).any(|seen| *seen == text)
            || self.many.as_ref().is_some_and(|many| many.contains(text))
    }

    /// Adds a text that is not contained.
    #[inline]
    pub(crate) fn add(&mut self, text: Cow<'t, str>) {
        match (text, self.few.get_mut(self.count)) {
            (Cow::Borrowed(text), Some(free)) => {
                *free = text;
                self.count += 1;
            }
            (text, _) => self.add_to_many(text),
        }
    }

    #[cold]
    fn add_to_many(&mut self, text: Cow<'t, str>) {
        self.many.get_or_insert_default().insert(text);
    }

    /// Adds a text; whether it was there already.
    pub(crate) fn repeats(&mut self, text: Cow<'t, str>) -> bool {
        let repeats = self.contains(&text);
        if !repeats {
            self.add(text);
        }
        repeats
    }
}
