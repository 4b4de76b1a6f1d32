//! What every walk shares: the trait, the way to a value, and the report that grows on the way.

use std::cell::Cell;

use super::options::Options;
use crate::{
    json::{Halt, Kind, Seen, Source, Span},
    model::{Code, Contract, DefaultValue, Field, FieldAdvisory, Object, Type},
    report::{Expected, Findings, NodeId, Report, Section, Step},
};

/// A type that is read by the rules.
///
/// `kind` is what `source.peek()` has just given. With `BUILD` the value is made; without it nothing is allocated for a valid
/// document, and values are only made as far as rules that span fields need them.
pub trait Decode: Sized {
    const TYPE: Type;
    const DEFAULT: Option<DefaultValue> = None;

    #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt>;

    /// The same for an item of a list; `repeats` has the strings before it, where one that is repeated is an advisory.
    #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
    #[inline]
    fn decode_item<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
        _: Option<(Code, &mut Seen<'t>)>,
    ) -> Result<Decoded, Halt> {
        Self::decode::<S, BUILD>(source, kind, at, context, value)
    }

    /// Reports on a part of such a value, in JSON text, that is this object; `None` if it holds no such part.
    #[expect(private_interfaces, reason = "the trait itself cannot be named outside")]
    fn check_part(_: &'static Object, _: &[u8], _: &Options, _: &'static Contract) -> Option<Report> {
        None
    }

    /// The definition that the schema of such a value is, or is made of, by reference or in place.
    #[cfg(feature = "schema")]
    fn definition(_: &mut schemars::SchemaGenerator, _in_place: bool) -> Option<schemars::Schema> {
        None
    }
}

/// What the walk carries from value to value.
pub(crate) struct Context<'r> {
    pub(crate) options: &'r Options,
    pub(crate) contract: &'static Contract,
    /// What was found, if anything was.
    pub(crate) findings: Option<Box<Findings>>,
}

/// The way to a value: a step from the value around it. Steps and frames stay on the stack, and become a pointer only
/// for a violation.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    parent: Option<&'p PathNode<'p>>,
    step: PathStep<'p>,
}

/// An array or object that is being walked.
pub(crate) struct PathNode<'p> {
    at: Path<'p>,
    node: Cell<Option<NodeId>>,
}

#[derive(Clone, Copy)]
enum PathStep<'p> {
    Root,
    Field(&'static Field),
    Name(&'p str),
    Index(usize),
}

impl<'p> Path<'p> {
    pub(crate) const fn root() -> Self {
        Path { parent: None, step: PathStep::Root }
    }

    /// The array or object at this place.
    pub(crate) const fn enter(self) -> PathNode<'p> {
        PathNode { at: self, node: Cell::new(None) }
    }

    pub(crate) fn advisory(self) -> Option<FieldAdvisory> {
        match self.step {
            PathStep::Field(field) => field.advisory,
            _ => None,
        }
    }

    /// Whether a word there may be any other than the listed ones; `None` if it is no field's or item's.
    pub(super) fn is_open(self) -> Option<bool> {
        match self.step {
            PathStep::Field(field) => Some(field.open),
            PathStep::Index(_) => self.parent.and_then(|parent| parent.at.is_open()),
            PathStep::Root | PathStep::Name(_) => None,
        }
    }

    /// The same way in the report.
    fn node(self, report: &mut Findings) -> NodeId {
        let Some(parent) = self.parent else { return NodeId::ROOT };
        let parent = parent.node(report);
        match self.step {
            PathStep::Root => NodeId::ROOT,
            PathStep::Field(field) => report.node(parent, Step::Field(field)),
            PathStep::Name(name) => report.node(parent, Step::Name(name)),
            PathStep::Index(index) => report.node(parent, Step::Index(index)),
        }
    }
}

impl<'p> PathNode<'p> {
    pub(crate) const fn field(&'p self, field: &'static Field) -> Path<'p> {
        self.below(PathStep::Field(field))
    }

    /// The way to a named value that no declaration documents.
    pub(crate) const fn name(&'p self, name: &'p str) -> Path<'p> {
        self.below(PathStep::Name(name))
    }

    pub(crate) const fn index(&'p self, index: usize) -> Path<'p> {
        self.below(PathStep::Index(index))
    }

    const fn below(&'p self, step: PathStep<'p>) -> Path<'p> {
        Path { parent: Some(self), step }
    }

    /// The way to itself.
    pub(super) const fn at(&self) -> Path<'p> {
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

/// How a value fares, whatever is in it: its size, the number of items of a list or of bytes of a text (none of a null that
/// is a value), or `None` if it carries a violation itself.
pub(crate) type Decoded = Option<usize>;

/// A sound value without a size.
pub(crate) const SOUND: Decoded = Some(1);

impl Context<'_> {
    #[cold]
    pub(crate) fn violation(&mut self, code: Code, at: Path<'_>, place: Span, expected: Expected, found: Option<&str>) {
        self.findings().add(Section::Violations, code, |findings| at.node(findings), place, expected, found);
    }

    #[cold]
    pub(crate) fn advisory(&mut self, code: Code, at: Path<'_>, place: Span, expected: Expected, found: Option<&str>) {
        self.findings().add(Section::Advisories, code, |findings| at.node(findings), place, expected, found);
    }

    fn findings(&mut self) -> &mut Findings {
        self.findings.get_or_insert_with(|| Box::new(Findings::new(self.options.limit)))
    }

    /// What a report may show of a token: nothing of a string that may hold a secret.
    pub(super) fn shown<'s>(&self, token: &'s str) -> Option<&'s str> {
        Some(token).filter(|token| !self.contract.secrets.are_in(token))
    }

    pub(crate) fn violation_count(&self) -> usize {
        self.findings.as_ref().map_or(0, |findings| findings.violation_count())
    }

    /// Skips a value of another type than the contract's.
    #[cold]
    pub(crate) fn wrong_type<'t, S: Source<'t>>(
        &mut self,
        source: &mut S,
        at: Path<'_>,
        kind: Kind,
        expected: &'static Type,
    ) -> Result<Decoded, Halt> {
        let start = source.position();
        source.skip()?;
        self.wrong_value(Code::WRONG_TYPE, source, at, start, kind, expected);
        Ok(None)
    }

    /// Reports the value that was taken from `start` on; a secret and what holds others are not shown.
    #[cold]
    pub(crate) fn wrong_value<'t, S: Source<'t>>(
        &mut self,
        code: Code,
        source: &S,
        at: Path<'_>,
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
                spelling = source.raw(start);
                self.shown(&spelling)
            }
        };
        let place = Span::between(start, source.position());
        self.violation(code, at, place, Expected::Type(expected), found);
    }

    #[cold]
    pub(crate) fn duplicate<'t, S: Source<'t>>(
        &mut self,
        source: &mut S,
        place: Span,
        at: Path<'_>,
    ) -> Result<(), Halt> {
        source.skip()?;
        self.violation(Code::DUPLICATE_FIELD, at, place, Expected::Once, None);
        Ok(())
    }
}
