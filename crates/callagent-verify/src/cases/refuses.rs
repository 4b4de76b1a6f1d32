//! What every server must refuse.

use callagent::{ACCESS_KEY_HEADER, AgentId, WorkspaceId, model::Operation};
use http::{
    HeaderName, HeaderValue, Method, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, IF_MATCH},
};
use serde_json::json;

use super::{
    common::{all_fields, table, unknown_agent},
    documents, random,
};
use crate::{
    case::{Case, Group},
    expectation::{ACCEPTED_SIZE, Expected},
    judge::Mismatch,
    log::{Done, Stop},
    request::Request,
    session::Session,
};

const WORKSPACE: HeaderName = HeaderName::from_static(WorkspaceId::HEADER);
/// The largest body that the test sends.
const LARGEST_SIZE: usize = 32 << 20;

pub(super) fn cases() -> Vec<Case> {
    let own = table! { Group::Refuses;
        "workspace-missing", "A request without x-workspace-id is refused", ["http.header.workspace"], workspace_missing;
        "workspace-empty", "An empty x-workspace-id is refused", ["http.header.workspace"], workspace_empty;
        "workspace-repeated", "Two x-workspace-id headers are refused", ["http.header.workspace"], workspace_repeated;
        "workspace-invalid", "An x-workspace-id that is not ASCII is refused", ["http.header.workspace"], workspace_invalid;
        "workspace-other", "The agent is not found in another workspace", ["http.not-found", "http.not-found.same", "http.access.workspace"], workspace_other;
        "agent-id-escape", "A malformed percent escape in agentId is refused", ["http.path.agent-id"], agent_id_escape;
        "agent-id-utf-8", "An agentId that is not UTF-8 is refused", ["http.path.agent-id"], agent_id_utf_8;
        "agent-id-dots", "The agentIds . and .. are refused", ["http.path.agent-id"], agent_id_dots;
        "agent-unknown", "An unknown agent is not found", ["http.not-found"], agent_unknown;
        "agent-id-exact", "An agentId is compared exactly", ["http.not-found"], agent_id_exact;
        "agent-id-decoded-once", "An agentId is decoded once", ["http.path.segment"], agent_id_decoded_once;
        "agent-id-slash", "An encoded slash belongs to the agentId", ["http.path.segment"], agent_id_slash;
        "path-trailing-slash", "A path with a trailing slash is answered with 404", ["http.path.other"], path_trailing_slash;
        "path-empty-segment", "A path without an agentId is answered with 404", ["http.path.other"], path_empty_segment;
        "path-double-slash", "A path with // is answered with 404", ["http.path.other"], path_double_slash;
        "path-dot-segments", "A path with additional . or .. segments is answered with 404", ["http.path.other"], path_dot_segments;
        "path-encoded", "An encoded slash does not separate segments", ["http.path.other"], path_encoded;
        "path-case", "The path is compared exactly", ["http.path.other"], path_case;
        "media-type-missing", "A body without a media type is refused", ["http.media-type.refused"], media_type_missing;
        "media-type-other", "A body with another media type is refused", ["http.media-type.refused"], media_type_other;
        "content-encoding", "A body with Content-Encoding is refused", ["http.media-type.encoding"], content_encoding;
        "if-match-empty", "An empty If-Match is refused", ["http.header.if-match"], if_match_empty;
        "if-match-malformed", "An If-Match that is not a list of tags is refused", ["http.header.if-match"], if_match_malformed;
        "size", "A body above the limit of the server is refused", ["http.size.refused"], size;
        "access-key-missing", "A request without an access key is refused", ["http.access.key"], access_key_missing;
        "access-key-wrong", "A request with a wrong access key is refused", ["http.access.key"], access_key_wrong;
        "order", "A request with several faults is answered for the first one", ["http.order"], order;
        "text", "Text that only a lenient parser accepts is refused", ["text.malformed.syntax"], text;
        "no-effect", "An update with a violation has no effect at all", ["http.refused.no-effect"], no_effect;
        "pairs", "An update with two violations is refused, and both are reported", ["principles.all-violations"], pairs;
        "random", "Random invalid updates are refused", ["principles.all-violations"], random_updates;
    };
    own.into_iter().chain(documents::cases(Group::Refuses, false)).collect()
}

/// Sends requests that must be refused, then checks that they had no effect.
async fn refuse_all(session: &mut Session, requests: impl IntoIterator<Item = Request>) -> Done {
    session.ensure_known().await?;
    for request in requests {
        session.log.forget_exchanges();
        session.refuse(request).await?;
    }
    session.log.forget_exchanges();
    session.check_unchanged().await
}

/// An update that would change the agent if it were accepted.
fn change(session: &Session) -> Request {
    session.update_of(json!({"name": "This must not become the name"}))
}

async fn workspace_missing(session: &mut Session) -> Done {
    let request = change(session).header(&WORKSPACE, None);
    refuse_all(session, [request]).await
}

async fn workspace_empty(session: &mut Session) -> Done {
    let request = change(session).header(&WORKSPACE, Some(b""));
    refuse_all(session, [request]).await
}

