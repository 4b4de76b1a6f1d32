//! The answer to an accepted update is wrong.

use axum::http::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue},
};
use serde_json::{Value, json};

use super::{super::body::parse, Fault, Flaw, Reply, Row, Seen, flaw, reply};

const GAPS: &str = "gapBetweenEachAttemptForSmartCallback";

/// Rewrites the responses to accepted updates.
macro_rules! ok {
    ($row:expr, |$seen:pat_param, $reply:ident| $body:expr) => {{
        const ROW: Row = $row;
        reply(ROW, |seen: &Seen, $reply: &mut Reply| {
            let $seen = seen;
            if $reply.is_ok() {
                $body;
            }
        })
    }};
}

/// Changes a field of the agent if the update gives it.
fn edit(seen: &Seen, reply: &mut Reply, name: &str, edit: impl FnOnce(&mut Value)) {
    if seen.update().get(name).is_some() {
        reply.edit(|agent| edit(&mut agent[name]));
    }
}

/// Removes a field of the agent.
fn omit(reply: &mut Reply, name: &str) {
    reply.edit(|agent| drop(agent.as_object_mut().and_then(|agent| agent.remove(name))));
}

fn tag(reply: &mut Reply, tag: impl FnOnce(&str) -> String) {
    let tag = tag(reply.headers.get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default());
    reply.headers.extend(HeaderValue::try_from(tag).ok().map(|tag| (ETAG, tag)));
}

