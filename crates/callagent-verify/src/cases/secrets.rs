//! Secrets: no response repeats a key.

use callagent::{KeyChange, TtsProvider};
use data_encoding::BASE64;
use http::header::IF_MATCH;
use serde_json::json;

use super::common::{all_fields, table, unknown_agent};
use crate::{
    case::{Case, Group},
    expectation::Expected,
    judge::Mismatch,
    log::{Done, Stop},
    profile::Basis,
    request::Request,
    response::Response,
    session::Session,
};

/// The key in requests. It is made up, and easy to recognize.
pub(super) const MADE_UP_KEY: &str = "sk-made-up-by-callagent-verify-SECRET";

pub(super) fn cases() -> Vec<Case> {
    table! { Group::Secrets;
        "violations", "A refusal of a key or of a field near it does not repeat the key", ["http.secrets"], violations;
        "malformed", "A refusal of malformed text does not repeat a key", ["http.secrets"], malformed;
        "misspelled", "A refusal does not repeat a key whose field name is misspelled", ["http.secrets"], misspelled;
        "refusals", "No other refusal repeats a key", ["http.secrets"], refusals;
        "access-key", "No response repeats the access key", ["http.secrets"], access_key;
        "stored", "No response shows a stored key in clear text", ["http.secrets"], stored;
        "other-provider", "A response with another provider has no key", ["apply.key.sent"], other_provider;
        "removed", "Null with another provider removes the key", ["apply.key.null"], removed;
    }
}

/// Checks that a response does not contain a text, in clear or in Base64.
fn check(session: &mut Session, response: &Response, secret: &str) -> Done {
    let encoded = BASE64.encode(secret.as_bytes());
    let contains = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.contains(secret) || text.contains(encoded.trim_end_matches('='))
    };
    let in_header = response.headers.iter().find(|(_, value)| contains(value.as_bytes())).map(|(name, _)| name);
    let place = match in_header {
        Some(name) => format!("the header `{name}`"),
        None if contains(&response.body) => "the body".to_owned(),
        None => return Ok(()),
    };
    // The page promises that keys are encrypted.
    let basis = if response.status.is_success() { Basis::Page } else { Basis::Contract };
    let message = format!("expected a response without the secret of the request, found it in {place}");
    session.note(vec![Mismatch { basis, ..Mismatch::page(message) }])
}

async fn refuse_all(session: &mut Session, requests: Vec<Request>) -> Done {
    session.ensure_known().await?;
    for request in requests {
        session.log.forget_exchanges();
        // A tolerant server may accept an unknown provider.
        if !matches!(session.expected(&request), Ok(Expected::Refused(_))) {
            continue;
        }
        let response = session.refuse(request).await;
        // The secret matters even if the status is wrong.
        if let Some(response) = session.log.last_response() {
            check(session, &response, MADE_UP_KEY)?;
        }
        response?;
    }
    Ok(())
}

async fn violations(session: &mut Session) -> Done {
    let other = TtsProvider::OpenAi;
    let voices = [
        json!({"provider": other, "elevenLabsApiKey": [MADE_UP_KEY]}),
        json!({"provider": other, "elevenLabsApiKey": {"key": MADE_UP_KEY}}),
        json!({"provider": MADE_UP_KEY.to_owned() + " elevenLabsApiKey"}),
        json!({"provider": "unknown", "elevenLabsApiKey": MADE_UP_KEY}),
        json!({"elevenLabsApiKey": MADE_UP_KEY}),
        json!({"provider": TtsProvider::ElevenLabsByo, "elevenLabsApiKey": MADE_UP_KEY, "voiceId": 7}),
    ];
    let mut requests: Vec<_> = voices.into_iter().map(|voice| session.update_of(json!({"ttsModel": voice}))).collect();
    let twice = format!(
        r#"{{"llmModel": "{}", "ttsModel": {{"provider": "{}", "elevenLabsApiKey": "{MADE_UP_KEY}", "elevenLabsApiKey": "{MADE_UP_KEY}"}}}}"#,
        session.model().as_str(),
        TtsProvider::ElevenLabsByo.as_str(),
    );
    requests.push(session.target().update(twice));
    refuse_all(session, requests).await
}

