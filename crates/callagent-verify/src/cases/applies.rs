//! What an update changes and what it leaves alone. The session compares every response with the agent before and the
//! update; these cases send the updates that matter.

use callagent::{Agent, LlmModel, TtsProvider, UpdateAgent, model::Presence};
use serde_json::{Value, json};

use super::{
    common::{all_fields, table},
    random,
};
use crate::{
    case::{Case, Group},
    judge::Mismatch,
    log::{Done, Stop},
    session::Session,
};

pub(super) fn cases() -> Vec<Case> {
    table! { Group::Applies;
        "absent-fields", "Absent fields keep their values", ["apply.absent"], absent_fields;
        "one-field", "An update of one field changes only that field", ["apply.absent"], one_field;
        "defaults", "A documented default never overwrites a value", ["apply.default"], defaults;
        "name", "name is replaced", ["apply.name"], name;
        "llm-model", "llmModel is replaced", ["apply.llmModel"], llm_model;
        "smart-callback", "smartCallback is replaced", ["apply.smartCallback"], smart_callback;
        "max-attempts", "maxAttemptsForSmartCallback is replaced", ["apply.attempts"], max_attempts;
        "gaps", "The list of gaps is replaced as a whole", ["apply.gaps"], gaps;
        "gap-defaults", "A gap without days or hours gets the defaults", ["apply.gap-default"], gap_defaults;
        "phone-numbers", "phoneNumberIds is replaced as a whole", ["apply.phoneNumberIds"], phone_numbers;
        "variables", "variables is replaced as a whole", ["apply.variables"], variables;
        "voice", "ttsModel is merged field by field", ["apply.ttsModel"], voice;
        "provider", "Every provider is stored", ["apply.ttsModel"], provider;
        "settings", "settings is merged field by field", ["apply.settings"], settings;
        "custom-settings", "A custom setting is replaced as a whole, even by null", ["apply.settings.further"], custom_settings;
        "free-form-values", "Free-form values are kept unchanged", ["request.variables.any", "request.settings.further"], free_form_values;
        "strings", "Strings are kept unchanged", ["request.name.any"], strings;
        "response-fields", "What an update cannot name stays", ["apply.response-only"], response_fields;
        "undocumented-fields", "Undocumented fields of the agent are kept", ["apply.response-only"], undocumented_fields;
        "random", "A sequence of random updates is applied", ["http.accepted.agent"], random_updates;
    }
}

/// Sends updates one after the other.
async fn accept_all(session: &mut Session, updates: Vec<Value>) -> Done {
    session.ensure_known().await?;
    for fields in updates {
        session.accept(fields).await?;
    }
    Ok(())
}

async fn absent_fields(session: &mut Session) -> Done {
    accept_all(session, vec![all_fields(), json!({})]).await
}

/// Sends each field alone, after all fields had other values.
async fn one_field(session: &mut Session) -> Done {
    let others = json!({
        "name": "Another",
        "ttsModel": {"provider": TtsProvider::Google, "voiceId": "voice-2", "language": "fr"},
        "smartCallback": false,
        "maxAttemptsForSmartCallback": 3,
        "gapBetweenEachAttemptForSmartCallback": [{"days": 2, "hours": 5}],
        "phoneNumberIds": ["phone-3"],
        "settings": {"speed": 0.125},
        "variables": {"other": true},
    });
    let fields = others.as_object().into_iter().flatten();
    let alone = fields.map(|(name, value)| json!({ name.as_str(): value }));
    accept_all(session, vec![all_fields()].into_iter().chain(alone).collect()).await
}

/// Values other than the defaults survive an update that does not give them.
async fn defaults(session: &mut Session) -> Done {
    let model = LlmModel::ALL.iter().find(|model| **model != LlmModel::default());
    let others = json!({"llmModel": model, "smartCallback": true, "maxAttemptsForSmartCallback": 7});
    accept_all(session, vec![others, json!({"name": "Defaults"}), json!({})]).await
}

async fn name(session: &mut Session) -> Done {
    accept_all(session, vec![json!({"name": "First"}), json!({"name": "Second"})]).await
}

async fn llm_model(session: &mut Session) -> Done {
    accept_all(session, LlmModel::ALL.iter().map(|model| json!({"llmModel": model})).collect()).await
}

async fn smart_callback(session: &mut Session) -> Done {
    accept_all(session, [true, false, true].map(|value| json!({"smartCallback": value})).into()).await
}

async fn max_attempts(session: &mut Session) -> Done {
    let bounds = callagent::Attempts::MAX;
    let values = [json!(0), json!(1), json!(bounds), json!(2)];
    accept_all(session, values.map(|value| json!({"maxAttemptsForSmartCallback": value})).into()).await
}

async fn gaps(session: &mut Session) -> Done {
    let lists = [
        json!([{"days": 1, "hours": 1}, {"days": 2, "hours": 2}, {"days": 3, "hours": 3}]),
        json!([{"days": 3, "hours": 3}, {"days": 1, "hours": 1}]),
        json!([{"days": 2, "hours": 0}, {"days": 2, "hours": 0}]),
        (0..100).map(|index| json!({"days": index % 30, "hours": index % 23})).collect(),
        json!([]),
    ];
    accept_all(session, lists.map(|list| json!({"gapBetweenEachAttemptForSmartCallback": list})).into()).await
}

async fn gap_defaults(session: &mut Session) -> Done {
    let lists =
        [json!([{"hours": 5}]), json!([{"days": 5}]), json!([{"days": 0}]), json!([{}, {"days": 4, "hours": 4}, {}])];
    accept_all(session, lists.map(|list| json!({"gapBetweenEachAttemptForSmartCallback": list})).into()).await
}

