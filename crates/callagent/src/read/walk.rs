//! The rules' walk over a source: what is common to all objects, lists and leaves, and the state it carries along.

use std::{borrow::Cow, cell::Cell};

use super::{
    Reader,
    seen::Seen,
    source::{Kind, Malformed, Name, Number, Source},
};
use crate::{
    declaration::{Advice, Constant, Direction, Field, Further, Object, Presence, Type},
    free_form::FreeForm,
    report::{Code, Expected, NodeId, Report, Step},
    secret::{ApiKey, KeyChange},
};

/// A type that is read by the rules.
///
/// With `BUILD` the value is made; without it nothing is allocated for a valid document, and texts come out empty.
pub trait Walk: Sized {
    const TYPE: Type;
    const DEFAULT: Option<Constant> = None;

    #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
    fn walk<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        at: &At<'_>,
        context: &mut Context<'_>,
    ) -> Result<Walked<Self>, Malformed>;
}

/// What the walk carries from value to value.
pub(crate) struct Context<'r> {
    pub(crate) reader: &'r Reader,
    pub(crate) report: Report,
}

/// The way to a value: a chain of frames on the stack, which becomes a pointer only for a violation.
pub(crate) struct At<'p> {
    parent: Option<&'p At<'p>>,
    step: AtStep<'p>,
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
    pub(crate) const ROOT: At<'static> = At { parent: None, step: AtStep::Root, node: Cell::new(None) };

    const fn below(&'p self, step: AtStep<'p>) -> At<'p> {
        At { parent: Some(self), step, node: Cell::new(None) }
    }

    pub(crate) const fn field(&'p self, field: &'static Field, direction: Direction) -> At<'p> {
        self.below(AtStep::Field(field, direction))
    }

    fn is_secret(&self) -> bool {
        matches!(self.step, AtStep::Field(field, _) if field.r#type.is_secret())
    }

    fn advice(&self) -> Option<Advice> {
        match self.step {
            AtStep::Field(field, _) => field.advice,
            _ => None,
        }
    }

    fn direction(&self) -> Direction {
        match self.step {
            AtStep::Field(_, direction) => direction,
            _ => Direction::Request,
        }
    }

    /// The same way in the report, made on first use.
    fn node(&self, report: &mut Report) -> NodeId {
        if let Some(node) = self.node.get() {
            return node;
        }
        let parent = self.parent.map(|parent| parent.node(report));
        let node = match (parent, self.step) {
            (Some(parent), AtStep::Field(field, _)) => report.node(parent, Step::Field(field.name)),
            (Some(parent), AtStep::Name(name)) => report.node(parent, Step::Name(name.into())),
            (Some(parent), AtStep::Index(index)) => report.node(parent, Step::Index(index)),
            (None, _) | (_, AtStep::Root) => NodeId::ROOT,
        };
        self.node.set(Some(node));
        node
    }
}

/// What a walk found: how the value itself fares, and the value if it could be made.
pub(crate) struct Walked<T> {
    pub(crate) sound: bool,
    /// The number of items of a list, of bytes of a text.
    pub(crate) size: usize,
    pub(crate) value: Option<T>,
}

impl<T> Walked<T> {
    pub(crate) const WRONG: Self = Walked { sound: false, size: 0, value: None };

    pub(crate) fn sound(value: T) -> Self {
        Walked { sound: true, size: 0, value: Some(value) }
    }
}

