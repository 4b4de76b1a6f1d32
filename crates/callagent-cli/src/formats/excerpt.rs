//! A piece of a document around a place: cut to size, on one line, with every key masked.

use std::{collections::BTreeSet, ops::Range};

use callagent::{Place, Report};

use super::keys::{Known, keys};

/// How many bytes are shown before a place, of it, and after it.
const BEFORE: usize = 60;
const WITHIN: usize = 80;
const AFTER: usize = 40;

/// What stands for what is left out.
const LEFT_OUT: &str = "…";

/// A piece of one line, and where the place is in it.
pub(crate) struct Excerpt {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

/// A document's text with its keys, which no excerpt shows.
pub(crate) struct Masked<'t> {
    text: &'t [u8],
    /// Where keys stand, in ascending order.
    keys: Vec<Range<usize>>,
}

impl<'t> Masked<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Masked { text, keys: keys(text, &Known::default()) }
    }

    /// Knows more of the keys by the report on the text.
    pub(crate) fn of(text: &'t [u8], report: &Report) -> Self {
        Masked { text, keys: keys(text, &Known::of(report)) }
    }

    /// Two versions of a text. What is a key in one of them is masked in both, whatever its name there.
    pub(crate) fn versions(before: &'t [u8], after: &'t [u8]) -> [Self; 2] {
        let [before, after] = [before, after].map(Masked::new);
        let secrets: BTreeSet<_> = before.strings().chain(after.strings()).collect();
        [before, after].map(|version| version.without(&secrets))
    }

    /// The keys that are strings, and not empty, each with its quotes.
    fn strings(&self) -> impl Iterator<Item = &'t [u8]> {
        let keys = self.keys.iter().map(|key| self.text[key.clone()].trim_ascii());
        keys.filter(|key| key.len() > 2 && key.starts_with(b"\""))
    }

    /// Masks these wherever they stand.
    fn without(mut self, secrets: &BTreeSet<&[u8]>) -> Self {
        for secret in secrets {
            let found = memchr::memmem::find_iter(self.text, secret);
            self.keys.extend(found.map(|start| start..start + secret.len()));
        }
        self.keys.sort_by_key(|key| key.start);
        self.keys.dedup_by(|next, key| {
            let overlaps = next.start < key.end;
            if overlaps {
                key.end = key.end.max(next.end);
            }
            overlaps
        });
        self
    }

    pub(crate) fn excerpt(&self, place: Place) -> Excerpt {
        let offset = place.offset.min(self.text.len());
        let within = first_line(&self.text[offset..], place.length.min(WITHIN));
        let end = offset + boundary(&self.text[offset..], within);
        let before = &self.text[offset.saturating_sub(BEFORE)..offset];
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        let mut start = offset - before.len() + line_start;
        while start < offset && is_continuation(self.text[start]) {
            start += 1;
        }
        let after = &self.text[end..];
        let stop = end + boundary(after, first_line(after, AFTER));
        // Each piece by itself, so that the span counts what stands for a line's end. A terminal obeys the controls from
        // U+0080 on as well, which the renderer does not know.
        let is_late_control = |character| matches!(character, '\u{80}'..='\u{9F}');
        let shown = |range| self.masked(range).replace('\n', "␊").replace(is_late_control, "�");
        let mut text = String::new();
        if start > 0 && self.text[start - 1] != b'\n' {
            text.push_str(LEFT_OUT);
        }
        text += &shown(start..offset);
        let from = text.len();
        text += &shown(offset..end);
        let to = text.len();
        text += &shown(end..stop);
        if self.text.get(stop).is_some_and(|&byte| byte != b'\n') {
            text.push_str(LEFT_OUT);
        }
        Excerpt { text, span: from..to }
    }

    /// The whole text, its keys masked.
    pub(crate) fn whole(&self) -> String {
        self.masked(0..self.text.len())
    }

    fn masked(&self, range: Range<usize>) -> String {
        let mut shown = String::new();
        let mut position = range.start;
        let first = self.keys.partition_point(|key| key.end <= range.start);
        for key in self.keys[first..].iter().take_while(|key| key.start < range.end) {
            shown += &String::from_utf8_lossy(&self.text[position..key.start.max(position)]);
            shown.push_str(LEFT_OUT);
            position = key.end.min(range.end);
        }
        shown + &String::from_utf8_lossy(&self.text[position..range.end])
    }
}

/// How many of at most `limit` bytes stand before the end of the line; a line's end itself can be what is shown.
fn first_line(text: &[u8], limit: usize) -> usize {
    let text = &text[..limit.min(text.len())];
    match text.iter().position(|&byte| byte == b'\n') {
        Some(0) => usize::from(limit == 1),
        Some(newline) => newline,
        None => text.len(),
    }
}

/// The length, or a little more where it would cut a character.
fn boundary(text: &[u8], length: usize) -> usize {
    let rest = text[length..].iter().take(3).take_while(|byte| is_continuation(**byte)).count();
    if length == 0 { 0 } else { length + rest }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}
