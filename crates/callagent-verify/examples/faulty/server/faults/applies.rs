//! Updates are merged where they replace, replace where they are merged, or change what they do not name.

use std::mem;

use serde_json::{Value, json};

use super::{Change, Fault, Flaw, apply, flaw, ignore};

const ATTEMPTS: &str = "maxAttemptsForSmartCallback";
const GAPS: &str = "gapBetweenEachAttemptForSmartCallback";
const PHONE_NUMBERS: &str = "phoneNumberIds";

/// Sets an absent field.
fn default(change: &Change, agent: &mut Value, name: &str, value: Value) {
    if change.update.get(name).is_none() {
        agent[name] = value;
    }
}

/// Removes fields that the update does not give.
fn clear(change: &Change, agent: &mut Value, name: &str) {
    if let (None, Value::Object(fields)) = (change.update.get(name), agent) {
        fields.remove(name);
    }
}

/// Merges an object that is given into the one before.
fn merge(change: &Change, agent: &mut Value, name: &str, merge: fn(&Value, &Value) -> Value) {
    if let (Some(given), Some(before)) = (change.update.get(name), change.before.get(name)) {
        agent[name] = merge(before, given);
    }
}

fn merge_shallow(before: &Value, given: &Value) -> Value {
    let mut fields = before.as_object().cloned().unwrap_or_default();
    fields.extend(given.as_object().cloned().unwrap_or_default());
    Value::Object(fields)
}

fn merge_deep(before: &Value, given: &Value) -> Value {
    let (Value::Object(before), Value::Object(given)) = (before, given) else { return given.clone() };
    let mut fields = before.clone();
    for (name, value) in given {
        let value = before.get(name).map_or_else(|| value.clone(), |before| merge_deep(before, value));
        fields.insert(name.clone(), value);
    }
    Value::Object(fields)
}

/// Appends a list that is given to the one before.
fn append(change: &Change, agent: &mut Value, name: &str) {
    let given = agent[name].as_array().cloned().unwrap_or_default();
    if let (true, Some(Value::Array(before))) = (change.update.get(name).is_some(), change.before.get(name)) {
        agent[name] = before.iter().cloned().chain(given).collect();
    }
}

/// Removes the fields of an object that the update does not give.
fn retain(change: &Change, agent: &mut Value, name: &str) {
    if let (Some(Value::Object(given)), Some(Value::Object(fields))) = (change.update.get(name), agent.get_mut(name)) {
        fields.retain(|name, _| given.contains_key(name));
    }
}

/// Removes the nulls of an object that the update gives.
fn drop_nulls(change: &Change, agent: &mut Value, name: &str) {
    if let (Some(_), Some(Value::Object(fields))) = (change.update.get(name), agent.get_mut(name)) {
        fields.retain(|_, value| !value.is_null());
    }
}

/// Keeps only the named fields of an object.
fn keep(object: &mut Value, names: &[&str]) {
    if let Value::Object(fields) = object {
        *fields = mem::take(fields).into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect();
    }
}

/// Leaves a field unchanged if the given value is `empty`, as code does that tests whether a value is true.
fn ignore_falsy(change: &Change, agent: &mut Value, name: &str, empty: &Value) {
    if change.update.get(name) == Some(empty)
        && let Some(before) = change.before.get(name)
    {
        agent[name] = before.clone();
    }
}

const DOCUMENTED: &[&str] = &[
    "_id",
    "workspaceId",
    "userId",
    "name",
    "ttsModel",
    "llmModel",
    "smartCallback",
    ATTEMPTS,
    GAPS,
    PHONE_NUMBERS,
    "activeSessions",
    "settings",
    "status",
    "currentNode",
    "variables",
    "createdAt",
    "updatedAt",
];

