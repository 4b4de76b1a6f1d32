//! Decoding of objects: the slots of their fields, undocumented names, and the rules that span fields.

use super::{
    decode::{Context, Decode, PathNode},
    free,
    leaves::AlwaysBuilt,
};
use crate::{
    json::{Halt, Kind, Name, Seen, Source, Span},
    model::{AdditionalProperties, Code, Field, Null, Object, Presence},
    report::{Expected, FieldSet},
};

/// The decoded value of a field of an object.
pub(crate) struct Slot<T> {
    state: State,
    start: usize,
    end: usize,
    size: usize,
    value: Option<T>,
}

/// The state of a field. The first of several fields with the same name counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    /// Null, which is read as absent.
    Null,
    /// The value itself has a violation.
    Wrong,
    /// The value itself is valid, but may contain violations.
    Valid,
}

impl<T> Slot<T> {
    pub(crate) const fn absent() -> Self {
        Slot { state: State::Absent, start: 0, end: 0, size: 0, value: None }
    }

    /// The value, if it was built.
    pub(crate) fn into_value(self) -> Option<T> {
        self.value
    }

    /// Decodes the value of `name`, in an object at `parent`.
    #[expect(clippy::inline_always, reason = "measured: if inlined, the path is built only for findings")]
    #[inline(always)]
    pub(crate) fn fill<'t, S: Source<'t>, const BUILD: bool>(
        &mut self,
        field: &'static Field,
        source: &mut S,
        name: &Name<'t>,
        parent: &PathNode<'_>,
        context: &mut Context<'_>,
    ) -> Result<(), Halt>
    where
        T: Decode,
    {
        let at = parent.field(field);
        if self.state != State::Absent {
            return context.duplicate(source, name.span(), at);
        }
        let kind = source.peek()?;
        self.start = source.position();
        if kind == Kind::Null && field.null == Null::Absent {
            source.null()?;
            self.state = State::Null;
        } else {
            match T::decode::<S, BUILD>(source, kind, at, context, &mut self.value)? {
                Some(size) => (self.state, self.size) = (State::Valid, size),
                None => self.state = State::Wrong,
            }
        }
        self.end = source.position();
        Ok(())
    }
}

/// A field that was decoded or is absent.
pub(crate) struct FieldRef<'s, T> {
    field: &'static Field,
    /// The index of the field in its object.
    index: u32,
    slot: &'s Slot<T>,
}

impl<T> Clone for FieldRef<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for FieldRef<'_, T> {}

impl<'s, T> FieldRef<'s, T> {
    pub(crate) fn new(field: &'static Field, index: u32, slot: &'s Slot<T>) -> Self {
        FieldRef { field, index, slot }
    }

    pub(crate) fn is_absent(self) -> bool {
        matches!(self.slot.state, State::Absent | State::Null)
    }

    pub(crate) fn is_valid(self) -> bool {
        self.slot.state == State::Valid
    }

    /// Returns the number of its items or bytes.
    pub(crate) fn size(self) -> usize {
        self.slot.size
    }
}

impl<'s, T: AlwaysBuilt> FieldRef<'s, T> {
    /// The decoded value.
    pub(crate) fn value(self) -> Option<&'s T> {
        self.slot.value.as_ref()
    }
}

/// The undocumented fields of an object that is being decoded.
pub(crate) struct UnknownFields<'t, 'c> {
    object: &'static Object,
    node: &'c PathNode<'c>,
    seen: Option<Seen<'t>>,
    /// The undocumented fields, if they are kept: JSON text separated by commas.
    pub(crate) kept: String,
}

impl<'t, 'c> UnknownFields<'t, 'c> {
    pub(crate) fn new(object: &'static Object, node: &'c PathNode<'c>) -> Self {
        UnknownFields { object, node, seen: None, kept: String::new() }
    }

    /// Consumes the value of an undocumented name.
    #[cold]
    pub(crate) fn undocumented<S: Source<'t>, const BUILD: bool>(
        &mut self,
        source: &mut S,
        name: &Name<'t>,
        context: &mut Context<'_>,
    ) -> Result<(), Halt> {
        let object = self.object;
        let at = self.node.name(&name.text);
        if self.seen.get_or_insert_with(Seen::new).repeats(name.text.clone()) {
            return context.duplicate(source, name.span(), at);
        }
        if object.additional_properties == AdditionalProperties::Kept {
            free::free_value(source, at, context)?;
            if BUILD {
                if !self.kept.is_empty() {
                    self.kept.push(',');
                }
                self.kept.push_str(&source.entry(name));
            }
        } else {
            source.skip()?;
            let place = name.span();
            let expected = Expected::FieldOf(object);
            if context.options.unknown_fields {
                context.advisory(Code::UNKNOWN_FIELD, at, place, expected, None);
            } else {
                context.violation(Code::UNKNOWN_FIELD, at, place, expected, None);
            }
        }
        Ok(())
    }
}

