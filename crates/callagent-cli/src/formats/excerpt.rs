//! Excerpts of a document around a location: shortened, on one line, with every secret masked.

use std::{collections::BTreeSet, ops::Range};

use callagent::{
    Document as _, Report, Span, UpdateAgent,
    tools::{EscapeControl, secret_ranges},
};

/// The number of bytes shown before, within and after a location.
const BEFORE: usize = 60;
const WITHIN: usize = 80;
const AFTER: usize = 40;

/// The mark for omitted text.
const ELLIPSIS: &str = "…";

/// The replacement of a tab, in any column.
const TAB: &str = "    ";
/// The first of Unicode's control pictures, which are in the order of the control characters.
const PICTURES: u32 = 0x2400;

/// A part of one line, escaped for a terminal, and the span of the location in it.
pub(crate) struct Excerpt {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// The text of a document, with the ranges of its secrets.
pub(crate) struct Masked<'t> {
    text: &'t [u8],
    /// The ranges of secrets, in ascending order.
    keys: Vec<Range<usize>>,
}

impl<'t> Masked<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Masked { text, keys: secret_ranges(text, &UpdateAgent::CONTRACT.secrets, None) }
    }

    /// Also masks the secrets that the report on the text reveals.
    pub(crate) fn with_report(text: &'t [u8], report: &Report) -> Self {
        Masked { text, keys: secret_ranges(text, &UpdateAgent::CONTRACT.secrets, Some(report)) }
    }

    /// Masks two versions of a text. A secret of either version is masked in both, under any field name.
    pub(crate) fn versions(before: &'t [u8], after: &'t [u8]) -> [Self; 2] {
        let [before, after] = [before, after].map(Masked::new);
        let secrets: BTreeSet<_> = before.strings().chain(after.strings()).collect();
        [before, after].map(|version| version.without(&secrets))
    }

    /// The secrets that are non-empty strings, with their quotes.
    fn strings(&self) -> impl Iterator<Item = &'t [u8]> {
        let keys = self.keys.iter().map(|key| self.text[key.clone()].trim_ascii());
        keys.filter(|key| key.len() > 2 && key.starts_with(b"\""))
    }

    /// Masks every occurrence of these secrets.
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

    pub(crate) fn excerpt(&self, span: Span) -> Excerpt {
        let offset = span.offset.min(self.text.len());
        let within = first_line(&self.text[offset..], span.length.min(WITHIN));
        let end = offset + boundary(&self.text[offset..], within);
        let before = &self.text[offset.saturating_sub(BEFORE)..offset];
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        let mut start = offset - before.len() + line_start;
        while start < offset && is_continuation(self.text[start]) {
            start += 1;
        }
        let after = &self.text[end..];
        let stop = end + boundary(after, first_line(after, AFTER));
        let shown = |range| shown(&self.masked(range));
        let mut text = String::new();
        if start > 0 && self.text[start - 1] != b'\n' {
            text.push_str(ELLIPSIS);
        }
        text += &shown(start..offset);
        let from = text.len();
        text += &shown(offset..end);
        let to = text.len();
        text += &shown(end..stop);
        let rest = &self.text[stop..];
        if !rest.is_empty() && !rest.starts_with(b"\n") && !rest.starts_with(b"\r\n") {
            text.push_str(ELLIPSIS);
        }
        Excerpt { text, span: from..to }
    }

    /// The whole text, with secrets masked.
    pub(crate) fn whole(&self) -> String {
        self.masked(0..self.text.len())
    }

    fn masked(&self, range: Range<usize>) -> String {
        let mut shown = String::new();
        let mut position = range.start;
        let first = self.keys.partition_point(|key| key.end <= range.start);
        for key in self.keys[first..].iter().take_while(|key| key.start < range.end) {
            shown += &String::from_utf8_lossy(&self.text[position..key.start.max(position)]);
            shown.push_str(ELLIPSIS);
            position = key.end.min(range.end);
        }
        shown + &String::from_utf8_lossy(&self.text[position..range.end])
    }
}

/// Replaces control characters by visible ones and tabs by spaces.
fn shown(text: &str) -> String {
    text.chars().fold(String::new(), |mut shown, character| {
        match character {
            '\t' => shown.push_str(TAB),
            '\0'..='\x1F' => shown.extend(char::from_u32(PICTURES + u32::from(character))),
            '\x7F' => shown.push('␡'),
            _ if is_escaped(character) => shown.push(char::REPLACEMENT_CHARACTER),
            _ => shown.push(character),
        }
        shown
    })
}

/// Returns whether other texts of reports escape the character.
fn is_escaped(character: char) -> bool {
    !character.is_ascii() && EscapeControl(character.encode_utf8(&mut [0; 4])).to_string().starts_with('\\')
}

/// The length of the first line, up to `limit` bytes. A limit of one byte may include the line end.
fn first_line(text: &[u8], limit: usize) -> usize {
    let limit = limit.min(text.len());
    if limit <= 1 {
        return limit;
    }
    match memchr::memchr(b'\n', &text[..text.len().min(limit + 1)]) {
        Some(newline) if text[..newline].ends_with(b"\r") => newline - 1,
        Some(newline) => newline,
        None => limit,
    }
}

/// Rounds a length up to a character boundary.
fn boundary(text: &[u8], length: usize) -> usize {
    let rest = text[length..].iter().take(3).take_while(|byte| is_continuation(**byte)).count();
    if length == 0 { 0 } else { length + rest }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}
