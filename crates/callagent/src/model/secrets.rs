//! Which fields hold secrets, and which texts may contain one.

/// The names of the fields of a contract that hold secrets.
#[derive(Debug)]
pub struct Secrets(pub &'static [&'static str]);

impl Secrets {
    /// Whether a field of this name holds a secret, ignoring case and separators.
    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        let name = letters(name);
        self.0.iter().any(|secret| letters(secret) == name)
    }

    /// Whether a text contains the name of such a field, ignoring case and separators: it may hold a secret, such as a
    /// document that was encoded as a string. JSON text may be given as it is spelled, with escapes of any depth.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        // Most texts are too short.
        self.0.iter().any(|secret| secret.len() <= text.len()) && {
            let text = letters(text);
            self.0.iter().any(|secret| text.contains(&letters(secret)))
        }
    }
}

/// The letters and digits of a text in lower case (of ASCII), those that are escaped too.
fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let unicode_escape = rest.strip_prefix("\\u").and_then(|after| {
            let (digits, after) = after.split_at_checked(4)?;
            Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, after))
        });
        let (character, after) = unicode_escape.unwrap_or((character, &rest[character.len_utf8()..]));
        letters.extend(Some(character.to_ascii_lowercase()).filter(|character| character.is_alphanumeric()));
        rest = after;
    }
    letters
}