/// One field of an object that is being read.
pub(crate) struct Slot<T> {
    field: &'static Field,
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
    pub(crate) const fn absent(field: &'static Field) -> Self {
        Slot { field, state: State::Absent, start: 0, end: 0, size: 0, value: None }
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
    pub(crate) fn fill<'t, S: Source<'t>, const BUILD: bool>(
        &mut self,
        source: &mut S,
        name: &Name<'t>,
        parent: &At<'_>,
        direction: Direction,
        context: &mut Context<'_>,
    ) -> Result<(), Malformed>
    where
        T: Walk,
    {
        let at = parent.field(self.field, direction);
        if self.state != State::Absent {
            return context.duplicate(source, name, &at);
        }
        let kind = source.peek()?;
        self.start = source.position();
        if kind == Kind::Null && direction == Direction::Response {
            source.null()?;
            self.state = State::Null;
        } else {
            let walked = T::walk::<S, BUILD>(source, &at, context)?;
            self.state = if walked.sound { State::Sound } else { State::Wrong };
            self.size = walked.size;
            self.value = walked.value;
        }
        self.end = source.position();
        Ok(())
    }
}

impl Context<'_> {
    fn violation(&mut self, code: Code, at: &At<'_>, place: (usize, usize), expected: Expected, found: Option<&str>) {
        let node = at.node(&mut self.report);
        self.report.violation(code, node, place, expected, found);
    }

    pub(crate) fn advisory(&mut self, code: Code, at: &At<'_>, place: (usize, usize), expected: Expected) {
        let node = at.node(&mut self.report);
        self.report.advisory(code, node, place, expected, None);
    }

    /// Skips a value of another type than the contract's.
    #[cold]
    pub(crate) fn wrong_type<'t, T, S: Source<'t>>(
        &mut self,
        source: &mut S,
        at: &At<'_>,
        kind: Kind,
        expected: &'static Type,
    ) -> Result<Walked<T>, Malformed> {
        let start = source.position();
        source.skip()?;
        self.wrong_value(Code::WrongType, source, at, start, kind, expected);
        Ok(Walked::WRONG)
    }

    /// Reports the value that was taken from `start` on; a secret and what holds others are not shown.
    #[cold]
    fn wrong_value<'t, S: Source<'t>>(
        &mut self,
        code: Code,
        source: &S,
        at: &At<'_>,
        start: usize,
        kind: Kind,
        expected: &'static Type,
    ) {
        let spelling;
        let found = match kind {
            _ if at.is_secret() => None,
            Kind::Object => Some("{…}"),
            Kind::Array => Some("[…]"),
            _ => {
                spelling = source.spelling(start);
                Some(&*spelling)
            }
        };
        let place = (start, source.position() - start);
        self.violation(code, at, place, Expected::Type(expected), found);
    }

    #[cold]
    fn duplicate<'t, S: Source<'t>>(&mut self, source: &mut S, name: &Name<'_>, at: &At<'_>) -> Result<(), Malformed> {
        source.peek()?;
        source.skip()?;
        self.violation(Code::DuplicateField, at, (name.start, name.end - name.start), Expected::Once, None);
        Ok(())
    }
}

/// An object while its fields are read.
pub(crate) struct Members<'t, 'c> {
    object: &'static Object,
    at: &'c At<'c>,
    seen: Option<Box<Seen<'t>>>,
    /// The fields that the declaration does not name, as far as they are kept.
    pub(crate) further: FreeForm,
}

impl<'t, 'c> Members<'t, 'c> {
    pub(crate) fn new(object: &'static Object, at: &'c At<'c>) -> Self {
        Members { object, at, seen: None, further: FreeForm::new() }
    }

    /// Takes the value of a name that the declaration does not have.
    #[cold]
    pub(crate) fn undocumented<S: Source<'t>, const BUILD: bool>(
        &mut self,
        source: &mut S,
        name: Name<'t>,
        context: &mut Context<'_>,
    ) -> Result<(), Malformed> {
        let object = self.object;
        let at = self.at.below(AtStep::Name(&name.text));
        let seen = self.seen.get_or_insert_with(|| Box::new(Seen::new()));
        if seen.contains(&name.text) {
            return context.duplicate(source, &name, &at);
        }
        if object.further == Further::Kept {
            if let Some(value) = free_value::<S, BUILD>(source, &at, context)? {
                self.further.put(name.text.as_ref().to_owned(), value);
            }
        } else {
            source.peek()?;
            source.skip()?;
            let node = at.node(&mut context.report);
            let place = (name.start, name.end - name.start);
            let expected = Expected::FieldOf(object);
            if context.reader.tolerates_unknown_fields() {
                context.report.advisory(Code::UnknownField, node, place, expected, None);
            } else {
                context.report.violation(Code::UnknownField, node, place, expected, None);
            }
        }
        drop(at);
        seen.add(name.text);
        Ok(())
    }
}

