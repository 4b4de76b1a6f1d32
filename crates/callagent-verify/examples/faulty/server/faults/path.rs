//! The path and the method are read wrongly.

use axum::http::{
    Method, StatusCode, Uri,
    header::{ALLOW, CONTENT_TYPE, LOCATION},
    request::Parts,
};
use callagent::{AgentId, ProblemType};

use super::{Fault, Flaw, flaw, head, reply};

/// Rewrites the path.
fn path(parts: &mut Parts, rewrite: impl FnOnce(&str) -> String) {
    parts.uri = rewrite(parts.uri.path()).parse::<Uri>().unwrap_or_default();
}

/// Rewrites the segment of the agent's id, and all that follows.
fn segment(parts: &mut Parts, rewrite: impl FnOnce(&str) -> String) {
    path(parts, |path| match path.strip_prefix(AgentId::PATH_PREFIX) {
        Some(segment) => format!("{}{}", AgentId::PATH_PREFIX, rewrite(segment)),
        None => path.to_owned(),
    });
}

/// Decodes a segment without regard to UTF-8.
fn decode(segment: &str) -> Vec<u8> {
    let (mut decoded, mut rest) = (Vec::new(), segment);
    while let Some(first) = rest.bytes().next() {
        let escape = rest.strip_prefix('%').and_then(|rest| u8::from_str_radix(rest.get(..2)?, 16).ok());
        decoded.push(escape.unwrap_or(first));
        rest = rest.get(if escape.is_some() { 3 } else { 1 }..).unwrap_or_default();
    }
    decoded
}

/// Encodes an id again.
fn encode(id: &[u8]) -> String {
    AgentId::new(String::from_utf8_lossy(id)).map(|id| id.segment()).unwrap_or_default()
}

fn accept_method(parts: &mut Parts, method: &Method) {
    if parts.method == *method {
        parts.method = Method::PUT;
    }
}

