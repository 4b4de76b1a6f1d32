//! Requests that a server refuses because of their path, headers or size.

use callagent::{ACCESS_KEY_HEADER, AgentId, model::Operation};
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, IF_MATCH},
};

use super::common::{WORKSPACE, change, refuse_all, unknown_agent};
use crate::{
    client::SendError,
    expectation::ACCEPTED_SIZE,
    judge::Mismatch,
    log::{Done, Stop},
    request::Request,
    session::Session,
};

/// The largest body that the test sends.
const LARGEST_SIZE: usize = 32 << 20;

pub(super) async fn workspace_missing(session: &mut Session) -> Done {
    let request = change(session).header(&WORKSPACE, None);
    refuse_all(session, [request]).await
}

pub(super) async fn workspace_empty(session: &mut Session) -> Done {
    let request = change(session).header(&WORKSPACE, Some(b""));
    refuse_all(session, [request]).await
}

pub(super) async fn workspace_repeated(session: &mut Session) -> Done {
    let twice = |second: &[u8]| {
        let mut request = change(session);
        request.headers.append(WORKSPACE, HeaderValue::from_bytes(second).expect("a header value"));
        request
    };
    let requests = [twice(session.target().workspace.as_str().as_bytes()), twice(b"another")];
    refuse_all(session, requests).await
}

pub(super) async fn workspace_invalid(session: &mut Session) -> Done {
    let workspace = session.target().workspace.as_str().as_bytes().to_vec();
    let invalid = ["\u{E9}".as_bytes(), b"\xFF"].map(|end| [&*workspace, end].concat());
    let requests = invalid.map(|value| change(session).header(&WORKSPACE, Some(&value)));
    refuse_all(session, requests).await
}

