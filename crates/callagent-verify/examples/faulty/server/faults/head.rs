//! Header fields are read wrongly.

use axum::http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, IF_MATCH, TRANSFER_ENCODING, USER_AGENT},
    request::Parts,
};
use callagent::{ETag, IfMatch, WorkspaceId};

use super::{Fault, Flaw, flaw, head, reply};

const WORKSPACE: HeaderName = HeaderName::from_static("x-workspace-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Returns a header field as text; `None` if it is absent.
fn text(parts: &Parts, name: &HeaderName) -> Option<String> {
    Some(String::from_utf8_lossy(parts.headers.get(name)?.as_bytes()).into_owned())
}

fn set(parts: &mut Parts, name: HeaderName, value: &str) {
    parts.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
}

/// Accepts a media type for which `is` holds.
fn media_type(parts: &mut Parts, is: fn(&str) -> bool) {
    if text(parts, &CONTENT_TYPE).is_some_and(|given| is(given.split(';').next().unwrap_or_default().trim())) {
        parts.headers.insert(CONTENT_TYPE, JSON);
    }
}

/// Does not accept a media type for which `is` holds.
fn no_media_type(parts: &mut Parts, is: fn(&str) -> bool) {
    if text(parts, &CONTENT_TYPE).is_some_and(|given| is(&given)) {
        set(parts, CONTENT_TYPE, "application/octet-stream");
    }
}

/// Drops a precondition for which `is` holds.
fn drop_precondition(parts: &mut Parts, is: fn(&str) -> bool) {
    if text(parts, &IF_MATCH).is_some_and(|given| is(&given)) {
        parts.headers.remove(IF_MATCH);
    }
}

fn is_empty(text: &str) -> bool {
    text.trim().is_empty()
}

pub(super) const FAULTS: &[Fault] = &[
    head(("accepts-missing-workspace", "Uses a default workspace if none is given."), |parts| {
        parts.headers.entry(WORKSPACE).or_insert(HeaderValue::from_static("acme"));
    }),
    head(("accepts-empty-workspace", "Uses a default workspace if an empty one is given."), |parts| {
        if text(parts, &WORKSPACE).is_some_and(|given| is_empty(&given)) {
            set(parts, WORKSPACE, "acme");
        }
    }),
    head(("accepts-repeated-workspace", "Uses the first of repeated workspaces."), |parts| {
        if let Some(first) = parts.headers.get(WORKSPACE).cloned() {
            parts.headers.insert(WORKSPACE, first);
        }
    }),
    head(
        ("accepts-invalid-workspace", "Replaces bytes outside ASCII in the workspace, so that it is unknown."),
        |parts| {
            if let Some(given) =
                text(parts, &WORKSPACE).filter(|given| !is_empty(given) && WorkspaceId::new(given.as_str()).is_err())
            {
                set(parts, WORKSPACE, &given.replace(|character: char| !character.is_ascii(), "?"));
            }
        },
    ),
    head(("accepts-workspace-in-any-case", "Compares workspaces without case."), |parts| {
        if let Some(given) = text(parts, &WORKSPACE) {
            set(parts, WORKSPACE, &given.to_ascii_lowercase());
        }
    }),
    head(("refuses-spaces-in-workspace", "Refuses a workspace with a space in it."), |parts| {
        if text(parts, &WORKSPACE).is_some_and(|given| given.contains(' ')) {
            parts.headers.remove(WORKSPACE);
        }
    }),
    head(("ignores-workspace", "Updates any agent, regardless of the workspace."), |parts| {
        let is_foreign = parts.uri.path().ends_with("/agent_2");
        if text(parts, &WORKSPACE).is_some_and(|given| WorkspaceId::new(given).is_ok())
            && parts.headers.get_all(WORKSPACE).iter().count() == 1
        {
            set(parts, WORKSPACE, if is_foreign { "other" } else { "acme" });
        }
    }),
    head(("accepts-missing-media-type", "Accepts a body without a media type."), |parts| {
        parts.headers.entry(CONTENT_TYPE).or_insert(JSON);
    }),
    head(("accepts-text", "Accepts the media type text/plain."), |parts| {
        media_type(parts, |given| given == "text/plain");
    }),
    head(("accepts-form", "Accepts the media type of forms."), |parts| {
        media_type(parts, |given| given == "application/x-www-form-urlencoded");
    }),
    head(("accepts-merge-patch", "Accepts the media type application/merge-patch+json."), |parts| {
        media_type(parts, |given| given == "application/merge-patch+json");
    }),
    head(("accepts-json-suffix", "Accepts any media type with `+json`."), |parts| {
        media_type(parts, |given| given.ends_with("+json"));
    }),
    head(("accepts-text-json", "Accepts the media type text/json."), |parts| {
        media_type(parts, |given| given == "text/json");
    }),
    head(("accepts-json-prefix", "Accepts media types that begin with application/json."), |parts| {
        media_type(parts, |given| given.starts_with("application/json"));
    }),
    head(("accepts-octets", "Accepts the media type application/octet-stream."), |parts| {
        media_type(parts, |given| given == "application/octet-stream");
    }),
    head(("refuses-charset", "Refuses a media type with a charset."), |parts| {
        no_media_type(parts, |given| given.contains(';'));
    }),
    head(("refuses-media-type-in-upper-case", "Compares the media type with case."), |parts| {
        no_media_type(parts, |given| given.starts_with(|first: char| first.is_ascii_uppercase()));
    }),
    head(("ignores-content-encoding", "Reads a body as if it was not encoded."), |parts| {
        parts.headers.remove(CONTENT_ENCODING);
    }),
    head(("accepts-identity-encoding", "Accepts `Content-Encoding: identity`."), |parts| {
        if text(parts, &CONTENT_ENCODING).is_some_and(|given| given == "identity") {
            parts.headers.remove(CONTENT_ENCODING);
        }
    }),
    head(("ignores-precondition", "Ignores `If-Match`."), |parts| {
        drop_precondition(parts, |given| given.parse::<IfMatch>().is_ok());
    }),
    head(("ignores-empty-precondition", "Ignores an empty `If-Match`."), |parts| drop_precondition(parts, is_empty)),
    head(("ignores-malformed-precondition", "Ignores an `If-Match` that is not a list of tags."), |parts| {
        drop_precondition(parts, |given| !is_empty(given) && given.parse::<IfMatch>().is_err());
    }),
    head(("ignores-tag-without-quotes", "Accepts a tag without quotes in `If-Match`."), |parts| {
        if let Some(given) = text(parts, &IF_MATCH).filter(|given| !is_empty(given) && !given.contains(['"', '*', ' ']))
        {
            set(parts, IF_MATCH, &format!("\"{given}\""));
        }
    }),
    head(("compares-weakly", "Accepts a weak tag in `If-Match`."), |parts| {
        if let Some(given) = text(parts, &IF_MATCH) {
            set(parts, IF_MATCH, &given.replace("W/\"", "\""));
        }
    }),
    head(("refuses-any-tag", "Reads `If-Match: *` as a tag that does not match."), |parts| {
        if text(parts, &IF_MATCH).is_some_and(|given| given.trim() == "*") {
            set(parts, IF_MATCH, "\"*\"");
        }
    }),
    head(("compares-first-tag", "Compares only the first tag of `If-Match`."), |parts| {
        let tags = text(parts, &IF_MATCH).and_then(|given| given.parse::<IfMatch>().ok());
        if let Some(first) = tags.as_ref().and_then(|tags| tags.tags()?.first()) {
            set(parts, IF_MATCH, first.as_str());
        }
    }),
    head(("compares-first-precondition", "Compares only the first `If-Match` of several."), |parts| {
        if let Some(first) = parts.headers.get(IF_MATCH).cloned() {
            parts.headers.insert(IF_MATCH, first);
        }
    }),
    head(("splits-tags-at-commas", "Splits `If-Match` at commas in tags."), |parts| {
        let tags = text(parts, &IF_MATCH).and_then(|given| given.parse::<IfMatch>().ok());
        let has_comma = |tag: &ETag| tag.as_str().contains(',');
        if tags.is_some_and(|tags| tags.tags().is_some_and(|tags| tags.iter().any(has_comma))) {
            set(parts, IF_MATCH, "malformed");
        }
    }),
    flaw(
        ("answers-412-when-in-effect", "Answers 412 although the update is already in effect."),
        Flaw::PreconditionFirst,
    ),
    flaw(("answers-412-to-unknown-agent", "Answers 412 to an unknown agent."), Flaw::PreconditionOfNothing),
    reply(("refuses-chunks", "Answers 411 to a body without a length."), |seen, reply| {
        if seen.headers.contains_key(TRANSFER_ENCODING) {
            reply.status = StatusCode::LENGTH_REQUIRED;
        }
    }),
    reply(("refuses-without-user-agent", "Answers 403 without `User-Agent`."), |seen, reply| {
        if !seen.headers.contains_key(USER_AGENT) {
            reply.status = StatusCode::FORBIDDEN;
        }
    }),
];
