//! The locations of values in the text of a document, by pointer.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    ops::Range,
    rc::Rc,
};

use serde_json::value::RawValue;

use crate::{
    document::{Document, Location, is_json},
    pointer::{child, unescaped},
};

/// The members of an object or array, by name or index.
type Members = BTreeMap<String, Range<usize>>;

/// The locations in a document. Each object is parsed once. In YAML, every value is at the beginning.
pub(crate) struct Locations<'d> {
    text: &'d str,
    /// The offsets of the line ends.
    lines: Vec<usize>,
    /// The members of the objects and arrays that were visited, by their offsets.
    members: RefCell<HashMap<usize, Rc<Members>>>,
}

impl<'d> Locations<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        let text = document.text();
        let lines = text.match_indices('\n').map(|(offset, _)| offset).collect();
        Locations { text, lines, members: RefCell::default() }
    }

    /// The location of the value at a pointer, or of its nearest existing parent, with the pointer of that.
    pub(crate) fn find(&self, pointer: &str) -> (String, Location) {
        let start = self.text.len() - self.text.trim_ascii_start().len();
        let (mut range, mut reached) = (start..start + self.text.trim_ascii().len(), String::new());
        if !is_json(self.text) {
            let (line, column, length) = (1, 1, 0);
            return (pointer.to_owned(), Location { offset: 0, length, line, column });
        }
        for token in pointer.split('/').skip(1).map(unescaped) {
            let Some(inner) = self.members(&range).get(&token).cloned() else { break };
            (range, reached) = (inner, child(&reached, &token));
        }
        let line = self.lines.partition_point(|end| *end < range.start);
        let begin = line.checked_sub(1).and_then(|before| self.lines.get(before)).map_or(0, |end| end + 1);
        let column = 1 + self.text.get(begin..range.start).unwrap_or_default().chars().count();
        (reached, Location { offset: range.start, length: range.len(), line: line + 1, column })
    }

    fn members(&self, range: &Range<usize>) -> Rc<Members> {
        let mut known = self.members.borrow_mut();
        let members = known.entry(range.start).or_insert_with(|| Rc::new(self.parsed(range)));
        Rc::clone(members)
    }

    fn parsed(&self, range: &Range<usize>) -> Members {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let range_of = |value: &RawValue| {
            let offset = value.get().as_ptr().addr() - self.text.as_ptr().addr();
            offset..offset + value.get().len()
        };
        if text.starts_with('[') {
            let items = serde_json::from_str::<Vec<&RawValue>>(text).unwrap_or_default();
            return items.into_iter().enumerate().map(|(index, item)| (index.to_string(), range_of(item))).collect();
        }
        let members = serde_json::from_str::<BTreeMap<String, &RawValue>>(text).unwrap_or_default();
        members.into_iter().map(|(name, value)| (name, range_of(value))).collect()
    }
}
