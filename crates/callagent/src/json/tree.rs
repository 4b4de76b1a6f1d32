//! Values that are no text: a tree of what a serde format holds, and `serde_json::Value`.

use std::{
    borrow::Cow,
    cell::Cell,
    fmt::{self, Write as _},
};

use serde_json::Value;

use super::{
    number::Number,
    source::{Kind, Name, Source, Stop},
    syntax::{MAX_DEPTH, Malformed, Reason},
};

/// A JSON value in memory.
pub(crate) enum Tree {
    Null,
    Boolean(bool),
    Number(Number),
    String(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// A value in memory, as a cursor sees it.
pub(crate) enum View<'t, N, F> {
    Null,
    Boolean(bool),
    Number(Option<Number>),
    String(&'t str),
    Array(&'t [N]),
    Object(F),
}

/// A value in memory that a [`Cursor`] can walk.
pub(crate) trait Node<'t>: Sized + 't {
    type Fields: Iterator<Item = (&'t String, &'t Self)>;
    fn view(&'t self) -> View<'t, Self, Self::Fields>;
}

impl<'t> Node<'t> for Tree {
    type Fields =
        std::iter::Map<std::slice::Iter<'t, (String, Tree)>, fn(&'t (String, Tree)) -> (&'t String, &'t Tree)>;

    fn view(&'t self) -> View<'t, Self, Self::Fields> {
        match self {
            Tree::Null => View::Null,
            Tree::Boolean(value) => View::Boolean(*value),
            Tree::Number(value) => View::Number(Some(*value)),
            Tree::String(value) => View::String(value),
            Tree::Array(items) => View::Array(items),
            Tree::Object(fields) => View::Object(fields.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl<'t> Node<'t> for Value {
    type Fields = serde_json::map::Iter<'t>;

    fn view(&'t self) -> View<'t, Self, Self::Fields> {
        match self {
            Value::Null => View::Null,
            Value::Bool(value) => View::Boolean(*value),
            Value::Number(value) => View::Number(Number::of(value)),
            Value::String(value) => View::String(value),
            Value::Array(items) => View::Array(items),
            Value::Object(fields) => View::Object(fields.iter()),
        }
    }
}

/// A cursor over a value in memory. Its positions number the tokens, so that reports have the order of a text.
pub(crate) struct Cursor<'t, 'c, N> {
    node: &'t N,
    counter: &'c Cell<usize>,
    /// Why it stopped, shared by the cursors of one reading.
    stopped: &'c Cell<Malformed>,
    position: usize,
    depth: u32,
}

impl<'t, 'c, N: Node<'t>> Cursor<'t, 'c, N> {
    pub(crate) fn new(node: &'t N, counter: &'c Cell<usize>, stopped: &'c Cell<Malformed>) -> Self {
        Cursor { node, counter, stopped, position: counter.get(), depth: 0 }
    }

    #[cold]
    fn fail<T>(&self, reason: Reason) -> Result<T, Stop> {
        self.stopped.set(Malformed { offset: self.position, reason });
        Err(Stop)
    }

    fn count(&self) -> usize {
        self.counter.set(self.counter.get() + 1);
        self.counter.get()
    }

    fn child(&self, node: &'t N) -> Self {
        Cursor { node, position: self.count(), depth: self.depth + 1, ..*self }
    }
}

impl<'t, N: Node<'t>> Source<'t> for Cursor<'t, '_, N> {
    fn peek(&mut self) -> Result<Kind, Stop> {
        Ok(match self.node.view() {
            View::Null => Kind::Null,
            View::Boolean(_) => Kind::Boolean,
            View::Number(_) => Kind::Number,
            View::String(_) => Kind::String,
            View::Array(_) => Kind::Array,
            View::Object(_) => Kind::Object,
        })
    }

    fn position(&self) -> usize {
        self.position
    }

    fn malformed(&self) -> Malformed {
        self.stopped.get()
    }

    fn spelling(&self, _: usize) -> Cow<'_, str> {
        Spelling(self.node).to_string().into()
    }

    fn member(&self, name: &Name<'t>) -> Cow<'_, str> {
        format!("{}:{}", StringToken(&name.text), Spelling(self.node)).into()
    }

    fn null(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn boolean(&mut self) -> Result<bool, Stop> {
        match self.node.view() {
            View::Boolean(value) => Ok(value),
            _ => self.fail(Reason::NotJson),
        }
    }

    fn number(&mut self) -> Result<Number, Stop> {
        match self.node.view() {
            View::Number(Some(value)) => Ok(value),
            View::Number(None) => self.fail(Reason::NumberRange),
            _ => self.fail(Reason::NotJson),
        }
    }

    fn string(&mut self) -> Result<Cow<'t, str>, Stop> {
        match self.node.view() {
            View::String(value) => Ok(Cow::Borrowed(value)),
            _ => self.fail(Reason::NotJson),
        }
    }

    fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        match self.node.view() {
            View::Array(_) | View::Object(_) if self.depth == MAX_DEPTH => self.fail(Reason::Depth),
            View::Array(items) => items.iter().try_for_each(|node| item(&mut self.child(node))),
            _ => self.fail(Reason::NotJson),
        }
    }

    fn known_object(
        &mut self,
        _: impl Fn(&[u8]) -> Option<&'static str>,
        mut field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        match self.node.view() {
            View::Array(_) | View::Object(_) if self.depth == MAX_DEPTH => self.fail(Reason::Depth),
            View::Object(mut fields) => fields.try_for_each(|(name, node)| {
                let start = self.count();
                let name = Name { text: Cow::Borrowed(name), start, end: start };
                field(&mut self.child(node), name)
            }),
            _ => self.fail(Reason::NotJson),
        }
    }

    fn skip_scalar(&mut self, kind: Kind) -> Result<(), Stop> {
        if kind == Kind::Number { self.number().map(drop) } else { Ok(()) }
    }
}

/// A value in memory as JSON text.
struct Spelling<'t, N>(&'t N);

impl<'t, N: Node<'t>> fmt::Display for Spelling<'t, N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comma = |index| if index == 0 { "" } else { "," };
        match self.0.view() {
            View::Null | View::Number(None) => out.write_str("null"),
            View::Boolean(value) => value.fmt(out),
            View::Number(Some(value)) => serde_json::Number::from(value).fmt(out),
            View::String(value) => StringToken(value).fmt(out),
            View::Array(items) => {
                out.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    write!(out, "{}{}", comma(index), Spelling(item))?;
                }
                out.write_char(']')
            }
            View::Object(fields) => {
                out.write_char('{')?;
                for (index, (name, value)) in fields.enumerate() {
                    write!(out, "{}{}:{}", comma(index), StringToken(name), Spelling(value))?;
                }
                out.write_char('}')
            }
        }
    }
}

/// A text as a string of JSON.
struct StringToken<'s>(&'s str);

impl fmt::Display for StringToken<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Value::from(self.0).fmt(out)
    }
}
