//! A `serde_json::Value` as a source, and numbers as `serde_json` has them.

use std::{borrow::Cow, sync::LazyLock};

use serde_json::Value;

use super::{
    source::{Kind, MAX_DEPTH, Malformed, Name, Number, Reason, Source, Stop},
    text::Text,
    write,
};

/// Whether `serde_json` keeps a number's spelling, as it does with its feature `arbitrary_precision`.
static KEEPS_SPELLING: LazyLock<bool> = LazyLock::new(|| serde_json::from_str::<serde_json::Number>("1e999").is_ok());

impl Number {
    /// The value of `serde_json`'s number, which with its feature `arbitrary_precision` can be beyond a double.
    pub(crate) fn of(number: &serde_json::Number) -> Option<Self> {
        (number.as_u64().map(Number::Unsigned)).or_else(|| number.as_i64().map(Number::signed)).or_else(|| {
            if *KEEPS_SPELLING {
                return Number::parse(&number.to_string()).ok();
            }
            number.as_f64().filter(|value| value.is_finite()).map(Number::real)
        })
    }

    pub(super) fn signed(value: i64) -> Self {
        u64::try_from(value).map_or(Number::Negative(value), Number::Unsigned)
    }

    /// Reads a number from its JSON spelling.
    pub(super) fn parse(spelling: &str) -> Result<Self, Reason> {
        let mut text = Text::new(spelling.as_bytes());
        let number = match text.peek() {
            Ok(Kind::Number) => text.number(),
            _ => return Err(Reason::Digit),
        };
        number.and_then(|number| text.finish().map(|()| number)).map_err(|Stop| text.malformed().reason)
    }
}

/// A cursor over a value. Its positions number the tokens, so that reports have the order of a text.
pub(super) struct Cursor<'t> {
    value: &'t Value,
    position: usize,
    depth: u32,
    stopped: Malformed,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(value: &'t Value) -> Self {
        Cursor { value, position: 0, depth: 0, stopped: Malformed { offset: 0, reason: Reason::NotJson } }
    }

    #[cold]
    fn fail<T>(&mut self, reason: Reason) -> Result<T, Stop> {
        self.stopped = Malformed { offset: self.position, reason };
        Err(Stop)
    }

    /// Takes an array or object; `parts` takes what is in it.
    #[inline]
    fn inside(&mut self, parts: impl FnOnce(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        if self.depth == MAX_DEPTH {
            return self.fail(Reason::Depth);
        }
        let value = self.value;
        self.depth += 1;
        parts(self)?;
        self.depth -= 1;
        self.value = value;
        Ok(())
    }

    #[inline]
    fn advance(&mut self, value: &'t Value) {
        self.value = value;
        self.position += 1;
    }
}

impl<'t> Source<'t> for Cursor<'t> {
    #[inline]
    fn peek(&mut self) -> Result<Kind, Stop> {
        Ok(match self.value {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Boolean,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        })
    }

    fn position(&self) -> usize {
        self.position
    }

    fn malformed(&self) -> Malformed {
        self.stopped
    }

    fn spelling(&self, _: usize) -> Cow<'_, str> {
        let mut out = String::new();
        write_value(self.value, &mut out);
        out.into()
    }

    fn member(&self, name: &Name<'t>) -> Cow<'_, str> {
        let mut out = String::new();
        write_member((&name.text, self.value), &mut out);
        out.into()
    }

    fn null(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn boolean(&mut self) -> Result<bool, Stop> {
        match self.value {
            Value::Bool(value) => Ok(*value),
            _ => self.fail(Reason::NotJson),
        }
    }

    fn number(&mut self) -> Result<Number, Stop> {
        match self.value {
            Value::Number(value) => Number::of(value).map_or_else(|| self.fail(Reason::NumberRange), Ok),
            _ => self.fail(Reason::NotJson),
        }
    }

    fn string(&mut self) -> Result<Cow<'t, str>, Stop> {
        match self.value {
            Value::String(value) => Ok(Cow::Borrowed(value)),
            _ => self.fail(Reason::NotJson),
        }
    }

    #[inline]
    fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        let Value::Array(items) = self.value else { return self.fail(Reason::NotJson) };
        self.inside(|this| {
            items.iter().try_for_each(|value| {
                this.advance(value);
                item(this)
            })
        })
    }

    #[inline]
    fn known_object(
        &mut self,
        _: impl Fn(&[u8]) -> Option<&'static str>,
        mut field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let Value::Object(fields) = self.value else { return self.fail(Reason::NotJson) };
        self.inside(|this| {
            fields.iter().try_for_each(|(name, value)| {
                let start = this.position + 1;
                this.position = start;
                this.advance(value);
                field(this, Name { text: Cow::Borrowed(name), start, end: start })
            })
        })
    }

    fn skip_scalar(&mut self, kind: Kind) -> Result<(), Stop> {
        if kind == Kind::Number { self.number().map(drop) } else { Ok(()) }
    }
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => write::boolean(*value, out),
        // A number that was taken is within a double.
        Value::Number(value) => write::number(Number::of(value).unwrap_or(Number::Unsigned(0)), out),
        Value::String(value) => write::string(value, out),
        Value::Array(items) => write::list(['[', ']'], items.len(), items.iter(), out, write_value),
        Value::Object(fields) => {
            let members = fields.iter().map(|(name, value)| (name.as_str(), value));
            write::list(['{', '}'], 2 * fields.len(), members, out, write_member);
        }
    }
}

fn write_member((name, value): (&str, &Value), out: &mut String) {
    write::name(name, out);
    write_value(value, out);
}
