//! What the commands print and how they exit, as users see it.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

const EXAMPLE: &str = "fixtures/documented/example.json";

/// Runs the command at the workspace's root; returns its output and status as one text.
fn run(arguments: &[&str], input: impl AsRef<[u8]>) -> String {
    let (status, output, errors) = run_apart(arguments, input);
    format!("status {status}\n--- standard output\n{output}--- standard error\n{errors}")
}

fn run_apart(arguments: &[&str], input: impl AsRef<[u8]>) -> (i32, String, String) {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_callagent"))
        .current_dir(root())
        .args(arguments)
        .write_stdin(input.as_ref())
        .output()
        .expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("reports are UTF-8");
    (output.status.code().expect("the command ends by itself"), text(output.stdout), text(output.stderr))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace's root")
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }
    folder
}

#[test]
fn the_documented_example_is_a_valid_response() {
    insta::assert_snapshot!(run(&["validate", "--as", "agent", EXAMPLE], ""));
}

#[test]
fn the_documented_example_is_an_invalid_request() {
    insta::assert_snapshot!(run(&["validate", EXAMPLE], ""));
}

#[test]
fn formats() {
    let lines = "{\"llmModel\":\"gpt-5\"}\n\n{\"llmModel\":\"gpt-5\",\"name\":\" \",\"name\":7}\r\n[1,\n";
    for format in ["human", "concise", "json", "ndjson"] {
        insta::assert_snapshot!(format, run(&["validate", "--lines", "--format", format, "-"], lines));
    }
}

#[test]
fn a_json_report_without_items_is_an_empty_array() {
    let (status, output, _) =
        run_apart(&["validate", "--lines", "--quiet", "--format", "json", "-"], "{\"llmModel\":\"gpt-5\"}");
    assert_eq!((status, output.as_str()), (0, "[]\n"));
}

#[test]
fn tolerances() {
    let update = r#"{"llmModel":"gpt-6","ttsModel":{"provider":"acme"},"color":"red"}"#;
    let cases: [&[&str]; 5] = [
        &[],
        &["--tolerant"],
        &["--tolerant", "--deny-advisories"],
        &["--accept", "llmModel=gpt-6", "--accept", "provider=acme"],
        &["--accept", "llmModel=gpt-7"],
    ];
    let mut reports = String::new();
    for case in cases {
        let arguments = [&["validate", "--format", "concise", "-"], case].concat();
        reports += &format!("{case:?}: {}\n", run(&arguments, update));
    }
    insta::assert_snapshot!(reports);
}

#[test]
fn accept_needs_a_field_with_known_values() {
    insta::assert_snapshot!(run(&["validate", "--accept", "name=x", "-"], ""));
}

#[test]
fn quiet_leaves_valid_documents_out() {
    let (status, output, errors) = run_apart(
        &["validate", "--lines", "--quiet", "--format", "concise", "-"],
        "{\"llmModel\":\"gpt-5\",\"name\":\"\"}\n{}\n",
    );
    assert_eq!(status, 1);
    assert_eq!(output.lines().count(), 1, "{output}");
    assert!(errors.starts_with("2 documents: 1 valid, 1 invalid; 1 violation, 1 advisory"), "{errors}");
}

