//! The decoding trait, the path to a value, and the report under construction.

use std::cell::Cell;

use super::options::Options;
use crate::{
    json::{Halt, Kind, Seen, Source, Span},
    model::{Code, Contract, DefaultValue, Field, FieldAdvisory, Object, Type},
    report::{Expected, Findings, NodeId, Report, Section, Step},
};

/// A type that is decoded by the rules of the contract.
///
/// `kind` is the result of `source.peek()`. With `BUILD`, the value is built. Without it, nothing is allocated for a
/// valid document, and values are built only if rules that span fields need them.
pub trait Decode: Sized {
    const TYPE: Type;
    const DEFAULT: Option<DefaultValue> = None;

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt>;

    /// Decodes an item of a list. `repeats` has the preceding strings if a repeated one is an advisory.
    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
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

    /// Reports on a part of a value, given as JSON text, that is this object; `None` if the value has no such part.
    #[expect(private_interfaces, reason = "the trait cannot be named outside the crate")]
    fn check_part(_: &'static Object, _: &[u8], _: &Options, _: &'static Contract) -> Option<Report> {
        None
    }

    /// Returns the definition of this type in a schema, by reference or in place.
    #[cfg(feature = "schema")]
    fn definition(_: &mut schemars::SchemaGenerator, _in_place: bool) -> Option<schemars::Schema> {
        None
    }
}

/// The state shared by all values of a document.
pub(crate) struct Context<'r> {
    pub(crate) options: &'r Options,
    pub(crate) contract: &'static Contract,
    /// The findings, if any.
    pub(crate) findings: Option<Box<Findings>>,
}

/// The path to a value: a step from the value around it. Steps and nodes stay on the stack, and are converted to a
/// pointer only for a violation.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    parent: Option<&'p PathNode<'p>>,
    step: PathStep<'p>,
}

/// An array or object that is being decoded.
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

    /// Returns the node of the array or object at this path.
    pub(crate) const fn enter(self) -> PathNode<'p> {
        PathNode { at: self, node: Cell::new(None) }
    }

    pub(crate) fn advisory(self) -> Option<FieldAdvisory> {
        match self.step {
            PathStep::Field(field) => field.advisory,
            _ => None,
        }
    }

    /// Whether undocumented values are accepted here; `None` if this is not the value of a field or item.
    pub(super) fn is_open(self) -> Option<bool> {
        match self.step {
            PathStep::Field(field) => Some(field.open),
            PathStep::Index(_) => self.parent.and_then(|parent| parent.at.is_open()),
            PathStep::Root | PathStep::Name(_) => None,
        }
    }

    /// Returns the path as a node of the report.
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

    /// Returns the path to an undocumented name.
    pub(crate) const fn name(&'p self, name: &'p str) -> Path<'p> {
        self.below(PathStep::Name(name))
    }

    pub(crate) const fn index(&'p self, index: usize) -> Path<'p> {
        self.below(PathStep::Index(index))
    }

    const fn below(&'p self, step: PathStep<'p>) -> Path<'p> {
        Path { parent: Some(self), step }
    }

    /// Returns the path to the array or object itself.
    pub(super) const fn at(&self) -> Path<'p> {
        self.at
    }

    /// Returns its node in the report, created on first use.
    fn node(&self, report: &mut Findings) -> NodeId {
        if let Some(node) = self.node.get() {
            return node;
        }
        let node = self.at.node(report);
        self.node.set(Some(node));
        node
    }
}

/// The result of decoding a value, regardless of its content: its size, which is the number of items of a list or of
/// bytes of a text (none for a meaningful null), or `None` if the value itself has a violation.
pub(crate) type Decoded = Option<usize>;

/// A valid value without a size.
pub(crate) const VALID: Decoded = Some(1);

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

    /// Returns the part of a token that a report may show: nothing of a string that may hold a secret.
    pub(super) fn shown<'s>(&self, token: &'s str) -> Option<&'s str> {
        Some(token).filter(|token| !self.contract.secrets.are_in(token))
    }

    pub(crate) fn violation_count(&self) -> usize {
        self.findings.as_ref().map_or(0, |findings| findings.violation_count())
    }

    /// Skips and reports a value of the wrong type.
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

    /// Reports the consumed value, from `start` on. Secrets and values that contain others are not shown.
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
        let raw;
        let found = match kind {
            _ if expected.is_secret() => None,
            Kind::Object => Some("{…}"),
            Kind::Array => Some("[…]"),
            _ => {
                raw = source.raw(start);
                self.shown(&raw)
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
