//! The walk over an object: its fields' slots, its undocumented names, and the rules that span fields.

use super::{
    decode::{Context, Decode, PathNode},
    free,
    leaves::Made,
};
use crate::{
    json::{Halt, Kind, Name, Seen, Source, Span},
    model::{AdditionalProperties, Code, Field, Null, Object, Presence},
    report::{Expected, FieldSet},
};

/// What is read of one field of an object.
pub(crate) struct Slot<T> {
    state: State,
    start: usize,
    end: usize,
    size: usize,
    value: Option<T>,
}

/// What was given for a field; of a repeated name the first counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    /// A null that reads as absent.
    Null,
    /// It carries a violation itself.
    Wrong,
    /// It carries none itself; something in it may.
    Sound,
}

impl<T> Slot<T> {
    pub(crate) const fn absent() -> Self {
        Slot { state: State::Absent, start: 0, end: 0, size: 0, value: None }
    }

    /// The value, if it was made.
    pub(crate) fn into_value(self) -> Option<T> {
        self.value
    }

    /// Takes the value that `name` has announced, of an object that stands at `parent`.
    #[expect(clippy::inline_always, reason = "measured: without a call the way is made for findings alone")]
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
                Some(size) => (self.state, self.size) = (State::Sound, size),
                None => self.state = State::Wrong,
            }
        }
        self.end = source.position();
        Ok(())
    }
}

/// A field that has been read, or was not given.
pub(crate) struct FieldRef<'s, T> {
    field: &'static Field,
    /// Its number in the declaration.
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

    pub(crate) fn is_sound(self) -> bool {
        self.slot.state == State::Sound
    }

    /// How many items or bytes it has.
    pub(crate) fn size(self) -> usize {
        self.slot.size
    }
}

impl<'s, T: Made> FieldRef<'s, T> {
    /// What was read of it.
    pub(crate) fn value(self) -> Option<&'s T> {
        self.slot.value.as_ref()
    }
}

/// An object while its fields are read.
pub(crate) struct UnknownFields<'t, 'c> {
    object: &'static Object,
    frame: &'c PathNode<'c>,
    seen: Option<Seen<'t>>,
    /// The fields that the declaration does not name, as far as they are kept: JSON text with commas between them.
    pub(crate) further: String,
}

impl<'t, 'c> UnknownFields<'t, 'c> {
    pub(crate) fn new(object: &'static Object, frame: &'c PathNode<'c>) -> Self {
        UnknownFields { object, frame, seen: None, further: String::new() }
    }

    /// Takes the value of a name that the declaration does not have.
    #[cold]
    pub(crate) fn undocumented<S: Source<'t>, const BUILD: bool>(
        &mut self,
        source: &mut S,
        name: &Name<'t>,
        context: &mut Context<'_>,
    ) -> Result<(), Halt> {
        let object = self.object;
        let at = self.frame.name(&name.text);
        if self.seen.get_or_insert_with(Seen::new).repeats(name.text.clone()) {
            return context.duplicate(source, name.span(), at);
        }
        if object.additional_properties == AdditionalProperties::Kept {
            free::free_value(source, at, context)?;
            if BUILD {
                if !self.further.is_empty() {
                    self.further.push(',');
                }
                self.further.push_str(&source.entry(name));
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

/// An object whose fields have all been read, for the rules that span fields.
pub(crate) struct ObjectContext<'c, 'r> {
    frame: &'c PathNode<'c>,
    context: &'c mut Context<'r>,
    object: &'static Object,
    /// Where the object begins and ends.
    start: usize,
    end: usize,
    /// The documented fields of a response that the object lacks.
    lacks: FieldSet,
}

impl<'c, 'r> ObjectContext<'c, 'r> {
    pub(crate) fn new(
        frame: &'c PathNode<'c>,
        context: &'c mut Context<'r>,
        object: &'static Object,
        start: usize,
        end: usize,
    ) -> Self {
        ObjectContext { frame, context, object, start, end, lacks: FieldSet::default() }
    }

    /// What the declaration says of a field that was not given.
    pub(crate) fn presence<T>(&mut self, given: FieldRef<'_, T>) {
        if given.is_absent() {
            self.lacking(given.field.presence, given, Expected::Type(given.field.accepted()));
        }
    }

    /// The field that another one makes a required one. An empty string or a null in its place is none.
    pub(crate) fn due<T>(&mut self, given: FieldRef<'_, T>) {
        let Some(due) = self.object.required_if.iter().find(|due| due.field.name == given.field.name) else { return };
        let is_empty = || given.is_sound() && given.size() == 0 && given.field.r#type.json_type() == "string";
        if given.is_absent() || due.presence == Presence::Required && is_empty() {
            self.lacking(due.presence, given, Expected::RequiredIf(due));
        }
    }

    fn lacking<T>(&mut self, presence: Presence, given: FieldRef<'_, T>, expected: Expected) {
        match presence {
            Presence::Required => self.missing(given, expected),
            Presence::Documented => self.absent(given),
            Presence::Optional | Presence::Defaulted => {}
        }
    }

    #[cold]
    fn missing<T>(&mut self, given: FieldRef<'_, T>, expected: Expected) {
        let at = self.frame.field(given.field);
        self.context.violation(Code::MISSING_FIELD, at, self.place(given), expected, None);
    }

    fn absent<T>(&mut self, given: FieldRef<'_, T>) {
        if given.slot.state == State::Absent {
            self.lacks.insert(given.index);
        } else {
            self.advisory(Code::ABSENT_FIELD, given, Expected::Type(given.field.accepted()));
        }
    }

    /// Reports the fields that the object lacks, as one entry: a response may lack them all.
    pub(crate) fn finish(self) {
        if !self.lacks.is_empty() {
            let expected = Expected::Fields(self.object, self.lacks);
            self.context.advisory(Code::ABSENT_FIELD, self.frame.at(), self.opening(), expected, None);
        }
    }

    /// An advisory on a field's value.
    pub(crate) fn field_advisory<T>(&mut self, code: Code, given: FieldRef<'_, T>) {
        self.advisory(code, given, Expected::Nothing);
    }

    /// An advisory on the object itself.
    pub(crate) fn object_advisory(&mut self, code: Code) {
        self.context.advisory(code, self.frame.at(), Span::between(self.start, self.end), Expected::Nothing, None);
    }

    #[cold]
    fn advisory<T>(&mut self, code: Code, given: FieldRef<'_, T>, expected: Expected) {
        let at = self.frame.field(given.field);
        self.context.advisory(code, at, self.place(given), expected, None);
    }

    /// Where a field's value stands, or the bracket of the object that lacks it.
    fn place<T>(&self, given: FieldRef<'_, T>) -> Span {
        match given.slot {
            Slot { state: State::Absent, .. } => self.opening(),
            Slot { start, end, .. } => Span::between(*start, *end),
        }
    }

    /// The object's opening bracket.
    fn opening(&self) -> Span {
        Span { offset: self.start, length: 1 }
    }
}
