//! Strict JSON text (RFC 8259) as a source: every token with its place, and the first byte that cannot be right.

use std::borrow::Cow;

use super::source::{Kind, MAX_DEPTH, Malformed, Name, Number, Reason, Source, Stop};

/// So many digits fit into 64 bits, whatever they are.
const PLAIN_DIGITS: usize = 19;

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

    /// Takes a string without escapes; `None`, and no move, where there is an escape or something wrong.
    #[inline]
    fn plain_string(&mut self) -> Option<&'t str> {
        let start = self.position + 1;
        let end = run(self.valid.as_bytes(), start);
        if self.valid.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.position = end + 1;
        self.valid.get(start..end)
    }

    /// Takes a string that is no plain one, and adds its characters to a text, if there is one.
    #[cold]
    fn escaped_string(&mut self, mut text: Option<&mut String>) -> Result<(), Stop> {
        self.position += 1;
        loop {
            let end = run(self.valid.as_bytes(), self.position);
            if let Some(text) = &mut text {
                text.push_str(self.valid.get(self.position..end).unwrap_or_default());
            }
            self.position = end;
            match self.byte() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    let character = self.escape()?;
                    if let Some(text) = &mut text {
                        text.push(character);
                    }
                }
                Some(_) => return self.fail(Reason::Control),
                None => {
                    return match self.after {
                        After::Cut(end) => self.fail_at(end, Reason::Ended),
                        After::End | After::Invalid => self.fail(Reason::Utf8),
                    };
                }
            }
        }
    }

    /// Takes an escape. A wrong one, and a surrogate without its other half, stand at their backslash.
    fn escape(&mut self) -> Result<char, Stop> {
        let start = self.position;
        self.position += 1;
        let simple = match self.byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.position += 1;
                return self.unicode_escape(start);
            }
            _ => return self.fail_escape(start, Reason::Escape),
        };
        self.position += 1;
        Ok(simple)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Stop> {
        let first = self.hex(start, Reason::Escape, |unit| !matches!(unit, 0xDC00..=0xDFFF))?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        for expected in *b"\\u" {
            if self.byte() != Some(expected) {
                return self.fail_escape(start, Reason::Surrogate);
            }
            self.position += 1;
        }
        let second = self.hex(start, Reason::Surrogate, |unit| matches!(unit, 0xDC00..=0xDFFF))?;
        let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        match char::from_u32(scalar) {
            Some(character) => Ok(character),
            None => self.fail_at(start, Reason::Surrogate),
        }
    }

    /// Takes four hexadecimal digits whose value may stand here. Which it may is known after two of them:
    /// surrogates differ in the first byte.
    fn hex(&mut self, start: usize, reason: Reason, allowed: fn(u32) -> bool) -> Result<u32, Stop> {
        let mut unit = 0;
        for place in 0..4 {
            let Some(digit) = self.byte().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.fail_escape(start, reason);
            };
            unit = unit << 4 | digit;
            if place == 1 && !allowed(unit << 8) {
                return self.fail_at(start, Reason::Surrogate);
            }
            self.position += 1;
        }
        Ok(unit)
    }

    /// Within an escape: a text that ends here ends too early; any other byte makes the escape wrong.
    #[cold]
    fn fail_escape<T>(&mut self, start: usize, reason: Reason) -> Result<T, Stop> {
        if self.byte().is_none() && self.after == After::End {
            return self.fail(reason);
        }
        self.fail_at(start, reason)
    }

    fn digits(&mut self) -> Result<(), Stop> {
        if !self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.fail(Reason::Digit);
        }
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.position += 1;
        }
        Ok(())
    }

    /// Moves over a number; whether it is an integer, and what it is if it fits.
    #[inline]
    fn integer(&mut self) -> Result<(bool, Option<u64>), Stop> {
        let negative = self.byte() == Some(b'-');
        self.position += usize::from(negative);
        let first = self.position;
        let mut magnitude = Some(0u64);
        while let Some(byte @ b'0'..=b'9') = self.byte() {
            magnitude = magnitude.and_then(|value| value.checked_mul(10)?.checked_add(u64::from(byte - b'0')));
            self.position += 1;
        }
        match self.position - first {
            0 => self.fail(Reason::Digit),
            2.. if self.valid.as_bytes().get(first) == Some(&b'0') => self.fail_at(first + 1, Reason::LeadingZero),
            _ => Ok((negative, magnitude)),
        }
    }

    /// Takes a number of any form.
    fn any_number(&mut self) -> Result<Number, Stop> {
        let start = self.position;
        let (negative, magnitude) = self.integer()?;
        match (self.byte(), magnitude) {
            (Some(b'.' | b'e' | b'E'), _) | (_, None) => self.double(start),
            (_, Some(value)) if !negative || value == 0 => Ok(Number::Unsigned(value)),
            (_, Some(value)) => match 0i64.checked_sub_unsigned(value) {
                Some(value) => Ok(Number::Negative(value)),
                None => self.double(start),
            },
        }
    }

    /// Takes a number of a few digits, a point, and a few digits more. A double holds both integers of the quotient
    /// exactly, and the division rounds once: it gives the nearest double.
    #[inline]
    fn short_decimal(&mut self, mut value: u64, length: usize) -> Option<Number> {
        const POWERS: [f64; 8] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
        const WHOLE_DIGITS: usize = 8;
        let bytes = self.valid.as_bytes();
        let first = self.position + length + 1;
        let mut position = first;
        while let Some(&byte @ b'0'..=b'9') = bytes.get(position) {
            value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            position += 1;
        }
        let power = POWERS.get(position - first)?;
        if position == first || length > WHOLE_DIGITS || matches!(bytes.get(position), Some(b'e' | b'E')) {
            return None;
        }
        self.position = position;
        #[expect(clippy::cast_precision_loss, reason = "15 digits are exact")]
        let value = value as f64 / power;
        Some(Number::Double(value))
    }

    /// Takes what follows the integer part, and rounds the whole to the nearest double.
    fn double(&mut self, start: usize) -> Result<Number, Stop> {
        let may_shrink = self.fraction_and_exponent()?;
        let spelling = self.valid.get(start..self.position).unwrap_or_default();
        match spelling.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Number::Double(value)),
            // What ends with `1000…` might have gone on with `e-300`.
            _ if may_shrink && self.byte().is_none() && self.after == After::End => {
                self.fail_at(self.position, Reason::NumberRange)
            }
            _ => self.fail_at(start, Reason::NumberRange),
        }
    }

    /// Moves over what follows the integer part; whether more digits could make the number smaller.
    fn fraction_and_exponent(&mut self) -> Result<bool, Stop> {
        if self.byte() == Some(b'.') {
            self.position += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.position += 1;
            let may_shrink = self.byte() == Some(b'-');
            if let Some(b'+' | b'-') = self.byte() {
                self.position += 1;
            }
            self.digits()?;
            return Ok(may_shrink);
        }
        Ok(true)
    }
}