/// An object whose fields have all been read, for the rules that span fields.
pub(crate) struct Scope<'c, 'r> {
    pub(crate) at: &'c At<'c>,
    pub(crate) context: &'c mut Context<'r>,
    pub(crate) object: &'static Object,
    /// Where the object begins and ends.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Scope<'_, '_> {
    /// What the declaration says of a field that was not given.
    pub(crate) fn presence<T>(&mut self, slot: &Slot<T>) {
        if slot.is_absent() {
            match slot.field.presence {
                Presence::Required => self.missing(slot, Expected::Type(&slot.field.r#type)),
                Presence::Listed => self.absent(slot),
                Presence::Optional | Presence::Defaulted => {}
            }
        }
    }

    /// The field that another one makes a required one: missing in a request, an advisory in a response.
    pub(crate) fn due<T>(&mut self, is_due: bool, slot: &Slot<T>) {
        let (true, Some(due)) = (is_due, &self.object.due) else { return };
        match (self.object.direction, slot.state) {
            (Direction::Request, State::Sound) if slot.size == 0 => self.missing(slot, Expected::Due(due)),
            (Direction::Request, State::Absent | State::Null) => self.missing(slot, Expected::Due(due)),
            (Direction::Response, State::Absent | State::Null) => self.absent(slot),
            (_, State::Wrong | State::Sound) => {}
        }
    }

    #[cold]
    fn missing<T>(&mut self, slot: &Slot<T>, expected: Expected) {
        let at = self.at.field(slot.field, self.object.direction);
        self.context.violation(Code::MissingField, &at, self.place(slot), expected, None);
    }

    fn absent<T>(&mut self, slot: &Slot<T>) {
        let expected = match &slot.field.r#type {
            // A response may hold any word.
            Type::Word(_) => &Type::Text,
            other => other,
        };
        self.advisory(Code::AbsentField, slot, Expected::Type(expected));
    }

    /// An advisory on a field's value.
    pub(crate) fn doubt<T>(&mut self, code: Code, slot: &Slot<T>) {
        self.advisory(code, slot, Expected::Nothing);
    }

    /// An advisory on the object itself.
    pub(crate) fn doubt_object(&mut self, code: Code) {
        self.context.advisory(code, self.at, (self.start, self.end - self.start), Expected::Nothing);
    }

    #[cold]
    fn advisory<T>(&mut self, code: Code, slot: &Slot<T>, expected: Expected) {
        let at = self.at.field(slot.field, self.object.direction);
        self.context.advisory(code, &at, self.place(slot), expected);
    }

    /// Where a field's value stands, or the bracket of the object that lacks it.
    fn place<T>(&self, slot: &Slot<T>) -> (usize, usize) {
        if slot.state == State::Absent { (self.start, 1) } else { slot.place() }
    }
}

/// Walks a list; `item` walks each item.
fn list<'t, S: Source<'t>, T, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    mut item: impl FnMut(&mut S, &At<'_>, &mut Context<'_>) -> Result<Walked<T>, Malformed>,
) -> Result<Walked<Vec<T>>, Malformed> {
    let kind = source.peek()?;
    if kind != Kind::Array {
        return context.wrong_type(source, at, kind, expected);
    }
    let mut values = Vec::new();
    let mut size = 0;
    source.array(|source| {
        let walked = item(source, &at.below(AtStep::Index(size)), context)?;
        size += 1;
        if BUILD {
            values.extend(walked.value);
        }
        Ok(())
    })?;
    Ok(Walked { sound: true, size, value: Some(values) })
}

