//! Which paths, media types and statuses of two OpenAPI documents are the same, or one of the other's class.

use super::openapi::{Message, Messages};

/// A path with the names of its parameters left out, and the names.
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

/// The one of the media types that a media type is of: itself, in whatever charset, or a range of it.
pub(super) fn covering<'m>(messages: &'m Messages, media_type: &str) -> Option<&'m Message> {
    let kind = media_type.split_once('/').map_or(media_type, |(kind, _)| kind);
    let ranges = [without_charset(media_type), format!("{kind}/*"), "*/*".to_owned()];
    let of_range = |range: &String| {
        let mut named = messages.iter().filter_map(|(name, message)| Some((name.as_deref()?, message)));
        named.find(|(name, _)| without_charset(name) == *range).map(|(_, message)| message)
    };
    messages.get(&Some(media_type.to_owned())).or_else(|| ranges.iter().find_map(of_range))
}

/// A media type without its charset, its other parameters written alike.
pub(super) fn without_charset(media_type: &str) -> String {
    let parts = media_type.split(';').map(str::trim).filter(|part| !part.starts_with("charset="));
    parts.collect::<Vec<_>>().join(";")
}

/// The one of the statuses that a status is of: itself, a range of it, or the default.
pub(super) fn status_of<'s>(statuses: &'s [String], status: &str) -> Option<&'s str> {
    let range = format!("{}XX", status.get(..1).unwrap_or_default());
    [status, &range, "default"]
        .into_iter()
        .find_map(|name| statuses.iter().map(String::as_str).find(|other| *other == name))
}
