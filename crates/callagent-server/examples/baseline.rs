//! Servers to compare `callagent serve` with, for `cargo xtask measure load`. The arguments are what to do
//! (`nothing`, or `parse` the update and answer an agent) and the address.

use std::error::Error;

use axum::{
    Router,
    body::Bytes,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse as _,
    routing::put,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The agent that `callagent serve` answers to the updates of the measurement.
const AGENT: &str = r#"{
    "_id": "agent-0", "name": "Customer support 1", "llmModel": "gpt-4.1-mini",
    "ttsModel": {"provider": "rime", "voiceId": "mistv2_Brook", "language": "en"},
    "smartCallback": true, "maxAttemptsForSmartCallback": 2,
    "gapBetweenEachAttemptForSmartCallback": [{"days": 1, "hours": 0}, {"days": 2, "hours": 12}],
    "phoneNumberIds": ["pn_4f1c22aa", "pn_9b7d10e3"],
    "settings": {"speed": 0.9, "volume": 0.8, "temperature": 0.6}, "updatedAt": "2026-11-26T00:00:00.000Z"
}"#;

/// An update or an agent without any rule.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(rename = "_id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    name: Option<String>,
    llm_model: String,
    tts_model: Option<Tts>,
    smart_callback: Option<bool>,
    max_attempts_for_smart_callback: Option<u32>,
    gap_between_each_attempt_for_smart_callback: Option<Vec<Gap>>,
    phone_number_ids: Option<Vec<String>>,
    settings: Option<Settings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tts {
    provider: String,
    voice_id: Option<String>,
    language: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Gap {
    days: u8,
    hours: u8,
}

#[derive(Clone, Serialize, Deserialize)]
struct Settings {
    speed: Option<f64>,
    volume: Option<f64>,
    temperature: Option<f64>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let agent: Document = serde_json::from_str(AGENT)?;
    let parse = async move |body: Bytes| match serde_json::from_slice::<Document>(&body) {
        Ok(_) => ([(CONTENT_TYPE, "application/json")], serde_json::to_vec(&agent).unwrap_or_default()).into_response(),
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    };
    let mut arguments = std::env::args().skip(1);
    let (kind, address) = arguments.next().zip(arguments.next()).ok_or("expected a kind and an address")?;
    let call = match kind.as_str() {
        "nothing" => put(async || StatusCode::NO_CONTENT),
        "parse" => put(parse),
        _ => return Err("expected `nothing` or `parse`".into()),
    };
    let listener = tokio::net::TcpListener::bind(address).await?;
    Ok(axum::serve(listener, Router::new().route("/v1/api/agents/{id}", call)).await?)
}
