//! Storage of findings. It is compact, since a hostile document can have one for every two bytes.

use std::{cmp::Ordering, fmt::Write as _, hash::BuildHasher as _};

use super::{location::Location, suggestion::Suggestion};
use crate::{
    json::{MAX_DEPTH, NameHasher, Span, SyntaxError, write_token},
    model::{Code, Field, Object, RequiredIf, Type},
};

/// The findings of a document.
#[derive(Clone, Default)]
pub(crate) struct Findings {
    pub(super) violations: List,
    pub(super) advisories: List,
    nodes: Vec<Node>,
    /// The names from the document in pointers, and the values found, concatenated.
    texts: String,
    pub(super) suggestions: Vec<(usize, Suggestion)>,
    /// Whether the document was read from text.
    pub(super) is_located: bool,
    limit: Option<usize>,
}

/// The section to which a finding is added.
#[derive(Clone, Copy)]
pub(crate) enum Section {
    Violations,
    Advisories,
}

/// The violations or the advisories, up to the limit.
#[derive(Clone, Default)]
pub(super) struct List {
    pub(super) entries: Vec<Entry>,
    /// The total number of findings, kept or not.
    pub(super) count: usize,
    /// The number of kept findings.
    pub(super) kept: usize,
    /// The total length of the names from the document in the pointers of kept findings, if there is a limit.
    name_bytes: usize,
}

/// A violation or an advisory.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) code: Code,
    found_length: u8,
    pub(super) node: NodeId,
    found_start: usize,
    pub(super) expected: Expected,
    pub(super) location: Location,
}