async fn workspace_repeated(session: &mut Session) -> Done {
    let twice = |second: &[u8]| {
        let mut request = change(session);
        request.headers.append(WORKSPACE, HeaderValue::from_bytes(second).expect("a header value"));
        request
    };
    let requests = [twice(session.target().workspace.as_str().as_bytes()), twice(b"another")];
    refuse_all(session, requests).await
}

async fn workspace_invalid(session: &mut Session) -> Done {
    let workspace = session.target().workspace.as_str().as_bytes().to_vec();
    let invalid = ["\u{E9}".as_bytes(), b"\xFF"].map(|end| [&*workspace, end].concat());
    let requests = invalid.map(|value| change(session).header(&WORKSPACE, Some(&value)));
    refuse_all(session, requests).await
}

/// Another workspace's agent and one that nobody has are answered alike.
async fn workspace_other(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let other = format!("{}-callagent-verify", session.target().workspace);
    let in_other = |request: Request| request.header(&WORKSPACE, Some(other.as_bytes()));
    let swapped = swap_case(session.target().workspace.as_str());
    if swapped != session.target().workspace.as_str() {
        let request = change(session).header(&WORKSPACE, Some(swapped.as_bytes()));
        session.refuse(request).await?;
    }
    let existing = session.refuse(in_other(change(session))).await?;
    let unknown = session.refuse(in_other(change(session)).path(unknown_agent().path())).await?;
    if (existing.status, &existing.body) != (unknown.status, &unknown.body) {
        let message = "expected the same answer whether the agent exists in another workspace or nowhere";
        return session.note(vec![Mismatch::contract(message).cites("http.not-found.same")]);
    }
    Ok(())
}

/// Paths of agents whose ids are these segments.
async fn refuse_segments(session: &mut Session, segments: &[&str]) -> Done {
    let path = |segment: &&str| change(session).path(format!("{}{segment}", AgentId::PATH_PREFIX));
    let requests: Vec<_> = segments.iter().map(path).collect();
    refuse_all(session, requests).await
}

async fn agent_id_escape(session: &mut Session) -> Done {
    let id = session.target().agent.segment();
    let segments = [format!("{id}%"), format!("{id}%4"), format!("{id}%zz"), format!("%u0061{id}")];
    refuse_segments(session, &segments.each_ref().map(String::as_str)).await
}

async fn agent_id_utf_8(session: &mut Session) -> Done {
    let id = session.target().agent.segment();
    let segments = [format!("{id}%FF"), format!("{id}%C3"), format!("{id}%ED%A0%80")];
    refuse_segments(session, &segments.each_ref().map(String::as_str)).await
}

async fn agent_id_dots(session: &mut Session) -> Done {
    refuse_segments(session, &["%2E", "%2e%2E", ".%2e"]).await
}

async fn agent_unknown(session: &mut Session) -> Done {
    let request = change(session).path(unknown_agent().path());
    refuse_all(session, [request]).await
}

async fn agent_id_exact(session: &mut Session) -> Done {
    let id = session.target().agent.segment();
    let mut segments =
        vec![format!("{id}%20"), format!("%20{id}"), format!("{id};v=1"), format!("{id}%00"), format!("{id}.json")];
    let swapped = swap_case(session.target().agent.as_str());
    segments.extend(
        AgentId::new(&*swapped).ok().filter(|other| *other != session.target().agent).map(|other| other.segment()),
    );
    refuse_segments(session, &segments.iter().map(String::as_str).collect::<Vec<_>>()).await
}

fn swap_case(text: &str) -> String {
    let swap = |letter: char| {
        if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
    };
    text.chars().map(swap).collect()
}

async fn agent_id_decoded_once(session: &mut Session) -> Done {
    let encoded: String = session.target().agent.as_str().bytes().map(|byte| format!("%25{byte:02X}")).collect();
    refuse_segments(session, &[&encoded]).await
}

/// If the server took an encoded slash for a separator, these would be paths of the agent.
async fn agent_id_slash(session: &mut Session) -> Done {
    let id = session.target().agent.segment();
    let segments = [format!("{id}%2F"), format!("%2F{id}"), format!("x%2F..%2F{id}"), format!("%2E%2Fx%2F..%2F{id}")];
    refuse_segments(session, &segments.each_ref().map(String::as_str)).await
}

async fn path_trailing_slash(session: &mut Session) -> Done {
    let id = session.target().agent.segment();
    refuse_segments(session, &[&format!("{id}/")]).await
}

async fn path_empty_segment(session: &mut Session) -> Done {
    let without_slash = change(session).path(AgentId::PATH_PREFIX.trim_end_matches('/'));
    let requests = [change(session).path(AgentId::PATH_PREFIX), without_slash];
    refuse_all(session, requests).await
}

async fn path_double_slash(session: &mut Session) -> Done {
    let path = session.target().agent.path();
    let last = path.rfind('/').unwrap_or_default();
    let (before, after) = path.split_at(last);
    let paths = [format!("/{path}"), format!("{before}/{after}")];
    let requests = paths.map(|path| change(session).path(path));
    refuse_all(session, requests).await
}