/// Another workspace's agent and one that nobody has are answered alike.
pub(super) async fn workspace_other(session: &mut Session) -> Done {
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
        let message = "expected the same response whether the agent exists in another workspace or nowhere";
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

pub(super) async fn agent_id_escape(session: &mut Session) -> Done {
    let id = session.target().agent.segment();
    let segments = [format!("{id}%"), format!("{id}%4"), format!("{id}%zz"), format!("%u0061{id}")];
    refuse_segments(session, &segments.each_ref().map(String::as_str)).await
}

pub(super) async fn agent_id_utf_8(session: &mut Session) -> Done {
    let id = session.target().agent.segment();
    let segments = [format!("{id}%FF"), format!("{id}%C3"), format!("{id}%ED%A0%80")];
    refuse_segments(session, &segments.each_ref().map(String::as_str)).await
}

pub(super) async fn agent_id_dots(session: &mut Session) -> Done {
    refuse_segments(session, &["%2E", "%2e%2E", ".%2e"]).await
}

pub(super) async fn agent_unknown(session: &mut Session) -> Done {
    let request = change(session).path(unknown_agent().path());
    refuse_all(session, [request]).await
}

pub(super) async fn agent_id_exact(session: &mut Session) -> Done {
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

pub(super) async fn agent_id_decoded_once(session: &mut Session) -> Done {
    let encoded: String = session.target().agent.as_str().bytes().map(|byte| format!("%25{byte:02X}")).collect();
    refuse_segments(session, &[&encoded]).await
}

/// If the server took an encoded slash for a separator, these would be paths of the agent.
pub(super) async fn agent_id_slash(session: &mut Session) -> Done {
    let id = session.target().agent.segment();
    // The last one is invalid as an agentId only, so a server that takes it for another path shows itself.
    let encoded = ["%2F", "%2F%zz"].map(|end| format!("{id}{end}"));
    let hidden = ["%2F", "x%2F..%2F", "%2E%2Fx%2F..%2F"].map(|before| format!("{before}{id}"));
    let segments: Vec<_> = encoded.iter().chain(&hidden).map(String::as_str).collect();
    refuse_segments(session, &segments).await
}

pub(super) async fn path_trailing_slash(session: &mut Session) -> Done {
    let id = session.target().agent.segment();
    refuse_segments(session, &[&format!("{id}/")]).await
}

pub(super) async fn path_empty_segment(session: &mut Session) -> Done {
    let without_slash = change(session).path(AgentId::PATH_PREFIX.trim_end_matches('/'));
    let requests = [change(session).path(AgentId::PATH_PREFIX), without_slash];
    refuse_all(session, requests).await
}

pub(super) async fn path_double_slash(session: &mut Session) -> Done {
    let path = session.target().agent.path();
    let last = path.rfind('/').unwrap_or_default();
    let (before, after) = path.split_at(last);
    let paths = [format!("/{path}"), format!("{before}/{after}")];
    let requests = paths.map(|path| change(session).path(path));
    refuse_all(session, requests).await
}

pub(super) async fn path_dot_segments(session: &mut Session) -> Done {
    let path = session.target().agent.path();
    let requests =
        [format!("/.{path}"), format!("/x/..{path}"), format!("{path}/.")].map(|path| change(session).path(path));
    refuse_all(session, requests).await
}

pub(super) async fn path_encoded(session: &mut Session) -> Done {
    let path = session.target().agent.path();
    let encoded = path.trim_start_matches('/').replace('/', "%2F");
    let last = path.rfind('/').map(|last| format!("{}%2F{}", &path[..last], &path[last + 1..]));
    let requests = [Some(format!("/{encoded}")), last].into_iter().flatten().map(|path| change(session).path(path));
    let requests: Vec<_> = requests.collect();
    refuse_all(session, requests).await
}

pub(super) async fn path_case(session: &mut Session) -> Done {
    let path = format!("{}{}", AgentId::PATH_PREFIX.to_ascii_uppercase(), session.target().agent.segment());
    let request = change(session).path(path);
    refuse_all(session, [request]).await
}

pub(super) async fn media_type_missing(session: &mut Session) -> Done {
    let request = change(session).content_type(None);
    refuse_all(session, [request]).await
}

pub(super) async fn media_type_other(session: &mut Session) -> Done {
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

pub(super) async fn content_encoding(session: &mut Session) -> Done {
    let encodings = ["gzip", "br", "identity", "x-unknown"];
    let requests = encodings.map(|encoding| change(session).header(&CONTENT_ENCODING, Some(encoding.as_bytes())));
    refuse_all(session, requests).await
}

pub(super) async fn if_match_empty(session: &mut Session) -> Done {
    let requests = ["", ",", " , ,"].map(|value| change(session).header(&IF_MATCH, Some(value.as_bytes())));
    refuse_all(session, requests).await
}

pub(super) async fn if_match_malformed(session: &mut Session) -> Done {
    let malformed = ["5", "\"5", "5\"", "W/5", "w/\"5\"", "\"5\" \"6\"", "\"5\", *", "\"5\", 6", "\"a b\""];
    let requests = malformed.map(|value| change(session).header(&IF_MATCH, Some(value.as_bytes())));
    refuse_all(session, requests).await
}

/// Sends larger and larger bodies until one is refused.
pub(super) async fn size(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let mut size = 2 * ACCEPTED_SIZE;
    while size <= LARGEST_SIZE {
        session.log.forget_exchanges();
        let mut body = session.reading().body;
        body.resize(size, b' ');
        let request = session.target().update(body);
        session.note_sent(&request);
        match session.client.send(&request).await {
            Ok(response) => {
                session.log.push(&request, Some(response.clone()));
                let status = response.status;
                if status == StatusCode::PAYLOAD_TOO_LARGE {
                    return large_of_other_type(session, request).await;
                }
                if !status.is_success() {
                    let message = format!("expected status 200 or 413, found {}", status.as_u16());
                    return session.note(vec![Mismatch::contract(message)]);
                }
            }
            // The server may close the connection while the body is being sent, and the response is lost.
            Err(SendError::Closed) => return Ok(()),
            Err(error) => return Err(session.unanswered(&request, &error)),
        }
        size *= 2;
    }
    Err(Stop::Skipped(format!("the server accepts {} MiB, the largest body of the test", LARGEST_SIZE >> 20)))
}

/// Sends a body above the limit with another media type, which is the first fault.
async fn large_of_other_type(session: &mut Session, request: Request) -> Done {
    let request = request.content_type(Some("text/plain"));
    session.note_sent(&request);
    match session.client.send(&request).await {
        Ok(response) => {
            session.log.push(&request, Some(response.clone()));
            if response.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                return Ok(());
            }
            let message = format!("expected status 415, found {}", response.status.as_u16());
            session.note(vec![Mismatch::contract(message).cites("http.order")])
        }
        Err(SendError::Closed) => Ok(()),
        Err(error) => Err(session.unanswered(&request, &error)),
    }
}

pub(super) async fn access_key_missing(session: &mut Session) -> Done {
    require_access_key(session)?;
    let request = change(session).without_access_key();
    refuse_all(session, [request]).await
}

pub(super) async fn access_key_wrong(session: &mut Session) -> Done {
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
