//! Values of the wrong type are accepted.

use serde_json::Value;

use super::{
    ATTEMPTS, CALLBACK, DAYS, Fault, GAP, GAPS, HOURS, KEY, MODEL, PHONE_NUMBERS, PROVIDER, WRONG_TYPE, overlook,
};

const fn number(name: &'static str, about: &'static str, at: &'static str) -> Fault {
    overlook((name, about), WRONG_TYPE, at, |found| found.is(Value::is_number))
}

const fn string(name: &'static str, about: &'static str, at: &'static str) -> Fault {
    overlook((name, about), WRONG_TYPE, at, |found| found.is(Value::is_string))
}

const fn null(name: &'static str, about: &'static str, at: &'static str) -> Fault {
    overlook((name, about), WRONG_TYPE, at, |found| found.is(Value::is_null))
}

const fn array(name: &'static str, about: &'static str, at: &'static str) -> Fault {
    overlook((name, about), WRONG_TYPE, at, |found| found.is(Value::is_array))
}

const fn object(name: &'static str, about: &'static str, at: &'static str) -> Fault {
    overlook((name, about), WRONG_TYPE, at, |found| found.is(Value::is_object))
}

const fn boolean(name: &'static str, about: &'static str, at: &'static str) -> Fault {
    overlook((name, about), WRONG_TYPE, at, |found| found.is(Value::is_boolean))
}

pub(super) const FAULTS: &[Fault] = &[
    number("accepts-fractional-days", "Accepts 1.5 days.", DAYS),
    number("accepts-fractional-hours", "Accepts 1.5 hours.", HOURS),
    number("accepts-fractional-attempts", "Accepts 1.5 attempts.", ATTEMPTS),
    string("accepts-string-for-days", "Converts a string to a number of days.", DAYS),
    string("accepts-string-for-hours", "Converts a string to a number of hours.", HOURS),
    string("accepts-string-for-attempts", "Converts a string to a number of attempts.", ATTEMPTS),
    string("accepts-string-for-speed", "Converts a string to a number in the settings.", "/settings/*"),
    string("accepts-string-for-boolean", "Converts a string to a boolean.", CALLBACK),
    string("accepts-string-for-voice", "Accepts a string as `ttsModel`.", "/ttsModel"),
    string("accepts-string-for-phone-numbers", "Accepts a single id instead of a list.", PHONE_NUMBERS),
    string("accepts-string-for-settings", "Accepts a string as `settings`.", "/settings"),
    string("accepts-string-for-variables", "Accepts a string as `variables`.", "/variables"),
    number("accepts-number-for-boolean", "Converts a number to a boolean.", CALLBACK),
    number("accepts-number-for-name", "Converts a number to a name.", "/name"),
    number("accepts-number-for-voice-id", "Converts a number to a voice id.", "/ttsModel/voiceId"),
    number("accepts-number-for-language", "Converts a number to a language.", "/ttsModel/language"),
    number("accepts-number-for-key", "Converts a number to a key.", KEY),
    number("accepts-number-for-model", "Converts a number to a model.", MODEL),
    number("accepts-number-for-provider", "Converts a number to a provider.", PROVIDER),
    number("accepts-number-for-gap", "Accepts a number in the list of gaps.", GAP),
    number("accepts-number-in-phone-numbers", "Converts numbers to phone number ids.", "/phoneNumberIds/*"),
    boolean("accepts-boolean-for-attempts", "Converts a boolean to a number of attempts.", ATTEMPTS),
    boolean("accepts-boolean-for-name", "Converts a boolean to a name.", "/name"),
    boolean("accepts-boolean-for-settings", "Converts a boolean to a number in the settings.", "/settings/*"),
    null("accepts-null-for-name", "Reads null as an absent name.", "/name"),
    null("accepts-null-for-model", "Reads null as the default model.", MODEL),
    null("accepts-null-for-voice", "Reads null as an absent `ttsModel`.", "/ttsModel"),
    null("accepts-null-for-voice-id", "Reads null as an absent voice id.", "/ttsModel/voiceId"),
    null("accepts-null-for-language", "Reads null as an absent language.", "/ttsModel/language"),
    null("accepts-null-for-boolean", "Reads null as an absent boolean.", CALLBACK),
    null("accepts-null-for-attempts", "Reads null as an absent number of attempts.", ATTEMPTS),
    null("accepts-null-for-gaps", "Reads null as an absent list of gaps.", GAPS),
    null("accepts-null-for-gap", "Drops null from the list of gaps.", GAP),
    null("accepts-null-for-days", "Reads null as the default number of days.", DAYS),
    null("accepts-null-for-hours", "Reads null as the default number of hours.", HOURS),
    null("accepts-null-for-phone-numbers", "Reads null as an absent list of phone numbers.", PHONE_NUMBERS),
    null("accepts-null-in-phone-numbers", "Drops null from the list of phone numbers.", "/phoneNumberIds/*"),
    null("accepts-null-for-settings", "Reads null as absent settings.", "/settings"),
    null("accepts-null-for-speed", "Reads null as an absent number in the settings.", "/settings/*"),
    null("accepts-null-for-variables", "Reads null as absent variables.", "/variables"),
    array("accepts-array-for-variables", "Reads an array as variables.", "/variables"),
    array("accepts-array-for-settings", "Reads an array as settings.", "/settings"),
    array("accepts-array-for-gap", "Accepts an array in the list of gaps.", GAP),
    array("accepts-array-document", "Accepts an array as the document.", ""),
    object("accepts-object-for-gaps", "Reads a single gap as a list.", GAPS),
    object("accepts-object-for-name", "Accepts an object as the name.", "/name"),
    object("accepts-object-for-phone-numbers", "Accepts an object as the list of phone numbers.", PHONE_NUMBERS),
];
