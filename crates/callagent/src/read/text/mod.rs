//! Strict JSON text (RFC 8259) as a source: every token with its place, and the first byte that cannot be right.

mod numbers;
mod strings;

use std::borrow::Cow;

use super::source::{Kind, MAX_DEPTH, Malformed, Name, Number, Reason, Source, Stop};

/// A cursor over JSON text.
pub(crate) struct Text<'t> {
    /// The text as far as it is UTF-8.
    valid: &'t str,
    after: After,
    position: usize,
    depth: u32,
    stopped: Malformed,
}

/// What stands after the valid UTF-8.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// Nothing: the text ends.
    End,
    /// A sequence that no byte could complete.
    Invalid,
    /// The beginning of a sequence, then the end of the text at this offset.
    Cut(usize),
}

impl<'t> Text<'t> {
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        let (valid, after) = match std::str::from_utf8(bytes) {
            Ok(valid) => (valid, After::End),
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let after = if error.error_len().is_some() { After::Invalid } else { After::Cut(bytes.len()) };
                (std::str::from_utf8(valid).unwrap_or_default(), after)
            }
        };
        Text { valid, after, position: 0, depth: 0, stopped: Malformed { offset: 0, reason: Reason::Ended } }
    }

    /// Ends the reading: after the value there may only be white space.
    pub(crate) fn finish(&mut self) -> Result<(), Stop> {
        self.white_space();
        if self.position == self.valid.len() && self.after == After::End {
            return Ok(());
        }
        self.fail(Reason::Trailing)
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.valid.as_bytes().get(self.position).copied()
    }

    #[inline]
    fn white_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.position += 1;
        }
    }

    /// The byte at the cursor is not what must stand there.
    #[cold]
    fn fail<T>(&mut self, reason: Reason) -> Result<T, Stop> {
        let reason = match self.byte() {
            None if self.after != After::End => Reason::Utf8,
            None if self.valid.trim_ascii().is_empty() => Reason::Empty,
            None => Reason::Ended,
            Some(0xEF) if self.position == 0 && self.valid.starts_with('\u{FEFF}') => Reason::ByteOrderMark,
            Some(_) => reason,
        };
        self.fail_at(self.position, reason)
    }

    #[cold]
    fn fail_at<T>(&mut self, offset: usize, reason: Reason) -> Result<T, Stop> {
        self.stopped = Malformed { offset, reason };
        Err(Stop)
    }

    fn literal(&mut self, word: &str) -> Result<(), Stop> {
        for expected in word.bytes() {
            if self.byte() != Some(expected) {
                return self.fail(Reason::Literal);
            }
            self.position += 1;
        }
        Ok(())
    }

    #[inline]
    fn enter(&mut self) -> Result<(), Stop> {
        if self.depth == MAX_DEPTH {
            return self.fail_at(self.position, Reason::Depth);
        }
        self.depth += 1;
        self.position += 1;
        self.white_space();
        Ok(())
    }

    #[inline]
    fn leave(&mut self) {
        self.depth -= 1;
        self.position += 1;
    }

    /// After a value: whether a comma leads to the next one, or `close` ends the array or object.
    #[inline]
    fn more(&mut self, close: u8, reason: Reason) -> Result<bool, Stop> {
        self.white_space();
        match self.byte() {
            Some(b',') => {
                self.position += 1;
                self.white_space();
                Ok(true)
            }
            Some(byte) if byte == close => Ok(false),
            _ => self.fail(reason),
        }
    }
}

impl<'t> Source<'t> for Text<'t> {
    #[inline]
    fn peek(&mut self) -> Result<Kind, Stop> {
        self.white_space();
        match self.byte() {
            Some(b'"') => Ok(Kind::String),
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Boolean),
            Some(b'n') => Ok(Kind::Null),
            _ => self.fail(Reason::Value),
        }
    }

    fn position(&self) -> usize {
        self.position
    }

    fn malformed(&self) -> Malformed {
        self.stopped
    }

    fn is_at_end(&self, offset: usize) -> bool {
        match self.after {
            After::End => offset == self.valid.len(),
            After::Invalid => false,
            After::Cut(end) => offset == end,
        }
    }

    fn spelling(&self, start: usize) -> Cow<'_, str> {
        Cow::Borrowed(self.valid.get(start..self.position).unwrap_or_default())
    }

    fn null(&mut self) -> Result<(), Stop> {
        self.literal("null")
    }

    fn boolean(&mut self) -> Result<bool, Stop> {
        let value = self.byte() == Some(b't');
        self.literal(if value { "true" } else { "false" })?;
        Ok(value)
    }

    #[inline]
    fn number(&mut self) -> Result<Number, Stop> {
        self.number_token()
    }

    #[inline]
    fn string(&mut self) -> Result<Cow<'t, str>, Stop> {
        if let Some(text) = self.plain_string() {
            return Ok(Cow::Borrowed(text));
        }
        let mut text = String::new();
        self.escaped_string(Some(&mut text))?;
        Ok(Cow::Owned(text))
    }

    #[inline]
    fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        self.enter()?;
        if self.byte() != Some(b']') {
            loop {
                item(self)?;
                if !self.more(b']', Reason::CommaOrBracket)? {
                    break;
                }
            }
        }
        self.leave();
        Ok(())
    }

    fn object(&mut self, mut field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Stop>) -> Result<(), Stop> {
        self.enter()?;
        if self.byte() != Some(b'}') {
            loop {
                if self.byte() != Some(b'"') {
                    return self.fail(Reason::Name);
                }
                let start = self.position;
                let text = self.string()?;
                let name = Name { text, start, end: self.position };
                self.white_space();
                if self.byte() != Some(b':') {
                    return self.fail(Reason::Colon);
                }
                self.position += 1;
                self.white_space();
                field(self, name)?;
                if !self.more(b'}', Reason::CommaOrBrace)? {
                    break;
                }
            }
        }
        self.leave();
        Ok(())
    }

    #[inline]
    fn skip_scalar(&mut self, kind: Kind) -> Result<(), Stop> {
        match kind {
            Kind::String if self.plain_string().is_some() => Ok(()),
            Kind::String => self.escaped_string(None),
            Kind::Number => self.number().map(drop),
            Kind::Boolean => self.boolean().map(drop),
            Kind::Null | Kind::Array | Kind::Object => self.null(),
        }
    }
}
