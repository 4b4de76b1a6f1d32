//! Removing credentials from what a server sends, in case it repeats them.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// The replacement for a credential.
const MASK: &str = "…";
/// The length from which a part of a credential is one itself.
const LONG: usize = 8;

/// The credentials of a run, in the forms in which a text may contain them.
pub(super) struct Redact(Vec<String>);

impl Redact {
    pub(super) fn new(secrets: impl Iterator<Item = String>) -> Self {
        let mut forms: Vec<String> = secrets
            .flat_map(|secret| {
                // Without the scheme of `authorization`.
                let bare = secret.split_whitespace().next_back().filter(|bare| bare.len() >= LONG).map(str::to_owned);
                [Some(secret), bare].into_iter().flatten()
            })
            .flat_map(|secret| {
                let json = Value::from(&*secret).to_string().trim_matches('"').to_owned();
                let percent = utf8_percent_encode(&secret, NON_ALPHANUMERIC).to_string();
                [secret, json, percent]
            })
            .filter(|form| !form.is_empty())
            .collect();
        // A form that contains another one is replaced first.
        forms.sort_by(|left, right| right.len().cmp(&left.len()).then(left.cmp(right)));
        forms.dedup();
        Redact(forms)
    }

    /// Replaces the credentials in a text, also one that is cut at the end or before an ellipsis.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text = Cow::Borrowed(text);
        for form in &self.0 {
            if text.contains(&**form) {
                text = text.replace(&**form, MASK).into();
            }
            text = without_cut(text, form);
        }
        text.into_owned()
    }

    /// Replaces the credentials in a request, which has them only if the server sent them, for example as a tag. A short
    /// credential may occur by chance.
    pub(super) fn request(&self, text: &str) -> String {
        self.0.iter().filter(|form| form.len() >= LONG).fold(text.to_owned(), |text, form| text.replace(&**form, MASK))
    }

    pub(super) fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.text(&text).into(),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(name, value)| (self.text(&name), self.value(value))).collect()
            }
            other => other,
        }
    }
}

/// Removes the beginning of a credential at the end of a text and before each ellipsis.
fn without_cut<'t>(text: Cow<'t, str>, form: &str) -> Cow<'t, str> {
    let mut parts: Vec<&str> = text.split(MASK).collect();
    let mut is_changed = false;
    for part in &mut parts {
        let mut beginnings = (LONG..form.len()).rev().filter_map(|length| form.get(..length));
        if let Some(rest) = beginnings.find_map(|beginning| part.strip_suffix(beginning)) {
            (*part, is_changed) = (rest, true);
        }
    }
    if is_changed { parts.join(MASK).into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_replaced_in_every_form() {
        let redact = Redact::new(["ca_01/\"23456789".to_owned(), "Bearer abcdefghij".to_owned()].into_iter());
        for (text, expected) in [
            ("no credential", "no credential"),
            ("<ca_01/\"23456789>", "<…>"),
            (r#"{"a": "ca_01/\"23456789"}"#, r#"{"a": "…"}"#),
            ("?key=ca%5F01%2F%2223456789", "?key=…"),
            ("Bearer abcdefghij", "…"),
            ("abcdefghij is a token", "… is a token"),
            ("cut: ca_01/\"234… (99 bytes)", "cut: … (99 bytes)"),
            ("abcdefghi", ""),
            ("ca_01 is the usual beginning", "ca_01 is the usual beginning"),
        ] {
            assert_eq!(redact.text(text), expected, "{text}");
        }
        let value = serde_json::json!({"abcdefghij": ["Bearer abcdefghij", 1]});
        assert_eq!(redact.value(value), serde_json::json!({"…": ["…", 1]}));
    }

    #[test]
    fn a_short_credential_is_left_in_requests_only() {
        let redact = Redact::new(["key".to_owned()].into_iter());
        assert_eq!((redact.text("a key"), redact.request("a key")), ("a …".to_owned(), "a key".to_owned()));
    }
}
