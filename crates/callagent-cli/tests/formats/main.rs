//! The machine-readable formats: each is parsed and compared with `ndjson`.

mod github;
mod junit;
mod sarif;
#[path = "../common/sarif.rs"]
mod schema;

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use sarif::sarif_text;
use schema::sarif_schema;

/// A document with suggestions: on one line, on several, after multi-byte characters.
const FIXABLE: &str = "{ \"name\": \"ü\u{1F44D}\", \"llm_model\": \"gpt-4.1-mni\", \"status\": \"ready\"\n, \"createdAt\"\n:\n1,\n\"phoneNumberIds\":[1],\"userId\":2}";
const VALID: &str = "{\"llmModel\":\"gpt-5\"}\n";
const DOUBTFUL: &str = "{\"llmModel\":\"gpt-5\",\n\n  \"name\":\" \",\"phoneNumberIds\":[\"ü\",\"ü\",\"ü\"]}\n";
const INVALID: &str = "{\"name\":\n[1,\n2], \"lang\u{00fc}age\": 1, \"smartCallback\": \"ÿ\", \"llmModel\": \"gpt-6\"}";
/// Names with characters that are special in some format.
const ODD: &str =
    r#"{"llmModel":"gpt-5","a,b:c=d%0A%::":1,"\u0001\ufffe\r\n\t]]>&<\"'":2,"{0} [x](http://y) \\":3,"{\"":{}}"#;
const ODD_FILE: &str =
    if cfg!(unix) { "a, b:c=d%20#?<&\"'{0}[x](y)\u{1}é\n.json" } else { "a, b=d%20#&'{0}[x](y)é.json" };

/// Documents and the arguments to validate them with.
struct Run {
    folder: TempDir,
    arguments: Vec<String>,
    input: String,
}

impl Run {
    fn of_lines(lines: impl Into<String>, arguments: &[&str]) -> Run {
        let arguments = ["--lines", "-"].iter().chain(arguments).map(ToString::to_string).collect();
        Run { folder: TempDir::new().expect("a temporary folder"), arguments, input: lines.into() }
    }

    fn of_files(files: &[(&str, &[u8])], arguments: &[&str]) -> Run {
        let folder = TempDir::new().expect("a temporary folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("the file is written");
        }
        Run {
            folder,
            arguments: [".", "--jobs", "2"].iter().chain(arguments).map(ToString::to_string).collect(),
            input: String::new(),
        }
    }

    /// The report in a format.
    fn report(&self, format: &str) -> String {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_callagent"))
            .current_dir(self.folder.path())
            .args(["validate", "--format", format])
            .args(&self.arguments)
            .write_stdin(self.input.as_str())
            .output()
            .expect("the command runs");
        assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
        String::from_utf8(output.stdout).expect("reports are UTF-8")
    }

    /// The reports in `ndjson`, as the reference for other formats.
    fn documents(&self) -> Vec<Document> {
        let report = self.report("ndjson");
        report.lines().map(|line| Document(serde_json::from_str(line).expect("a line is JSON"))).collect()
    }

    /// The text at the span of a finding.
    fn text_of(&self, document: &Document, finding: &Value) -> String {
        let (offset, length) = (number(&finding["offset"]), number(&finding["length"]));
        String::from_utf8_lossy(&self.text(document)[offset..offset + length]).into_owned()
    }

    fn text(&self, document: &Document) -> Vec<u8> {
        match document.0["line"].as_u64() {
            Some(line) => self.input.lines().nth(to_usize(line) - 1).expect("the line").as_bytes().to_vec(),
            None => fs::read(self.folder.path().join(document.file())).expect("the file"),
        }
    }
}

/// The report on a document, from `ndjson`.
struct Document(Value);

impl Document {
    fn file(&self) -> &str {
        match self.0["source"].as_str().expect("a source") {
            "-" => "stdin",
            file => file.trim_start_matches("./"),
        }
    }

    fn findings(&self, kind: &str) -> &[Value] {
        self.0[kind].as_array().expect("an array")
    }

    /// All findings, with their levels in other formats.
    fn leveled(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        let violations = self.findings("violations").iter().map(|violation| ("error", violation));
        violations.chain(self.findings("advisories").iter().map(|advisory| ("warning", advisory)))
    }
}

fn number(value: &Value) -> usize {
    to_usize(value.as_u64().expect("a number"))
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).expect("a small number")
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}

/// The beginning of a finding's message in other formats.
fn sentence(finding: &Value) -> String {
    match (string(&finding["pointer"]), string(&finding["message"])) {
        ("", message) => message.to_owned(),
        (pointer, message) => format!("{}: {message}", printable(pointer)),
    }
}