pub(super) const FAULTS: &[Fault] = &[
    head(("splits-at-encoded-slash", "Reads `%2F` as a separator of the path."), |parts| {
        path(parts, |path| path.replace("%2F", "/").replace("%2f", "/"));
    }),
    head(("accepts-slash-in-id", "Accepts a `/` that is not encoded in the id."), |parts| {
        segment(parts, |segment| segment.replace('/', "%2F"));
    }),
    head(("accepts-trailing-slash", "Accepts a `/` after the id."), |parts| {
        segment(parts, |segment| segment.strip_suffix('/').unwrap_or(segment).to_owned());
    }),
    reply(("redirects-trailing-slash", "Redirects a path with a `/` after the id."), |seen, reply| {
        if seen.uri.path().ends_with('/') {
            reply.status = StatusCode::PERMANENT_REDIRECT;
            reply.set(LOCATION, "/v1/api/agents/agent_1");
        }
    }),
    head(("merges-slashes", "Reads `//` as `/`."), |parts| path(parts, |path| path.replace("//", "/"))),
    head(("resolves-dot-segments", "Removes `./` from the path."), |parts| {
        path(parts, |path| path.replace("/./", "/"));
    }),
    head(("accepts-path-in-any-case", "Compares the path without case."), |parts| {
        let is_call = |path: &str| path.to_ascii_lowercase().starts_with(AgentId::PATH_PREFIX);
        path(parts, |path| {
            let id = path.get(AgentId::PATH_PREFIX.len()..).filter(|_| is_call(path));
            id.map_or_else(|| path.to_owned(), |id| format!("{}{id}", AgentId::PATH_PREFIX))
        });
    }),
    head(("accepts-id-in-any-case", "Compares ids without case."), |parts| segment(parts, str::to_ascii_lowercase)),
    head(("trims-id", "Trims spaces off the id."), |parts| {
        segment(parts, |segment| segment.trim_end_matches("%20").trim_start_matches("%20").to_owned());
    }),
    head(("does-not-decode-id", "Does not decode the id."), |parts| {
        segment(parts, |segment| segment.replace('%', "%25"));
    }),
    head(("decodes-id-twice", "Decodes the id twice."), |parts| segment(parts, |segment| segment.replace("%25", "%"))),
    head(("refuses-lower-case-escapes", "Does not decode `%5f` with a lower-case digit."), |parts| {
        segment(parts, |segment| {
            let is_lower = |escape: &str| escape.chars().take(2).any(|digit| digit.is_ascii_lowercase());
            let is_refused = segment.split('%').skip(1).any(is_lower);
            if is_refused { segment.replace('%', "%25") } else { segment.to_owned() }
        });
    }),
    head(("reads-plus-as-space", "Reads `+` in the id as a space."), |parts| {
        segment(parts, |segment| segment.replace("+agent", "agent").replace('+', "%20"));
    }),
    head(("accepts-malformed-escape", "Ignores a malformed escape at the end of the id."), |parts| {
        segment(parts, |segment| match segment.rsplit_once('%') {
            Some((start, escape)) if decode(&format!("%{escape}")).len() > escape.len() => start.to_owned(),
            _ => segment.to_owned(),
        });
    }),
    head(("reads-malformed-escape", "Reads a malformed escape as it is, so that the id is unknown."), |parts| {
        segment(parts, |segment| encode(&decode(segment)));
    }),
    head(("replaces-invalid-utf8-in-id", "Replaces invalid UTF-8 in the id, so that the id is unknown."), |parts| {
        segment(parts, |segment| {
            let id = decode(segment);
            if String::from_utf8(id.clone()).is_err() { encode(&id) } else { segment.to_owned() }
        });
    }),
    head(("accepts-dot-as-id", "Reads `%2E` as an id."), |parts| {
        segment(parts, |segment| {
            let is_dot = matches!(decode(segment).as_slice(), b"." | b"..");
            if is_dot { "dot".to_owned() } else { segment.to_owned() }
        });
    }),
    head(("drops-suffix-of-id", "Ignores what follows a semicolon in the id."), |parts| {
        segment(parts, |segment| segment.split(';').next().unwrap_or_default().to_owned());
    }),
    head(("accepts-post", "Accepts POST."), |parts| accept_method(parts, &Method::POST)),
    head(("accepts-patch", "Accepts PATCH."), |parts| accept_method(parts, &Method::PATCH)),
    reply(("answers-get", "Answers GET with 200."), |seen, reply| {
        if seen.method == Method::GET && reply.status == StatusCode::METHOD_NOT_ALLOWED {
            reply.status = StatusCode::OK;
            reply.replace("application/json", "{}");
        }
    }),
    reply(("answers-head", "Answers HEAD with 200."), |seen, reply| {
        if seen.method == Method::HEAD && reply.status == StatusCode::METHOD_NOT_ALLOWED {
            reply.status = StatusCode::OK;
        }
    }),
    reply(("answers-delete", "Answers DELETE with 204."), |seen, reply| {
        if seen.method == Method::DELETE && reply.status == StatusCode::METHOD_NOT_ALLOWED {
            (reply.status, reply.body) = (StatusCode::NO_CONTENT, Vec::new());
            reply.headers.remove(CONTENT_TYPE);
        }
    }),
    head(("overrides-method", "Follows `X-HTTP-Method-Override`."), |parts| {
        if parts.method == Method::POST && parts.headers.contains_key("x-http-method-override") {
            parts.method = Method::PUT;
        }
    }),
    reply(("omits-allow", "Answers 405 without `Allow`."), |_, reply| drop(reply.headers.remove(ALLOW))),
    reply(("allows-get", "Answers 405 with `Allow: GET`."), |_, reply| {
        if reply.is(ProblemType::METHOD_NOT_ALLOWED) {
            reply.set(ALLOW, "GET");
        }
    }),
    flaw(("forbids-foreign-agent", "Answers 403 to an agent of another workspace."), Flaw::ForbidsForeignAgent),
    flaw(("reveals-foreign-agent", "Says that an agent belongs to another workspace."), Flaw::RevealsForeignAgent),
];
