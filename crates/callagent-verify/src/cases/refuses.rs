//! What every server must refuse.

use callagent::AgentId;
use http::{Method, header::IF_MATCH};
use serde_json::json;

use super::{
    common::{WORKSPACE, all_fields, change, refuse_all, table, unknown_agent},
    documents, random, refused_heads,
};
use crate::{
    case::{Case, Group},
    expectation::Expected,
    log::Done,
    request::Request,
    session::Session,
};

pub(super) fn cases() -> Vec<Case> {
    let own = table! { Group::Refuses;
        "workspace-missing", "A request without x-workspace-id is refused", ["http.header.workspace"], refused_heads::workspace_missing;
        "workspace-empty", "An empty x-workspace-id is refused", ["http.header.workspace"], refused_heads::workspace_empty;
        "workspace-repeated", "Two x-workspace-id headers are refused", ["http.header.workspace"], refused_heads::workspace_repeated;
        "workspace-invalid", "An x-workspace-id that is not ASCII is refused", ["http.header.workspace"], refused_heads::workspace_invalid;
        "workspace-other", "The agent is not found in another workspace", ["http.not-found", "http.not-found.same", "http.access.workspace"], refused_heads::workspace_other;
        "agent-id-escape", "A malformed percent escape in agentId is refused", ["http.path.agent-id"], refused_heads::agent_id_escape;
        "agent-id-utf-8", "An agentId that is not UTF-8 is refused", ["http.path.agent-id"], refused_heads::agent_id_utf_8;
        "agent-id-dots", "The agentIds . and .. are refused", ["http.path.agent-id"], refused_heads::agent_id_dots;
        "agent-unknown", "An unknown agent is not found", ["http.not-found"], refused_heads::agent_unknown;
        "agent-id-exact", "An agentId is compared exactly", ["http.not-found"], refused_heads::agent_id_exact;
        "agent-id-decoded-once", "An agentId is decoded once", ["http.path.segment"], refused_heads::agent_id_decoded_once;
        "agent-id-slash", "An encoded slash belongs to the agentId", ["http.path.segment"], refused_heads::agent_id_slash;
        "path-trailing-slash", "A path with a trailing slash is answered with 404", ["http.path.other"], refused_heads::path_trailing_slash;
        "path-empty-segment", "A path without an agentId is answered with 404", ["http.path.other"], refused_heads::path_empty_segment;
        "path-double-slash", "A path with // is answered with 404", ["http.path.other"], refused_heads::path_double_slash;
        "path-dot-segments", "A path with additional . or .. segments is answered with 404", ["http.path.other"], refused_heads::path_dot_segments;
        "path-encoded", "An encoded slash does not separate segments", ["http.path.other"], refused_heads::path_encoded;
        "path-case", "The path is compared exactly", ["http.path.other"], refused_heads::path_case;
        "media-type-missing", "A body without a media type is refused", ["http.media-type.refused"], refused_heads::media_type_missing;
        "media-type-other", "A body with another media type is refused", ["http.media-type.refused"], refused_heads::media_type_other;
        "content-encoding", "A body with Content-Encoding is refused", ["http.media-type.encoding"], refused_heads::content_encoding;
        "if-match-empty", "An empty If-Match is refused", ["http.header.if-match"], refused_heads::if_match_empty;
        "if-match-malformed", "An If-Match that is not a list of tags is refused", ["http.header.if-match"], refused_heads::if_match_malformed;
        "size", "A body above the limit of the server is refused", ["http.size.refused"], refused_heads::size;
        "access-key-missing", "A request without an access key is refused", ["http.access.key"], refused_heads::access_key_missing;
        "access-key-wrong", "A request with a wrong access key is refused", ["http.access.key"], refused_heads::access_key_wrong;
        "order", "A request with several faults is answered for the first one", ["http.order"], order;
        "text", "Text that only a lenient parser accepts is refused", ["text.malformed.syntax"], text;
        "no-effect", "An update with a violation has no effect at all", ["http.refused.no-effect"], no_effect;
        "pairs", "An update with two violations is refused, and both are reported", ["principles.all-violations"], pairs;
        "random", "Random invalid updates are refused", ["principles.all-violations"], random_updates;
    };
    own.into_iter().chain(documents::cases(Group::Refuses, false)).collect()
}

