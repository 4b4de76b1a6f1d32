//! Where JSON tokens come from: the interface between the rules and a text, a tree or a `serde_json::Value`.

use std::borrow::Cow;

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

/// A JSON number. What is not written as a 64-bit integer is the nearest double, which is finite and not minus zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Unsigned(u64),
    Negative(i64),
    Double(f64),
}

/// A field's name, with the place of its token.
pub(crate) struct Name<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Name<'_> {
    /// Where its token stands.
    pub(crate) fn place(&self) -> (usize, usize) {
        (self.start, self.end - self.start)
    }
}

/// The text is not JSON: the walk ends. The source knows why; an error of no size keeps the walk's results in registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop;

/// Why a text is not JSON, and where that shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) offset: usize,
    pub(crate) reason: Reason,
}

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Empty,
    Ended,
    Value,
    Literal,
    Digit,
    LeadingZero,
    NumberRange,
    Name,
    Colon,
    CommaOrBrace,
    CommaOrBracket,
    Control,
    Escape,
    Surrogate,
    Utf8,
    ByteOrderMark,
    Depth,
    Trailing,
    /// Of a tree: a value that JSON does not have.
    NotJson,
}

/// A cursor over one value. `peek` first; then exactly one of the methods that take the value.
pub(crate) trait Source<'t>: Sized {
    /// The type of the value that comes next.
    fn peek(&mut self) -> Result<Kind, Stop>;
    /// Where the cursor is: before the value its first byte, after taking the value its end.
    fn position(&self) -> usize;
    /// Why it stopped.
    fn malformed(&self) -> Malformed;
    /// The value that was taken, from `start` on, as JSON text.
    fn spelling(&self, start: usize) -> Cow<'_, str>;
    /// The value that was taken and its name, as JSON text.
    fn member(&self, name: &Name<'t>) -> Cow<'_, str>;

    fn null(&mut self) -> Result<(), Stop>;
    fn boolean(&mut self) -> Result<bool, Stop>;
    fn number(&mut self) -> Result<Number, Stop>;
    fn string(&mut self) -> Result<Cow<'t, str>, Stop>;
    /// Takes an array; `item` takes each of its values.
    fn array(&mut self, item: impl FnMut(&mut Self) -> Result<(), Stop>) -> Result<(), Stop>;
    /// Takes an object; `field` takes the value of each name.
    fn object(&mut self, field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Stop>) -> Result<(), Stop> {
        self.known_object(|_| None, field)
    }
    /// The same; `known` may tell the name that stands in quotes, with its colon, at the beginning of a text.
    fn known_object(
        &mut self,
        known: impl Fn(&[u8]) -> Option<&'static str>,
        field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Stop>,
    ) -> Result<(), Stop>;
    /// Takes a null, a boolean, a number or a string without a look at its value.
    fn skip_scalar(&mut self, kind: Kind) -> Result<(), Stop>;

    /// Takes a value of any type, whose text must be JSON all the same.
    fn skip(&mut self) -> Result<(), Stop> {
        match self.peek()? {
            Kind::Array => self.array(Self::skip),
            Kind::Object => self.object(|source, _| source.skip()),
            kind => self.skip_scalar(kind),
        }
    }
}

/// How deep objects and arrays may be nested; the outermost counts as one.
pub(crate) const MAX_DEPTH: u32 = 127;

impl Number {
    /// A double, which is finite. As `-0` is zero, so is `-0.0`, however the number arrives.
    pub(crate) fn real(value: f64) -> Self {
        if value == 0.0 && value.is_sign_negative() { Number::Unsigned(0) } else { Number::Double(value) }
    }

    /// The value if it has no fraction; above 2^64 it saturates.
    pub(crate) fn whole(self) -> Option<Whole> {
        match self {
            Number::Unsigned(value) => Some(Whole::Natural(value)),
            Number::Negative(_) => Some(Whole::Negative),
            Number::Double(value) if value.fract() != 0.0 => None,
            Number::Double(value) if value < 0.0 => Some(Whole::Negative),
            // A double at or above 2^64 saturates, which is beyond every bound all the same.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and not negative")]
            Number::Double(value) => Some(Whole::Natural(value as u64)),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds are small; what is beyond them stays beyond them")]
    pub(crate) fn double(self) -> f64 {
        match self {
            Number::Unsigned(value) => value as f64,
            Number::Negative(value) => value as f64,
            Number::Double(value) => value,
        }
    }
}

/// A number without a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    Negative,
    Natural(u64),
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