pub(super) const FAULTS: &[Fault] = &[
    apply(("resets-smart-callback", "Sets an absent `smartCallback` to its default."), |change, agent| {
        default(change, agent, "smartCallback", json!(false));
    }),
    apply(("resets-attempts", "Sets an absent number of attempts to its default."), |change, agent| {
        default(change, agent, ATTEMPTS, json!(5));
    }),
    apply(("resets-gaps", "Sets an absent list of gaps to one default gap."), |change, agent| {
        default(change, agent, GAPS, json!([{"days": 1, "hours": 0}]));
    }),
    apply(("clears-absent-name", "Removes an absent name."), |change, agent| clear(change, agent, "name")),
    apply(("clears-absent-voice", "Removes an absent `ttsModel`."), |change, agent| clear(change, agent, "ttsModel")),
    apply(("clears-absent-phone-numbers", "Removes an absent list of phone numbers."), |change, agent| {
        clear(change, agent, PHONE_NUMBERS);
    }),
    apply(("clears-absent-settings", "Removes absent settings."), |change, agent| clear(change, agent, "settings")),
    apply(("clears-absent-variables", "Removes absent variables."), |change, agent| clear(change, agent, "variables")),
    apply(
        ("replaces-agent", "Replaces the agent: all that an update can give and does not is removed."),
        |change, agent| {
            for name in ["name", "ttsModel", "smartCallback", ATTEMPTS, GAPS, PHONE_NUMBERS, "settings", "variables"] {
                clear(change, agent, name);
            }
        },
    ),
    apply(("merges-variables", "Merges variables instead of replacing them."), |change, agent| {
        merge(change, agent, "variables", merge_shallow);
    }),
    apply(("merges-nested-settings", "Merges custom settings at all levels."), |change, agent| {
        merge(change, agent, "settings", merge_deep);
    }),
    apply(("appends-gaps", "Appends gaps instead of replacing them."), |change, agent| append(change, agent, GAPS)),
    apply(("appends-phone-numbers", "Appends phone numbers instead of replacing them."), |change, agent| {
        append(change, agent, PHONE_NUMBERS);
    }),
    apply(("replaces-voice", "Replaces `ttsModel` instead of merging it."), |change, agent| {
        retain(change, agent, "ttsModel");
    }),
    apply(("replaces-settings", "Replaces settings instead of merging them."), |change, agent| {
        retain(change, agent, "settings");
    }),
    apply(("null-removes-setting", "Removes a custom setting that is null."), |change, agent| {
        drop_nulls(change, agent, "settings");
    }),
    apply(("null-removes-variable", "Removes a variable that is null."), |change, agent| {
        drop_nulls(change, agent, "variables");
    }),
    apply(("drops-further-fields", "Removes undocumented fields of the agent."), |_, agent| {
        keep(agent, DOCUMENTED);
    }),
    apply(("drops-further-voice-fields", "Removes undocumented fields of the voice."), |_, agent| {
        keep(&mut agent["ttsModel"], &["provider", "voiceId", "name", "language", "elevenLabsApiKey"]);
    }),
    apply(("drops-custom-settings", "Removes custom settings."), |_, agent| {
        keep(&mut agent["settings"], &["speed", "volume", "temperature"]);
    }),
    apply(("drops-voice-name", "Removes the name of the voice when `ttsModel` is given."), |change, agent| {
        if change.update.get("ttsModel").is_some() {
            keep(&mut agent["ttsModel"], &["provider", "voiceId", "language", "elevenLabsApiKey", "pitch"]);
        }
    }),
    apply(("drops-sessions", "Removes the sessions."), |_, agent| agent["activeSessions"] = json!([])),
    ignore(("ignores-name", "Does not update the name."), "/name"),
    ignore(("ignores-model", "Does not update the model."), "/llmModel"),
    ignore(("ignores-provider", "Does not update the provider."), "/ttsModel/provider"),
    ignore(("ignores-voice-id", "Does not update the voice id."), "/ttsModel/voiceId"),
    ignore(("ignores-language", "Does not update the language."), "/ttsModel/language"),
    ignore(("ignores-smart-callback", "Does not update `smartCallback`."), "/smartCallback"),
    ignore(("ignores-attempts", "Does not update the number of attempts."), "/maxAttemptsForSmartCallback"),
    ignore(("ignores-gaps", "Does not update the gaps."), "/gapBetweenEachAttemptForSmartCallback"),
    ignore(("ignores-phone-numbers", "Does not update the phone numbers."), "/phoneNumberIds"),
    ignore(("ignores-speed", "Does not update the speed."), "/settings/speed"),
    ignore(("ignores-volume", "Does not update the volume."), "/settings/volume"),
    ignore(("ignores-temperature", "Does not update the temperature."), "/settings/temperature"),
    ignore(("ignores-variables", "Does not update the variables."), "/variables"),
    apply(("ignores-custom-settings", "Does not update custom settings."), |change, agent| {
        let given = ["speed", "volume", "temperature"].map(|name| (name, agent["settings"].get(name).cloned()));
        agent["settings"] = change.before["settings"].clone();
        for (name, value) in given {
            if let Some(value) = value {
                agent["settings"][name] = value;
            }
        }
    }),
    apply(("ignores-false", "Does not update `smartCallback` to false."), |change, agent| {
        ignore_falsy(change, agent, "smartCallback", &json!(false));
    }),
    apply(("ignores-0-attempts", "Does not update the attempts to 0."), |change, agent| {
        ignore_falsy(change, agent, ATTEMPTS, &json!(0));
    }),
    apply(("ignores-empty-name", "Does not update the name to an empty one."), |change, agent| {
        ignore_falsy(change, agent, "name", &json!(""));
    }),
    apply(("ignores-empty-gaps", "Does not update the gaps to none."), |change, agent| {
        ignore_falsy(change, agent, GAPS, &json!([]));
    }),
    apply(("ignores-empty-phone-numbers", "Does not update the phone numbers to none."), |change, agent| {
        ignore_falsy(change, agent, PHONE_NUMBERS, &json!([]));
    }),
    apply(("ignores-empty-variables", "Does not update the variables to none."), |change, agent| {
        ignore_falsy(change, agent, "variables", &json!({}));
    }),
    apply(("ignores-zero-settings", "Does not update a setting to 0."), |change, agent| {
        for name in ["speed", "volume", "temperature"] {
            if change.update["settings"][name].as_f64().is_some_and(|value| value.abs() < f64::MIN_POSITIVE) {
                agent["settings"][name] = change.before["settings"][name].clone();
            }
        }
    }),
    flaw(
        ("applies-refused-update", "Applies the valid fields of an update that is answered 422."),
        Flaw::AppliesRefused,
    ),
    flaw(("applies-unmatched-update", "Applies an update that is answered 412."), Flaw::AppliesUnmatched),
    flaw(("repeat-changes-time", "Changes `updatedAt` when an update is repeated."), Flaw::TouchesTime),
    flaw(("repeat-changes-tag", "Changes the `ETag` when an update is repeated."), Flaw::TouchesTag),
];
