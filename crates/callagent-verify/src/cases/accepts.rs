//! What every server must accept.

use http::header::CONTENT_TYPE;
use serde_json::json;

use super::{
    common::{all_fields, table},
    documents, random,
};
use crate::{
    case::{Case, Group},
    expectation::ACCEPTED_SIZE,
    log::Done,
    session::Session,
};

pub(super) fn cases() -> Vec<Case> {
    let own = table! { Group::Accepts;
        "minimal", "An update with only the model is accepted", ["request.optional"], minimal;
        "full", "An update with every field is accepted", ["request.optional"], full;
        "own-key", "An update with 11labs_byo and a key is accepted", ["request.key.due"], own_key;
        "media-type", "application/json is accepted with any parameters", ["http.media-type.accepted"], media_type;
        "agent-id", "An agentId may be percent-encoded", ["http.path.segment"], agent_id;
        "size", "A body of 1 MiB is accepted", ["http.size.accepted"], size;
        "random", "Random valid updates are accepted", ["request.object"], random_updates;
    };
    own.into_iter().chain(documents::cases(Group::Accepts, true)).collect()
}

async fn minimal(session: &mut Session) -> Done {
    session.accept(json!({})).await?;
    session.ensure_known().await
}

async fn full(session: &mut Session) -> Done {
    session.ensure_known().await?;
    session.accept(all_fields()).await.map(drop)
}

async fn own_key(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let own = callagent::TtsProvider::ElevenLabsByo;
    session.accept(json!({"ttsModel": {"provider": own, "elevenLabsApiKey": super::secrets::MADE_UP_KEY}})).await?;
    // The next updates are about other providers.
    session.accept(json!({"ttsModel": all_fields()["ttsModel"]})).await.map(drop)
}

async fn media_type(session: &mut Session) -> Done {
    session.ensure_known().await?;
    for value in [
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
        "application/json; profile=\"a;b\"",
    ] {
        let request = session.reading().header(&CONTENT_TYPE, Some(value.as_bytes()));
        session.exchange(request).await?;
    }
    Ok(())
}

/// Every character of a segment may be percent-encoded, in either case of the digits.
async fn agent_id(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let id = session.target().agent.clone();
    let encode = |upper: bool| {
        let hex = |byte: u8| if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") };
        let segment: String = id.as_str().bytes().map(hex).collect();
        format!("{}{segment}", callagent::AgentId::PATH_PREFIX)
    };
    for path in [encode(true), encode(false)] {
        let request = session.reading().path(path);
        session.exchange(request).await?;
    }
    Ok(())
}

async fn size(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let mut body = session.reading().body;
    body.resize(ACCEPTED_SIZE, b' ');
    let request = session.target().update(body);
    session.exchange(request).await.map(drop)
}

async fn random_updates(session: &mut Session) -> Done {
    session.ensure_known().await?;
    for text in random::valid(session.options.seed, random::VALID) {
        random::exchange(session, text).await?;
    }
    Ok(())
}
