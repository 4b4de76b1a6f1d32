//! Requests that show what a server does. Each group is sent to a server of its own.

use serde_json::{Value, json};

use crate::probe::Probe;

/// The number of groups.
pub(crate) const STEPS: usize = 10;

/// The group that is sent to a server with an access key.
pub(crate) const ACCESS: usize = 7;

/// Returns the requests of a group: those that are sent one after another, then those that are sent at once.
pub(crate) fn step(step: usize) -> (Vec<Probe>, Vec<Probe>) {
    let in_order = match step {
        0 => valid(),
        1 => boundaries(),
        2 => stored(),
        3 => invalid(),
        4 => malformed(),
        5 => heads(),
        6 => preconditions(),
        ACCESS => access(),
        8 => return (Vec::new(), concurrent()),
        _ => large(),
    };
    (in_order, Vec::new())
}

/// Creates an update from the fields besides the model.
fn update(fields: &Value) -> Probe {
    let mut update = json!({"llmModel": "gpt-4o-mini"});
    if let (Some(update), Some(fields)) = (update.as_object_mut(), fields.as_object()) {
        update.extend(fields.clone());
    }
    Probe::update(update.to_string())
}

/// Creates an update from the text of fields besides the model.
fn text(fields: &str) -> Probe {
    Probe::update(format!(r#"{{"llmModel":"gpt-4o-mini",{fields}}}"#))
}

fn gaps(gaps: &Value) -> Probe {
    update(&json!({"gapBetweenEachAttemptForSmartCallback": gaps}))
}

fn gap_text(gap: &str) -> Probe {
    text(&format!(r#""gapBetweenEachAttemptForSmartCallback":[{gap}]"#))
}

fn tts(fields: &str) -> Probe {
    text(&format!(r#""ttsModel":{{{fields}}}"#))
}

fn valid() -> Vec<Probe> {
    let full = json!({
        "name": "Sales", "smartCallback": false, "maxAttemptsForSmartCallback": 3,
        "phoneNumberIds": ["b", "a", "b", ""],
        "gapBetweenEachAttemptForSmartCallback": [
            {"days": 3, "hours": 5}, {"hours": 1}, {"days": 2}, {"days": 3, "hours": 5},
        ],
        "ttsModel": {"provider": "openai", "voiceId": "v", "language": "fr-CA"},
        "settings": {"speed": 0.125, "volume": 1, "temperature": 0, "greeting": {"tone": "warm"}, "custom": null},
        "variables": {"Company": "Globex", "list": [1, 2.5], "nested": {"deep": true}, "none": null, "": 1},
    });
    let models = ["gpt-4o-enterprise", "gpt-5", "geminiaudiopipeline:gemini-2.5-flash-preview-native-audio-dialog"];
    let mut probes = vec![Probe::minimal(), update(&full), update(&full), Probe::minimal()];
    probes.extend(models.map(|model| Probe::update(json!({"llmModel": model}).to_string())));
    probes
        .extend(["google", "elevenlabs", "rime"].map(|provider| update(&json!({"ttsModel": {"provider": provider}}))));
    for (provider, key) in
        [("11labs_byo", json!("sk-secret-1")), ("google", json!("sk-secret-1")), ("google", Value::Null)]
    {
        probes.push(update(&json!({"ttsModel": {"provider": provider, "elevenLabsApiKey": key}})));
    }
    probes.push(tts(r#""provider":"google""#));
    probes.push(update(&json!({"smartCallback": true, "settings": {"speed": 1}, "variables": {"a": 1}})));
    probes.push(update(&json!({"settings": {"volume": 0, "temperature": 1}})));
    probes.push(tts(r#""provider":"11labs_byo","elevenLabsApiKey":"sk-secret-2""#));
    probes.push(tts(r#""provider":"openai""#));
    probes
}

fn boundaries() -> Vec<Probe> {
    let gaps_of = ["30", "30.0", "3e1", "0", "-0", "-0.0", "1e-400"]
        .map(|days| gap_text(&format!(r#"{{"days":{days},"hours":23}}"#)));
    let attempts =
        ["0", "4294967295", "4294967295.0"].map(|number| text(&format!(r#""maxAttemptsForSmartCallback":{number}"#)));
    let speeds = ["0", "1", "1.0", "0.0", "1e-400"].map(|number| text(&format!(r#""settings":{{"speed":{number}}}"#)));
    let mut probes = [&gaps_of[..], &attempts, &speeds].concat();
    probes.extend([
        gaps(&json!([{"days": 1, "hours": 0}])),
        gaps(&json!([{}])),
        gaps(&json!([{"days": 0, "hours": 0}])),
        gaps(&json!([])),
        gaps(&json!(vec![json!({"days": 2}); 11])),
        update(&json!({"phoneNumberIds": vec!["p"; 21]})),
        update(&json!({"phoneNumberIds": []})),
        update(&json!({"phoneNumberIds": [""]})),
        update(&json!({"name": ""})),
        update(&json!({"settings": {}})),
        update(&json!({"variables": {}})),
        update(&json!({"ttsModel": {"provider": "rime", "voiceId": "", "language": "not a tag"}})),
        update(&json!({"variables": {"a": null}})),
        update(&json!({"variables": {"a": {"b": 1}}})),
        update(&json!({"variables": {"a": [1]}})),
        update(&json!({"variables": {"a": 9_007_199_254_740_993_u64}})),
        update(&json!({"variables": {"a.b": 1, "$set": 2}})),
        update(&json!({"variables": {"__proto__": 1}})),
        update(&json!({"variables": {"": 1}})),
        update(&json!({"settings": {"custom": null}})),
        update(&json!({"smartCallback": false, "maxAttemptsForSmartCallback": 2})),
        update(&json!({"variables": {"number": "12"}})),
        text(&format!(r#""variables":{{"n":{}}}"#, "1".repeat(60))),
        text(&format!(r#""variables":{{"a":{}{}}}"#, "[".repeat(125), "]".repeat(125))),
        Probe::update(" {\"llmModel\":\"gpt-5\"}"),
        Probe::update("{\"llmModel\":\"gpt-5\"}\n"),
        Probe::update("{\t\"llmModel\":\"gpt-5\"}"),
        Probe::update(r#"{"llm\u004dodel":"gpt-5"}"#),
        text(r#""name":"a\/b""#),
        text(r#""name":"\ud83d\ude00""#),
        text(r#""name":"\u00E9""#),
    ]);
    probes
}

/// The largest body that every server accepts, and a larger one.
fn large() -> Vec<Probe> {
    let minimal = r#"{"llmModel":"gpt-5"}"#;
    [600 << 10, 1 << 20, (1 << 20) + 1]
        .map(|length| Probe::update(minimal.to_owned() + &" ".repeat(length - minimal.len())))
        .into()
}

fn stored() -> Vec<Probe> {
    let names = ["  spaced  ", "e\u{301}", "<b>&", "\u{1f600}", "a\0b", "a\u{7}b", "a\r\nb", "Zoë", "Zweites"];
    let mut probes: Vec<_> = names.iter().map(|name| update(&json!({"name": name}))).collect();
    probes.extend([
        update(&json!({"name": "x".repeat(300)})),
        update(&json!({"settings": {"speed": 0.123_456_789}})),
        update(&json!({"variables": {"large": 9_007_199_254_740_993_u64, "half": 1.5, "Name": "x", "": 0}})),
        update(&json!({"variables": {"other": 1}})),
        Probe::minimal(),
    ]);
    probes
}

fn invalid() -> Vec<Probe> {
    let gap_texts = [
        r#""days":31"#,
        r#""days":32"#,
        r#""days":-1"#,
        r#""hours":24"#,
        r#""hours":25"#,
        r#""hours":-1"#,
        r#""days":1.5"#,
        r#""hours":1.5"#,
        r#""days":"1""#,
        r#""hours":"1""#,
        r#""days":null"#,
        r#""hours":null"#,
        r#""weeks":1"#,
        r#""days":2,"days":3"#,
    ];
    let mut probes: Vec<_> = gap_texts.iter().map(|gap| gap_text(&format!("{{{gap}}}"))).collect();
    probes.extend(["1", "null", "[]"].map(gap_text));
    probes.extend(["speed", "volume", "temperature"].map(|name| text(&format!(r#""settings":{{"{name}":2}}"#))));
    probes.extend(
        ["1.0000001", "-0.5", r#""0.5""#, "null", "true", "0.5,\"speed\":0.6"]
            .map(|value| text(&format!(r#""settings":{{"speed":{value}}}"#))),
    );
    probes.extend(
        ["4294967296", "-1", "1.5", r#""5""#, "true", "null"]
            .map(|value| text(&format!(r#""maxAttemptsForSmartCallback":{value}"#))),
    );
    for name in [
        "name",
        "ttsModel",
        "smartCallback",
        "phoneNumberIds",
        "gapBetweenEachAttemptForSmartCallback",
        "settings",
        "variables",
    ] {
        probes.extend(["5", "\"true\"", "null", "[]", "{}", "true"].map(|value| text(&format!(r#""{name}":{value}"#))));
    }
    probes.extend(["5", "null"].map(|item| text(&format!(r#""phoneNumberIds":["a",{item}]"#))));
    let models = [r#""gpt-6""#, r#""""#, r#""GPT-5""#, r#"" gpt-5 ""#, r#""gpt-5-x""#, "5", "null"];
    probes.extend(models.map(|model| Probe::update(format!(r#"{{"llmModel":{model}}}"#))));
    probes
        .extend([r#""azure""#, r#""""#, r#""OpenAI""#, "5"].map(|provider| tts(&format!(r#""provider":{provider}"#))));
    let own = r#""provider":"11labs_byo""#;
    probes.extend(
        ["", ",\"elevenLabsApiKey\":null", ",\"elevenLabsApiKey\":\"\"", ",\"elevenLabsApiKey\":5"]
            .map(|key| tts(&format!("{own}{key}"))),
    );
    let voices = [
        r#""voiceId":"v""#,
        r#""provider":"rime","voiceId":5"#,
        r#""provider":"rime","language":5"#,
        r#""provider":"rime","name":"n""#,
        r#""provider":"rime","voiceId":null"#,
        r#""provider":"rime","language":null"#,
        r#""provider":"rime","provider":"openai""#,
        r#""provider":"rime","a~b/c":1"#,
        r#""provider":"azure","elevenLabsApiKey":"sk-secret-3""#,
    ];
    probes.extend(voices.map(tts));
    probes.extend([r#""_id":"x""#, r#""status":"ready""#, r#""__proto__":{}"#, r#""":1"#, r#""color":1"#].map(text));
    probes.extend([
        text(r#""name":"a","name":"b""#),
        text(r#""name":"a","n\u0061me":"b""#),
        text(r#""variables":{"a":1,"a":2}"#),
        text(r#""variables":{"a":{"b":1,"b":2}}"#),
        Probe::update("{}"),
        Probe::update("[]"),
        text(r#""name":"Refused","smartCallback":"yes","settings":{"speed":7,"volume":7}"#),
        Probe::minimal(),
    ]);
    probes
}

fn malformed() -> Vec<Probe> {
    let minimal = r#"{"llmModel":"gpt-5"}"#;
    let with = |variable: &str| format!(r#"{{"llmModel":"gpt-5","variables":{{"a":{variable}}}}}"#);
    let texts = [
        format!("{minimal} x"),
        with("[1,]"),
        format!("/* c */{minimal}"),
        format!("\u{feff}{minimal}"),
        with(r#""\ud800""#),
        with("NaN"),
        with("1e400"),
        with("01"),
        with("\"\u{1}\""),
        "{'llmModel':'gpt-5'}".to_owned(),
        r#"{"llmModel":"gpt-5""#.to_owned(),
        String::new(),
        with(&format!("{}{}", "[".repeat(126), "]".repeat(126))),
    ];
    let mut probes: Vec<_> = texts.into_iter().map(Probe::update).collect();
    probes.push(Probe::update(b"{\"llmModel\":\"gpt-5\",\"name\":\"\xff\"}".as_slice()));
    probes
}

fn media_types() -> Vec<Probe> {
    let media_types = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/ld+json",
        "text/json",
        "application/json-seq",
        "application/octet-stream",
        "application/json; charset=utf-8",
        "Application/JSON",
    ];
    media_types.map(|media_type| Probe::minimal().set("content-type", media_type)).into()
}

fn heads() -> Vec<Probe> {
    let minimal = Probe::minimal;
    let at = |segment: &str| Probe::minimal().path(format!("/v1/api/agents/{segment}"));
    let segments = [
        "a%2Fb",
        "a/b",
        "agent_1/",
        "./agent_1",
        "/agent_1",
        "Agent_1",
        "%20agent_1",
        "%61gent_1",
        "%2561gent_1",
        "agent%5f1",
        "agent_1%",
        "agent_1%4",
        "%zz",
        "agent_1%ff",
        "%2E",
        "agent_1;v=1",
        "agent_2",
        "unknown",
        "",
    ];
    let mut probes: Vec<_> = segments.map(at).into();
    probes.push(minimal().path("/V1/api/agents/agent_1"));
    probes.extend(["POST", "PATCH", "GET", "HEAD", "DELETE"].map(|method| minimal().method(method)));
    probes.push(minimal().method("POST").set("x-http-method-override", "PUT"));
    probes.push(minimal().method("GET").without("x-workspace-id"));
    let workspaces = ["", "ACME", "ac me", "caf\u{e9}", "other"];
    probes.extend(workspaces.map(|workspace| minimal().set("x-workspace-id", workspace)));
    probes.extend([minimal().without("x-workspace-id"), minimal().add("x-workspace-id", "acme")]);
    probes.extend(media_types());
    probes.extend([
        minimal().without("content-type"),
        minimal().set("content-encoding", "gzip"),
        minimal().set("content-encoding", "identity"),
        minimal().set("content-length", "99999999999"),
        Probe::update("{}").set("content-type", "text/plain"),
        Probe::update("{}").without("x-workspace-id"),
        Probe::update("{}").set("if-match", ""),
        at("unknown").set("content-type", "text/plain"),
        at("unknown").set("if-match", ""),
        minimal().without("x-workspace-id").set("content-type", "text/plain"),
    ]);
    probes.push(Probe::update("{}").path("/v1/api/agents/unknown"));
    probes.extend(vec![minimal(); 20]);
    probes
}

fn preconditions() -> Vec<Probe> {
    let mut probes = Vec::new();
    let tags = [
        "\"1\"",
        "\"0\"",
        "W/\"2\"",
        "\"0\", \"2\"",
        "*",
        "\"0,1\"",
        "",
        "2",
        "\"x",
        "\"2\"",
        "\"3\"",
        "\"4\"",
        "\"5\"",
        "\"6\"",
        "\"0\", \"6\"",
    ];
    for (index, tag) in tags.iter().enumerate() {
        probes.push(update(&json!({"name": format!("n{index}")})).set("if-match", *tag));
    }
    probes.extend([
        update(&json!({"name": "lines"})).set("if-match", "\"0\"").add("if-match", "\"5\", \"6\", \"7\", \"8\""),
        Probe::minimal().set("if-match", "\"0\""),
        Probe::minimal().path("/v1/api/agents/unknown").set("if-match", "\"1\""),
    ]);
    probes
}

fn access() -> Vec<Probe> {
    let given = |key: &'static str| Probe::minimal().set("x-api-key", key);
    let valid = || given("key-of-acme");
    vec![
        Probe::minimal(),
        given(""),
        given("unknown"),
        given("KEY-OF-ACME"),
        given("key-of-acme-2"),
        valid(),
        valid().set("x-workspace-id", "other").path("/v1/api/agents/agent_2"),
        given("unknown").path("/v1/api/agents/unknown"),
        given("unknown").set("content-type", "text/plain"),
        given("unknown").without("x-workspace-id"),
        Probe::update("{}"),
    ]
}

fn concurrent() -> Vec<Probe> {
    let name = update(&json!({"name": "Concurrent", "variables": {"by": 1}}));
    let attempts = update(&json!({"maxAttemptsForSmartCallback": 9, "settings": {"volume": 0.5}}));
    let matching = |name: &str| update(&json!({"name": name})).set("if-match", "\"1\"");
    vec![matching("first"), matching("second"), name, attempts]
}
