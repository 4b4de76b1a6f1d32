//! Responses that attack the reader of a report, and credentials in them.

use serde_json::Value;

use crate::{Folder, fake::Fake, ran};

const ACCESS_KEY: &str = "ca_0123456789abcdefghij";
const TOKEN: &str = "Bearer tok/en\"0123456789";
const ELEVENLABS_KEY: &str = "sk-elevenlabs-0123456789";

/// An agent whose values attack every format.
fn agent() -> String {
    let attack = "\\u001b[2J\\u009b31m ]]></failure> %0A::error title=x::y \\n::error::forged\\n##[error]forged ##vso[task.setvariable] {0} [x](http://y) \\u202e";
    let token = TOKEN.replace('"', "\\\"");
    format!(
        "{{\"_id\":\"{attack}\",\"name\":\"{attack} {ACCESS_KEY}\",\"llmModel\":\"gpt-4o-mini\",\"settings\":{{\"{ACCESS_KEY}\":\"{token}\"}},\
         \"ttsModel\":{{\"provider\":\"{ACCESS_KEY}\",\"elevenLabsApiKey\":\"{ELEVENLABS_KEY}\"}}}}"
    )
}

/// Text that is no JSON, with line ends and control characters.
const TEXT: &str = "<html>\u{1b}[31m\r\n::error::forged\n  ##[error]forged\n]]>\u{9b}2J {\"elevenLabsApiKey\":\"sk-elevenlabs-0123456789\"} ca_0123456789abcdefghij";

fn response(status: &str, media_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\netag: \"{ACCESS_KEY}\"\r\nset-cookie: session=cookie-0123\r\n\
         x-request-id: \u{9b}31m{ACCESS_KEY}\r\nlocation: http://x/?key={ACCESS_KEY}\r\n\r\n{body}"
    )
}

/// A server that accepts the first update only: the others get another response.
fn reports(first: &str, responses: &str) -> Vec<(&'static str, String)> {
    let folder = Folder::new();
    let formats = ["human", "verbose", "json", "ndjson", "github", "sarif", "junit"];
    formats
        .into_iter()
        .map(|format| {
            let server = Fake::after_first(first, responses);
            let name = if format == "verbose" { "human" } else { format };
            let groups = ["--only", "accepts/minimal", "--only", "applies", "--only", "refuses/media-type-other"];
            let mut command = folder.command(&server.url, &[&groups[..], &["--format", name]].concat());
            if format == "verbose" {
                command.arg("--verbose");
            }
            command.args(["--only", "secrets", "--header", "authorization=HEADER", "--profile", "strict"]);
            let ran = ran(command.env("CALLAGENT_ACCESS_KEY", ACCESS_KEY).env("HEADER", TOKEN));
            assert_eq!(ran.status, Some(1), "{}", ran.errors);
            (format, ran.report + &ran.errors)
        })
        .collect()
}

#[test]
fn answers_leak_nothing_and_control_nothing() {
    let ok = |body: &str| response("200 OK", "application/json", body);
    for second in [ok(&agent()), response("500 Oh", "text/html", TEXT), response("200 OK", "text/html", TEXT)] {
        for (format, report) in reports(&ok(&agent()), &second) {
            for secret in [ACCESS_KEY, TOKEN, "0123456789", "cookie-0123", ELEVENLABS_KEY] {
                assert!(!report.contains(secret), "{format} shows {secret}: {report}");
            }
            let controls = |character: char| {
                (character.is_control() && character != '\n') || matches!(character, '\u{202a}'..='\u{202e}')
            };
            assert!(!report.contains(controls), "{format}: {report:?}");
            let forged = report.lines().find(|line| line.trim_start().starts_with("::error::"));
            assert_eq!(forged, None, "{format}");
            assert!(!report.contains("##[") && !report.contains("##vso["), "{format}: {report}");
            check(format, &report);
        }
    }
}

/// Each report is still what its format says. The last lines are those of standard error.
fn check(format: &str, report: &str) {
    let report = report.split_once("callagent: testing ").map_or(report, |(report, _)| report);
    match format {
        "json" | "sarif" => drop(serde_json::from_str::<Value>(report).expect("JSON")),
        "ndjson" => report.lines().for_each(|line| drop(serde_json::from_str::<Value>(line).expect("JSON"))),
        "junit" => drop(roxmltree::Document::parse(report).expect("XML")),
        "github" => {
            let is_own = |line: &str| line.starts_with("::error title=") || line.starts_with("::warning title=");
            assert!(report.lines().all(is_own), "{report}");
        }
        _ => {}
    }
}

/// The message about a server that cannot be tested is one line, without credentials.
#[test]
fn setup_errors_leak_nothing() {
    let folder = Folder::new();
    for status in ["302 Found", "418 \u{9b}31m"] {
        let server = Fake::new(response(status, &format!("text/{ACCESS_KEY}"), TEXT));
        let mut command = folder.command(&server.url, &[]);
        let ran = ran(command.env("CALLAGENT_ACCESS_KEY", ACCESS_KEY));
        assert_eq!((ran.status, &*ran.report, ran.errors.lines().count()), (Some(2), "", 1), "{}", ran.errors);
        assert!(!ran.errors.contains(ACCESS_KEY) && !ran.errors.contains('\u{9b}'), "{}", ran.errors);
    }
}