#[test]
fn bad_input_gets_a_message_and_a_status() {
    let files = folder(&[
        ("empty.json", b""),
        ("garbage.json", b"\x00\xff\x7fELF"),
        ("valid.json", br#"{"llmModel":"gpt-5"}"#),
        ("notes/readme.txt", b"no document"),
    ]);
    let path = |name: &str| files.path().join(name).display().to_string();
    let mut reports = String::new();
    for name in ["missing.json", "empty.json", "garbage.json", "notes", ""] {
        reports += &format!("{name:?}: {}\n", run(&["validate", "--format", "concise", &path(name)], ""));
    }
    reports += &format!("nothing: {}\n", run(&["validate", "-"], ""));
    reports += &format!("no lines: {}\n", run(&["validate", "--lines", "-"], ""));
    reports += &format!("no path: {}", run(&["validate"], ""));
    insta::assert_snapshot!(reports.replace(&files.path().display().to_string(), "FOLDER"));
}

#[test]
fn readable_documents_are_validated_despite_unreadable_ones() {
    let (status, output, errors) = run_apart(&["validate", "--format", "concise", "missing.json", "-"], "{}");
    assert_eq!(status, 2);
    assert!(output.starts_with("-:1:1: missing-field /llmModel"), "{output}");
    assert!(errors.contains("cannot read `missing.json`") && errors.contains("1 document"), "{errors}");
}

#[test]
fn the_order_of_reports_does_not_depend_on_the_threads() {
    let lines: String = (0..20_000)
        .map(|number| format!("{{\"llmModel\":\"gpt-5\",\"days{number}\":{}}}\n", "9".repeat(number % 97)))
        .collect();
    let report = |jobs| run(&["validate", "--lines", "--format", "ndjson", "--jobs", jobs, "-"], &lines);
    let one = report("1");
    assert!(one.contains("\"line\":20000"));
    for jobs in ["2", "7"] {
        assert!(report(jobs) == one, "{jobs} threads give another report than one");
    }
}

#[test]
fn jobs_must_be_in_range() {
    for jobs in ["0", "1025", "100000000000", "18446744073709551615", "-1", "x"] {
        let (status, output, errors) = run_apart(&["validate", &format!("--jobs={jobs}"), "-"], "{}");
        assert_eq!((status, output.as_str()), (2, ""));
        assert!(errors.contains(&format!("invalid value '{jobs}' for '--jobs <N>'")), "{errors}");
    }
}

/// No more threads are started than there are jobs, so few documents need few resources.
#[test]
#[cfg(target_os = "linux")]
fn unneeded_threads_are_not_started() {
    let limited = "ulimit -v 500000; exec \"$0\" validate --format concise --jobs 1024 -";
    let mut shell = assert_cmd::Command::new("sh");
    let output =
        shell.args(["-c", limited, env!("CARGO_BIN_EXE_callagent")]).write_stdin("{}").output().expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn standard_input_is_read_once() {
    for lines in [&[][..], &["--lines"]] {
        let (status, output, errors) = run_apart(&[&["validate", "-", EXAMPLE, "-"], lines].concat(), "{}");
        assert_eq!((status, output.as_str()), (2, ""));
        assert_eq!(
            errors,
            "callagent: standard input cannot be read twice; give `-` only once; for more information, try `callagent help`\n"
        );
    }
}

#[test]
fn long_lines_are_validated() {
    let long = format!("{{\"llmModel\":\"gpt-5\",\"name\":\"{}\",\"speed\":1}}\n{{}}\n", "n".repeat(8 << 20));
    let (status, output, _) = run_apart(&["validate", "--lines", "--format", "concise", "-"], &long);
    assert_eq!(status, 1);
    let places: Vec<_> = output.lines().map(|line| line.split(": ").next().unwrap_or_default()).collect();
    assert_eq!(places, [format!("-:1:{}", (8 << 20) + 31), "-:2:1".to_owned()]);
}

#[test]
fn lines_are_validated_as_they_arrive() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callagent"))
        .args(["validate", "--lines", "--format", "concise", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command starts");
    let mut input = command.stdin.take().expect("its input");
    let mut output = BufReader::new(command.stdout.take().expect("its output"));
    for line in 1..=3 {
        writeln!(input, "{{}}").expect("it reads on");
        let mut report = String::new();
        output.read_line(&mut report).expect("it reports before its input ends");
        assert!(report.starts_with(&format!("-:{line}:1: missing-field")), "{report}");
    }
    drop(input);
    assert_eq!(command.wait().expect("it ends").code(), Some(1));
}

#[test]
fn a_closed_pipe_does_not_panic() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callagent"))
        .args(["validate", "--lines", "--format", "ndjson", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut input = command.stdin.take().expect("its input");
    let writer = std::thread::spawn(move || while input.write_all(&b"{}\n".repeat(10_000)).is_ok() {});
    let mut output = BufReader::new(command.stdout.take().expect("its output"));
    output.read_line(&mut String::new()).expect("a line");
    drop(output);
    let mut errors = String::new();
    command.stderr.take().expect("its errors").read_to_string(&mut errors).expect("they are text");
    writer.join().expect("the writer ends");
    assert_eq!(command.wait().expect("it ends").code(), Some(2));
    assert_eq!(errors, "callagent: standard output was closed before the output was complete\n");
}

/// Every report that includes text of the document.
const REPORTS: [&str; 7] = [
    "--format=human",
    "--format=concise",
    "--format=json",
    "--format=ndjson",
    "--format=sarif",
    "--format=junit",
    "--diff",
];

#[test]
fn a_key_is_never_shown() {
    let documents = [
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"openai","elevenLabsApiKey":"SECRET"}}"#,
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"openai","elevenLabsApiKey":["SECRET"]}}"#,
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"openai","elevenLabsApiKey":5338371}}"#,
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"x","elevenLabsApiKey":"SECRET","elevenLabsApiKey":"SECRET"}}"#,
        r#"{"llmModel":"gpt-5","ttsModel":[{"elevenLabsApiKey":"SECRET"}]}"#,
        r#"{"llmModel":"gpt-5","elevenLabsApiKey":"SECRET"}"#,
        r#"{"llmModel":{"elevenLabsApiKey":"SECRET"},"variables":{"elevenLabsApiKey":"SECRET"}}"#,
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"openai","elevenLabsApiKey":"SECRET\x"}}"#,
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"openai","elevenLabsApiKey":"SECRET"#,
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"openai","eleven\u004cabsApiKey":"SECRET" "SECRET"}}"#,
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"openai","elevenLabsApiKey": SECRET}}"#,
        // Other notations of the field name.
        r#"{"llm_model":"gpt-5","ttsModel":{"provider":"11labs_byo","elevenlabsApiKey":"SECRET"}}"#,
        r#"{"llm_model":"gpt-5","ttsModel":{"provider":"11labs_byo","elevenLabsAPIKey":"SECRET"}}"#,
        r#"{"llm_model":"gpt-5","ttsModel":{"provider":"11labs_byo","eleven_labs-api key":"SECRET"}}"#,
        r#"{"llm_model":"gpt-5","ttsModel":{"provider":"11labs_byo","elevenlabs\u005fapiKey":"SECRET"}}"#,
        r#"{"llm_model":"gpt-5","ttsModel":{"provider":"11labs_byo","elevenLabsApKey":"SECRET"}}"#,
        r#"{"llm_model":"gpt-5","ttsModel":{"elevenLabsApKey":"SECRET","provider":"11labs_byo","name":"x"}}"#,
        r#"{"llmModel":5,"variables":{"elevenlabs_api_key":"SECRET"},"nmae":"SE"}"#,
        // Text that is not JSON before or within the value.
        r#"{"elevenLabsApiKey","SECRET"}"#,
        r#"{"elevenLabsApiKey": /* c } */ "SECRET"}"#,
        r#"{"elevenLabsApiKey":}SECRET"}"#,
        r#"{"elevenLabsApiKey":"a", SECRET}"#,
        r#"{"elevenLabsApiKey":"a"],"SECRET"}"#,
        "{\"elevenLabsApiKey\": //\n\"SECRET\"",
    ];
    for document in documents {
        for direction in ["update", "agent"] {
            for report in REPORTS {
                let report = run(&["validate", "--as", direction, report, "-"], document);
                assert!(!report.contains("SECRET") && !report.contains("5338371"), "{report}");
            }
        }
    }
}

