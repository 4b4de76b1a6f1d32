//! Where JSON tokens come from: the interface between the rules and a text, a tree or a `serde_json::Value`.

use std::borrow::Cow;

use super::{number::Number, pointer::Span, syntax::Malformed};

/// The JSON type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// A field's name, with the place of its token.
pub(crate) struct Name<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Name<'_> {
    /// Where its token stands.
    pub(crate) const fn span(&self) -> Span {
        Span::between(self.start, self.end)
    }
}

/// The text is not JSON: the walk ends. The source knows why; an error of no size keeps the walk's results in registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Halt;

/// A cursor over one value. `peek` first; then exactly one of the methods that take the value.
pub(crate) trait Source<'t>: Sized {
    /// The type of the value that comes next.
    fn peek(&mut self) -> Result<Kind, Halt>;
    /// Where the cursor is: before the value its first byte, after taking the value its end.
    fn position(&self) -> usize;
    /// Why it stopped.
    fn malformed(&self) -> Malformed;
    /// The value that was taken, from `start` on, as JSON text.
    fn raw(&self, start: usize) -> Cow<'_, str>;
    /// The value that was taken and its name, as JSON text.
    fn entry(&self, name: &Name<'t>) -> Cow<'_, str>;

    fn null(&mut self) -> Result<(), Halt>;
    fn boolean(&mut self) -> Result<bool, Halt>;
    fn number(&mut self) -> Result<Number, Halt>;
    fn string(&mut self) -> Result<Cow<'t, str>, Halt>;
    /// Takes an array; `item` takes each of its values.
    fn array(&mut self, item: impl FnMut(&mut Self) -> Result<(), Halt>) -> Result<(), Halt>;
    /// Takes an object; `field` takes the value of each name.
    fn object(&mut self, field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Halt>) -> Result<(), Halt> {
        self.object_with_keys(|_| None, field)
    }
    /// The same; `known` may tell the name that stands in quotes, with its colon, at the beginning of a text.
    fn object_with_keys(
        &mut self,
        known: impl Fn(&[u8]) -> Option<&'static str>,
        field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Halt>,
    ) -> Result<(), Halt>;
    /// Takes a null, a boolean, a number or a string without a look at its value.
    fn skip_scalar(&mut self, kind: Kind) -> Result<(), Halt>;

    /// Takes a string; how many bytes it has, more or less, but none only if it is empty.
    fn skip_string(&mut self) -> Result<usize, Halt> {
        self.string().map(|text| text.len())
    }

    /// Takes a value of any type, whose text must be JSON all the same.
    fn skip(&mut self) -> Result<(), Halt> {
        match self.peek()? {
            Kind::Array => self.array(Self::skip),
            Kind::Object => self.object(|source, _| source.skip()),
            kind => self.skip_scalar(kind),
        }
    }
}
