//! Secrets appear in no error, also when the server repeats them in every place and spelling.

use callagent::{ElevenLabsKey, LlmModel, TtsUpdate, UpdateAgent};
use callagent_client::{BuildError, Client, RetryPolicy};

use crate::{
    AGENT, WORKSPACE, builder,
    listener::{Listener, Reply, problem, response},
};

const ACCESS_KEY: &str = "access/key+1<2>";
const TOKEN: &str = "Bearer \"to\\ken\"";
const ELEVEN_LABS_KEY: &str = "sk-é/\"\n\u{1}4321";

/// The parts of secrets that no error may contain.
const PARTS: [&str; 8] = ["access", "key+1", "<2>", "to\\ken", "ken\"", "sk-é", "sk-\\u", "4321"];

fn secret_update() -> UpdateAgent {
    let tts = TtsUpdate::with_own_key(ElevenLabsKey::new(ELEVEN_LABS_KEY)).expect("the key is not empty");
    UpdateAgent::new(LlmModel::Gpt5).tts(tts)
}

fn client(url: &str) -> Client {
    let builder = builder(url).access_key(ACCESS_KEY).secret_header("authorization", TOKEN).header("x-plain", "plain");
    builder.retry(RetryPolicy::none()).build().expect("the options are valid")
}

/// The secrets as JSON strings in different spellings, without quotes.
fn spellings() -> Vec<String> {
    let all = format!("{ACCESS_KEY} {TOKEN} {ELEVEN_LABS_KEY}");
    let quoted = |text: &str| serde_json::to_string(text).expect("a string");
    let json = quoted(&all);
    let json = json[1..json.len() - 1].to_owned();
    let php = json.replace('/', "\\/");
    let go = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('é', "\\u00e9");
    let all_escaped: String = all.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
    let twice = quoted(&json);
    let twice = twice[1..twice.len() - 1].to_owned();
    vec![json, php, go, all_escaped, twice]
}

fn replies() -> Vec<Reply> {
    let mut replies = Vec::new();
    for spelling in spellings() {
        let bodies = [
            format!(
                r#"{{"detail": "{spelling}", "title": "{spelling}", "type": "{spelling}", "violations": [{{"code": "{spelling}",
                "pointer": "/{spelling}", "message": "{spelling}", "expected": "{spelling}", "found": "{spelling}",
                "suggestion": {{"offset": 0, "length": 1, "text": "{spelling}", "safe": true}}}}]}}"#
            ),
            format!(
                r#"{{"smartCallback": "{spelling}", "{spelling}": 1, "{spelling}": 2, "ttsModel": {{"elevenLabsApiKey": 4321}}}}"#
            ),
            format!("<p>{spelling}"),
            format!(r#"{{"createdAt": "{spelling}", "name": ["{spelling}"]}}"#),
        ];
        for body in bodies {
            let headers = [
                ("x-echo", ACCESS_KEY),
                ("set-cookie", "access=4321"),
                ("location", "http://elsewhere/?key=access/key+1<2>"),
                ("x-request-id", TOKEN),
            ];
            if !body.contains("\"detail\"") {
                replies.push(response(200, &headers, &body));
            }
            for status in [302, 400, 412, 422, 500] {
                replies.push(response(status, &headers, &body));
                replies.push(problem(status, &headers, &body));
            }
        }
    }
    replies
}

#[tokio::test]
async fn a_response_that_repeats_secrets() {
    let listener = Listener::replies(replies()).await;
    let client = client(&listener.url());
    for number in 0..replies().len() {
        let error = client.update(AGENT, secret_update()).await.expect_err("no agent");
        let request = listener.request(number);
        assert!(
            request.contains(ACCESS_KEY) && request.contains(TOKEN) && request.contains("x-plain: plain"),
            "{request}"
        );
        let shown = [format!("{error}"), format!("{error:?}"), format!("{error:#?}")];
        let raw = [
            error.body().unwrap_or_default().to_owned(),
            error.request_id().unwrap_or_default().to_owned(),
            error.headers().into_iter().flatten().map(|(_, value)| String::from_utf8_lossy(value.as_bytes())).collect(),
        ];
        for text in shown.iter().chain(&raw) {
            let part = PARTS.iter().find(|part| text.contains(**part));
            assert_eq!(part, None, "{text}");
        }
    }
}

#[tokio::test]
async fn a_request_that_is_echoed() {
    let listener = Listener::start(|_, request| response(500, &[], request)).await;
    let error = client(&listener.url()).update(AGENT, secret_update()).await.expect_err("500");
    let text = format!("{error} {error:?} {}", error.body().unwrap_or_default());
    assert_eq!(PARTS.iter().find(|part| text.contains(**part)), None, "{text}");
    assert!(text.contains("x-api-key: …") && text.contains("authorization: …"), "{text}");
}

#[test]
fn debug_of_options_clients_and_calls() {
    let builder = builder("http://127.0.0.1:1").access_key(ACCESS_KEY).secret_header("x-token", TOKEN);
    let client = client("http://127.0.0.1:1");
    let call = client.update(AGENT, secret_update());
    let text = format!("{builder:?} {client:?} {call:?}");
    assert_eq!(PARTS.iter().find(|part| text.contains(**part)), None, "{text}");
    assert!(text.contains(AGENT));
}

#[test]
fn errors_of_options() {
    let with = |builder: callagent_client::ClientBuilder| -> BuildError { builder.build().expect_err("invalid") };
    let new = || Client::builder().base_url("http://127.0.0.1:1").workspace(WORKSPACE);
    let errors = [
        with(new().access_key("4321\n")),
        with(new().secret_header("x-token", "4321\0")),
        with(new().base_url("http://user:4321@host")),
        with(new().base_url("4321")),
        with(new().proxy("http://user:4321@[")),
        with(new().root_certificate("4321")),
    ];
    for error in errors {
        assert!(!format!("{error} {error:?}").contains("4321"), "{error}");
    }
}