/// A step of the path to a value, from the value around it.
#[derive(Clone, Copy)]
pub(super) enum Node {
    Field(NodeId, &'static Field),
    /// A name from the document: its range in the texts of the report.
    Name(NodeId, usize, usize),
    Index(NodeId, usize),
}

/// The number of a node in its report, from 1; the document itself is 0.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

/// The last step of the path to a value.
#[derive(Clone, Copy)]
pub(crate) enum Step<'s> {
    Field(&'static Field),
    Name(&'s str),
    Index(usize),
}

/// A set of fields of an object, by their indices.
#[derive(Clone, Copy, Default)]
pub(crate) struct FieldSet(u64);

/// What was expected.
#[derive(Clone, Copy)]
pub(crate) enum Expected {
    Nothing,
    Type(&'static Type),
    FieldOf(&'static Object),
    RequiredIf(&'static RequiredIf),
    Once,
    Json(SyntaxError),
    /// The entry covers a finding for each of these absent fields of the object.
    Fields(&'static Object, FieldSet),
}

/// The initial capacity of a pointer.
const USUAL_POINTER: usize = 64;

/// The maximum number of characters to keep of a value found.
const FOUND_LIMIT: usize = 60;

/// The budget for names from the document in the pointers of a limited report, in bytes for each finding that the limit
/// admits. It applies separately to violations and to advisories.
const NAME_BYTES: usize = 256;

/// The maximum number of nodes before a finding, which adds at most one for each level of nesting.
const MOST_NODES: usize = u32::MAX as usize - 2 * MAX_DEPTH as usize;

/// The minimum of the total budget.
const LEAST_NAME_BYTES: usize = 64 << 10;

impl NodeId {
    pub(crate) const ROOT: NodeId = NodeId(0);

    pub(super) fn number(self) -> usize {
        self.0 as usize
    }
}

impl FieldSet {
    /// The maximum number of fields of an object.
    pub(crate) const CAPACITY: usize = 64;

    pub(crate) fn insert(&mut self, field: u32) {
        self.0 |= 1 << field;
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Returns the fields with their indices, in the order of their pointers.
    fn numbered(self, object: &'static Object) -> Vec<(usize, &'static Field)> {
        let mut fields: Vec<_> =
            object.fields.iter().enumerate().filter(|(index, _)| self.0 >> index & 1 == 1).collect();
        fields.sort_unstable_by_key(|(_, field)| field.name);
        fields
    }

    /// Returns the fields, in the order of their pointers.
    fn of(self, object: &'static Object) -> impl Iterator<Item = &'static Field> {
        self.numbered(object).into_iter().map(|(_, field)| field)
    }

    /// Returns the first `count` fields, in the order of their pointers.
    fn first(self, object: &'static Object, count: usize) -> Self {
        FieldSet(self.numbered(object).iter().take(count).fold(0, |fields, (index, _)| fields | 1 << index))
    }
}

impl List {
    const EMPTY: Self = List { entries: Vec::new(), count: 0, kept: 0, name_bytes: 0 };
}

impl Expected {
    /// Returns the number of findings that the entry covers.
    fn count(self) -> usize {
        match self {
            Expected::Fields(_, fields) => fields.count(),
            _ => 1,
        }
    }

    /// Truncates to the first `count` findings; `None` if there are none.
    fn first(self, count: usize) -> Option<Self> {
        match self {
            _ if count == 0 => None,
            Expected::Fields(object, fields) if fields.count() > count => {
                Some(Expected::Fields(object, fields.first(object, count)))
            }
            other => Some(other),
        }
    }
}

impl Entry {
    /// Returns the fields that the entry covers; a single `None` if it is one finding.
    pub(super) fn fields(&self) -> impl Iterator<Item = Option<&'static Field>> {
        let (fields, itself) = match self.expected {
            Expected::Fields(object, fields) => (Some(fields.of(object)), None),
            _ => (None, Some(None)),
        };
        fields.into_iter().flatten().map(Some).chain(itself)
    }
}

impl Findings {
    pub(super) const NOTHING: Self = Findings {
        violations: List::EMPTY,
        advisories: List::EMPTY,
        nodes: Vec::new(),
        texts: String::new(),
        suggestions: Vec::new(),
        is_located: false,
        limit: None,
    };

    /// Creates findings with enough capacity for most reports.
    pub(crate) fn new(limit: Option<usize>) -> Self {
        Findings {
            violations: List { entries: Vec::with_capacity(2), ..List::EMPTY },
            nodes: Vec::with_capacity(6),
            texts: String::with_capacity(96),
            limit,
            ..Findings::NOTHING
        }
    }

    /// Returns the total number of violations, kept or not.
    pub(crate) fn violation_count(&self) -> usize {
        self.violations.count
    }

    pub(crate) fn malformed(offset: usize, length: usize, reason: SyntaxError) -> Box<Self> {
        let mut findings = Box::new(Findings::new(None));
        findings.add(
            Section::Violations,
            Code::MALFORMED,
            |_| NodeId::ROOT,
            Span { offset, length },
            Expected::Json(reason),
            None,
        );
        findings
    }

    pub(crate) fn node(&mut self, parent: NodeId, step: Step<'_>) -> NodeId {
        let node = match step {
            Step::Field(field) => Node::Field(parent, field),
            Step::Index(index) => Node::Index(parent, index),
            Step::Name(name) => {
                let start = self.texts.len();
                self.texts.push_str(name);
                Node::Name(parent, start, self.texts.len())
            }
        };
        self.nodes.push(node);
        NodeId(u32::try_from(self.nodes.len()).expect("the number of nodes is limited"))
    }

    /// Adds a finding, unless the limit is reached. `node` returns the node that it is about.
    pub(crate) fn add(
        &mut self,
        section: Section,
        code: Code,
        node: impl FnOnce(&mut Self) -> NodeId,
        span: Span,
        expected: Expected,
        found: Option<&str>,
    ) {
        let limit = self.limit;
        let is_full = self.nodes.len() > MOST_NODES;
        let list = self.list(section);
        list.count += expected.count();
        let expected = match limit {
            _ if is_full => return,
            None => expected,
            Some(limit) if list.name_bytes >= limit.saturating_mul(NAME_BYTES).max(LEAST_NAME_BYTES) => return,
            Some(limit) => match expected.first(limit - list.kept) {
                Some(expected) => expected,
                None => return,
            },
        };
        list.kept += expected.count();
        let node = node(self);
        let entry = self.entry(code, node, span, expected, found);
        let names = if limit.is_some() { self.name_bytes(node) * expected.count() } else { 0 };
        let list = self.list(section);
        list.name_bytes += names;
        list.entries.push(entry);
    }

    fn entry(&mut self, code: Code, node: NodeId, span: Span, expected: Expected, found: Option<&str>) -> Entry {
        let found_start = self.texts.len();
        if let Some(found) = found {
            if found.len() > FOUND_LIMIT && found.chars().nth(FOUND_LIMIT).is_some() {
                self.texts.extend(found.chars().take(FOUND_LIMIT - 1));
                self.texts.push('…');
            } else {
                self.texts.push_str(found);
            }
        }
        let found_length = u8::try_from(self.texts.len() - found_start).expect("60 characters have at most 240 bytes");
        Entry { code, found_length, node, found_start, expected, location: Location { span, line: 1, column: 1 } }
    }

    fn list(&mut self, section: Section) -> &mut List {
        match section {
            Section::Violations => &mut self.violations,
            Section::Advisories => &mut self.advisories,
        }
    }

    /// Returns the total length of the names from the document in the pointer of a node.
    fn name_bytes(&self, node: NodeId) -> usize {
        self.steps_up(node).map(|step| if let Step::Name(name) = step { name.len() } else { 0 }).sum()
    }

    /// Sorts the entries, and adds lines and columns to their locations.
    pub(super) fn finish(&mut self, text: Option<&[u8]>) {
        self.is_located = text.is_some();
        let [mut violations, mut advisories] =
            [&mut self.violations, &mut self.advisories].map(|list| std::mem::take(&mut list.entries));
        for entries in [&mut violations, &mut advisories] {
            entries.sort_unstable_by(|a, b| self.order(a, b));
            if let Some(text) = text {
                locate(entries, text);
            }
        }
        (self.violations.entries, self.advisories.entries) = (violations, advisories);
    }

    fn order(&self, a: &Entry, b: &Entry) -> Ordering {
        (a.location.span.offset, a.code)
            .cmp(&(b.location.span.offset, b.code))
            .then_with(|| self.pointer(a.node).cmp(&self.pointer(b.node)))
    }

    pub(super) fn found(&self, entry: &Entry) -> Option<&str> {
        let end = entry.found_start + usize::from(entry.found_length);
        self.texts.get(entry.found_start..end).filter(|found| !found.is_empty())
    }

    /// Returns a hash of the pointer of each node, by the numbers of the nodes.
    pub(super) fn pointer_hashes(&self, hasher: &NameHasher) -> Vec<u64> {
        self.nodes.iter().fold(vec![0], |mut hashes, node| {
            let (parent, step) = self.step(*node);
            let above = hashes[parent.number()];
            hashes.push(match step {
                Step::Field(&Field { name, .. }) | Step::Name(name) => hasher.hash_one((above, name)),
                Step::Index(index) => hasher.hash_one((above, index)),
            });
            hashes
        })
    }

    /// Returns the last step to a node, and the node above it; `None` for the document itself.
    pub(super) fn last_step(&self, node: NodeId) -> Option<(NodeId, Step<'_>)> {
        node.number().checked_sub(1).map(|index| self.step(self.nodes[index]))
    }

    /// Returns the steps to a node, from the last one up to the document.
    fn steps_up(&self, node: NodeId) -> impl Iterator<Item = Step<'_>> {
        let steps = std::iter::successors(self.last_step(node), |(parent, _)| self.last_step(*parent));
        steps.map(|(_, step)| step)
    }

    fn step(&self, node: Node) -> (NodeId, Step<'_>) {
        match node {
            Node::Field(parent, field) => (parent, Step::Field(field)),
            Node::Name(parent, start, end) => (parent, Step::Name(&self.texts[start..end])),
            Node::Index(parent, index) => (parent, Step::Index(index)),
        }
    }

    /// Returns the object above a node, in a document of the object `root`.
    pub(super) fn parent(&self, root: &'static Object, node: NodeId) -> Option<&'static Object> {
        let (parent, _) = self.last_step(node)?;
        let steps: Vec<_> = self.steps_up(parent).collect();
        steps.into_iter().rev().try_fold(root, |object, step| match (step, object) {
            (Step::Field(field), _) => field.r#type.object(),
            // An item is an object of the list in the field before it.
            (Step::Index(_), object) => Some(object),
            (Step::Name(_), _) => None,
        })
    }

    /// Returns the JSON Pointer of a node.
    pub(super) fn pointer(&self, node: NodeId) -> String {
        let mut pointer = String::with_capacity(USUAL_POINTER);
        self.write_pointer(node, &mut pointer);
        pointer
    }

    /// Writes the pointer of a node, whose depth is limited by the nesting of the text.
    fn write_pointer(&self, node: NodeId, pointer: &mut String) {
        if let Some((parent, step)) = self.last_step(node) {
            self.write_pointer(parent, pointer);
            step.write_token(pointer);
        }
    }
}

impl Step<'_> {
    /// Writes a slash and the step as a reference token (RFC 6901).
    pub(super) fn write_token(self, pointer: &mut String) {
        match self {
            // Documented names need no escaping.
            Step::Field(field) => {
                pointer.push('/');
                pointer.push_str(field.name);
            }
            Step::Name(name) => write_token(name, pointer),
            // Writing to a `String` cannot fail.
            Step::Index(index) => drop(write!(pointer, "/{index}")),
        }
    }
}

/// Adds lines and columns to locations, which are sorted by offset.
fn locate(entries: &mut [Entry], text: &[u8]) {
    let (mut position, mut line, mut column) = (0, 1, 1);
    for Entry { location, .. } in entries {
        let mut passed = &text[position..location.span.offset];
        let newlines = count(passed, |byte| byte == b'\n');
        if newlines > 0 {
            line += newlines;
            column = 1;
            passed = passed.rsplit(|&byte| byte == b'\n').next().expect("a split has a last part");
        }
        // Every byte except a continuation byte begins a code point.
        column += count(passed, |byte| byte & 0xC0 != 0x80);
        (location.line, location.column) = (line, column);
        position = location.span.offset;
    }
}

/// Counts bytes in blocks whose count fits into a byte, so that the compiler can vectorize it.
fn count(bytes: &[u8], counts: impl Fn(u8) -> bool) -> usize {
    bytes.chunks(128).map(|block| usize::from(block.iter().map(|&byte| u8::from(counts(byte))).sum::<u8>())).sum()
}
