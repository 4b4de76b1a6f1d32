//! Values out of range or outside a vocabulary are accepted.

use callagent::{LlmModel, TtsProvider};

use super::{ATTEMPTS, DAYS, Fault, HOURS, MODEL, OUT_OF_RANGE, PROVIDER, UNKNOWN_VALUE, overlook};

pub(super) const FAULTS: &[Fault] = &[
    overlook(("accepts-31-days", "Accepts a gap of 31 days."), OUT_OF_RANGE, DAYS, |found| {
        found.number().total_cmp(&31.0).is_eq()
    }),
    overlook(("accepts-more-days", "Accepts a gap of more than 31 days."), OUT_OF_RANGE, DAYS, |found| {
        found.number() > 31.0
    }),
    overlook(("accepts-negative-days", "Accepts a gap of -1 days."), OUT_OF_RANGE, DAYS, |found| found.number() < 0.0),
    overlook(("accepts-24-hours", "Accepts a gap of 24 hours."), OUT_OF_RANGE, HOURS, |found| {
        found.number().total_cmp(&24.0).is_eq()
    }),
    overlook(("accepts-more-hours", "Accepts a gap of more than 24 hours."), OUT_OF_RANGE, HOURS, |found| {
        found.number() > 24.0
    }),
    overlook(("accepts-negative-hours", "Accepts a gap of -1 hours."), OUT_OF_RANGE, HOURS, |found| {
        found.number() < 0.0
    }),
    overlook(
        ("accepts-64-bit-attempts", "Accepts more attempts than 32 bits hold."),
        OUT_OF_RANGE,
        ATTEMPTS,
        |found| found.number() > 4_294_967_295.0,
    ),
    overlook(("accepts-negative-attempts", "Accepts -1 attempts."), OUT_OF_RANGE, ATTEMPTS, |found| {
        found.number() < 0.0
    }),
    overlook(
        ("accepts-speed-above-one", "Accepts a speed above 1, such as 2."),
        OUT_OF_RANGE,
        "/settings/speed",
        |found| found.number() > 1.0,
    ),
    overlook(
        ("accepts-volume-above-one", "Accepts a volume above 1, such as 100."),
        OUT_OF_RANGE,
        "/settings/volume",
        |found| found.number() > 1.0,
    ),
    overlook(
        ("accepts-temperature-above-one", "Accepts a temperature above 1, as models do."),
        OUT_OF_RANGE,
        "/settings/temperature",
        |found| found.number() > 1.0,
    ),
    overlook(
        ("accepts-settings-slightly-above-one", "Accepts a setting just above 1, such as 1.0000001."),
        OUT_OF_RANGE,
        "/settings/*",
        |found| found.number() < 1.000_1 && found.number() > 1.0,
    ),
    overlook(("accepts-negative-settings", "Accepts a negative setting."), OUT_OF_RANGE, "/settings/*", |found| {
        found.number() < 0.0
    }),
    overlook(("accepts-unknown-model", "Accepts any model."), UNKNOWN_VALUE, MODEL, |found| {
        found.str().is_some_and(|model| !model.is_empty())
    }),
    overlook(("accepts-empty-model", "Accepts an empty model."), UNKNOWN_VALUE, MODEL, |found| {
        found.str().is_some_and(str::is_empty)
    }),
    overlook(("accepts-model-in-any-case", "Compares models without case."), UNKNOWN_VALUE, MODEL, |found| {
        is_model(&found.str().unwrap_or_default().to_ascii_lowercase())
    }),
    overlook(
        ("accepts-model-with-spaces", "Trims spaces off models before comparing them."),
        UNKNOWN_VALUE,
        MODEL,
        |found| is_model(found.str().unwrap_or_default().trim()),
    ),
    overlook(
        ("accepts-model-prefix", "Accepts a model that begins with a documented one."),
        UNKNOWN_VALUE,
        MODEL,
        |found| {
            (1..found.str().map_or(0, str::len)).any(|end| found.str().and_then(|s| s.get(..end)).is_some_and(is_model))
        },
    ),
    overlook(("accepts-unknown-provider", "Accepts any provider."), UNKNOWN_VALUE, PROVIDER, |found| {
        found.str().is_some_and(|provider| !provider.is_empty())
    }),
    overlook(("accepts-empty-provider", "Accepts an empty provider."), UNKNOWN_VALUE, PROVIDER, |found| {
        found.str().is_some_and(str::is_empty)
    }),
    overlook(("accepts-provider-in-any-case", "Compares providers without case."), UNKNOWN_VALUE, PROVIDER, |found| {
        found.str().is_some_and(|provider| provider.to_ascii_lowercase().parse::<TtsProvider>().is_ok())
    }),
];

fn is_model(model: &str) -> bool {
    model.parse::<LlmModel>().is_ok()
}
