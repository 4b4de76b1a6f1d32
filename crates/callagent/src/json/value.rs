//! A `serde_json::Value` as a source.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    number::Number,
    source::{Halt, Kind, Name, Source},
    syntax::{MAX_DEPTH, Malformed, SyntaxError},
    write,
};

/// A cursor over a value. Its positions number the tokens, so that reports have the same order as for text.
pub(crate) struct ValueCursor<'t> {
    value: &'t Value,
    position: usize,
    depth: u32,
    stopped: Malformed,
}

impl<'t> ValueCursor<'t> {
    pub(crate) fn new(value: &'t Value) -> Self {
        ValueCursor { value, position: 0, depth: 0, stopped: Malformed { offset: 0, reason: SyntaxError::NotJson } }
    }

    #[cold]
    fn fail<T>(&mut self, reason: SyntaxError) -> Result<T, Halt> {
        self.stopped = Malformed { offset: self.position, reason };
        Err(Halt)
    }

    /// Consumes an array or object. `parts` consumes its content.
    #[inline]
    fn inside(&mut self, parts: impl FnOnce(&mut Self) -> Result<(), Halt>) -> Result<(), Halt> {
        if self.depth == MAX_DEPTH {
            return self.fail(SyntaxError::Depth);
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

impl<'t> Source<'t> for ValueCursor<'t> {
    #[inline]
    fn peek(&mut self) -> Result<Kind, Halt> {
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

    fn raw(&self, _: usize) -> Cow<'_, str> {
        let mut out = String::new();
        write_value(self.value, &mut out);
        out.into()
    }

    fn entry(&self, name: &Name<'t>) -> Cow<'_, str> {
        let mut out = String::new();
        write_member((&name.text, self.value), &mut out);
        out.into()
    }

    fn null(&mut self) -> Result<(), Halt> {
        Ok(())
    }

    fn boolean(&mut self) -> Result<bool, Halt> {
        match self.value {
            Value::Bool(value) => Ok(*value),
            _ => self.fail(SyntaxError::NotJson),
        }
    }

    fn number(&mut self) -> Result<Number, Halt> {
        match self.value {
            Value::Number(value) => Number::of(value).map_or_else(|| self.fail(SyntaxError::NumberRange), Ok),
            _ => self.fail(SyntaxError::NotJson),
        }
    }

    fn string(&mut self) -> Result<Cow<'t, str>, Halt> {
        match self.value {
            Value::String(value) => Ok(Cow::Borrowed(value)),
            _ => self.fail(SyntaxError::NotJson),
        }
    }

    #[inline]
    fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Halt>) -> Result<(), Halt> {
        let Value::Array(items) = self.value else { return self.fail(SyntaxError::NotJson) };
        self.inside(|this| {
            items.iter().try_for_each(|value| {
                this.advance(value);
                item(this)
            })
        })
    }

    #[inline]
    fn object_with_keys(
        &mut self,
        _: impl Fn(&[u8]) -> Option<&'static str>,
        mut field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Halt>,
    ) -> Result<(), Halt> {
        let Value::Object(fields) = self.value else { return self.fail(SyntaxError::NotJson) };
        self.inside(|this| {
            fields.iter().try_for_each(|(name, value)| {
                let start = this.position + 1;
                this.position = start;
                this.advance(value);
                field(this, Name { text: Cow::Borrowed(name), start, end: start })
            })
        })
    }

    fn skip_scalar(&mut self, kind: Kind) -> Result<(), Halt> {
        if kind == Kind::Number { self.number().map(drop) } else { Ok(()) }
    }
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => write::boolean(*value, out),
        Value::Number(value) => match Number::of(value) {
            Some(number) => write::number(number, out),
            None => out.push_str(&value.to_string()),
        },
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