/// Walks a list of objects.
pub(crate) fn objects<'t, S: Source<'t>, T: Walk, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
) -> Result<Walked<Vec<T>>, Malformed>
where
    Vec<T>: Walk,
{
    list::<S, T, BUILD>(source, at, context, &<Vec<T> as Walk>::TYPE, T::walk::<S, BUILD>)
}

/// Takes the text of a string, or reports what is no string.
#[inline]
fn text<'t, S: Source<'t>, T>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    value: impl FnOnce(Cow<'t, str>, &mut S, &mut Context<'_>, usize) -> Walked<T>,
) -> Result<Walked<T>, Malformed> {
    let kind = source.peek()?;
    if kind != Kind::String {
        return context.wrong_type(source, at, kind, expected);
    }
    let start = source.position();
    let text = source.string()?;
    Ok(value(text, source, context, start))
}

/// Makes the value of a string that holds any text.
fn any_text<T, const BUILD: bool>(text: Cow<'_, str>, value: impl FnOnce(String) -> T) -> Walked<T> {
    let size = text.len();
    Walked { sound: true, size, value: Some(value(if BUILD { text.into_owned() } else { String::new() })) }
}

/// Implements `Walk` for types whose walk is a few lines.
macro_rules! walk {
    ($type:ty, $declared:expr, |$source:ident, $at:ident, $context:ident| $walk:expr) => {
        impl Walk for $type {
            const TYPE: Type = $declared;

            #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
            fn walk<'t, S: Source<'t>, const BUILD: bool>(
                $source: &mut S,
                $at: &At<'_>,
                $context: &mut Context<'_>,
            ) -> Result<Walked<Self>, Malformed> {
                $walk
            }
        }
    };
}

walk!(String, Type::Text, |source, at, context| text(
    source,
    at,
    context,
    &Self::TYPE,
    |text, source, context, start| {
        if let Some(Advice::Doubt(code, doubtful)) = at.advice() {
            if doubtful(&text) {
                context.advisory(code, at, (start, source.position() - start), Expected::Nothing);
            }
        }
        any_text::<_, BUILD>(text, |text| text)
    }
));

walk!(ApiKey, Type::Key, |source, at, context| text(source, at, context, &Self::TYPE, |text, _, _, _| {
    any_text::<_, BUILD>(text, ApiKey::new)
}));

walk!(KeyChange, Type::KeyOrNull, |source, at, context| {
    if source.peek()? == Kind::Null {
        source.null()?;
        return Ok(Walked::sound(KeyChange::Remove));
    }
    text(source, at, context, &Self::TYPE, |text, _, _, _| {
        any_text::<_, BUILD>(text, |text| KeyChange::Replace(ApiKey::new(text)))
    })
});

walk!(bool, Type::Boolean, |source, at, context| {
    let kind = source.peek()?;
    if kind != Kind::Boolean {
        return context.wrong_type(source, at, kind, &Self::TYPE);
    }
    source.boolean().map(Walked::sound)
});

walk!(Vec<String>, Type::List(&Type::Text), |source, at, context| {
    let repeats_are_doubtful = matches!(at.advice(), Some(Advice::Repeated));
    let mut seen = Seen::new();
    list::<S, String, BUILD>(source, at, context, &Self::TYPE, |source, at, context| {
        text(source, at, context, &String::TYPE, |text, source, context, start| {
            if repeats_are_doubtful {
                if seen.contains(&text) {
                    let place = (start, source.position() - start);
                    context.advisory(Code::RepeatedPhoneNumber, at, place, Expected::Nothing);
                } else {
                    seen.add(text.clone());
                }
            }
            any_text::<_, BUILD>(text, |text| text)
        })
    })
});

walk!(FreeForm, Type::FreeForm, |source, at, context| {
    let kind = source.peek()?;
    if kind != Kind::Object {
        return context.wrong_type(source, at, kind, &Self::TYPE);
    }
    let mut map = FreeForm::new();
    free_object::<S, BUILD>(source, at, context, |name, value| map.put(name, value))?;
    Ok(Walked::sound(map))
});

