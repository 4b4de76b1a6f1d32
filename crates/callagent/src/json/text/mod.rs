//! Strict JSON text (RFC 8259) as a source, with the location of every token and of the first byte that cannot continue
//! a JSON text.

mod numbers;
mod strings;

use std::borrow::Cow;

use super::{
    number::Number,
    source::{Halt, Kind, Name, Source},
    syntax::{MAX_DEPTH, Malformed, SyntaxError},
};

/// A cursor over JSON text.
pub(crate) struct Text<'t> {
    /// The valid UTF-8 at the beginning of the text.
    valid: &'t str,
    after: After,
    position: usize,
    depth: u32,
    stopped: Malformed,
}

/// What follows the valid UTF-8.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// The end of the text.
    End,
    /// An invalid sequence.
    Invalid,
    /// An incomplete sequence, followed by the end of the text at this offset.
    Cut(usize),
}

/// The number of bytes that a plain string has in addition to its text.
const QUOTES: usize = 2;

/// Returns the type of a value by its first byte.
static KINDS: [Option<Kind>; 256] = {
    let mut kinds = [None; 256];
    let begins: &[(Kind, &[u8])] = &[
        (Kind::Null, b"n"),
        (Kind::Boolean, b"tf"),
        (Kind::Number, b"-0123456789"),
        (Kind::String, b"\""),
        (Kind::Array, b"["),
        (Kind::Object, b"{"),
    ];
    let mut row = 0;
    while row < begins.len() {
        let (kind, bytes) = begins[row];
        let mut column = 0;
        while column < bytes.len() {
            kinds[bytes[column] as usize] = Some(kind);
            column += 1;
        }
        row += 1;
    }
    kinds
};