async fn malformed(session: &mut Session) -> Done {
    let texts = [
        format!(r#"{{"ttsModel": {{"elevenLabsApiKey": "{MADE_UP_KEY}"#),
        format!(r#"{{"ttsModel": {{"elevenLabsApiKey": {MADE_UP_KEY}}}}}"#),
        format!(r#"{{"ttsModel": {{"elevenLabsApiKey": "{MADE_UP_KEY}"}}}},"#),
        format!(r#"{{"ttsModel": {{'elevenLabsApiKey': '{MADE_UP_KEY}'}}}}"#),
    ];
    let requests = texts.map(|text| session.target().update(text)).into();
    refuse_all(session, requests).await
}

async fn misspelled(session: &mut Session) -> Done {
    let names = ["elevenlabsapikey", "eleven_labs_api_key", "elevenLabsAPIKey", "ElevenLabs-Api-Key"];
    let mut requests = Vec::new();
    for name in names {
        // Also with a violation that a server that ignores unknown fields refuses.
        for at_root in [true, false] {
            let fields = if at_root {
                json!({"name": 7, name: MADE_UP_KEY})
            } else {
                json!({"name": 7, "ttsModel": {"provider": TtsProvider::OpenAi, name: MADE_UP_KEY}})
            };
            requests.push(session.update_of(fields));
        }
    }
    refuse_all(session, requests).await
}

async fn refusals(session: &mut Session) -> Done {
    let voice = json!({"provider": TtsProvider::ElevenLabsByo, "elevenLabsApiKey": MADE_UP_KEY});
    let update = session.update_of(json!({"name": "Secret", "ttsModel": voice}));
    let workspace = http::HeaderName::from_static(callagent::WorkspaceId::HEADER);
    let requests = vec![
        update.clone().path(unknown_agent().path()),
        update.clone().path(format!("{}/", update.path)),
        update.clone().content_type(Some("text/plain")),
        update.clone().header(&workspace, None),
        update.header(&IF_MATCH, Some(b"5")),
    ];
    // A server that accepts one of them stores the key. That is its fault, but it must not be ours.
    refuse_all(session, requests).await
}

async fn access_key(session: &mut Session) -> Done {
    let key = session.target().access_key.as_ref().and_then(|key| key.to_str().ok()).map(str::to_owned);
    let Some(key) = key.filter(|key| key.len() > 3) else {
        return Err(Stop::NotApplicable("no access key is given".to_owned()));
    };
    session.ensure_known().await?;
    let response = session.read().await?;
    check(session, &response, &key)?;
    for request in [session.update_of(json!({"name": 7})), session.reading().path(unknown_agent().path())] {
        let response = session.refuse(request).await?;
        check(session, &response, &key)?;
    }
    Ok(())
}

/// The response must have the key encrypted, or not at all.
async fn stored(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let own = json!({"provider": TtsProvider::ElevenLabsByo, "elevenLabsApiKey": MADE_UP_KEY});
    for fields in [json!({ "ttsModel": own }), json!({"name": "With a key"})] {
        let response = session.accept(fields).await?;
        check(session, &response, MADE_UP_KEY)?;
    }
    session.accept(json!({"ttsModel": all_fields()["ttsModel"]})).await.map(drop)
}

async fn other_provider(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let own = json!({"provider": TtsProvider::ElevenLabsByo, "elevenLabsApiKey": MADE_UP_KEY});
    let other = TtsProvider::OpenAi;
    let unused = json!({"provider": other, "elevenLabsApiKey": MADE_UP_KEY});
    for voice in [own, json!({ "provider": other }), unused] {
        let response = session.accept(json!({ "ttsModel": voice })).await?;
        check(session, &response, MADE_UP_KEY)?;
        let is_other = voice["provider"] == json!(other);
        let shows_key = session.known().and_then(|known| known.agent.tts.as_ref()?.api_key.as_ref()).is_some();
        if is_other && shows_key {
            let message = format!("expected a response without a key for the provider {}", other.as_str());
            session.note(vec![Mismatch::page(message)])?;
        }
    }
    Ok(())
}

async fn removed(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let other = TtsProvider::OpenAi;
    let removed = json!({"provider": other, "elevenLabsApiKey": KeyChange::Remove});
    session.accept(json!({ "ttsModel": removed })).await.map(drop)
}
