//! The interface for reading JSON tokens from text, a tree or a `serde_json::Value`.

use std::borrow::Cow;

use super::{number::Number, span::Span, syntax::Malformed};

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

/// A field name with the location of its token.
pub(crate) struct Name<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Name<'_> {
    /// Returns the location of the token.
    pub(crate) const fn span(&self) -> Span {
        Span::between(self.start, self.end)
    }
}

/// An error that stops reading because the input is not JSON. The source has the reason; a zero-sized error keeps
/// results in registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Halt;

/// A cursor over a value. Call `peek` first, then exactly one of the methods that consume the value.
pub(crate) trait Source<'t>: Sized {
    /// Returns the type of the next value.
    fn peek(&mut self) -> Result<Kind, Halt>;
    /// Returns the position of the cursor: the first byte of a value before it is consumed, and its end afterwards.
    fn position(&self) -> usize;
    /// Returns the reason for stopping.
    fn malformed(&self) -> Malformed;
    /// Returns the consumed value, from `start` on, as JSON text.
    fn raw(&self, start: usize) -> Cow<'_, str>;
    /// Returns the consumed value and its name, as JSON text.
    fn entry(&self, name: &Name<'t>) -> Cow<'_, str>;

    fn null(&mut self) -> Result<(), Halt>;
    fn boolean(&mut self) -> Result<bool, Halt>;
    fn number(&mut self) -> Result<Number, Halt>;
    fn string(&mut self) -> Result<Cow<'t, str>, Halt>;
    /// Consumes an array. `item` consumes each of its values.
    fn array(&mut self, item: impl FnMut(&mut Self) -> Result<(), Halt>) -> Result<(), Halt>;
    /// Consumes an object. `field` consumes the value of each name.
    fn object(&mut self, field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Halt>) -> Result<(), Halt> {
        self.object_with_keys(|_| None, field)
    }
    /// Consumes an object. `known` may recognize a quoted name and its colon at the beginning of a text.
    fn object_with_keys(
        &mut self,
        known: impl Fn(&[u8]) -> Option<&'static str>,
        field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Halt>,
    ) -> Result<(), Halt>;
    /// Consumes a null, a boolean, a number or a string without decoding it.
    fn skip_scalar(&mut self, kind: Kind) -> Result<(), Halt>;

    /// Consumes a string. Returns its approximate length in bytes, which is 0 only if it is empty.
    fn skip_string(&mut self) -> Result<usize, Halt> {
        self.string().map(|text| text.len())
    }

    /// Consumes a value of any type, checking that it is JSON.
    fn skip(&mut self) -> Result<(), Halt> {
        match self.peek()? {
            Kind::Array => self.array(Self::skip),
            Kind::Object => self.object(|source, _| source.skip()),
            kind => self.skip_scalar(kind),
        }
    }
}