async fn phone_numbers(session: &mut Session) -> Done {
    let lists = [json!(["c", "a", "b"]), json!(["b", "c"]), json!(["d", "d"]), json!([""]), json!([])];
    accept_all(session, lists.map(|list| json!({"phoneNumberIds": list})).into()).await
}

async fn variables(session: &mut Session) -> Done {
    let all = [
        json!({"a": 1, "b": {"c": 2, "d": 3}}),
        json!({"b": {"d": 4}}),
        json!({"b": null}),
        json!({"B": 1, "": 2}),
        json!({}),
    ];
    accept_all(session, all.map(|variables| json!({ "variables": variables })).into()).await
}

async fn voice(session: &mut Session) -> Done {
    let provider = TtsProvider::OpenAi;
    let voices = [
        json!({"provider": provider, "voiceId": "voice-1", "language": "en"}),
        json!({"provider": provider, "voiceId": "voice-2"}),
        json!({"provider": provider, "language": "de"}),
        json!({"provider": TtsProvider::Google}),
        json!({"provider": provider, "voiceId": "", "language": "not a tag"}),
    ];
    accept_all(session, voices.map(|voice| json!({"ttsModel": voice})).into()).await
}

/// The provider that requires a key is left to the group of secrets.
async fn provider(session: &mut Session) -> Done {
    let providers = TtsProvider::ALL.iter().filter(|provider| **provider != TtsProvider::ElevenLabsByo);
    accept_all(session, providers.map(|provider| json!({"ttsModel": {"provider": provider}})).collect()).await
}

async fn settings(session: &mut Session) -> Done {
    let all = [
        json!({"speed": 0.5, "volume": 0.25, "temperature": 0.75, "custom": 1}),
        json!({"speed": 1}),
        json!({"volume": 0}),
        json!({"temperature": 0.123_456_789_012_345_67}),
        json!({"another": "setting"}),
        json!({}),
    ];
    accept_all(session, all.map(|settings| json!({ "settings": settings })).into()).await
}

async fn custom_settings(session: &mut Session) -> Done {
    let values = [
        json!({"a": 1, "b": {"c": 2}}),
        json!({"b": {"d": 3}}),
        json!(null),
        json!([1, {"a": 2}]),
        json!([]),
        json!({}),
    ];
    accept_all(session, values.map(|value| json!({"settings": {"custom": value}})).into()).await
}

async fn free_form_values(session: &mut Session) -> Done {
    let values = json!({
        "integer": 9_007_199_254_740_993_u64,
        "largest": u64::MAX,
        "smallest": i64::MIN,
        "fraction": 0.1,
        "tiny": 5e-324,
        "huge": f64::MAX,
        "null": null,
        "nested": [[{"a": [null, true, "\u{0}"]}]],
        "a/b~c": "\u{1F600}",
        "__proto__": {"x": 1},
        "constructor": "x",
        "name": "x",
        "llmModel": 1,
    });
    accept_all(session, vec![json!({ "variables": values }), json!({"settings": {"custom": values}})]).await
}

async fn strings(session: &mut Session) -> Done {
    let strings =
        ["", " ", " a ", "\u{0}", "e\u{301}", "\u{E9}", "\u{1F600}", "<b>&amp;\"'\\", "\u{202E}abc", "line\r\nline"];
    let long = "x".repeat(10_000);
    let names = strings.into_iter().chain([&*long]);
    accept_all(session, names.map(|name| json!({"name": name, "phoneNumberIds": [name]})).collect()).await
}

async fn response_fields(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let is_shown = |session: &Session| {
        let own = Agent::OBJECT.fields.iter().filter(|field| UpdateAgent::OBJECT.field(field.name).is_none());
        let documented = own.filter(|field| field.presence == Presence::Documented);
        let agent = session.known().and_then(|known| serde_json::to_value(&known.agent).ok()).unwrap_or_default();
        documented.filter(|field| agent.get(field.name).is_some()).count() > 0
    };
    if !is_shown(session) {
        return Err(Stop::NotApplicable("the responses have no other fields than updates".to_owned()));
    }
    accept_all(session, vec![all_fields(), json!({"name": "Response fields"})]).await
}

async fn undocumented_fields(session: &mut Session) -> Done {
    session.ensure_known().await?;
    let named = session.options.undocumented_fields.clone();
    let has_undocumented = session.known().is_some_and(|known| {
        let tts = known.agent.tts.as_ref().is_some_and(|tts| !tts.additional_properties().is_empty());
        tts || !known.agent.additional_properties().is_empty()
    });
    if !has_undocumented && named.is_empty() {
        return Err(Stop::NotApplicable("the responses have no undocumented fields".to_owned()));
    }
    accept_all(session, vec![all_fields(), json!({"name": "Undocumented fields"}), json!({})]).await?;
    let agent = session.known().and_then(|known| serde_json::to_value(&known.agent).ok()).unwrap_or_default();
    let missing = named.iter().filter(|pointer| agent.pointer(pointer).is_none());
    let message =
        |pointer: &String| Mismatch::contract(format!("expected `{pointer}`, which the agent had, found nothing"));
    session.note(missing.map(message).collect())
}

async fn random_updates(session: &mut Session) -> Done {
    session.ensure_known().await?;
    // Another seed than that of the accepted documents.
    for text in random::valid(session.options.seed.wrapping_add(1), random::VALID) {
        random::exchange(session, text).await?;
        random::exchange(session, String::from_utf8_lossy(&session.reading().body).into_owned()).await?;
    }
    Ok(())
}
