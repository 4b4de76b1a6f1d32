//! Detection of fields that hold secrets, and of texts that may contain one.

/// The names of the fields of a contract that hold secrets.
#[derive(Debug)]
pub struct Secrets(pub(crate) &'static [&'static str]);

impl Secrets {
    /// Returns the names of the fields.
    #[must_use]
    pub const fn names(&self) -> &'static [&'static str] {
        self.0
    }

    /// Returns whether a field with this name holds a secret, ignoring case and separators.
    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        self.0.iter().any(|secret| Letters(secret).eq(Letters(name)))
    }

    /// Returns whether a text contains the name of such a field, ignoring case and separators. Such a text may hold a
    /// secret, for example a document encoded as a string. Escapes in JSON text may be nested to any depth.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        self.0.iter().any(|secret| may_contain(text, secret) && contains(text, secret))
    }
}

/// Returns whether a text is long enough for a name and has its last letter, a cheap filter for most texts.
fn may_contain(text: &str, name: &str) -> bool {
    let last = name.as_bytes().last().copied().unwrap_or_default();
    name.len() <= text.len() && text.bytes().any(|byte| byte.eq_ignore_ascii_case(&last) || byte == b'\\')
}

fn contains(text: &str, name: &str) -> bool {
    let mut rest = Letters(text);
    loop {
        let mut candidate = rest.clone();
        if Letters(name).all(|letter| candidate.next() == Some(letter)) {
            return true;
        }
        if rest.next().is_none() {
            return false;
        }
    }
}

/// Returns the letters and digits of a text in ASCII lowercase, including escaped ones.
#[derive(Clone)]
struct Letters<'t>(&'t str);

impl Iterator for Letters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            let plain = self.0.chars().next()?;
            let (character, rest) = unicode_escape(self.0).unwrap_or((plain, self.0.get(plain.len_utf8()..)?));
            self.0 = rest;
            if character.is_alphanumeric() {
                return Some(character.to_ascii_lowercase());
            }
        }
    }
}

/// Returns the character of a `\u` escape at the beginning of a text, and the rest of the text.
fn unicode_escape(text: &str) -> Option<(char, &str)> {
    let (digits, rest) = text.strip_prefix("\\u")?.split_at_checked(4)?;
    Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, rest))
}
