//! The walk over an object: its fields' slots, its undocumented names, and the rules that span fields.

use std::ops::Deref;

use super::{
    leaves,
    seen::Seen,
    source::{Kind, Name, Source, Stop},
    walk::{Context, Frame, Walk},
};
use crate::{
    declaration::{Direction, Field, Further, Object, Presence},
    free_form::FreeForm,
    report::{Code, Expected, FieldSet},
};

/// What is read of one field of an object.
pub(crate) struct Slot<T> {
    pub(crate) state: State,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) size: usize,
    pub(crate) value: Option<T>,
}

/// What was given for a field; of a repeated name the first counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
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

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self.state, State::Absent | State::Null)
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.state == State::Sound
    }

    /// Where the value stands.
    fn place(&self) -> (usize, usize) {
        (self.start, self.end - self.start)
    }

    /// Takes the value that `name` has announced, of an object that stands at `parent`.
    #[expect(clippy::inline_always, reason = "measured: without a call the way is made for findings alone")]
    #[inline(always)]
    pub(crate) fn fill<'t, S: Source<'t>, const BUILD: bool>(
        &mut self,
        field: &'static Field,
        source: &mut S,
        name: &Name<'t>,
        parent: &Frame<'_>,
        direction: Direction,
        context: &mut Context<'_>,
    ) -> Result<(), Stop>
    where
        T: Walk,
    {
        let at = parent.field(field, direction);
        if self.state != State::Absent {
            return context.duplicate(source, name.place(), at);
        }
        let kind = source.peek()?;
        self.start = source.position();
        if kind == Kind::Null && direction == Direction::Response {
            source.null()?;
            self.state = State::Null;
        } else {
            match T::walk::<S, BUILD>(source, kind, at, context, &mut self.value)? {
                Some(size) => (self.state, self.size) = (State::Sound, size),
                None => self.state = State::Wrong,
            }
        }
        self.end = source.position();
        Ok(())
    }
}

/// A field that has been read, or was not given.
pub(crate) struct Given<'s, T> {
    pub(crate) field: &'static Field,
    /// Its number in the declaration.
    pub(crate) index: u32,
    pub(crate) slot: &'s Slot<T>,
}

impl<T> Clone for Given<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Given<'_, T> {}

impl<T> Deref for Given<'_, T> {
    type Target = Slot<T>;

    fn deref(&self) -> &Slot<T> {
        self.slot
    }
}

/// An object while its fields are read.
pub(crate) struct Members<'t, 'c> {
    object: &'static Object,
    frame: &'c Frame<'c>,
    seen: Option<Seen<'t>>,
    /// The fields that the declaration does not name, as far as they are kept.
    pub(crate) further: Option<FreeForm>,
}

impl<'t, 'c> Members<'t, 'c> {
    pub(crate) fn new(object: &'static Object, frame: &'c Frame<'c>) -> Self {
        Members { object, frame, seen: None, further: None }
    }

    /// Takes the value of a name that the declaration does not have.
    #[cold]
    pub(crate) fn undocumented<S: Source<'t>, const BUILD: bool>(
        &mut self,
        source: &mut S,
        name: &Name<'t>,
        context: &mut Context<'_>,
    ) -> Result<(), Stop> {
        let object = self.object;
        let at = self.frame.name(&name.text);
        if self.seen.get_or_insert_with(Seen::new).repeats(name.text.clone()) {
            return context.duplicate(source, name.place(), at);
        }
        if object.further == Further::Kept {
            leaves::free_value(source, at, context)?;
            if BUILD {
                self.further.get_or_insert_default().push_member(&source.member(name));
            }
        } else {
            source.skip()?;
            let place = name.place();
            let expected = Expected::FieldOf(object);
            if context.reader.tolerates_unknown_fields() {
                context.advisory(Code::UnknownField, at, place, expected, None);
            } else {
                context.violation(Code::UnknownField, at, place, expected, None);
            }
        }
        Ok(())
    }
}

/// An object whose fields have all been read, for the rules that span fields.
pub(crate) struct Scope<'c, 'r> {
    pub(crate) frame: &'c Frame<'c>,
    pub(crate) context: &'c mut Context<'r>,
    pub(crate) object: &'static Object,
    /// Where the object begins and ends.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The documented fields of a response that the object lacks.
    pub(crate) lacks: FieldSet,
}

impl Scope<'_, '_> {
    /// What the declaration says of a field that was not given.
    pub(crate) fn presence<T>(&mut self, given: Given<'_, T>) {
        if given.is_absent() {
            match given.field.presence {
                Presence::Required => self.missing(given, Expected::Type(&given.field.r#type)),
                Presence::Listed => self.absent(given),
                Presence::Optional | Presence::Defaulted => {}
            }
        }
    }

    /// The field that another one makes a required one: missing in a request, an advisory in a response.
    pub(crate) fn due<T>(&mut self, is_due: bool, given: Given<'_, T>) {
        let (true, Some(due)) = (is_due, &self.object.due) else { return };
        match (self.object.direction, given.state) {
            (Direction::Request, State::Sound) if given.size == 0 => self.missing(given, Expected::Due(due)),
            (Direction::Request, State::Absent | State::Null) => self.missing(given, Expected::Due(due)),
            (Direction::Response, State::Absent | State::Null) => self.absent(given),
            (_, State::Wrong | State::Sound) => {}
        }
    }

    #[cold]
    fn missing<T>(&mut self, given: Given<'_, T>, expected: Expected) {
        let at = self.frame.field(given.field, self.object.direction);
        self.context.violation(Code::MissingField, at, self.place(given), expected, None);
    }

    fn absent<T>(&mut self, given: Given<'_, T>) {
        if given.state == State::Absent {
            self.lacks.insert(given.index);
        } else {
            self.advisory(Code::AbsentField, given, Expected::Type(&given.field.r#type).of_response());
        }
    }

    /// Reports the fields that the object lacks, as one entry: a response may lack them all.
    pub(crate) fn finish(self) {
        if !self.lacks.is_empty() {
            let expected = Expected::Fields(self.object, self.lacks);
            self.context.advisory(Code::AbsentField, self.frame.at(), (self.start, 1), expected, None);
        }
    }

    /// An advisory on a field's value.
    pub(crate) fn doubt<T>(&mut self, code: Code, given: Given<'_, T>) {
        self.advisory(code, given, Expected::Nothing);
    }

    /// An advisory on the object itself.
    pub(crate) fn doubt_object(&mut self, code: Code) {
        self.context.advisory(code, self.frame.at(), (self.start, self.end - self.start), Expected::Nothing, None);
    }

    #[cold]
    fn advisory<T>(&mut self, code: Code, given: Given<'_, T>, expected: Expected) {
        let at = self.frame.field(given.field, self.object.direction);
        self.context.advisory(code, at, self.place(given), expected, None);
    }

    /// Where a field's value stands, or the bracket of the object that lacks it.
    fn place<T>(&self, given: Given<'_, T>) -> (usize, usize) {
        if given.state == State::Absent { (self.start, 1) } else { given.place() }
    }
}
