//! A set of texts: a linear scan for few entries, a hash set for more.

use std::{borrow::Cow, collections::HashSet};

use super::hasher::NameHasher;

const FEW: usize = 12;

pub(crate) struct Seen<'t> {
    /// The bits of all texts in the set. Nearly all new texts have another bit.
    marks: u64,
    /// The first texts, as long as none of them had escapes.
    few: [&'t str; FEW],
    count: usize,
    many: Option<HashSet<Cow<'t, str>, NameHasher>>,
}

impl<'t> Seen<'t> {
    pub(crate) const fn new() -> Self {
        Seen { marks: 0, few: [""; FEW], count: 0, many: None }
    }

    /// Adds a text. Returns whether the set already had it.
    #[inline]
    pub(crate) fn repeats(&mut self, text: Cow<'t, str>) -> bool {
        let mark = mark(&text);
        if self.marks & mark != 0 && self.contains(&text) {
            return true;
        }
        self.marks |= mark;
        match (text, self.few.get_mut(self.count)) {
            (Cow::Borrowed(text), Some(free)) => {
                *free = text;
                self.count += 1;
            }
            (text, _) => self.add_to_many(text),
        }
        false
    }

    #[inline(never)]
    fn contains(&self, text: &str) -> bool {
        self.few.iter().take(self.count).any(|seen| *seen == text)
            || self.many.as_ref().is_some_and(|many| many.contains(text))
    }

    #[cold]
    fn add_to_many(&mut self, text: Cow<'t, str>) {
        self.many.get_or_insert_default().insert(text);
    }
}

/// Returns one of 64 bits, which depends on the length and both ends of a text.
#[inline]
fn mark(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or_default(), bytes.last().copied().unwrap_or_default());
    1 << ((usize::from(first) + usize::from(last) * 5 + bytes.len() * 11) % 64)
}
