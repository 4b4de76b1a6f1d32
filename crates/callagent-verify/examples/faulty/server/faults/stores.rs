//! Values are not stored as they were sent.

use serde_json::{Value, json};

use super::{Change, Fault, GAPS, apply};

const GAP_LIST: &str = "gapBetweenEachAttemptForSmartCallback";

/// Changes the value at a pointer if the update gives it.
fn store(change: &Change, agent: &mut Value, pointer: &str, store: impl Fn(&mut Value)) {
    if let (Some(_), Some(value)) = (change.update.pointer(pointer), agent.pointer_mut(pointer)) {
        store(value);
    }
}

/// Changes the name if the update gives it.
fn name(change: &Change, agent: &mut Value, convert: impl Fn(&str) -> String) {
    store(change, agent, "/name", |name| *name = json!(convert(name.as_str().unwrap_or_default())));
}

/// Changes the items of a list if the update gives it.
fn list(change: &Change, agent: &mut Value, pointer: &str, convert: fn(&mut Vec<Value>)) {
    store(change, agent, pointer, |value| {
        if let Value::Array(items) = value {
            convert(items);
        }
    });
}

/// Changes numbers at and below a value.
fn numbers(value: &mut Value, convert: fn(&mut Value)) {
    match value {
        Value::Number(_) => convert(value),
        Value::Array(items) => items.iter_mut().for_each(|item| numbers(item, convert)),
        Value::Object(fields) => fields.values_mut().for_each(|value| numbers(value, convert)),
        _ => {}
    }
}

/// Changes the documented settings.
fn settings(change: &Change, agent: &mut Value, convert: fn(f64) -> f64) {
    for name in ["speed", "volume", "temperature"] {
        store(change, agent, &format!("/settings/{name}"), |value| {
            *value = json!(convert(value.as_f64().unwrap_or_default()));
        });
    }
}

/// Changes the gaps with what the update gives for them.
fn gaps(change: &Change, agent: &mut Value, convert: fn(&Value, &mut Value)) {
    let given = change.update[GAP_LIST].as_array().into_iter().flatten();
    for (given, gap) in given.zip(agent[GAP_LIST].as_array_mut().into_iter().flatten()) {
        convert(given, gap);
    }
}

fn without_repetitions(items: &mut Vec<Value>) {
    let all = std::mem::take(items);
    for item in all {
        if !items.contains(&item) {
            items.push(item);
        }
    }
}

fn normalized(text: &str) -> String {
    let letters = "a\u{301}á a\u{308}ä A\u{308}Ä e\u{301}é E\u{301}É n\u{303}ñ o\u{308}ö O\u{308}Ö u\u{308}ü U\u{308}Ü A\u{30a}Å a\u{30a}å c\u{327}ç";
    let mut text = text.to_owned();
    for letter in letters.split(' ') {
        let (decomposed, composed) = letter.split_at(letter.len() - 2);
        text = text.replace(decomposed, composed);
    }
    text
}

