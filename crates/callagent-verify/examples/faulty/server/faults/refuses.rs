//! Valid values are refused.

use callagent::{Code, ProblemType};
use serde_json::Value;

use super::super::{
    body::{Body, is_integer},
    text,
};
use super::{
    ATTEMPTS, CALLBACK, Fault, GAPS, KEY, MODEL, OUT_OF_RANGE, PHONE_NUMBERS, PROVIDER, UNKNOWN_FIELD, UNKNOWN_VALUE,
    WRONG_TYPE, refuse, refuse_with,
};

/// Returns the pointer of a number of gaps.
fn gap_number(body: &Body<'_>, name: &str, number: f64) -> Option<String> {
    body.find(|pointer, value| pointer.starts_with(GAPS) && pointer.ends_with(name) && is(value, number))
}

fn is(value: &Value, number: f64) -> bool {
    value.as_f64().is_some_and(|value| value.total_cmp(&number).is_eq())
}

/// Returns the pointer of a documented setting.
fn setting(body: &Body<'_>, is: impl Fn(&Value) -> bool) -> Option<String> {
    ["speed", "volume", "temperature"].iter().find_map(|name| body.at(&format!("/settings/{name}"), &is))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn is_longer(value: &Value, length: usize) -> bool {
    value.as_array().is_some_and(|items| items.len() > length)
}

/// Returns the pointer of a string.
fn string(body: &Body<'_>, is: fn(char) -> bool) -> Option<String> {
    body.find(|_, value| value.as_str().is_some_and(|text| text.contains(is)))
}

/// Returns the pointer of a variable.
fn variable(body: &Body<'_>, is: impl Fn(&str, &Value) -> bool) -> Option<String> {
    body.find(|pointer, value| {
        pointer.starts_with("/variables/") && is(pointer.trim_start_matches("/variables/"), value)
    })
}

/// Returns the pointer of a custom setting.
fn custom_setting(body: &Body<'_>, is: impl Fn(&Value) -> bool) -> Option<String> {
    let names = ["/settings/speed", "/settings/volume", "/settings/temperature"];
    body.find(|pointer, value| pointer.starts_with("/settings/") && !names.contains(&pointer) && is(value))
}

const fn model(name: &'static str, about: &'static str, when: fn(&Body<'_>) -> Option<String>) -> Fault {
    refuse((name, about), UNKNOWN_VALUE, when)
}

const fn advisory(name: &'static str, about: &'static str, when: fn(&Body<'_>) -> Option<String>) -> Fault {
    refuse((name, about), OUT_OF_RANGE, when)
}

pub(super) const FAULTS: &[Fault] = &[
    refuse(("refuses-30-days", "Refuses a gap of 30 days."), OUT_OF_RANGE, |body| gap_number(body, "/days", 30.0)),
    refuse(("refuses-0-days", "Refuses a gap of 0 days."), OUT_OF_RANGE, |body| gap_number(body, "/days", 0.0)),
    refuse(("refuses-23-hours", "Refuses a gap of 23 hours."), OUT_OF_RANGE, |body| gap_number(body, "/hours", 23.0)),
    refuse(("refuses-0-hours", "Refuses a gap of 0 hours."), OUT_OF_RANGE, |body| gap_number(body, "/hours", 0.0)),
    refuse(("refuses-0-attempts", "Refuses 0 attempts."), OUT_OF_RANGE, |body| {
        body.at(ATTEMPTS, |value| is(value, 0.0))
    }),
    refuse(
        ("refuses-large-attempts", "Refuses more attempts than a signed integer of 32 bits holds."),
        OUT_OF_RANGE,
        |body| body.at(ATTEMPTS, |value| value.as_f64() > Some(2_147_483_647.0)),
    ),
    refuse(("refuses-integers-with-point", "Refuses `30.0` where an integer is expected."), WRONG_TYPE, |body| {
        body.integer_spelled(|number| number.contains('.') && !number.contains(['e', 'E']))
    }),
    refuse(("refuses-integers-with-exponent", "Refuses `3e1` where an integer is expected."), WRONG_TYPE, |body| {
        body.integer_spelled(|number| number.contains(['e', 'E']))
    }),
    refuse(("refuses-negative-zero", "Refuses `-0`."), OUT_OF_RANGE, |body| {
        let is_negative_zero = |number: &str| number.parse::<f64>().is_ok_and(|float| float.to_bits() == 1 << 63);
        let is_spelled = text::numbers(body.text).any(is_negative_zero);
        body.find(|pointer, value| {
            is_spelled && (is_integer(pointer) || pointer.starts_with("/settings/")) && is_zero(value)
        })
    }),
    refuse(
        ("refuses-integer-settings", "Refuses `1` and `0` as settings, since they have no fraction."),
        WRONG_TYPE,
        |body| setting(body, serde_json::Value::is_u64),
    ),
    refuse(("refuses-settings-of-one", "Refuses a setting of 1."), OUT_OF_RANGE, |body| {
        setting(body, |value| is(value, 1.0))
    }),
    refuse(("refuses-settings-of-zero", "Refuses a setting of 0."), OUT_OF_RANGE, |body| setting(body, is_zero)),
    refuse(("refuses-empty-gap", "Refuses a gap without fields."), "missing-field", |body| {
        body.find(|pointer, value| pointer.starts_with(GAPS) && value.is_object() && is_empty(value))
    }),
    refuse(("refuses-empty-gaps", "Refuses an empty list of gaps."), OUT_OF_RANGE, |body| body.at(GAPS, is_empty)),
    refuse(("refuses-many-gaps", "Refuses more than ten gaps."), OUT_OF_RANGE, |body| {
        body.at(GAPS, |gaps| is_longer(gaps, 10))
    }),
    refuse(("refuses-empty-phone-numbers", "Refuses an empty list of phone numbers."), OUT_OF_RANGE, |body| {
        body.at(PHONE_NUMBERS, is_empty)
    }),
    refuse(("refuses-empty-phone-number", "Refuses an empty phone number id."), OUT_OF_RANGE, |body| {
        body.find(|pointer, value| pointer.starts_with(PHONE_NUMBERS) && value.is_string() && is_empty(value))
    }),
    refuse(("refuses-many-phone-numbers", "Refuses more than 20 phone numbers."), OUT_OF_RANGE, |body| {
        body.at(PHONE_NUMBERS, |ids| is_longer(ids, 20))
    }),
    refuse(("refuses-empty-name", "Refuses an empty name."), OUT_OF_RANGE, |body| body.at("/name", is_empty)),
    refuse(("refuses-long-name", "Refuses a name of more than 255 characters."), OUT_OF_RANGE, |body| {
        body.at("/name", |name| name.as_str().is_some_and(|name| name.chars().count() > 255))
    }),
    refuse(("refuses-empty-voice-id", "Refuses an empty voice id."), OUT_OF_RANGE, |body| {
        body.at("/ttsModel/voiceId", is_empty)
    }),
    refuse(("refuses-empty-settings", "Refuses empty settings."), WRONG_TYPE, |body| body.at("/settings", is_empty)),
    refuse(("refuses-empty-variables", "Refuses empty variables."), WRONG_TYPE, |body| body.at("/variables", is_empty)),
    refuse(("refuses-null-in-variables", "Refuses null in variables."), WRONG_TYPE, |body| {
        variable(body, |_, value| value.is_null())
    }),
    refuse(("refuses-nested-variables", "Refuses objects in variables."), WRONG_TYPE, |body| {
        variable(body, |_, value| value.is_object())
    }),
    refuse(("refuses-lists-in-variables", "Refuses arrays in variables."), WRONG_TYPE, |body| {
        variable(body, |_, value| value.is_array())
    }),
    refuse(("refuses-large-integers", "Refuses integers beyond 2^53 in variables."), OUT_OF_RANGE, |body| {
        variable(body, |_, value| value.is_u64() && value.as_u64() > Some(1 << 53))
    }),
    refuse(
        ("refuses-variables-with-dots", "Refuses variables with a dot or a dollar sign in the name."),
        UNKNOWN_FIELD,
        |body| variable(body, |name, _| name.contains(['.', '$'])),
    ),
    refuse(("refuses-variable-without-name", "Refuses a variable with an empty name."), UNKNOWN_FIELD, |body| {
        variable(body, |name, _| name.is_empty())
    }),
    refuse(("refuses-prototype-variables", "Refuses a variable `__proto__`."), UNKNOWN_FIELD, |body| {
        variable(body, |name, _| name == "__proto__")
    }),
    refuse(("refuses-custom-settings", "Refuses custom settings."), UNKNOWN_FIELD, |body| {
        custom_setting(body, |_| true)
    }),
    refuse(("refuses-null-custom-setting", "Refuses null as a custom setting."), WRONG_TYPE, |body| {
        custom_setting(body, Value::is_null)
    }),
    refuse(("refuses-unused-key", "Refuses a key with a provider that does not use it."), UNKNOWN_FIELD, |body| {
        body.at(KEY, |key| key.is_string() && body.value["ttsModel"]["provider"] != "11labs_byo")
    }),
    refuse(("refuses-null-key", "Refuses null as the key."), WRONG_TYPE, |body| body.at(KEY, Value::is_null)),
    refuse_with(("fails-on-nul", "Answers 500 to U+0000 in a string."), ProblemType::INTERNAL, |body| {
        string(body, |character| character == '\0')
    }),
    refuse_with(("fails-on-emoji", "Answers 500 to a character beyond U+FFFF."), ProblemType::INTERNAL, |body| {
        string(body, |character| character > '\u{ffff}')
    }),
    refuse(("refuses-non-ascii", "Refuses characters outside ASCII."), UNKNOWN_VALUE, |body| {
        string(body, |character| !character.is_ascii())
    }),
    refuse(("refuses-line-breaks", "Refuses escaped line breaks in strings."), UNKNOWN_VALUE, |body| {
        string(body, |character| character == '\n')
    }),
    model("refuses-gpt-4o-enterprise", "Does not know the model gpt-4o-enterprise.", |body| {
        body.at(MODEL, |model| model == "gpt-4o-enterprise")
    }),
    model("refuses-gpt-5", "Does not know the model gpt-5.", |body| body.at(MODEL, |model| model == "gpt-5")),
    model("refuses-model-with-colon", "Does not know the model with a colon.", |body| {
        body.at(MODEL, |model| model.as_str().is_some_and(|model| model.contains(':')))
    }),
    model("refuses-google", "Does not know the provider google.", |body| {
        body.at(PROVIDER, |provider| provider == "google")
    }),
    model("refuses-elevenlabs", "Does not know the provider elevenlabs.", |body| {
        body.at(PROVIDER, |provider| provider == "elevenlabs")
    }),
    model("refuses-own-key", "Does not know the provider 11labs_byo.", |body| {
        body.at(PROVIDER, |provider| provider == "11labs_byo")
    }),
    advisory("refuses-other-gap-count", "Refuses another number of gaps than attempts.", |body| {
        body.advisory(Code::GAP_COUNT)
    }),
    advisory("refuses-unused-attempts", "Refuses attempts and gaps without smart callback.", |body| {
        body.advisory(Code::CALLBACK_OFF).map(|_| CALLBACK.to_owned())
    }),
    advisory("refuses-zero-gap", "Refuses a gap of no length.", |body| body.advisory(Code::ZERO_GAP)),
    advisory("refuses-language-tag", "Refuses a language that is not a BCP 47 tag.", |body| {
        body.advisory(Code::LANGUAGE_TAG)
    }),
    advisory("refuses-repeated-phone-number", "Refuses a repeated phone number id.", |body| {
        body.advisory(Code::REPEATED_PHONE_NUMBER)
    }),
];

fn is_zero(value: &Value) -> bool {
    value.as_f64().is_some_and(|value| value.abs() < f64::MIN_POSITIVE)
}