pub(super) const FAULTS: &[Fault] = &[
    ok!(("answers-201", "Answers 201 instead of 200."), |_, reply| reply.status = StatusCode::CREATED),
    ok!(("answers-202", "Answers 202 instead of 200."), |_, reply| reply.status = StatusCode::ACCEPTED),
    ok!(("answers-204", "Answers 204 without a body."), |_, reply| {
        reply.status = StatusCode::NO_CONTENT;
        reply.body.clear();
        reply.headers.remove(CONTENT_TYPE);
    }),
    ok!(("answers-empty-body", "Answers 200 without a body."), |_, reply| reply.body.clear()),
    ok!(("answers-as-html", "Calls the agent text/html."), |_, reply| reply.set(CONTENT_TYPE, "text/html")),
    ok!(("answers-as-text-json", "Calls the agent text/json."), |_, reply| reply.set(CONTENT_TYPE, "text/json")),
    ok!(("answers-without-media-type", "Gives no media type for the agent."), |_, reply| {
        reply.headers.remove(CONTENT_TYPE)
    }),
    ok!(("answers-html", "Answers 200 with a page of HTML if the name changes."), |seen, reply| {
        if seen.update().get("name").is_some() {
            reply.replace("text/html", "<!doctype html><title>Agent updated</title>");
        }
    }),
    ok!(("answers-text", "Answers 200 with text if the update has variables."), |seen, reply| {
        if seen.update().get("variables").is_some() {
            reply.replace("application/json", "OK");
        }
    }),
    ok!(("answers-success", "Answers `{\"success\":true}` instead of the agent."), |_, reply| {
        reply.body = br#"{"success":true}"#.to_vec();
    }),
    ok!(("answers-array", "Answers the agent in an array."), |_, reply| reply.edit(|agent| *agent = json!([agent]))),
    ok!(("answers-data", "Answers the agent in the field `data`."), |_, reply| {
        reply.edit(|agent| *agent = json!({"data": agent}));
    }),
    ok!(("answers-request", "Answers the update instead of the agent."), |seen, reply| {
        reply.body = seen.update().to_string().into_bytes();
    }),
    ok!(("answers-byte-order-mark", "Begins the agent with a byte-order mark."), |_, reply| {
        reply.body = ["\u{feff}".as_bytes(), &reply.body].concat();
    }),
    ok!(("answers-cut", "Cuts off the end of the agent if the name changes."), |seen, reply| {
        reply.body.truncate(reply.body.len() - usize::from(seen.update().get("name").is_some()));
    }),
    ok!(("answers-nan", "Answers NaN for a speed of 1."), |seen, reply| {
        if seen.update()["settings"]["speed"].as_f64() >= Some(1.0) {
            let text = String::from_utf8_lossy(&reply.body).replace("\"speed\":1", "\"speed\":NaN");
            reply.body = text.into_bytes();
        }
    }),
    ok!(("answers-duplicate-field", "Answers the model twice."), |_, reply| {
        reply.body.splice(0..1, br#"{"llmModel":"gpt-5","#.iter().copied());
    }),
    ok!(("answers-string-for-boolean", "Answers `smartCallback` as a string."), |seen, reply| {
        edit(seen, reply, "smartCallback", |value| *value = json!(value.to_string()));
    }),
    ok!(("answers-string-for-attempts", "Answers the number of attempts as a string."), |seen, reply| {
        edit(seen, reply, "maxAttemptsForSmartCallback", |value| *value = json!(value.to_string()));
    }),
    ok!(("answers-40-days", "Answers 40 days for a gap of 30."), |seen, reply| {
        edit(seen, reply, GAPS, |gaps| {
            let gaps = gaps.as_array_mut().into_iter().flatten();
            gaps.filter(|gap| gap["days"] == 30).for_each(|gap| gap["days"] = json!(40));
        });
    }),
    ok!(("answers-percentages", "Answers settings as percentages."), |seen, reply| {
        edit(seen, reply, "settings", |settings| {
            if let Some(speed) = settings["speed"].as_f64() {
                settings["speed"] = json!(speed * 100.0);
            }
        });
    }),
    ok!(("answers-null-item", "Answers null in the list of phone numbers when it is empty."), |seen, reply| {
        edit(seen, reply, "phoneNumberIds", |ids| {
            if *ids == json!([]) {
                *ids = json!([null]);
            }
        });
    }),
    ok!(("answers-voice-as-string", "Answers the provider as `ttsModel`."), |seen, reply| {
        edit(seen, reply, "ttsModel", |tts| *tts = tts["provider"].clone());
    }),
    ok!(("answers-empty-list-as-null", "Answers an empty list of phone numbers as null."), |seen, reply| {
        edit(seen, reply, "phoneNumberIds", |ids| {
            if *ids == json!([]) {
                *ids = Value::Null;
            }
        });
    }),
    ok!(("omits-variables", "Leaves variables out of the answer."), |_, reply| omit(reply, "variables")),
    ok!(("omits-false", "Leaves `smartCallback` out of the answer if it is false."), |_, reply| {
        if parse(&reply.body)["smartCallback"] == false {
            omit(reply, "smartCallback");
        }
    }),
    ok!(("omits-empty-name", "Leaves an empty name out of the answer."), |_, reply| {
        if parse(&reply.body)["name"] == "" {
            omit(reply, "name");
        }
    }),
    flaw(("answers-agent-before", "Answers the agent before the update."), Flaw::AnswersBefore),
    ok!(("omits-tag", "Answers without `ETag`."), |_, reply| reply.headers.remove(ETAG)),
    ok!(("weak-tag", "Answers a weak `ETag`."), |_, reply| tag(reply, |tag| format!("W/{tag}"))),
    ok!(("constant-tag", "Answers the same `ETag` for all states."), |_, reply| tag(reply, |_| "\"1\"".to_owned())),
    ok!(("tag-without-quotes", "Answers an `ETag` without quotes."), |_, reply| tag(reply, |tag| tag.replace('"', ""))),
    flaw(("unchanging-tag", "Keeps the `ETag` when the agent changes."), Flaw::KeepsTag),
    ok!(("changing-tag", "Answers another `ETag` each time."), |seen, reply| tag(reply, |_| format!(
        "\"r{}\"",
        seen.count
    ))),
    ok!(("omits-cache-control", "Answers without `Cache-Control`."), |_, reply| reply.headers.remove(CACHE_CONTROL)),
    ok!(("cacheable", "Answers `Cache-Control: max-age=60` only."), |_, reply| reply.set(CACHE_CONTROL, "max-age=60")),
    flaw(("answers-key-in-clear", "Stores and answers the key in clear."), Flaw::ClearKey),
    flaw(("answers-unused-key", "Answers the key with a provider that does not use it."), Flaw::DisclosedKey),
    ok!(("echoes-unused-key", "Answers a given key in clear with a provider that does not use it."), |seen, reply| {
        if let Some(key) = seen.key() {
            reply.edit(|agent| {
                if agent["ttsModel"]["provider"] != "11labs_byo" {
                    agent["ttsModel"]["elevenLabsApiKey"] = json!(key);
                }
            });
        }
    }),
    ok!(("masks-key", "Answers the last four characters of the key."), |seen, reply| {
        let last = seen.key().and_then(|key| Some(key.get(key.len().checked_sub(4)?..)?.to_owned()));
        reply.edit(|agent| {
            if let (Some(last), Some(stored)) = (last, agent.pointer_mut("/ttsModel/elevenLabsApiKey")) {
                *stored = json!(format!("****{last}"));
            }
        });
    }),
];
