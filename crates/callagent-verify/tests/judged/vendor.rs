//! A server that keeps what the vendor's page promises, and decides everything else differently from the contract. The
//! documented profile does not accuse it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::put,
};
use callagent::{Days, Hours, LlmModel, TtsProvider, TtsUpdate, UpdateAgent, WorkspaceId};
use callagent_verify::{Options, Profile, Target, cases};
use serde_json::{Map, Value, json};

use crate::{agent, block_on, failures, run};

type Agents = Arc<Mutex<Map<String, Value>>>;

/// Checks what the page states: types, required fields, listed values and bounds. Null is like an absent field, undocumented
/// fields are ignored, of a repeated name the last one counts, and a number may have a fraction.
fn is_acceptable(update: &Value) -> bool {
    let is = |name: &str, is_type: fn(&Value) -> bool| {
        update.get(name).is_none_or(|value| value.is_null() || is_type(value))
    };
    let listed =
        |value: Option<&Value>, words: &[&str]| value.and_then(Value::as_str).is_some_and(|word| words.contains(&word));
    let between = |value: Option<&Value>, least: f64, most: f64| {
        value.is_none_or(|value| {
            value.is_null() || value.as_f64().is_some_and(|number| (least..=most).contains(&number))
        })
    };
    let tts = update.get("ttsModel").filter(|tts| !tts.is_null());
    let is_voice = tts.is_none_or(|tts| {
        let text = |name: &str| tts.get(name).is_none_or(|value| value.is_null() || value.is_string());
        let needs_key = tts.get("provider").and_then(Value::as_str) == Some(TtsProvider::ElevenLabsByo.as_str());
        listed(tts.get("provider"), TtsProvider::VOCABULARY.values)
            && ["voiceId", "language", "elevenLabsApiKey"].into_iter().all(text)
            && (!needs_key || tts.get("elevenLabsApiKey").is_some())
    });
    let gaps = update.get("gapBetweenEachAttemptForSmartCallback").and_then(Value::as_array);
    let are_gaps = gaps.into_iter().flatten().all(|gap| {
        let most = |number: u8| f64::from(number);
        gap.is_object()
            && between(gap.get("days"), 0.0, most(Days::MAX.get()))
            && between(gap.get("hours"), 0.0, most(Hours::MAX.get()))
    });
    let ids = update.get("phoneNumberIds").and_then(Value::as_array);
    let settings = ["speed", "volume", "temperature"];
    update.is_object()
        && listed(update.get("llmModel"), LlmModel::VOCABULARY.values)
        && is("name", Value::is_string)
        && is("ttsModel", Value::is_object)
        && is("smartCallback", Value::is_boolean)
        && is("maxAttemptsForSmartCallback", Value::is_number)
        && is("gapBetweenEachAttemptForSmartCallback", Value::is_array)
        && is("phoneNumberIds", Value::is_array)
        && is("settings", Value::is_object)
        && is("variables", Value::is_object)
        && is_voice
        && are_gaps
        && ids.into_iter().flatten().all(Value::is_string)
        && settings
            .into_iter()
            .all(|name| between(update.get("settings").and_then(|settings| settings.get(name)), 0.0, 1.0))
}

async fn update(State(agents): State<Agents>, Path(id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let (workspace, known) = agent();
    let has_workspace = headers.get(WorkspaceId::HEADER).is_some_and(|value| *value == *workspace.as_str());
    if !has_workspace || *id != *known.as_str() {
        return (StatusCode::NOT_FOUND, "Agent not found").into_response();
    }
    let update: Value = match serde_json::from_slice(&body) {
        Ok(update) if is_acceptable(&update) => update,
        _ => return (StatusCode::BAD_REQUEST, "Invalid body").into_response(),
    };
    let mut agent = agents.lock().unwrap_or_else(PoisonError::into_inner);
    let is_documented = |name: &str| UpdateAgent::OBJECT.field(name).is_some();
    let given =
        update.as_object().into_iter().flatten().filter(|(name, value)| is_documented(name) && !value.is_null());
    for (name, value) in given {
        let mut value = value.clone();
        if let (Some(voice), "ttsModel") = (value.as_object_mut(), &**name) {
            voice.retain(|name, _| TtsUpdate::OBJECT.field(name).is_some());
        }
        // Variables are merged, and so are the settings and the voice.
        match (agent.get_mut(name), &value) {
            (Some(Value::Object(stored)), Value::Object(given)) => stored.extend(given.clone()),
            _ => drop(agent.insert(name.clone(), value)),
        }
    }
    let mut response = agent.clone();
    // The page lists neither among the fields of the response.
    response.remove("maxAttemptsForSmartCallback");
    response.remove("gapBetweenEachAttemptForSmartCallback");
    let documented = callagent::Agent::OBJECT;
    response.retain(|name, _| documented.field(name).is_some());
    if let Some(Value::Object(tts)) = response.get_mut("ttsModel") {
        tts.remove("elevenLabsApiKey");
        tts.retain(|_, value| !value.is_null());
    }
    axum::Json(response).into_response()
}

#[test]
fn a_server_that_keeps_the_page_is_not_accused() {
    let stored = json!({"_id": "agent_1", "workspaceId": "acme", "status": "ready"});
    let agents: Agents = Arc::new(Mutex::new(stored.as_object().cloned().unwrap_or_default()));
    let app = Router::new().route("/v1/api/agents/{id}", put(update)).with_state(agents);
    let (workspace, agent) = agent();
    let target = Target::service(app, workspace, agent);
    let all: Vec<_> = cases().iter().collect();
    block_on(async {
        let options = Options::new().profile(Profile::Documented).touch_keys();
        let (report, _) = run(target.clone(), options.clone(), &all).await;
        assert!(failures(&report).is_empty(), "{:#?}", failures(&report));
        assert!(report.summary().with_advisories > 20, "the contract decides more: {:?}", report.summary());
        let (report, _) = run(target, options.profile(Profile::Strict), &all).await;
        assert!(report.summary().failed > 40, "{:#?}", failures(&report));
    });
}
