//! Where a value is: by its bytes in a text, and by its JSON Pointer (RFC 6901).

/// Some bytes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) offset: usize,
    pub(crate) length: usize,
}

impl Span {
    /// From one byte to before another one.
    pub(crate) const fn between(start: usize, end: usize) -> Self {
        Span { offset: start, length: end - start }
    }
}

/// Whether a name is a reference token as it is.
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

/// Writes a reference token after its slash.
pub(crate) fn write_token(token: &str, pointer: &mut String) {
    pointer.push('/');
    if token.contains(['~', '/']) {
        pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(token);
    }
}
