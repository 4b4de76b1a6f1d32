//! Locations of values: ranges of bytes, and JSON Pointers (RFC 6901).

/// A range of bytes in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) offset: usize,
    pub(crate) length: usize,
}

impl Span {
    /// Creates a span from a half-open range.
    pub(crate) const fn between(start: usize, end: usize) -> Self {
        Span { offset: start, length: end - start }
    }
}

/// Returns whether a name needs no escaping as a reference token.
pub(crate) const fn is_plain_token(name: &str) -> bool {
    let mut index = 0;
    while index < name.len() {
        if matches!(name.as_bytes()[index], b'~' | b'/') {
            return false;
        }
        index += 1;
    }
    true
}

/// Writes a slash and a reference token.
pub(crate) fn write_token(token: &str, pointer: &mut String) {
    pointer.push('/');
    if token.contains(['~', '/']) {
        pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(token);
    }
}