/// The next byte, from `position` on, that is not plain text within a string: eight bytes at a time, then one by one.
#[inline]
fn run(bytes: &[u8], mut position: usize) -> usize {
    while let Some(chunk) = bytes.get(position..).and_then(<[u8]>::first_chunk::<16>) {
        let (words, _) = chunk.as_chunks::<8>();
        for word in words {
            let special = special(*word);
            if special != 0 {
                return position + special.trailing_zeros() as usize / 8;
            }
            position += 8;
        }
    }
    let rest = bytes.get(position..).unwrap_or_default();
    position + rest.iter().take_while(|&&byte| byte >= b' ' && byte != b'"' && byte != b'\\').count()
}

/// The lowest high bit that is set marks the first byte that is a quote, a backslash or a control.
#[inline]
fn special(word: [u8; 8]) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
    const BACKSLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);
    const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
    let word = u64::from_le_bytes(word);
    let (quote, backslash) = (word ^ QUOTES, word ^ BACKSLASHES);
    (quote.wrapping_sub(LOW) & !quote | backslash.wrapping_sub(LOW) & !backslash | word.wrapping_sub(SPACES) & !word)
        & HIGH
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
        // Nearly all numbers are a few digits; what is not so plain is read again from its first byte.
        let rest = self.valid.as_bytes().get(self.position..).unwrap_or_default();
        let (mut value, mut length) = (0, 0);
        while let Some(byte @ b'0'..=b'9') = rest.get(length)
            && length < PLAIN_DIGITS
        {
            value = value * 10 + u64::from(byte - b'0');
            length += 1;
        }
        if length == 1 || length > 1 && rest.first() != Some(&b'0') {
            match rest.get(length) {
                Some(b'.') => {
                    if let Some(number) = self.short_decimal(value, length) {
                        return Ok(number);
                    }
                }
                Some(b'e' | b'E' | b'0'..=b'9') => {}
                _ => {
                    self.position += length;
                    return Ok(Number::Unsigned(value));
                }
            }
        }
        self.any_number()
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
