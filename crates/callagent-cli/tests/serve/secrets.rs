//! A key is in no log, no problem, and no file.

use std::{fs, path::Path};

use crate::{
    client::Request,
    common,
    program::{Serve, database, succeed},
};

/// A key, and a part of it that any excerpt would show.
const KEY: &str = "sk_c0ffee5ec2e70f1a2b3c4d";
const PART: &str = "c0ffee5ec2e";

fn assert_absent(text: &str) {
    assert!(!text.contains(PART), "the key is in {text}");
}

/// Searches all files, those of the log and of shared memory included.
fn assert_absent_in_files(folder: &Path) {
    for file in fs::read_dir(folder).expect("a folder") {
        let path = file.expect("a file").path();
        let bytes = fs::read(&path).expect("a file");
        let found = bytes.windows(PART.len()).any(|window| window == PART.as_bytes());
        assert!(!found, "the key is in {}", path.display());
    }
}

#[test]
fn a_key_is_nowhere() {
    let bodies = [
        r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "KEY"}}"#,
        r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "elevenLabsApiKey": "KEY"}}"#,
        r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "unknown", "elevenLabsApiKey": "KEY"}}"#,
        r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": ["KEY"]}}"#,
        r#"{"llmModel": "gpt-5", "elevenLabsApiKey": "KEY"}"#,
        r#"{"llmModel": "gpt-5", "eleven_labs_api_key": {"a": "KEY"}}"#,
        r#"{"llmModel": "gpt-5", "ttsModel": {"elevenLabsApiKey": "KEY", "elevenLabsApiKey": "KEY"}}"#,
        r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "KEY"#,
        r#"{"llmModel": "elevenLabsApiKey=KEY"}"#,
    ];
    for (level, format) in [("debug", "text"), ("debug", "json")] {
        let folder = database();
        let server = Serve::start(folder.path(), &["--log", level, "--log-format", format]);
        for body in bodies {
            let body = body.replace("KEY", KEY);
            assert_absent(&server.put(&body).body);
            assert_absent(&server.send(&Request::valid().body(body.as_str()).without("x-workspace-id")).body);
            assert_absent(&server.send(&Request::valid().body(body).set("Content-Type", "text/plain")).body);
        }
        // In a header and a query, which are not logged.
        let query = "?elevenLabsApiKey=sk_c0ffee5ec2e70f1a2b3c4d";
        for header in ["x-api-key", "Authorization", "If-Match", "Content-Type"] {
            assert_absent(&server.send(&Request { suffix: query, ..Request::valid().set(header, KEY) }).body);
        }
        assert_absent_in_files(folder.path());
        let ended = server.stop();
        assert_absent(&ended.log);
        assert!(ended.log.lines().count() > 3 * bodies.len() && ended.log.contains("422"), "{}", ended.log);
        assert_absent_in_files(folder.path());

        let (printed, _) = succeed(folder.path(), &["export", "--workspace", "acme"], "");
        assert_absent(&printed);
        let (revealed, _) = succeed(folder.path(), &["export", "--workspace", "acme", "--reveal-keys"], "");
        assert!(revealed.contains(KEY), "{revealed}");
    }
}

#[test]
fn a_key_of_an_agent_is_kept_and_hidden_with_its_provider() {
    let folder = database();
    let server = Serve::start(folder.path(), &[]);
    let with_key = |provider: &str, key: &str| {
        let tts = format!(r#"{{"provider": "{provider}", "elevenLabsApiKey": {key}}}"#);
        server.put(&format!(r#"{{"llmModel": "gpt-5", "ttsModel": {tts}}}"#))
    };
    let first = with_key("11labs_byo", &format!("\"{KEY}\""));
    let agent: serde_json::Value = serde_json::from_str(&first.body).expect("an agent");
    let sealed = agent["ttsModel"]["elevenLabsApiKey"].to_string();
    for key in [sealed, format!("\"{KEY}\"")] {
        let again = with_key("11labs_byo", &key);
        assert_eq!((again.header("etag"), &again.body), (first.header("etag"), &first.body), "the key is kept");
    }
    let other = server.put(r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai"}}"#);
    assert!(other.status == 200 && !other.body.contains("elevenLabsApiKey"), "{other:?}");
    server.stop();
    let (status, output, _) = common::run(folder.path(), &["serve", "--show-config"], b"");
    assert_eq!(status, 0);
    assert!(output.contains("encryption-keys = callagent.sqlite.keys\n"), "{output}");
    let keys = fs::read_to_string(folder.path().join("callagent.sqlite.keys")).expect("the keys");
    let secret = keys.lines().find_map(|line| line.split_once(':')).map(|(_, secret)| secret).expect("a key");
    assert!(!output.contains(secret));
}
