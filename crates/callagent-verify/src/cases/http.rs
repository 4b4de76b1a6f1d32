//! HTTP itself.

use http::{HeaderName, Method, StatusCode, header::CONTENT_TYPE};
use serde_json::json;

use super::{
    common::{all_fields, table, unknown_agent},
    preconditions,
};
use crate::{
    case::{Action, Case, Group},
    log::{Done, Stop},
    profile::Profile,
    session::Session,
};

/// How many requests are sent to find out what the server answers if there are too many.
const AT_A_TIME: usize = 12;
const BURSTS: usize = 4;

pub(super) fn cases() -> Vec<Case> {
    let own = table! { Group::Http;
        "method", "A method other than PUT is answered with 405 and Allow", ["http.method"], method;
        "if-match-outdated", "An outdated or weak tag in If-Match is answered with 412", ["http.precondition.failed"], preconditions::outdated;
        "if-match-current", "The current tag in If-Match is accepted, alone or in a list", ["http.precondition.met"], preconditions::current_tag;
        "if-match-any", "If-Match: * is accepted", ["http.precondition.met"], preconditions::any;
        "if-match-in-effect", "An update that is already in effect is accepted", ["http.precondition.in-effect"], preconditions::in_effect;
        "overload", "Responses with 429 or 503 have Retry-After", ["http.overload"], overload;
        "time", "A request that never completes is answered with 408 or its connection is closed", ["http.time"], time;
    };
    let general = [
        ("status", "Accepted updates are answered with 200", "http.accepted.status"),
        ("agent", "The response has every field of the update", "http.accepted.agent"),
        ("response-type", "Responses with an agent are application/json", "http.accepted.media-type"),
        ("cache-control", "Responses with an agent have Cache-Control: no-transform", "http.accepted.cache-control"),
        ("etag", "The ETag of an agent is strong and changes when the agent changes", "http.accepted.etag"),
        ("repeated", "A repeated update changes neither ETag nor updatedAt", "http.repeated"),
        ("violation-status", "Violations are answered with 422", "http.refused.status"),
        ("malformed-status", "Text that is not JSON is answered with 400", "http.refused.malformed"),
        ("problem", "Refusals are problem documents", "http.refused.problem"),
        ("violations", "Problem documents list the violations", "http.refused.violations"),
    ];
    let general = general.map(|(name, title, sentence)| Case {
        group: Group::Http,
        number: 0,
        name: name.into(),
        title: title.into(),
        sentences: vec![sentence.into()],
        action: Action::General(sentence),
    });
    own.into_iter().chain(general).collect()
}

/// Methods that may change something are sent to an agent that does not exist.
async fn method(session: &mut Session) -> Done {
    if session.options.profile == Profile::Documented {
        return Err(Stop::NotApplicable("the page documents a single method, and does not rule others out".to_owned()));
    }
    session.ensure_known().await?;
    for method in [Method::GET, Method::HEAD] {
        let request = session.reading().method(method).body("");
        session.refuse(request).await?;
    }
    for method in [Method::POST, Method::PATCH, Method::DELETE] {
        let request = session.reading().method(method).path(unknown_agent().path());
        session.refuse(request).await?;
    }
    // An update after all, which does no harm.
    let overridden = session.reading().method(Method::POST);
    let name = HeaderName::from_static("x-http-method-override");
    session.refuse(overridden.header(&name, Some(callagent::UPDATE_AGENT.method.as_str().as_bytes()))).await?;
    let custom = Method::from_bytes(b"PURGE").unwrap_or(Method::TRACE);
    let request = session.reading().method(custom).path(unknown_agent().path());
    session.refuse(request).await.map(drop)
}

/// Sends all but the last byte of a request, to an agent that does not exist.
async fn time(session: &mut Session) -> Done {
    let request = session.reading().path(unknown_agent().path());
    session.note_sent(&request);
    let patience = session.patience();
    match tokio::time::timeout(patience, session.client.send_incomplete(&request)).await {
        Ok(Ok(None)) => Ok(()),
        Ok(Ok(Some(response))) if response.status == StatusCode::REQUEST_TIMEOUT => Ok(()),
        Ok(Ok(Some(response))) => {
            let message = format!("expected status 408 or a closed connection, found {}", response.status.as_u16());
            session.log.push(&request, Some(response));
            session.note(vec![crate::judge::Mismatch::contract(message)])
        }
        Ok(Err(error @ crate::client::SendError::Connect(_))) => Err(session.unanswered(&request, &error)),
        _ => Err(Stop::Skipped(format!(
            "the server still waits after {patience:?}; to wait longer, run this case alone with a longer --timeout"
        ))),
    }
}

/// Sends many requests at a time, and looks at what the server answered to any request of the run if it had too many.
async fn overload(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let requests = vec![session.reading(); AT_A_TIME];
    for _ in 0..BURSTS {
        session.send_many(&requests).await?;
    }
    if session.saw_overload {
        session.claim_general("http.overload")
    } else {
        Err(Stop::NotApplicable("the server was not overloaded".to_owned()))
    }
}

/// Sends the requests whose responses have what general cases look at.
pub(crate) async fn observe(session: &mut Session) -> Done {
    session.ensure_known().await?;
    session.accept(all_fields()).await?;
    session.accept(all_fields()).await?;
    session.accept(json!({"name": "Observed"})).await?;
    let invalid = [
        session.update_of(json!({"name": 7, "settings": {"speed": -1}})),
        session.target().update("{"),
        session.reading().header(&HeaderName::from_static(callagent::WorkspaceId::HEADER), None),
        session.reading().path(unknown_agent().path()),
        session.reading().header(&CONTENT_TYPE, Some(b"text/plain")),
    ];
    for request in invalid {
        // Wrong responses are the failures of other cases.
        if let Err(stop @ Stop::GivenUp(_)) = session.exchange(request).await {
            return Err(stop);
        }
        session.ensure_known().await?;
    }
    Ok(())
}