/// Requests with two faults of different stages. The expectation knows which one is answered.
async fn order(session: &mut Session) -> Done {
    session.ensure_known().await?;
    session.log.judges_status = true;
    let faults: [fn(Request) -> Request; 9] = [
        |request| {
            let path = format!("{}/", request.path);
            request.path(path)
        },
        |request| request.path(format!("{}%zz", AgentId::PATH_PREFIX)),
        |request| request.method(Method::POST),
        |request| request.header(&WORKSPACE, None),
        |request| request.header(&IF_MATCH, Some(b"5")),
        Request::without_access_key,
        |request| request.content_type(Some("text/plain")),
        |request| request.body("{"),
        |request| request.path(unknown_agent().path()),
    ];
    let mut requests = Vec::new();
    for (index, first) in faults.iter().enumerate() {
        for second in faults.iter().skip(index + 1) {
            // The first fault last, since a later one may replace the path.
            requests.push(first(second(change(session))));
        }
    }
    // Without a key to leave out, a request with a single fault is left.
    requests.retain(|request| matches!(session.expected(request), Ok(Expected::Refused(_))));
    let invalid = change(session).body(r#"{"name": 7}"#);
    requests.push(invalid.clone().path(unknown_agent().path()));
    requests.push(invalid.header(&IF_MATCH, Some(b"\"outdated\"")));
    requests.push(change(session).path(unknown_agent().path()).header(&IF_MATCH, Some(b"\"outdated\"")));
    refuse_all(session, requests).await
}

/// Updates that are valid but for their text. A lenient parser reads them.
async fn text(session: &mut Session) -> Done {
    let model = format!("{{\"llmModel\": \"{}\", ", session.model().as_str());
    let variable = |value: &str| format!("{model}\"variables\": {{\"a\": {value}}}}}").into_bytes();
    let in_name = |bytes: &[u8]| [model.as_bytes(), b"\"name\": \"x", bytes, b"\"}"].concat();
    let valid = variable("1");
    let mut texts: Vec<_> = LENIENT_VALUES.iter().map(|value| variable(value)).collect();
    texts.extend(LENIENT_BYTES.iter().map(|bytes| in_name(bytes)));
    texts.push([b"\xEF\xBB\xBF", &*valid].concat());
    texts.extend([&b"{}"[..], b"x", b"\0"].map(|after| [&*valid, after].concat()));
    texts.push(valid.strip_suffix(b"}").unwrap_or(&valid).to_vec());
    let requests: Vec<_> = texts.into_iter().map(|text| session.target().update(text)).collect();
    refuse_all(session, requests).await
}

/// Values that some parsers read, and JSON does not have.
const LENIENT_VALUES: [&str; 26] = [
    "NaN",
    "Infinity",
    "-Infinity",
    "007",
    "-01",
    "0x1F",
    "+1",
    "1.",
    ".5",
    "1_000",
    "1e400",
    "'x'",
    "undefined",
    "True",
    "nil",
    "[1,]",
    "[,1]",
    "[1 2]",
    "{\"b\": 1,}",
    "{b: 1}",
    "/* x */ 1",
    "1 // x\n",
    "1 # x\n",
    r#""\x41""#,
    r#""\'""#,
    r#""\uD800""#,
];

/// Bytes that a string must not contain.
const LENIENT_BYTES: [&[u8]; 7] = [b"\n", b"\t", b"\0", b"\x1F", b"\xFF", b"\xC0\xAF", b"\xED\xA0\x80"];

/// The valid fields of an update are not applied if another one is invalid.
async fn no_effect(session: &mut Session) -> Done {
    session.accept(all_fields()).await?;
    let changed = json!({"name": "This must not become the name", "settings": {"speed": 1}, "variables": {}});
    for (field, value) in
        [("llmModel", json!(7)), ("ttsModel", json!({})), ("settings", json!({"speed": 1, "volume": -1}))]
    {
        let mut fields = changed.clone();
        fields[field] = value;
        let request = session.update_of(fields);
        session.refuse(request).await?;
        session.check_unchanged().await?;
    }
    Ok(())
}

async fn pairs(session: &mut Session) -> Done {
    send_random(session, random::pairs(session.options.seed)).await
}

async fn random_updates(session: &mut Session) -> Done {
    send_random(session, random::invalid(session.options.seed, random::INVALID)).await
}

async fn send_random(session: &mut Session, texts: Vec<String>) -> Done {
    session.ensure_known().await?;
    for text in texts {
        random::exchange(session, text).await?;
    }
    session.log.forget_exchanges();
    session.check_unchanged().await
}
