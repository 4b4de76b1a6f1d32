//! Missing, unknown and repeated fields are accepted.

use serde_json::Value;

use super::{DUPLICATE_FIELD, Fault, KEY, MISSING_FIELD, MODEL, PROVIDER, UNKNOWN_FIELD, overlook};

const fn duplicate(name: &'static str, about: &'static str, at: &'static str) -> Fault {
    overlook((name, about), DUPLICATE_FIELD, at, |_| true)
}

const fn unknown(name: &'static str, about: &'static str, at: &'static str) -> Fault {
    overlook((name, about), UNKNOWN_FIELD, at, |_| true)
}

pub(super) const FAULTS: &[Fault] = &[
    overlook(("accepts-missing-model", "Accepts an update without a model."), MISSING_FIELD, MODEL, |_| true),
    overlook(("accepts-missing-provider", "Accepts a `ttsModel` without a provider."), MISSING_FIELD, PROVIDER, |_| {
        true
    }),
    overlook(("accepts-missing-key", "Accepts 11labs_byo without a key."), MISSING_FIELD, KEY, |found| {
        found.value.is_none()
    }),
    overlook(("accepts-null-key", "Accepts 11labs_byo with null as the key."), MISSING_FIELD, KEY, |found| {
        found.is(Value::is_null)
    }),
    overlook(("accepts-empty-key", "Accepts 11labs_byo with an empty key."), MISSING_FIELD, KEY, |found| {
        found.is(Value::is_string)
    }),
    unknown("accepts-unknown-field", "Drops unknown fields of the update.", "/*"),
    unknown("accepts-unknown-voice-field", "Drops unknown fields of `ttsModel`.", "/ttsModel/*"),
    unknown(
        "accepts-unknown-gap-field",
        "Drops unknown fields of a gap.",
        "/gapBetweenEachAttemptForSmartCallback/*/*",
    ),
    unknown("accepts-voice-name", "Accepts the name of the voice, a field of the response.", "/ttsModel/name"),
    unknown("accepts-response-id", "Accepts `_id`, a field of the response.", "/_id"),
    unknown("accepts-response-status", "Accepts `status`, a field of the response.", "/status"),
    unknown("accepts-prototype-field", "Accepts the field `__proto__`.", "/__proto__"),
    unknown("accepts-empty-field", "Accepts a field with an empty name.", "/"),
    duplicate("accepts-duplicate-field", "Accepts repeated fields of the update; the last one wins.", "/*"),
    duplicate(
        "accepts-duplicate-voice-field",
        "Accepts repeated fields of `ttsModel`; the last one wins.",
        "/ttsModel/*",
    ),
    duplicate(
        "accepts-duplicate-gap-field",
        "Accepts repeated fields of a gap; the last one wins.",
        "/gapBetweenEachAttemptForSmartCallback/*/*",
    ),
    duplicate("accepts-duplicate-setting", "Accepts repeated settings; the last one wins.", "/settings/*"),
    duplicate("accepts-duplicate-variable", "Accepts repeated variables; the last one wins.", "/variables/*"),
    duplicate(
        "accepts-duplicate-nested-field",
        "Accepts repeated fields below variables; the last one wins.",
        "/variables/*/**",
    ),
    overlook(
        ("accepts-escaped-duplicate-field", "Compares names before they are unescaped."),
        DUPLICATE_FIELD,
        "**",
        |found| found.text.windows(2).any(|pair| pair == b"\\u"),
    ),
];
