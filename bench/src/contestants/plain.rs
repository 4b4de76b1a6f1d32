//! Plain `serde` derive: structs of the right shape that check nothing else. The first contestant.

use std::hint::black_box;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Contestant, Gives};
use crate::flaws::Flaw;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it is only made")]
struct UpdateAgent {
    name: Option<String>,
    llm_model: String,
    tts_model: Option<Tts>,
    smart_callback: Option<bool>,
    max_attempts_for_smart_callback: Option<i64>,
    gap_between_each_attempt_for_smart_callback: Option<Vec<Gap>>,
    phone_number_ids: Option<Vec<String>>,
    settings: Option<Settings>,
    variables: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it is only made")]
struct Tts {
    provider: String,
    voice_id: Option<String>,
    language: Option<String>,
    eleven_labs_api_key: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only made")]
struct Gap {
    days: Option<i64>,
    hours: Option<i64>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only made")]
struct Settings {
    speed: Option<f64>,
    volume: Option<f64>,
    temperature: Option<f64>,
    #[serde(flatten)]
    further: Map<String, Value>,
}

const BLIND: &[Flaw] =
    &[Flaw::Null, Flaw::OutOfRange, Flaw::UnknownValue, Flaw::UnknownField, Flaw::MissingKey, Flaw::RepeatedName];

pub(super) fn contestant() -> Contestant {
    super::contestant("serde derive, no rule", Gives::First, BLIND, |document| {
        black_box(serde_json::from_str::<UpdateAgent>(&document.text)).is_ok()
    })
}
