//! What every walk shares: the trait, the way to a value, and the report that grows on the way.

use std::cell::Cell;

use super::{
    Reader,
    source::{Kind, Source, Stop},
};
use crate::{
    declaration::{Advice, Constant, Direction, Field, Type},
    report::{Code, Expected, Findings, NodeId, Section, Step},
    secret::contains_secret_name,
};

/// A type that is read by the rules.
///
/// `kind` is what `source.peek()` has just given. With `BUILD` the value is made; without it nothing is allocated for a valid
/// document, and values are only made as far as rules that span fields need them.
pub trait Walk: Sized {
    const TYPE: Type;
    const DEFAULT: Option<Constant> = None;
    /// How many objects and arrays stand around such a value in a document, at most.
    const DEPTH: u32 = PART_DEPTH;

    #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
    fn walk<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: At<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Walked, Stop>;
}

/// How many objects and arrays stand around a part of a document, at most: a session stands in an agent's list.
pub(crate) const PART_DEPTH: u32 = 2;

/// What the walk carries from value to value.
pub(crate) struct Context<'r> {
    pub(crate) reader: &'r Reader,
    /// What was found, if anything was.
    pub(crate) findings: Option<Box<Findings>>,
}

/// The way to a value: a step from the value around it. Steps and frames stay on the stack, and become a pointer only
/// for a violation.
#[derive(Clone, Copy)]
pub(crate) struct At<'p> {
    parent: Option<&'p Frame<'p>>,
    step: AtStep<'p>,
}

/// An array or object that is being walked.
pub(crate) struct Frame<'p> {
    at: At<'p>,
    node: Cell<Option<NodeId>>,
}

#[derive(Clone, Copy)]
enum AtStep<'p> {
    Root,
    Field(&'static Field, Direction),
    Name(&'p str),
    Index(usize),
}

impl<'p> At<'p> {
    pub(crate) const fn root() -> Self {
        At { parent: None, step: AtStep::Root }
    }

    /// The array or object at this place.
    pub(crate) const fn enter(self) -> Frame<'p> {
        Frame { at: self, node: Cell::new(None) }
    }

    pub(super) fn advice(self) -> Option<Advice> {
        match self.step {
            AtStep::Field(field, _) => field.advice,
            _ => None,
        }
    }

    /// Which way the document goes that it is a field of.
    pub(super) fn direction(self) -> Option<Direction> {
        match self.step {
            AtStep::Field(_, direction) => Some(direction),
            _ => None,
        }
    }

    /// The same way in the report.
    fn node(self, report: &mut Findings) -> NodeId {
        let Some(parent) = self.parent else { return NodeId::ROOT };
        let parent = parent.node(report);
        match self.step {
            AtStep::Root => NodeId::ROOT,
            AtStep::Field(field, _) => report.node(parent, Step::Field(field)),
            AtStep::Name(name) => report.node(parent, Step::Name(name)),
            AtStep::Index(index) => report.node(parent, Step::Index(index)),
        }
    }
}

impl<'p> Frame<'p> {
    pub(crate) const fn field(&'p self, field: &'static Field, direction: Direction) -> At<'p> {
        self.below(AtStep::Field(field, direction))
    }

    /// The way to a named value that no declaration documents.
    pub(super) const fn name(&'p self, name: &'p str) -> At<'p> {
        self.below(AtStep::Name(name))
    }

    pub(super) const fn index(&'p self, index: usize) -> At<'p> {
        self.below(AtStep::Index(index))
    }

    const fn below(&'p self, step: AtStep<'p>) -> At<'p> {
        At { parent: Some(self), step }
    }

    /// The way to itself.
    pub(super) const fn at(&self) -> At<'p> {
        self.at
    }

    /// Its node in the report, made on first use.
    fn node(&self, report: &mut Findings) -> NodeId {
        if let Some(node) = self.node.get() {
            return node;
        }
        let node = self.at.node(report);
        self.node.set(Some(node));
        node
    }
}

/// How a value fares, whatever is in it: its size, the number of items of a list or of bytes of a text, or `None` if it
/// carries a violation itself.
pub(crate) type Walked = Option<usize>;

/// A sound value without a size.
pub(crate) const SOUND: Walked = Some(0);

/// What a report may show of a token: nothing of a string that may hold a key.
pub(super) fn shown(token: &str) -> Option<&str> {
    Some(token).filter(|token| !contains_secret_name(token))
}

impl Context<'_> {
    #[cold]
    pub(super) fn violation(
        &mut self,
        code: Code,
        at: At<'_>,
        place: (usize, usize),
        expected: Expected,
        found: Option<&str>,
    ) {
        self.findings().add(Section::Violations, code, |findings| at.node(findings), place, expected, found);
    }

    #[cold]
    pub(crate) fn advisory(
        &mut self,
        code: Code,
        at: At<'_>,
        place: (usize, usize),
        expected: Expected,
        found: Option<&str>,
    ) {
        self.findings().add(Section::Advisories, code, |findings| at.node(findings), place, expected, found);
    }

    fn findings(&mut self) -> &mut Findings {
        self.findings.get_or_insert_with(|| Box::new(Findings::new(self.reader.limit)))
    }

    pub(crate) fn violation_count(&self) -> usize {
        self.findings.as_ref().map_or(0, |findings| findings.violation_count())
    }

    /// Skips a value of another type than the contract's.
    #[cold]
    pub(crate) fn wrong_type<'t, S: Source<'t>>(
        &mut self,
        source: &mut S,
        at: At<'_>,
        kind: Kind,
        expected: &'static Type,
    ) -> Result<Walked, Stop> {
        let start = source.position();
        source.skip()?;
        self.wrong_value(Code::WrongType, source, at, start, kind, expected);
        Ok(None)
    }

    /// Reports the value that was taken from `start` on; a secret and what holds others are not shown.
    #[cold]
    pub(super) fn wrong_value<'t, S: Source<'t>>(
        &mut self,
        code: Code,
        source: &S,
        at: At<'_>,
        start: usize,
        kind: Kind,
        expected: &'static Type,
    ) {
        let spelling;
        let found = match kind {
            _ if expected.is_secret() => None,
            Kind::Object => Some("{…}"),
            Kind::Array => Some("[…]"),
            _ => {
                spelling = source.spelling(start);
                shown(&spelling)
            }
        };
        let place = (start, source.position() - start);
        self.violation(code, at, place, Expected::Type(expected), found);
    }

    #[cold]
    pub(super) fn duplicate<'t, S: Source<'t>>(
        &mut self,
        source: &mut S,
        place: (usize, usize),
        at: At<'_>,
    ) -> Result<(), Stop> {
        source.skip()?;
        self.violation(Code::DuplicateField, at, place, Expected::Once, None);
        Ok(())
    }
}
