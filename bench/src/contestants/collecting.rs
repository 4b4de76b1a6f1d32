//! `eserde`: `serde` derive with a second pass over invalid documents that collects all errors.

use std::{hint::black_box, marker::PhantomData};

use callagent::{Days, Hours};
use serde::{Deserializer, de::Error as _};
use serde_json::{Map, Value};

use super::{
    Contestant, Gives,
    ruled::{LlmModel, Provider},
};
use crate::flaws::Flaw;

#[derive(eserde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "it is only made")]
struct UpdateAgent {
    name: Option<String>,
    #[eserde(compat)]
    llm_model: LlmModel,
    tts_model: Option<Tts>,
    smart_callback: Option<bool>,
    max_attempts_for_smart_callback: Option<u32>,
    gap_between_each_attempt_for_smart_callback: Option<Vec<Gap>>,
    phone_number_ids: Option<Vec<String>>,
    settings: Option<Settings>,
    #[eserde(compat)]
    variables: Option<Map<String, Value>>,
}

#[derive(eserde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "it is only made")]
struct Tts {
    #[eserde(compat)]
    provider: Provider,
    voice_id: Option<String>,
    language: Option<String>,
    eleven_labs_api_key: Option<String>,
}

#[derive(eserde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it is only made")]
struct Gap {
    #[eserde(compat)]
    days: Option<Whole<{ Days::MAX.get() }>>,
    #[eserde(compat)]
    hours: Option<Whole<{ Hours::MAX.get() }>>,
}

#[derive(eserde::Deserialize)]
#[expect(dead_code, reason = "it is only made")]
struct Settings {
    #[eserde(compat)]
    speed: Option<Fraction>,
    #[eserde(compat)]
    volume: Option<Fraction>,
    #[eserde(compat)]
    temperature: Option<Fraction>,
    #[serde(flatten)]
    #[eserde(compat)]
    extra: Map<String, Value>,
}

/// An integer up to `MAX`.
struct Whole<const MAX: u8>(PhantomData<u8>);

struct Fraction;

impl<'de, const MAX: u8> serde::Deserialize<'de> for Whole<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            value if value <= MAX => Ok(Whole(PhantomData)),
            value => Err(D::Error::custom(format_args!("{value} is beyond {MAX}"))),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match f64::deserialize(deserializer)? {
            value if (0.0..=1.0).contains(&value) => Ok(Fraction),
            value => Err(D::Error::custom(format_args!("{value} is not from 0 to 1"))),
        }
    }
}

/// Its derive does not support rules about two fields, and treats null as absent.
const BLIND: &[Flaw] = &[Flaw::Null, Flaw::MissingKey, Flaw::RepeatedName];

pub(super) fn contestant() -> Contestant {
    super::contestant("eserde", Gives::All, BLIND, |document| {
        black_box(eserde::json::from_slice::<UpdateAgent>(document.text.as_bytes())).is_ok()
    })
}