fn runs() -> Vec<Run> {
    let files: &[(&str, &[u8])] = &[
        ("valid.json", VALID.as_bytes()),
        ("doubtful.json", DOUBTFUL.as_bytes()),
        ("invalid.json", INVALID.as_bytes()),
        ("malformed.json", b"{\n\"\xFF\":1}"),
        ("odd.json", ODD.as_bytes()),
        ("fixable.json", FIXABLE.as_bytes()),
        (ODD_FILE, b"[]"),
    ];
    let many = (0..3_000).map(|number| format!("{{\"days{number}\":\"{}\"}}", "%".repeat(number % 90)));
    let many: Vec<_> = many.collect();
    vec![
        Run::of_files(files, &[]),
        Run::of_files(files, &["--tolerant"]),
        Run::of_files(files, &["--as", "agent"]),
        Run::of_files(&files[..2], &["--quiet"]),
        Run::of_lines("", &[]),
        Run::of_lines(VALID, &[]),
        Run::of_lines(format!("{VALID}\n{ODD}\r\n{{\n{VALID}"), &[]),
        Run::of_lines([FIXABLE; 2].map(|text| text.replace('\n', " ")).join("\n"), &[]),
        Run::of_lines(many.join("\n"), &[]),
    ]
}

/// Escapes control characters, as the formats do.
fn printable(text: &str) -> String {
    let controls = [('\u{1}', r"\u0001"), ('\t', r"\u0009"), ('\n', r"\u000a"), ('\r', r"\u000d")];
    controls.iter().fold(text.to_owned(), |text, (control, spelling)| text.replace(*control, spelling))
}

#[test]
fn a_key_is_never_shown() {
    let lines = concat!(
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"openai","elevenLabsApiKey":"SECRET"}}"#,
        "\n",
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"openai","elevenLabsApiKey":["SECRET"]}}"#,
        "\n",
        r#"{"llmModel":"gpt-5","elevenLabsApiKey":"SECRET"}"#,
        "\n",
        r#"{"llmModel":"gpt-5","ttsModel":"{'provider':'11labs_byo','elevenLabsApiKey':'SECRET'}"}"#,
        "\n",
        r#"{"llmModel":"gpt-5","ttsModel":"elevenLabsApiKey=SECRET"}"#,
        "\n",
        r#"{"llmModel":"gpt-5","name":"elevenLabsApiKey and then the SECRET","ttsModel":"elevenLabsApiKey: SECRET"}"#,
        "\n",
        r#"{"llmModel":"elevenlabs_api_key=SECRET"}"#,
        "\n",
        r#"{"llmModel":"gpt-5","name":7,"variables":["the key for eleven-labs-api-key is SECRET"]}"#,
        "\n",
        r#"{"llmModel":"gpt-5","ttsModel":"elevenLabsApiKey" "SECRET"}"#,
        "\n",
        r#"{"llmModel":"gpt-5","ttsModel":{"elevenLabsApiKey":"SECRET"#,
    );
    for direction in ["update", "agent"] {
        let run = Run::of_lines(lines, &["--as", direction]);
        for format in ["human", "concise", "json", "ndjson", "github", "sarif", "junit"] {
            let report = run.report(format);
            assert!(report.contains("elevenLabsApiKey") && !report.contains("SECRET"), "{report}");
        }
    }
}

/// A consumer of the report alone must see that it is incomplete.
#[test]
fn unreadable_files_are_reported() {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("valid.json"), VALID).expect("the file is written");
    let report = |format| {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_callagent"))
            .current_dir(folder.path())
            .args(["validate", "--quiet", "--format", format, "missing<&>\u{1}.json", "valid.json", "missing {0}.json"])
            .output()
            .expect("the command runs");
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stdout).expect("reports are UTF-8")
    };
    let suite = report("junit");
    let suite = roxmltree::Document::parse(&suite).expect("a report is XML");
    let counts = ["tests", "failures", "errors"].map(|name| suite.root_element().attribute(name));
    assert_eq!(counts, ["2", "0", "2"].map(Some), "a valid document is left out of a quiet report");
    let cases = suite.descendants().filter(|node| node.has_tag_name("testcase"));
    let errors: Vec<_> = cases
        .map(|case| {
            let error = case.first_element_child().filter(|node| node.has_tag_name("error")).expect("an error");
            assert!(error.attribute("message").is_some_and(|message| message.starts_with("cannot read `missing")));
            (case.attribute("file"), error.attribute("type"))
        })
        .collect();
    let unreadable = Some("unreadable");
    assert_eq!(errors, [(Some(r"missing<&>\u0001.json"), unreadable), (Some("missing {0}.json"), unreadable)]);

    let log: Value = serde_json::from_str(&report("sarif")).expect("a log is JSON");
    assert!(jsonschema::is_valid(&sarif_schema(), &log));
    let [invocation] = &log["runs"][0]["invocations"].as_array().expect("invocations")[..] else { panic!("one") };
    assert_eq!(invocation["executionSuccessful"], false);
    let notifications = invocation["toolExecutionNotifications"].as_array().expect("notifications");
    let file = |notification: &Value| {
        let text = sarif_text(string(&notification["message"]["text"]));
        assert!(text.starts_with("cannot read `missing"), "{text}");
        string(&notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]).to_owned()
    };
    let files: Vec<_> = notifications.iter().map(file).collect();
    assert_eq!(files, ["missing%20%7B0%7D.json", "missing%3C%26%3E%01.json"]);
    let log: Value = serde_json::from_str(&Run::of_lines("", &[]).report("sarif")).expect("a log is JSON");
    assert_eq!(log["runs"][0].get("invocations"), None, "all is well");
}
