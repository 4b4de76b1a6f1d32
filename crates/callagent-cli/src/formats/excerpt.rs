//! A piece of a document around a place: cut to size, on one line, with every key masked.

use std::ops::Range;

use callagent::{
    Place, UpdateAgent,
    declaration::{Object, Type},
};

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
        Masked { text, keys: keys(text) }
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

/// Where the values of the fields that hold secrets stand, also in a text that is not JSON, and however their names are
/// spelled: better too much than a part of a key.
fn keys(text: &[u8]) -> Vec<Range<usize>> {
    let names = secret_names(UpdateAgent::OBJECT);
    let mut keys = Vec::new();
    let mut position = 0;
    while position < text.len() {
        let name_end = names.iter().find_map(|name| spelled(&text[position..], name)).map(|length| position + length);
        position = match name_end {
            Some(name_end) => {
                let start = name_end + before_value(&text[name_end..]);
                let end = start + value(&text[start..]);
                keys.push(start..end);
                end
            }
            None => position + 1,
        };
    }
    keys
}

/// How many bytes stand between a name and its value, whose opening quote is a part of it.
fn before_value(text: &[u8]) -> usize {
    let is_separator = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b':' | b'=');
    let separators = &text[..text.iter().take_while(|byte| is_separator(byte)).count()];
    // Without a colon, a quote that stands right there closes the name.
    let colon = separators.iter().position(|byte| matches!(byte, b':' | b'=')).unwrap_or_default();
    let quote = separators.iter().skip(colon + 1).position(|byte| matches!(byte, b'"' | b'\''));
    quote.map_or(separators.len(), |quote| colon + 1 + quote)
}

fn secret_names(object: &'static Object) -> Vec<&'static str> {
    let of = |field: &'static callagent::declaration::Field| match field.r#type {
        Type::Object(object) => secret_names(object),
        r#type if r#type.is_secret() => vec![field.name],
        _ => Vec::new(),
    };
    object.fields.iter().flat_map(of).collect()
}

/// How many bytes spell the name at the beginning of the text, each character by itself or as a `\u` escape.
fn spelled(text: &[u8], name: &str) -> Option<usize> {
    name.bytes().try_fold(0, |length, byte| {
        let rest = &text[length..];
        let is_escaped = || {
            let digits = rest.strip_prefix(b"\\u").and_then(|digits| str::from_utf8(digits.get(..4)?).ok());
            digits.and_then(|digits| u8::from_str_radix(digits.strip_prefix("00")?, 16).ok()) == Some(byte)
        };
        if rest.first() == Some(&byte) {
            Some(length + 1)
        } else if is_escaped() {
            Some(length + 6)
        } else {
            None
        }
    })
}

/// How many bytes a value has at the beginning of the text: up to the bracket that closes the object around it, or the
/// comma before another name.
fn value(text: &[u8]) -> usize {
    let mut depth = 0usize;
    let mut quote = None;
    let mut position = 0;
    while let Some(&byte) = text.get(position) {
        match (quote, byte) {
            (Some(_), b'\\') => position += 1,
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{' | b'[') => depth += 1,
            (None, b'}' | b']') if depth == 0 => return position,
            (None, b'}' | b']') => depth -= 1,
            (None, b',') if depth == 0 && text[position + 1..].trim_ascii_start().starts_with(b"\"") => {
                return position;
            }
            _ => {}
        }
        position += 1;
    }
    text.len()
}
