//! Places in the units of the host: bytes, or the UTF-16 code units of a JavaScript string.

/// Converts byte offsets of a text. It remembers the last place, so that many places in order take one pass.
pub(crate) struct Units<'t> {
    text: &'t [u8],
    is_utf16: bool,
    /// The last place, in bytes and in units.
    offset: usize,
    unit: usize,
    /// The start of its line, in units.
    line: usize,
}

impl<'t> Units<'t> {
    /// Starts at the beginning of a text. Where `utf16` is false, the units are bytes.
    pub(crate) fn new(text: &'t [u8], utf16: bool) -> Self {
        Units { text, is_utf16: utf16 && !text.is_ascii(), offset: 0, unit: 0, line: 0 }
    }

    /// Moves to a place that is not before the last one. Returns its unit, from 0, and its column, from 1.
    pub(crate) fn advance(&mut self, offset: usize) -> (usize, usize) {
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        if let Some(end) = passed.iter().rposition(|byte| *byte == b'\n') {
            self.line = self.unit + self.count(&passed[..=end]);
        }
        self.unit += self.count(passed);
        self.offset += passed.len();
        (self.unit, self.unit - self.line + 1)
    }

    /// Returns the unit of a place near the last one. A place within a character counts as its end.
    pub(crate) fn unit(&self, offset: usize) -> usize {
        match self.text.get(self.offset..offset) {
            Some(passed) => self.unit + self.count(passed),
            None => self.unit - self.count(self.text.get(offset..self.offset).unwrap_or_default()),
        }
    }

    fn count(&self, part: &[u8]) -> usize {
        if self.is_utf16 { utf16_length(part) } else { part.len() }
    }
}

/// Returns the number of UTF-16 code units of a text. An unpaired surrogate, which the host writes as three bytes, counts as
/// one.
pub(crate) fn utf16_length(text: &[u8]) -> usize {
    let units = |byte: &u8| usize::from(byte & 0xC0 != 0x80) + usize::from(*byte >= 0xF0);
    text.iter().map(units).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\n\u{e9}\u{20ac}x\n\u{1f600}\u{1f600}y";

    #[test]
    fn places_are_those_of_the_string() {
        for utf16 in [false, true] {
            let mut units = Units::new(TEXT.as_bytes(), utf16);
            let count = |text: &str| if utf16 { text.encode_utf16().count() } else { text.len() };
            for (offset, _) in TEXT.char_indices().chain([(TEXT.len(), ' ')]) {
                let before = &TEXT[..offset];
                let line = before.rfind('\n').map_or(0, |end| end + 1);
                assert_eq!(units.advance(offset), (count(before), count(&before[line..]) + 1), "at {offset}");
                for (other, _) in TEXT.char_indices() {
                    assert_eq!(units.unit(other), count(&TEXT[..other]), "{other} from {offset}");
                }
            }
        }
    }

    #[test]
    fn a_place_within_a_character_is_its_end() {
        let mut units = Units::new(TEXT.as_bytes(), true);
        let start = TEXT.find('\u{1f600}').expect("it is there");
        let (unit, _) = units.advance(start);
        assert_eq!([1, 2, 3, 4].map(|more| units.unit(start + more)), [unit + 2; 4]);
    }
}
