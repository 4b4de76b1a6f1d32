//! JSON Pointers (RFC 6901).

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
