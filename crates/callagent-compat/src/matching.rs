//! Matching paths, media types and statuses of two OpenAPI documents.

use std::{collections::BTreeSet, fmt};

/// A path without the names of its parameters, and the names.
pub(super) fn template(path: &str) -> (String, Vec<String>) {
    let mut names = Vec::new();
    let mut parts = path.split('{');
    let mut template = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        names.push(name.to_owned());
        template.push_str("{}");
        template.push_str(rest);
    }
    (template, names)
}

/// A media type in canonical form: parameters sorted, without quotes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MediaType {
    /// Type and subtype, in lower case.
    pub(super) name: String,
    /// The parameters except the charset, as text.
    parameters: BTreeSet<String>,
    charset: Option<String>,
}

impl MediaType {
    pub(super) fn new(text: &str) -> Self {
        let mut parts = unquoted_split(text, ';').into_iter();
        let name = parts.next().unwrap_or_default().trim().to_lowercase();
        let (mut parameters, mut charset) = (BTreeSet::new(), None);
        for parameter in parts.map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let (name, value) = (name.trim().to_lowercase(), unquoted(value.trim()));
            if name == "charset" {
                charset = Some(value.to_lowercase());
            } else {
                parameters.insert(format!("{name}={value}"));
            }
        }
        MediaType { name, parameters, charset }
    }

    /// The text without the charset, which does not change the meaning of a body.
    pub(super) fn exact(&self) -> String {
        self.parameters.iter().fold(self.name.clone(), |text, parameter| format!("{text};{parameter}"))
    }

    /// The same text if the case of a parameter's value may matter.
    pub(super) fn with_case(&self) -> Option<String> {
        Some(self.exact()).filter(|exact| *exact != self.lower_case())
    }

    /// The same text in lower case.
    pub(super) fn lower_case(&self) -> String {
        self.exact().to_lowercase()
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let charset = self.charset.as_ref().map(|charset| format!(";charset={charset}")).unwrap_or_default();
        write!(out, "{}{charset}", self.exact())
    }
}

/// Splits a text at separators outside of quotes.
fn unquoted_split(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(|character| {
        let is_separator = !is_quoted && character == separator;
        is_quoted ^= character == '"' && !is_escaped;
        is_escaped = is_quoted && character == '\\' && !is_escaped;
        is_separator
    })
    .collect()
}

/// The value of a quoted string (RFC 9110, section 5.6.4), or the text itself.
fn unquoted(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else { return text.to_owned() };
    let mut value = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        value.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    value
}

/// Finds the key for a status: the status itself, its range, or `default`.
pub(super) fn status_of<'s>(statuses: &'s [String], status: &str) -> Option<&'s str> {
    let range = format!("{}XX", status.get(..1).unwrap_or_default());
    [status, &range, "default"]
        .into_iter()
        .find_map(|name| statuses.iter().map(String::as_str).find(|other| *other == name))
}
