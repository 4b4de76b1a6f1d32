//! Plain `serde` derive, which checks only types and structure. The first contestant.

use std::{
    fs::File,
    hint::black_box,
    io::{self, BufRead as _, BufReader},
    path::Path,
};

use serde::{Deserialize, de::IgnoredAny};
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
    extra: Map<String, Value>,
}

const BLIND: &[Flaw] =
    &[Flaw::Null, Flaw::OutOfRange, Flaw::UnknownValue, Flaw::UnknownField, Flaw::MissingKey, Flaw::RepeatedName];

/// Reads the lines of a file without further checks. Returns the numbers of valid and invalid lines.
pub fn read_lines(path: &Path) -> io::Result<(usize, usize)> {
    let (mut read, mut refused) = (0, 0);
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut line = Vec::new();
    while file.read_until(b'\n', &mut line)? > 0 {
        match black_box(serde_json::from_slice::<UpdateAgent>(&line)) {
            Ok(_) => read += 1,
            Err(_) => refused += 1,
        }
        line.clear();
    }
    Ok((read, refused))
}

/// From bytes, like all contestants, and from a string, which needs no UTF-8 validation.
pub(super) fn contestants() -> Vec<Contestant> {
    let of_bytes = super::contestant("serde derive, no rule", Gives::First, BLIND, |document| {
        black_box(serde_json::from_slice::<UpdateAgent>(document.text.as_bytes())).is_ok()
    });
    let of_text = super::contestant("serde derive, no rule, of a str", Gives::First, BLIND, |document| {
        black_box(serde_json::from_str::<UpdateAgent>(&document.text)).is_ok()
    });
    vec![of_bytes, of_text, skipping()]
}

/// The minimum cost of reading: `serde_json` skips over the text. It does not detect invalid UTF-8, lone surrogates and
/// numbers out of range, which these documents do not have.
fn skipping() -> Contestant {
    super::contestant("serde_json, skipped only", Gives::Nothing, Flaw::ALL, |document| {
        black_box(serde_json::from_slice::<IgnoredAny>(document.text.as_bytes())).is_ok()
    })
}
