//! Strings in JSON text: plain characters in blocks, escapes one by one.

use super::{
    super::{source::Halt, syntax::SyntaxError},
    After, Text,
};

impl<'t> Text<'t> {
    /// Consumes a string without escapes. Returns `None` without moving if there is an escape or an error.
    #[inline]
    pub(super) fn plain_string(&mut self) -> Option<&'t str> {
        let start = self.position + 1;
        let end = run(self.valid.as_bytes(), start);
        if self.valid.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        let text = self.valid.get(start..end)?;
        self.position = end + 1;
        Some(text)
    }

    /// Consumes a string with escapes, and appends its characters to a text, if there is one.
    #[cold]
    pub(super) fn escaped_string(&mut self, mut text: Option<&mut String>) -> Result<(), Halt> {
        self.position += 1;
        loop {
            let end = run(self.valid.as_bytes(), self.position);
            if let Some(text) = &mut text {
                text.push_str(self.slice(self.position, end));
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
                Some(_) => return self.fail(SyntaxError::Control),
                None => {
                    return match self.after {
                        After::Cut(end) => self.fail_at(end, SyntaxError::Ended),
                        After::End | After::Invalid => self.fail(SyntaxError::Utf8),
                    };
                }
            }
        }
    }

    /// Consumes an escape. The location of an invalid escape or an unpaired surrogate is its backslash.
    fn escape(&mut self) -> Result<char, Halt> {
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
            _ => return self.fail_escape(start, SyntaxError::Escape),
        };
        self.position += 1;
        Ok(simple)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Halt> {
        let first = self.hex(start, SyntaxError::Escape, |unit| !matches!(unit, 0xDC00..=0xDFFF))?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        for expected in *b"\\u" {
            if self.byte() != Some(expected) {
                return self.fail_escape(start, SyntaxError::Surrogate);
            }
            self.position += 1;
        }
        let second = self.hex(start, SyntaxError::Surrogate, |unit| matches!(unit, 0xDC00..=0xDFFF))?;
        let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        match char::from_u32(scalar) {
            Some(character) => Ok(character),
            None => self.fail_at(start, SyntaxError::Surrogate),
        }
    }

    /// Consumes four hexadecimal digits whose value is valid here. Two of them are enough to decide, since surrogates
    /// differ in the first byte.
    fn hex(&mut self, start: usize, reason: SyntaxError, allowed: fn(u32) -> bool) -> Result<u32, Halt> {
        let mut unit = 0;
        for place in 0..4 {
            let Some(digit) = self.byte().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.fail_escape(start, reason);
            };
            unit = unit << 4 | digit;
            if place == 1 && !allowed(unit << 8) {
                return self.fail_at(start, SyntaxError::Surrogate);
            }
            self.position += 1;
        }
        Ok(unit)
    }

    /// Fails within an escape: at the end of the text it is incomplete; any other byte makes it invalid.
    #[cold]
    fn fail_escape<T>(&mut self, start: usize, reason: SyntaxError) -> Result<T, Halt> {
        if self.byte().is_none() && self.after == After::End {
            return self.fail(reason);
        }
        self.fail_at(start, reason)
    }
}

/// Returns the position of the next byte, from `start` on, that is not plain text of a string. Checks sixteen bytes at a
/// time, then single bytes.
#[inline]
fn run(bytes: &[u8], start: usize) -> usize {
    let mut rest = &bytes[start..];
    while let Some((chunk, after)) = rest.split_first_chunk::<16>() {
        let (Some(&low), Some(&high)) = (chunk.first_chunk::<8>(), chunk.last_chunk::<8>()) else { break };
        let (low, high) = (special(low), special(high));
        if low | high != 0 {
            // Branchless, since the length of a string is unpredictable.
            let (marks, skipped) = if low == 0 { (high, 8) } else { (low, 0) };
            return bytes.len() - rest.len() + skipped + marks.trailing_zeros() as usize / 8;
        }
        rest = after;
    }
    let plain = rest.iter().take_while(|&&byte| byte >= b' ' && byte != b'"' && byte != b'\\').count();
    bytes.len() - rest.len() + plain
}

/// The lowest set high bit marks the first byte that is a quote, a backslash or a control character.
#[inline]
fn special(word: [u8; 8]) -> u64 {
    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    let word = u64::from_le_bytes(word);
    // With this bit flipped, quotes are next to control characters: both are below 0x21, and nothing else is.
    let quotes_and_controls = (word ^ all(b'"' ^ b' ')).wrapping_sub(all(b' ' + 1));
    let backslashes = (word ^ all(b'\\')).wrapping_sub(all(1));
    (quotes_and_controls | backslashes) & !word & all(0x80)
}