/// Takes the number of a type with bounds.
pub(crate) fn number<'t, S: Source<'t>, T>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    judge: impl FnOnce(Number) -> Result<T, Code>,
) -> Result<Walked<T>, Malformed> {
    let kind = source.peek()?;
    if kind != Kind::Number {
        return context.wrong_type(source, at, kind, expected);
    }
    let start = source.position();
    match judge(source.number()?) {
        Ok(value) => Ok(Walked::sound(value)),
        Err(code) => {
            context.wrong_value(code, source, at, start, kind, expected);
            Ok(Walked::WRONG)
        }
    }
}

/// Takes the word of a vocabulary; `word` makes it, or says no. What it refuses, a tolerance may admit as `unlisted`.
pub(crate) fn word<'t, S: Source<'t>, T, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    listed: impl FnOnce(&str) -> Option<T>,
    unlisted: impl FnOnce(String) -> T,
) -> Result<Walked<T>, Malformed> {
    let open = at.direction() == Direction::Response;
    text(source, at, context, if open { &String::TYPE } else { expected }, |word, source, context, start| {
        if let Some(value) = listed(&word) {
            return Walked::sound(value);
        }
        if !open {
            let tolerated =
                matches!(expected, Type::Word(vocabulary) if context.reader.tolerates_word(vocabulary, &word));
            if !tolerated {
                context.wrong_value(Code::UnknownValue, source, at, start, Kind::String, expected);
                return Walked::WRONG;
            }
            let node = at.node(&mut context.report);
            let place = (start, source.position() - start);
            let spelling = source.spelling(start);
            context.report.advisory(Code::UnknownValue, node, place, Expected::Type(expected), Some(&spelling));
        }
        any_text::<_, BUILD>(word, unlisted)
    })
}

/// Walks a value that may be anything; `None` without `BUILD`.
fn free_value<'t, S: Source<'t>, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
) -> Result<Option<serde_json::Value>, Malformed> {
    use serde_json::Value;
    Ok(match source.peek()? {
        Kind::Null => source.null().map(|()| BUILD.then_some(Value::Null))?,
        Kind::Boolean => source.boolean().map(|value| BUILD.then_some(Value::Bool(value)))?,
        Kind::Number => source.number().map(|number| BUILD.then(|| Value::Number(number.into())))?,
        Kind::String => source.string().map(|text| BUILD.then(|| Value::String(text.into_owned())))?,
        Kind::Array => {
            let mut values = Vec::new();
            let mut index = 0;
            source.array(|source| {
                let value = free_value::<S, BUILD>(source, &at.below(AtStep::Index(index)), context)?;
                index += 1;
                if values.capacity() == 0 && BUILD {
                    values.reserve_exact(1);
                }
                values.extend(value);
                Ok(())
            })?;
            BUILD.then_some(Value::Array(values))
        }
        Kind::Object => {
            let mut map = serde_json::Map::new();
            free_object::<S, BUILD>(source, at, context, |name, value| drop(map.insert(name, value)))?;
            BUILD.then_some(Value::Object(map))
        }
    })
}

/// Walks an object of any names; of a repeated one the first counts.
fn free_object<'t, S: Source<'t>, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    mut keep: impl FnMut(String, serde_json::Value),
) -> Result<(), Malformed> {
    let mut seen = Seen::new();
    source.object(|source, name| {
        let at = at.below(AtStep::Name(&name.text));
        if seen.contains(&name.text) {
            return context.duplicate(source, &name, &at);
        }
        if let Some(value) = free_value::<S, BUILD>(source, &at, context)? {
            keep(name.text.as_ref().to_owned(), value);
        }
        seen.add(name.text);
        Ok(())
    })
}

impl From<Number> for serde_json::Number {
    fn from(number: Number) -> Self {
        match number {
            Number::Unsigned(value) => value.into(),
            Number::Negative(value) => value.into(),
            // Finite by construction; a number that were not so could only be written as null.
            Number::Double(value) => serde_json::Number::from_f64(value).unwrap_or_else(|| 0.into()),
        }
    }
}
