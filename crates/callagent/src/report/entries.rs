//! How a report keeps its entries: small, since a hostile document has one every two bytes.

use std::{cmp::Ordering, fmt::Write as _};

use super::{Code, Place, Report};
use crate::{
    declaration::{Due, Object, Type},
    read::Reason,
};

/// A violation or an advisory.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) code: Code,
    found_length: u8,
    pub(super) node: NodeId,
    found_start: usize,
    pub(super) expected: Expected,
    pub(super) place: Place,
}

/// A step on the way to a value, from the value above it.
#[derive(Clone)]
pub(super) struct Node {
    parent: NodeId,
    step: Step,
}

#[derive(Clone)]
pub(crate) enum Step {
    Field(&'static str),
    Name(Box<str>),
    Index(usize),
}

/// A node's number in its report, from 1; the document itself is 0.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

/// What would have been right.
#[derive(Clone, Copy)]
pub(crate) enum Expected {
    Nothing,
    Type(&'static Type),
    FieldOf(&'static Object),
    Due(&'static Due),
    Once,
    Json(Reason),
}

/// How many characters of what was found are kept.
const FOUND_LIMIT: usize = 60;

impl NodeId {
    pub(crate) const ROOT: NodeId = NodeId(0);
}

impl Report {
    pub(crate) fn malformed(place: (usize, usize), reason: Reason) -> Self {
        let mut report = Report::default();
        report.violation(Code::Malformed, NodeId::ROOT, place, Expected::Json(reason), None);
        report
    }

    pub(crate) fn node(&mut self, parent: NodeId, step: Step) -> NodeId {
        self.nodes.push(Node { parent, step });
        NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX))
    }

    pub(crate) fn violation(
        &mut self,
        code: Code,
        node: NodeId,
        place: (usize, usize),
        expected: Expected,
        found: Option<&str>,
    ) {
        let entry = self.entry(code, node, place, expected, found);
        self.violations.push(entry);
    }

    pub(crate) fn advisory(
        &mut self,
        code: Code,
        node: NodeId,
        place: (usize, usize),
        expected: Expected,
        found: Option<&str>,
    ) {
        let entry = self.entry(code, node, place, expected, found);
        self.advisories.push(entry);
    }

    fn entry(
        &mut self,
        code: Code,
        node: NodeId,
        (offset, length): (usize, usize),
        expected: Expected,
        found: Option<&str>,
    ) -> Entry {
        let found_start = self.found.len();
        if let Some(found) = found {
            match found.char_indices().nth(FOUND_LIMIT) {
                None => self.found.push_str(found),
                Some(_) => {
                    self.found.extend(found.chars().take(FOUND_LIMIT - 1));
                    self.found.push('…');
                }
            }
        }
        let found_length = u8::try_from(self.found.len() - found_start).unwrap_or(u8::MAX);
        Entry { code, found_length, node, found_start, expected, place: Place { offset, length, line: 1, column: 1 } }
    }

    /// Orders the entries, and completes their places from the text that they were read from.
    pub(crate) fn finish(mut self, text: Option<&[u8]>) -> Self {
        self.placed = text.is_some();
        for advisories in [false, true] {
            let mut entries = std::mem::take(if advisories { &mut self.advisories } else { &mut self.violations });
            entries.sort_unstable_by(|a, b| self.order(a, b));
            locate(&mut entries, text.unwrap_or_default());
            *(if advisories { &mut self.advisories } else { &mut self.violations }) = entries;
        }
        self
    }

    fn order(&self, a: &Entry, b: &Entry) -> Ordering {
        (a.place.offset, a.code)
            .cmp(&(b.place.offset, b.code))
            .then_with(|| self.pointer(a.node).cmp(&self.pointer(b.node)))
    }

    pub(super) fn found(&self, entry: &Entry) -> Option<&str> {
        let end = entry.found_start + usize::from(entry.found_length);
        self.found.get(entry.found_start..end).filter(|found| !found.is_empty())
    }

    fn get(&self, node: NodeId) -> Option<&Node> {
        let index = usize::try_from(node.0).ok()?.checked_sub(1)?;
        self.nodes.get(index)
    }

    /// The JSON Pointer of a node.
    pub(super) fn pointer(&self, node: NodeId) -> String {
        let mut steps = Vec::new();
        let mut node = self.get(node);
        while let Some(Node { parent, step }) = node {
            steps.push(step);
            node = self.get(*parent);
        }
        let mut pointer = String::new();
        for step in steps.into_iter().rev() {
            pointer.push('/');
            step.write_token(&mut pointer);
        }
        pointer
    }

    /// The last step to a node: a field's name, or an index.
    pub(super) fn last_step(&self, node: NodeId) -> Option<&Step> {
        self.get(node).map(|node| &node.step)
    }

    pub(super) fn parent(&self, node: NodeId) -> NodeId {
        self.get(node).map_or(NodeId::ROOT, |node| node.parent)
    }
}

impl Step {
    /// Writes the step as a reference token (RFC 6901).
    fn write_token(&self, pointer: &mut String) {
        match self {
            Step::Field(name) => pointer.push_str(name),
            Step::Name(name) if name.contains(['~', '/']) => {
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Step::Name(name) => pointer.push_str(name),
            // Writing to a `String` cannot fail.
            Step::Index(index) => drop(write!(pointer, "{index}")),
        }
    }
}

/// Completes places, which are in the order of their offsets, by their lines and columns.
fn locate(entries: &mut [Entry], text: &[u8]) {
    let (mut position, mut line, mut column) = (0, 1, 1);
    for Entry { place, .. } in entries {
        let passed = text.get(position..place.offset).unwrap_or_default();
        let newlines = passed.iter().filter(|&&byte| byte == b'\n').count();
        let mut tail = passed;
        if newlines > 0 {
            let last = passed.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
            tail = passed.get(last..).unwrap_or_default();
            line += newlines;
            column = 1;
        }
        // Every byte but a continuation byte begins a code point.
        column += tail.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        (place.line, place.column) = (line, column);
        position = place.offset;
    }
}
