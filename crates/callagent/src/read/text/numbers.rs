//! Numbers in JSON text: plain integers and short decimals in one loop, all others by the whole grammar.

use super::{
    super::source::{Number, Reason, Stop},
    After, Text,
};

/// So many digits fit into 64 bits, whatever they are.
const PLAIN_DIGITS: usize = 19;

impl Text<'_> {
    /// Takes a number.
    #[inline]
    pub(super) fn number_token(&mut self) -> Result<Number, Stop> {
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