#[test]
fn text_after_a_secret_is_shown() {
    for key in [r#""""#, r#"":""#, r#""=""#, r#""' = ""#, r#""a\"b,\"""#, "null", r#"["a", {"b": ""}]"#, "1"] {
        let document = format!("{{\"ttsModel\": {{\"elevenLabsApiKey\": {key}, \"provider\": 1}},\n\"name\": 7}}");
        let report = run(&["validate", "-"], &document);
        assert!(report.contains(r#""elevenLabsApiKey": …, "provider": 1}"#), "{report}");
        assert!(report.contains(r#""name": 7}"#), "{report}");
    }
    // A string that contains the name may hold a key.
    let sentence = r#"{"variables": {"prompt": "the ElevenLabs API key"}, "name": 7}"#;
    let report = run(&["validate", "-"], sentence);
    assert!(report.contains(r#"{"variables": {"prompt": …}, "name": 7}"#), "{report}");
    // In text that is not JSON, a complete secret hides only itself.
    let report = run(&["validate", "-"], r#"{"ttsModel": {"elevenLabsApiKey": "a", "provider": 1}, "name": 7,}"#);
    assert!(report.contains(r#": …, "provider": 1}, "name": 7,}"#), "{report}");
}

#[test]
fn normalize_prints_the_model() {
    let lines = "{\"llmModel\":\"gpt-5\",\"gapBetweenEachAttemptForSmartCallback\":[{}]}\n{}\n";
    insta::assert_snapshot!(run(&["normalize", "--lines", "-"], lines));
    insta::assert_snapshot!(run(&["normalize", "--as", "agent", EXAMPLE], ""));
}

#[test]
fn apply_prints_the_agent_after_the_update() {
    let files = folder(&[
        ("agent.json", br#"{"name":"A","team":"blue","ttsModel":{"provider":"11labs_byo","elevenLabsApiKey":"k"}}"#),
        ("update.json", br#"{"llmModel":"gpt-5","ttsModel":{"provider":"rime"}}"#),
        ("invalid.json", b"{}"),
    ]);
    let path = |name: &str| files.path().join(name).display().to_string();
    let applied = run(&["apply", &path("agent.json"), &path("update.json")], "");
    let refused = run(&["apply", &path("agent.json"), &path("invalid.json")], "");
    let twice = run(&["apply", "-", "-"], "");
    insta::assert_snapshot!(
        format!("{applied}\n{refused}\n{twice}").replace(&files.path().display().to_string(), "FOLDER")
    );
}

#[test]
fn schema_prints_the_committed_schemas() {
    let files = ["update-agent.schema", "agent.schema", "problem.schema", "openapi", "openapi-3.0"];
    for (name, file) in ["update", "agent", "problem", "openapi", "openapi-3.0"].into_iter().zip(files) {
        for (options, extension) in [(vec!["schema", name], "json"), (vec!["schema", name, "--yaml"], "yaml")] {
            let (status, output, _) = run_apart(&options, "");
            let committed = fs::read_to_string(root().join(format!("schemas/{file}.{extension}")));
            let committed = committed.expect("it is committed");
            assert!(status == 0 && output == committed, "{options:?} differs from schemas/{file}.{extension}");
        }
    }
}

/// The YAML is parsed by a different library than the one that wrote it.
#[test]
fn yaml_and_json_schemas_are_equal() {
    for name in ["update", "agent", "problem", "openapi", "openapi-3.0"] {
        let [json, yaml] =
            [vec!["schema", name], vec!["schema", name, "--yaml"]].map(|options| run_apart(&options, "").1);
        let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        let yaml: serde_json::Value = yaml_serde::from_str(&yaml).expect("it is YAML");
        assert_eq!(yaml, json, "{name}");
    }
}

/// The counts and the verdict are about the whole document.
#[test]
fn a_limit_bounds_a_report() {
    let ids = vec!["\"p\""; 20_001].join(",");
    let document = format!(r#"{{"llmModel":"gpt-5","name":1,"smartCallback":2,"phoneNumberIds":[{ids}]}}"#);
    for (limit, kept) in [(Some("1"), (1, 1)), (Some("50"), (2, 50)), (None, (2, 10_000)), (Some("0"), (2, 20_000))] {
        let limit = limit.map_or_else(Vec::new, |limit| vec!["--limit", limit]);
        let output = run(&[vec!["validate", "--format", "ndjson", "-"], limit.clone()].concat(), &document);
        let report: serde_json::Value = serde_json::from_str(output.lines().nth(2).expect("a report")).expect("JSON");
        let count = |name: &str| report[name].as_array().map(Vec::len).expect("findings");
        assert_eq!((count("violations"), count("advisories")), kept, "{limit:?}");
        let is_cut = kept != (2, 20_000);
        let counts = [&report["violationCount"], &report["advisoryCount"]];
        let expected = if is_cut { [2.into(), 20_000.into()] } else { [(); 2].map(|()| serde_json::Value::Null) };
        assert_eq!(counts, [&expected[0], &expected[1]], "{limit:?}");
        assert!(output.contains("1 document: 0 valid, 1 invalid; 2 violations, 20000 advisories"), "{limit:?}");
    }
    let human = run(&["validate", "--limit", "1", "-"], &document);
    assert!(human.contains("-: 1 violation and 19999 advisories not shown; use `--limit 0` to show all"), "{human}");
}
