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

/// Returns the JSON Pointer of a field or item of the value at a pointer.
///
/// ```
/// use callagent::tools::child_pointer;
///
/// assert_eq!(child_pointer("", "ttsModel"), "/ttsModel");
/// assert_eq!(child_pointer("/settings", "a/b"), "/settings/a~1b");
/// ```
#[must_use]
pub fn child_pointer(parent: &str, token: &str) -> String {
    let mut pointer = parent.to_owned();
    write_token(token, &mut pointer);
    pointer
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
