//! Numbers in JSON text: a fast path for a few digits, and the full grammar for all others.

use super::{
    super::{number::Number, source::Halt, syntax::SyntaxError},
    After, Text,
};

/// An integer or decimal with a few digits.
struct Short {
    whole: Digits,
    fraction: Option<Digits>,
}

/// Up to seven digits and the byte after them.
struct Digits {
    /// From 1 to 7.
    count: usize,
    /// The ASCII digits, in the lowest bytes.
    word: u64,
    after: u8,
}

impl Short {
    #[inline]
    fn value(&self) -> Number {
        const POWERS: [f64; 8] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
        match &self.fraction {
            None => Number::Unsigned(self.whole.value()),
            // A double represents both integers of the quotient exactly, and the division rounds once, so the result is
            // the nearest double.
            #[expect(clippy::cast_precision_loss, reason = "14 digits are exact")]
            Some(fraction) => {
                let power = POWERS[fraction.count];
                Number::Double((self.whole.value() as f64 * power + fraction.value() as f64) / power)
            }
        }
    }
}

impl Digits {
    /// Returns the digits at a position; `None` for no digits, for more than seven, and near the end of the text.
    #[inline]
    fn at(bytes: &[u8], position: usize) -> Option<Self> {
        const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
        let chunk = bytes.get(position..)?.first_chunk()?;
        let word = u64::from_le_bytes(*chunk);
        let values = word ^ ZEROS;
        // The lowest set high bit marks the first byte that is not a digit.
        let others = (values.wrapping_add(u64::from_ne_bytes([0x76; 8])) | values) & u64::from_ne_bytes([0x80; 8]);
        match others.trailing_zeros() as usize / 8 {
            count @ 1..=7 => Some(Digits { count, word, after: byte(word >> (8 * count)) }),
            _ => None,
        }
    }

    #[inline]
    fn has_leading_zero(&self) -> bool {
        self.count > 1 && byte(self.word) == b'0'
    }

    /// Combines digits to pairs, pairs to groups of four, and both groups.
    #[inline]
    fn value(&self) -> u64 {
        let digits = (self.word << (64 - 8 * self.count)) & u64::from_ne_bytes([0x0F; 8]);
        let pairs = (digits.wrapping_mul(10 << 8 | 1) >> 8) & 0x00FF_00FF_00FF_00FF;
        let quads = (pairs.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_FFFF_0000_FFFF;
        quads.wrapping_mul(10_000 << 32 | 1) >> 32
    }
}

/// Returns the lowest byte of a word.
#[inline]
fn byte(word: u64) -> u8 {
    let [byte, ..] = word.to_le_bytes();
    byte
}

impl Text<'_> {
    /// Consumes a number.
    #[inline]
    pub(super) fn number_token(&mut self) -> Result<Number, Halt> {
        // Nearly all numbers have a few digits; the full grammar handles the rest.
        match self.short_number() {
            Some(short) => Ok(short.value()),
            None => self.any_number(),
        }
    }

    #[inline]
    pub(super) fn skip_number(&mut self) -> Result<(), Halt> {
        match self.short_number() {
            Some(_) => Ok(()),
            None => self.any_number().map(drop),
        }
    }

    /// Consumes an integer or decimal with a few digits.
    #[inline]
    fn short_number(&mut self) -> Option<Short> {
        let whole = Digits::at(self.valid.as_bytes(), self.position)?;
        let mut end = self.position + whole.count;
        let mut after = whole.after;
        let mut fraction = None;
        if after == b'.' {
            let digits = Digits::at(self.valid.as_bytes(), end + 1)?;
            end += 1 + digits.count;
            after = digits.after;
            fraction = Some(digits);
        }
        if matches!(after, b'e' | b'E') || whole.has_leading_zero() {
            return None;
        }
        self.position = end;
        Some(Short { whole, fraction })
    }

    fn digits(&mut self) -> Result<(), Halt> {
        if !self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.fail(SyntaxError::Digit);
        }
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.position += 1;
        }
        Ok(())
    }

    /// Skips a number. Returns whether it is an integer, and its value if it fits.
    #[inline]
    fn integer(&mut self) -> Result<(bool, Option<u64>), Halt> {
        let negative = self.byte() == Some(b'-');
        self.position += usize::from(negative);
        let first = self.position;
        let mut magnitude = Some(0u64);
        while let Some(byte @ b'0'..=b'9') = self.byte() {
            magnitude = magnitude.and_then(|value| value.checked_mul(10)?.checked_add(u64::from(byte - b'0')));
            self.position += 1;
        }
        match self.position - first {
            0 => self.fail(SyntaxError::Digit),
            2.. if self.valid.as_bytes().get(first) == Some(&b'0') => self.fail_at(first + 1, SyntaxError::LeadingZero),
            _ => Ok((negative, magnitude)),
        }
    }

    /// Consumes a number of any form.
    fn any_number(&mut self) -> Result<Number, Halt> {
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

    /// Consumes the rest after the integer part, and rounds the number to the nearest double.
    fn double(&mut self, start: usize) -> Result<Number, Halt> {
        let may_shrink = self.fraction_and_exponent()?;
        match nearest_double(self.slice(start, self.position)) {
            Some(value) => Ok(Number::real(value)),
            // A truncated text that ends with `1000…` could have continued with `e-300`.
            _ if may_shrink && self.byte().is_none() && self.after == After::End => {
                self.fail_at(self.position, SyntaxError::NumberRange)
            }
            _ => self.fail_at(start, SyntaxError::NumberRange),
        }
    }

    /// Skips the rest after the integer part. Returns whether more digits could make the number smaller.
    fn fraction_and_exponent(&mut self) -> Result<bool, Halt> {
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

/// Returns the double nearest to a number of the JSON grammar; `None` if it is infinite.
fn nearest_double(spelling: &str) -> Option<f64> {
    /// The standard library parses exponents of this length, including the sign, exactly; it clamps longer ones.
    const EXACT: usize = 5;
    let value = match spelling.split_once(['e', 'E']) {
        Some((mantissa, exponent)) if exponent.len() > EXACT => with_short_exponent(mantissa, exponent).parse(),
        _ => spelling.parse::<f64>(),
    };
    value.ok().filter(|value| value.is_finite())
}

/// Rewrites a number as `0.DIGITSeEXPONENT` without leading zeros in the digits, so that the exponent is the magnitude.
/// An exponent beyond the range of a double may be truncated: the number is infinity or zero anyway.
fn with_short_exponent(mantissa: &str, exponent: &str) -> String {
    let unsigned = mantissa.trim_start_matches('-');
    let sign = if unsigned.len() < mantissa.len() { "-" } else { "" };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let whole = whole.trim_start_matches('0');
    let significant = if whole.is_empty() { fraction.trim_start_matches('0') } else { fraction };
    // The length of a text never gets near the bounds of these integers.
    let digits_before_point = whole.len() as i128 - (fraction.len() - significant.len()) as i128;
    let magnitude = digits_before_point.saturating_add(saturating_integer(exponent)).clamp(-9999, 9999);
    format!("{sign}0.{whole}{significant}0e{magnitude}")
}

/// Parses a decimal integer of any length, possibly with a sign and leading zeros.
fn saturating_integer(text: &str) -> i128 {
    let digits = text.trim_start_matches(['+', '-']).trim_start_matches('0');
    let magnitude = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(i128::MAX) };
    if text.starts_with('-') { -magnitude } else { magnitude }
}