pub(super) const FAULTS: &[Fault] = &[
    apply(("trims-name", "Trims white space off the name."), |change, agent| {
        name(change, agent, |name| name.trim().to_owned());
    }),
    apply(("truncates-name", "Cuts the name after 255 characters."), |change, agent| {
        name(change, agent, |name| name.chars().take(255).collect());
    }),
    apply(("normalizes-unicode", "Composes characters of the name (Unicode NFC)."), |change, agent| {
        name(change, agent, normalized);
    }),
    apply(("escapes-html", "Stores the name with HTML entities."), |change, agent| {
        name(change, agent, |name| name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    }),
    apply(("replaces-emoji", "Replaces characters beyond U+FFFF by question marks."), |change, agent| {
        name(change, agent, |name| name.chars().map(|char| if char > '\u{ffff}' { '?' } else { char }).collect());
    }),
    apply(("cuts-at-nul", "Cuts the name at U+0000."), |change, agent| {
        name(change, agent, |name| name.split('\0').next().unwrap_or_default().to_owned());
    }),
    apply(("drops-control-characters", "Removes control characters from the name."), |change, agent| {
        name(change, agent, |name| name.replace(char::is_control, ""));
    }),
    apply(("converts-line-breaks", "Stores the line breaks of the name as LF."), |change, agent| {
        name(change, agent, |name| name.replace("\r\n", "\n"));
    }),
    apply(("lower-cases-language", "Stores the language in lower case."), |change, agent| {
        store(change, agent, "/ttsModel/language", |language| {
            *language = json!(language.as_str().unwrap_or_default().to_lowercase());
        });
    }),
    apply(("sorts-phone-numbers", "Sorts the phone numbers."), |change, agent| {
        list(change, agent, "/phoneNumberIds", |ids| ids.sort_by_key(ToString::to_string));
    }),
    apply(("drops-repeated-phone-numbers", "Stores repeated phone numbers once."), |change, agent| {
        list(change, agent, "/phoneNumberIds", without_repetitions);
    }),
    apply(("drops-empty-phone-numbers", "Does not store empty phone number ids."), |change, agent| {
        list(change, agent, "/phoneNumberIds", |ids| ids.retain(|id| id != ""));
    }),
    apply(("reverses-gaps", "Stores the gaps in reverse order."), |change, agent| {
        list(change, agent, GAPS, |gaps| gaps.reverse());
    }),
    apply(("sorts-gaps", "Sorts the gaps by length."), |change, agent| {
        list(change, agent, GAPS, |gaps| gaps.sort_by_key(|gap| (gap["days"].as_u64(), gap["hours"].as_u64())));
    }),
    apply(("drops-repeated-gaps", "Stores equal gaps once."), |change, agent| {
        list(change, agent, GAPS, without_repetitions);
    }),
    apply(("drops-zero-gaps", "Does not store gaps of no length."), |change, agent| {
        list(change, agent, GAPS, |gaps| gaps.retain(|gap| *gap != json!({"days": 0, "hours": 0})));
    }),
    apply(("swaps-days-and-hours", "Stores the hours of a gap as its days."), |change, agent| {
        gaps(change, agent, |_, gap| *gap = json!({"days": gap["hours"], "hours": gap["days"]}));
    }),
    apply(("defaults-to-0-days", "Reads absent days as 0."), |change, agent| {
        gaps(change, agent, |given, gap| {
            if given.get("days").is_none() {
                gap["days"] = json!(0);
            }
        });
    }),
    apply(("defaults-to-1-hour", "Reads absent hours as 1."), |change, agent| {
        gaps(change, agent, |given, gap| {
            if given.get("hours").is_none() {
                gap["hours"] = json!(1);
            }
        });
    }),
    apply(
        ("stores-gaps-without-defaults", "Answers a gap without the fields that were not given."),
        |change, agent| {
            gaps(change, agent, |given, gap| {
                if let Value::Object(fields) = gap {
                    fields.retain(|name, _| given.get(name).is_some());
                }
            });
        },
    ),
    apply(("limits-attempts", "Stores more than 2147483647 attempts as that number."), |change, agent| {
        store(change, agent, "/maxAttemptsForSmartCallback", |attempts| {
            *attempts = json!(attempts.as_u64().unwrap_or_default().min(2_147_483_647));
        });
    }),
    apply(("rounds-settings", "Rounds settings to one digit after the point."), |change, agent| {
        settings(change, agent, |value| (value * 10.0).round() / 10.0);
    }),
    apply(("stores-settings-in-32-bits", "Stores settings with the precision of 32 bits."), |change, agent| {
        #[expect(clippy::cast_possible_truncation, reason = "the fault")]
        settings(change, agent, |value| f64::from(value as f32));
    }),
    apply(("loses-large-integers", "Stores the integers of variables as doubles."), |change, agent| {
        store(change, agent, "/variables", |variables| {
            numbers(variables, |number| *number = json!(number.as_f64()));
        });
    }),
    apply(("truncates-fractions", "Stores the numbers of variables as integers."), |change, agent| {
        store(change, agent, "/variables", |variables| {
            numbers(variables, |number| *number = json!(number.as_f64().map(f64::trunc)));
        });
    }),
    apply(("stringifies-variables", "Stores the numbers of variables as strings."), |change, agent| {
        store(change, agent, "/variables", |variables| {
            numbers(variables, |number| *number = json!(number.to_string()));
        });
    }),
    apply(("lower-cases-variables", "Stores the names of variables in lower case."), |change, agent| {
        store(change, agent, "/variables", |variables| {
            let fields = variables.as_object().cloned().unwrap_or_default();
            *variables = fields.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
        });
    }),
    apply(("drops-unnamed-variable", "Does not store a variable with an empty name."), |change, agent| {
        store(change, agent, "/variables", |variables| drop(variables.as_object_mut().and_then(|all| all.remove(""))));
    }),
    apply(("changes-creation-time", "Sets `createdAt` with every update that gives a name."), |change, agent| {
        if change.update.get("name").is_some() {
            agent["createdAt"] = agent["updatedAt"].clone();
        }
    }),
    apply(("changes-id", "Sets `_id` to the name."), |change, agent| {
        if let Some(name) = change.update.get("name") {
            agent["_id"] = name.clone();
        }
    }),
    apply(("changes-status", "Sets `status` to pending with every update that gives a name."), |change, agent| {
        if change.update.get("name").is_some() {
            agent["status"] = json!("pending");
        }
    }),
];