/// An object whose fields are all decoded, for the rules that span fields.
pub(crate) struct ObjectContext<'c, 'r> {
    node: &'c PathNode<'c>,
    context: &'c mut Context<'r>,
    object: &'static Object,
    /// The range of the object.
    start: usize,
    end: usize,
    /// The documented fields that a response lacks.
    lacks: FieldSet,
}

impl<'c, 'r> ObjectContext<'c, 'r> {
    pub(crate) fn new(
        node: &'c PathNode<'c>,
        context: &'c mut Context<'r>,
        object: &'static Object,
        start: usize,
        end: usize,
    ) -> Self {
        ObjectContext { node, context, object, start, end, lacks: FieldSet::default() }
    }

    /// Reports a field that is absent, as far as its presence requires.
    pub(crate) fn presence<T>(&mut self, field: FieldRef<'_, T>) {
        if field.is_absent() {
            self.lacking(field.field.presence, field, Expected::Type(field.field.accepted()));
        }
    }

    /// Reports a conditionally required field that is absent, null or empty.
    pub(crate) fn required_if<T>(&mut self, field: FieldRef<'_, T>) {
        let Some(rule) = self.object.required_if.iter().find(|rule| rule.field.name == field.field.name) else {
            return;
        };
        let is_empty = || field.is_valid() && field.size() == 0 && field.field.r#type.json_type() == "string";
        if field.is_absent() || rule.presence == Presence::Required && is_empty() {
            self.lacking(rule.presence, field, Expected::RequiredIf(rule));
        }
    }

    fn lacking<T>(&mut self, presence: Presence, field: FieldRef<'_, T>, expected: Expected) {
        match presence {
            Presence::Required => self.missing(field, expected),
            Presence::Documented => self.absent(field),
            Presence::Optional | Presence::Defaulted => {}
        }
    }

    #[cold]
    fn missing<T>(&mut self, field: FieldRef<'_, T>, expected: Expected) {
        let at = self.node.field(field.field);
        self.context.violation(Code::MISSING_FIELD, at, self.place(field), expected, None);
    }

    fn absent<T>(&mut self, field: FieldRef<'_, T>) {
        if field.slot.state == State::Absent {
            self.lacks.insert(field.index);
        } else {
            self.advisory(Code::ABSENT_FIELD, field, Expected::Type(field.field.accepted()));
        }
    }

    /// Reports all absent fields of the object as a single entry, since a response may lack all of them.
    pub(crate) fn finish(self) {
        if !self.lacks.is_empty() {
            let expected = Expected::Fields(self.object, self.lacks);
            self.context.advisory(Code::ABSENT_FIELD, self.node.at(), self.opening(), expected, None);
        }
    }

    /// Adds an advisory about the value of a field.
    pub(crate) fn field_advisory<T>(&mut self, code: Code, field: FieldRef<'_, T>) {
        self.advisory(code, field, Expected::Nothing);
    }

    /// Adds an advisory about the object itself.
    pub(crate) fn object_advisory(&mut self, code: Code) {
        self.context.advisory(code, self.node.at(), Span::between(self.start, self.end), Expected::Nothing, None);
    }

    #[cold]
    fn advisory<T>(&mut self, code: Code, field: FieldRef<'_, T>, expected: Expected) {
        let at = self.node.field(field.field);
        self.context.advisory(code, at, self.place(field), expected, None);
    }

    /// Returns the location of the value of a field, or of the bracket of the object that lacks it.
    fn place<T>(&self, field: FieldRef<'_, T>) -> Span {
        match field.slot {
            Slot { state: State::Absent, .. } => self.opening(),
            Slot { start, end, .. } => Span::between(*start, *end),
        }
    }

    /// Returns the location of the opening bracket of the object.
    fn opening(&self) -> Span {
        Span { offset: self.start, length: 1 }
    }
}