async fn path_dot_segments(session: &mut Session) -> Done {
    let path = session.target().agent.path();
    let requests =
        [format!("/.{path}"), format!("/x/..{path}"), format!("{path}/.")].map(|path| change(session).path(path));
    refuse_all(session, requests).await
}

async fn path_encoded(session: &mut Session) -> Done {
    let path = session.target().agent.path();
    let encoded = path.trim_start_matches('/').replace('/', "%2F");
    let last = path.rfind('/').map(|last| format!("{}%2F{}", &path[..last], &path[last + 1..]));
    let requests = [Some(format!("/{encoded}")), last].into_iter().flatten().map(|path| change(session).path(path));
    let requests: Vec<_> = requests.collect();
    refuse_all(session, requests).await
}

async fn path_case(session: &mut Session) -> Done {
    let path = format!("{}{}", AgentId::PATH_PREFIX.to_ascii_uppercase(), session.target().agent.segment());
    let request = change(session).path(path);
    refuse_all(session, [request]).await
}

async fn media_type_missing(session: &mut Session) -> Done {
    let request = change(session).content_type(None);
    refuse_all(session, [request]).await
}

async fn media_type_other(session: &mut Session) -> Done {
    let others = [
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/problem+json",
        "application/jsonx",
        "application/octet-stream",
        "",
    ];
    let mut requests: Vec<_> = others.iter().map(|other| change(session).content_type(Some(other))).collect();
    let mut twice = change(session);
    twice.headers.append(CONTENT_TYPE, HeaderValue::from_static(Operation::MEDIA_TYPE));
    requests.push(twice);
    refuse_all(session, requests).await
}

async fn content_encoding(session: &mut Session) -> Done {
    let encodings = ["gzip", "br", "identity", "x-unknown"];
    let requests = encodings.map(|encoding| change(session).header(&CONTENT_ENCODING, Some(encoding.as_bytes())));
    refuse_all(session, requests).await
}

async fn if_match_empty(session: &mut Session) -> Done {
    let requests = ["", ",", " , ,"].map(|value| change(session).header(&IF_MATCH, Some(value.as_bytes())));
    refuse_all(session, requests).await
}

async fn if_match_malformed(session: &mut Session) -> Done {
    let malformed = ["5", "\"5", "5\"", "W/5", "w/\"5\"", "\"5\" \"6\"", "\"5\", *", "\"5\", 6", "\"a b\""];
    let requests = malformed.map(|value| change(session).header(&IF_MATCH, Some(value.as_bytes())));
    refuse_all(session, requests).await
}

/// Sends larger and larger bodies until one is refused.
async fn size(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let mut size = 2 * ACCEPTED_SIZE;
    while size <= LARGEST_SIZE {
        session.log.forget_exchanges();
        let mut body = session.reading().body;
        body.resize(size, b' ');
        let request = session.target().update(body);
        session.note_sent(&request);
        match session.client_mut().send(&request).await {
            Ok(answer) => {
                session.log.push(&request, Some(answer.clone()));
                let status = answer.status;
                if status == StatusCode::PAYLOAD_TOO_LARGE {
                    return Ok(());
                }
                if !status.is_success() {
                    let message = format!("expected status 200 or 413, found {}", status.as_u16());
                    return session.note(vec![Mismatch::contract(message)]);
                }
            }
            // The server may close the connection while the body is being sent, and the answer is lost.
            Err(crate::client::SendError::Closed) => return Ok(()),
            Err(error) => return Err(session.unanswered(&request, &error)),
        }
        size *= 2;
    }
    Err(Stop::Skipped(format!("the server accepts {} MiB, the largest body of the test", LARGEST_SIZE >> 20)))
}

async fn access_key_missing(session: &mut Session) -> Done {
    require_access_key(session)?;
    let request = change(session).without_access_key();
    refuse_all(session, [request]).await
}

async fn access_key_wrong(session: &mut Session) -> Done {
    require_access_key(session)?;
    let key = session.target().access_key.as_ref().and_then(|key| key.to_str().ok()).unwrap_or_default();
    let (cut, swapped) = (key.get(..key.len().saturating_sub(1)).unwrap_or_default(), swap_case(key));
    let mut others = vec!["wrong".to_owned(), String::new(), cut.to_owned(), format!("{key}x")];
    others.extend((swapped != key).then_some(swapped));
    let header = HeaderName::from_static(ACCESS_KEY_HEADER);
    let requests = others.into_iter().filter_map(|other| {
        let mut value = HeaderValue::from_str(&other).ok()?;
        // Most of them reveal the key.
        value.set_sensitive(true);
        let mut request = change(session).without_access_key();
        request.headers.insert(header.clone(), value);
        Some(request)
    });
    let requests: Vec<_> = requests.collect();
    refuse_all(session, requests).await
}

fn require_access_key(session: &Session) -> Done {
    match session.target().access_key {
        Some(_) => Ok(()),
        None => Err(Stop::NotApplicable("no access key is given".to_owned())),
    }
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