impl<'t> Text<'t> {
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        let (valid, after) = match std::str::from_utf8(bytes) {
            Ok(valid) => (valid, After::End),
            Err(error) => {
                let after = if error.error_len().is_some() { After::Invalid } else { After::Cut(bytes.len()) };
                (bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid()), after)
            }
        };
        let stopped = Malformed { offset: 0, reason: SyntaxError::Ended };
        let mut text = Text { valid, after, position: 0, depth: 0, stopped };
        text.white_space();
        text
    }

    /// Finishes reading: only white space may follow the value.
    pub(crate) fn finish(&mut self) -> Result<(), Halt> {
        self.white_space();
        if self.position == self.valid.len() && self.after == After::End {
            return Ok(());
        }
        self.fail(SyntaxError::Trailing)
    }

    /// Returns a token, or a part of one. Tokens begin and end at ASCII characters.
    #[inline]
    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.valid.get(start..end).expect("a token begins and ends at character boundaries")
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.valid.as_bytes().get(self.position).copied()
    }

    #[inline]
    fn white_space(&mut self) {
        if let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.some_white_space();
        }
    }

    /// Skips white space, typically a line end followed by spaces.
    #[inline(never)]
    fn some_white_space(&mut self) {
        const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
        loop {
            self.position += 1;
            while let Some(chunk) = self.valid.as_bytes().get(self.position..).and_then(<[u8]>::first_chunk) {
                let others = u64::from_le_bytes(*chunk) ^ SPACES;
                if others != 0 {
                    self.position += others.trailing_zeros() as usize / 8;
                    break;
                }
                self.position += 8;
            }
            if !matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
                return;
            }
        }
    }

    /// Fails because of an unexpected byte at the cursor.
    #[cold]
    fn fail<T>(&mut self, reason: SyntaxError) -> Result<T, Halt> {
        let reason = match self.byte() {
            None if self.after != After::End => SyntaxError::Utf8,
            None if self.valid.trim_ascii().is_empty() => SyntaxError::Empty,
            None => SyntaxError::Ended,
            Some(0xEF) if self.position == 0 && self.valid.starts_with('\u{FEFF}') => SyntaxError::ByteOrderMark,
            Some(_) => reason,
        };
        self.fail_at(self.position, reason)
    }

    #[cold]
    fn fail_at<T>(&mut self, offset: usize, reason: SyntaxError) -> Result<T, Halt> {
        self.stopped = Malformed { offset, reason };
        Err(Halt)
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Halt> {
        for expected in word {
            if self.byte() != Some(*expected) {
                return self.fail(SyntaxError::Literal);
            }
            self.position += 1;
        }
        Ok(())
    }

    #[inline]
    fn enter(&mut self) -> Result<(), Halt> {
        if self.depth == MAX_DEPTH {
            return self.fail_at(self.position, SyntaxError::Depth);
        }
        self.depth += 1;
        self.position += 1;
        self.white_space();
        Ok(())
    }

    /// Skips to the colon after a name.
    #[inline]
    fn colon(&mut self) -> Result<(), Halt> {
        if self.byte() != Some(b':') {
            self.white_space();
            if self.byte() != Some(b':') {
                return self.fail(SyntaxError::Colon);
            }
        }
        Ok(())
    }

    #[inline]
    fn leave(&mut self) {
        self.depth -= 1;
        self.position += 1;
    }

    /// After a value, returns whether a comma leads to the next one or `close` ends the array or object.
    #[inline]
    fn more(&mut self, close: u8, reason: SyntaxError) -> Result<bool, Halt> {
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
    fn peek(&mut self) -> Result<Kind, Halt> {
        match self.byte().and_then(|byte| KINDS[usize::from(byte)]) {
            Some(kind) => Ok(kind),
            None => self.fail(SyntaxError::Value),
        }
    }

    fn position(&self) -> usize {
        self.position
    }

    fn malformed(&self) -> Malformed {
        self.stopped
    }

    fn raw(&self, start: usize) -> Cow<'_, str> {
        Cow::Borrowed(self.slice(start, self.position))
    }

    fn entry(&self, name: &Name<'t>) -> Cow<'_, str> {
        self.raw(name.start)
    }

    fn null(&mut self) -> Result<(), Halt> {
        self.literal(b"null")
    }

    fn boolean(&mut self) -> Result<bool, Halt> {
        let value = self.byte() == Some(b't');
        self.literal(if value { b"true" } else { b"false" })?;
        Ok(value)
    }

    #[inline]
    fn number(&mut self) -> Result<Number, Halt> {
        self.number_token()
    }

    #[inline]
    fn string(&mut self) -> Result<Cow<'t, str>, Halt> {
        if let Some(text) = self.plain_string() {
            return Ok(Cow::Borrowed(text));
        }
        let mut text = String::new();
        self.escaped_string(Some(&mut text))?;
        Ok(Cow::Owned(text))
    }

    #[inline]
    fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Halt>) -> Result<(), Halt> {
        self.enter()?;
        if self.byte() != Some(b']') {
            loop {
                item(self)?;
                if !self.more(b']', SyntaxError::CommaOrBracket)? {
                    break;
                }
            }
        }
        self.leave();
        Ok(())
    }

    #[expect(clippy::inline_always, reason = "measured: fields are matched without a call")]
    #[inline(always)]
    fn object_with_keys(
        &mut self,
        known: impl Fn(&[u8]) -> Option<&'static str>,
        mut field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Halt>,
    ) -> Result<(), Halt> {
        self.enter()?;
        if self.byte() != Some(b'}') {
            loop {
                let start = self.position;
                let name = match known(&self.valid.as_bytes()[start..]) {
                    Some(text) => {
                        self.position += text.len() + QUOTES;
                        Name { text: Cow::Borrowed(text), start, end: self.position }
                    }
                    None if self.byte() == Some(b'"') => {
                        let text = self.string()?;
                        let name = Name { text, start, end: self.position };
                        self.colon()?;
                        name
                    }
                    None => return self.fail(SyntaxError::Name),
                };
                self.position += 1;
                // Most texts have at most one space here.
                self.position += usize::from(self.byte() == Some(b' '));
                self.white_space();
                field(self, name)?;
                if !self.more(b'}', SyntaxError::CommaOrBrace)? {
                    break;
                }
            }
        }
        self.leave();
        Ok(())
    }

    #[inline]
    fn skip_string(&mut self) -> Result<usize, Halt> {
        let start = self.position;
        match self.plain_string() {
            Some(text) => Ok(text.len()),
            None => self.escaped_string(None).map(|()| self.position - start),
        }
    }

    #[expect(clippy::inline_always, reason = "measured: callers often know the kind")]
    #[inline(always)]
    fn skip_scalar(&mut self, kind: Kind) -> Result<(), Halt> {
        match kind {
            Kind::String if self.plain_string().is_some() => Ok(()),
            Kind::String => self.escaped_string(None),
            Kind::Number => self.skip_number(),
            Kind::Boolean => self.boolean().map(drop),
            Kind::Null | Kind::Array | Kind::Object => self.null(),
        }
    }
}
