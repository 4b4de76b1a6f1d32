//! The formats for other programs: each is read by a parser of its own and compared with the lines of JSON.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use percent_encoding::percent_decode_str;
use serde_json::Value;
use tempfile::TempDir;

/// What has suggestions: on one line, on several, after characters of several bytes.
const FIXABLE: &str = "{ \"name\": \"ü\u{1F44D}\", \"llm_model\": \"gpt-4.1-mni\", \"status\": \"ready\"\n, \"createdAt\"\n:\n1,\n\"phoneNumberIds\":[1],\"userId\":2}";
const VALID: &str = "{\"llmModel\":\"gpt-5\"}\n";
const DOUBTFUL: &str = "{\"llmModel\":\"gpt-5\",\n\n  \"name\":\" \",\"phoneNumberIds\":[\"ü\",\"ü\",\"ü\"]}\n";
const INVALID: &str = "{\"name\":\n[1,\n2], \"lang\u{00fc}age\": 1, \"smartCallback\": \"ÿ\", \"llmModel\": \"gpt-6\"}";
/// Names that mean something to the one format or the other.
const ODD: &str =
    r#"{"llmModel":"gpt-5","a,b:c=d%0A%::":1,"\u0001\ufffe\r\n\t]]>&<\"'":2,"{0} [x](http://y) \\":3,"{\"":{}}"#;
const ODD_FILE: &str =
    if cfg!(unix) { "a, b:c=d%20#?<&\"'{0}[x](y)\u{1}é\n.json" } else { "a, b=d%20#&'{0}[x](y)é.json" };

/// Some documents to judge, and how.
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

    /// What the other formats say as well.
    fn documents(&self) -> Vec<Document> {
        let report = self.report("ndjson");
        report.lines().map(|line| Document(serde_json::from_str(line).expect("a line is JSON"))).collect()
    }

    /// The text that a finding is about.
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

/// A document's report, of the lines of JSON.
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

    /// All findings, with the level that other formats give them.
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

/// The beginning of a finding's sentence in other formats.
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

#[test]
fn github() {
    for run in runs() {
        let report = run.report("github");
        let mut annotations = report.lines();
        for document in run.documents() {
            for (level, finding) in document.leveled() {
                let annotation = annotations.next().expect("an annotation of each finding");
                let (command, data) =
                    annotation.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect("a command");
                let (command, properties) = command.split_once(' ').expect("properties");
                assert_eq!(command, level);
                let mut expected = vec![
                    ("file", document.file().to_owned()),
                    ("line", finding["line"].to_string()),
                    ("col", finding["column"].to_string()),
                ];
                let text = run.text_of(&document, finding);
                if !text.is_empty() && !text.contains('\n') {
                    expected.push(("endColumn", (number(&finding["column"]) + text.chars().count() - 1).to_string()));
                }
                expected.push(("title", string(&finding["code"]).to_owned()));
                let properties: Vec<_> = properties
                    .split(',')
                    .map(|property| property.split_once('=').expect("a name and a value"))
                    .map(|(name, value)| (name, unescaped(&value.replace("%3A", ":").replace("%2C", ","))))
                    .collect();
                assert_eq!(properties, expected);
                let message = unescaped(data);
                assert!(message.starts_with(&sentence(finding)), "{message}");
            }
        }
        assert_eq!(annotations.next(), None);
    }
}

/// Undoes what the runner undoes in a command's data.
fn unescaped(text: &str) -> String {
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}

#[test]
fn sarif() {
    let validator = jsonschema::options().should_validate_formats(true).build(&sarif_schema()).expect("a schema");
    let mut fixes = 0;
    for run in runs() {
        let log = run.report("sarif");
        let log: Value = serde_json::from_str(&log).expect("a log is JSON");
        let errors: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
        assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
        let mut fingerprints = BTreeSet::new();
        let mut results = log["runs"][0]["results"].as_array().expect("results").iter();
        for document in run.documents() {
            for (level, finding) in document.leveled() {
                let result = results.next().expect("a result of each finding");
                assert_eq!(result["level"], level);
                assert_eq!(result["ruleId"], finding["code"]);
                assert_eq!(rules[number(&result["ruleIndex"])]["id"], finding["code"]);
                let message = sarif_text(string(&result["message"]["text"]));
                assert!(message.starts_with(&sentence(finding)), "{message}");
                let location = &result["locations"][0];
                match string(&finding["pointer"]) {
                    "" => assert_eq!(location["logicalLocations"], Value::Null),
                    pointer => assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], pointer),
                }
                let place = &location["physicalLocation"];
                let uri = percent_decode_str(string(&place["artifactLocation"]["uri"])).decode_utf8().expect("text");
                assert_eq!(uri, document.file());
                let is_whole = document.0["line"].is_null();
                region(&place["region"], finding, &run.text_of(&document, finding), is_whole);
                fix(result, &run, &document, finding);
                fixes += usize::from(result.get("fixes").is_some());
                let fingerprint = string(&result["partialFingerprints"]["callagent/v1"]).to_owned();
                assert!(fingerprints.insert((document.file().to_owned(), fingerprint)), "{result}");
            }
        }
        assert_eq!(results.next(), None);
    }
    assert!(fixes > 10, "{fixes}");
}

/// A result has the suggestion of its finding.
fn fix(result: &Value, run: &Run, document: &Document, finding: &Value) {
    let Some(suggestion) = finding.get("suggestion") else { return assert_eq!(result.get("fixes"), None) };
    let [fix] = &result["fixes"].as_array().expect("fixes")[..] else { panic!("one fix") };
    let [change] = &fix["artifactChanges"].as_array().expect("changes")[..] else { panic!("one file") };
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(change["artifactLocation"], place["artifactLocation"]);
    let [replacement] = &change["replacements"].as_array().expect("replacements")[..] else { panic!("one place") };
    assert_eq!(replacement["insertedContent"]["text"], suggestion["text"]);
    assert_eq!(fix["properties"]["safe"], suggestion["safe"]);
    let text = run.text(document);
    let offset = number(&suggestion["offset"]);
    let before = std::str::from_utf8(&text[..offset]).expect("what has a suggestion is UTF-8");
    let line = document.0["line"].as_u64().map_or(1, to_usize) + before.matches('\n').count();
    let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
    let mut expected = suggestion.clone();
    (expected["line"], expected["column"]) = (line.into(), column.into());
    let deleted = run.text_of(document, suggestion);
    region(&replacement["deletedRegion"], &expected, &deleted, document.0["line"].is_null());
}

/// The fingerprints of a log.
fn fingerprints(log: &str) -> Vec<String> {
    let log: Value = serde_json::from_str(log).expect("a log is JSON");
    let results = log["runs"][0]["results"].as_array().expect("results").iter();
    results.map(|result| string(&result["partialFingerprints"]["callagent/v1"]).to_owned()).collect()
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let of = |text: &str| fingerprints(&Run::of_files(&[("a.json", text.as_bytes())], &[]).report("sarif"));
    let document = r#"{"llmModel":"gpt-6","name":1,"name":2,"name":3,"ttsModel":{"elevenLabsApiKey":["k"]}}"#;
    let original = of(document);
    assert_eq!(original.len(), 6, "{original:?}");
    let moved = document.replace(',', ",\r\n\t").replace('{', "\n\n{ ").replace(r#""name":2"#, r#""name":"längst""#);
    assert_eq!(of(&moved), original);
    assert_eq!(of(&document.replace("[\"k\"]", "[\"another\"]")), original, "a secret takes no part");
    assert_ne!(of(&document.replace("gpt-6", "gpt-7")), original);
    let (first, second): (Vec<_>, Vec<_>) = original.iter().partition(|fingerprint| fingerprint.ends_with(":1"));
    assert_eq!((first.len(), second.len()), (5, 1), "a name that is repeated twice: {original:?}");
    // Every version of the command gives the same ones.
    assert_eq!(of("{}"), ["0c108b949b58507f:1"]);
}

#[test]
fn equal_results_are_numbered_by_file() {
    let files: &[(&str, &[u8])] = &[("a.json", b"{}"), ("b.json", b"{}"), ("lines.json", &b"{}\n".repeat(20_000))];
    let numbers = |fingerprints: &[String]| -> Vec<usize> {
        let number = |fingerprint: &String| fingerprint.split_once(':').and_then(|(_, number)| number.parse().ok());
        fingerprints.iter().map(|fingerprint| number(fingerprint).expect("a number")).collect()
    };
    let log = Run::of_files(files, &["--lines"]).report("sarif");
    let expected: Vec<_> = [1, 1].into_iter().chain(1..=20_000).collect();
    assert_eq!(numbers(&fingerprints(&log)), expected);
}

fn region(region: &Value, finding: &Value, text: &str, is_whole: bool) {
    assert_eq!((&region["startLine"], &region["startColumn"]), (&finding["line"], &finding["column"]));
    let bytes = if is_whole { (&finding["offset"], &finding["length"]) } else { (&Value::Null, &Value::Null) };
    assert_eq!((&region["byteOffset"], &region["byteLength"]), bytes);
    let last_line = text.rsplit('\n').next().unwrap_or_default().chars().count();
    let start = if text.contains('\n') { 1 } else { number(&finding["column"]) };
    assert_eq!(number(&region["endLine"]), number(&finding["line"]) + text.matches('\n').count());
    assert_eq!(number(&region["endColumn"]), start + last_line);
}

/// A message as SARIF's readers show it: its braces single, without backslashes where they keep brackets from being a
/// link.
fn sarif_text(text: &str) -> String {
    assert!(!text.replace(r"\]", "").contains("]("), "{text} has a link");
    let text = if text.contains(r"\](") {
        text.replace(r"\[", "[").replace(r"\]", "]").replace(r"\\", r"\")
    } else {
        text.to_owned()
    };
    assert!(!text.replace("{{", "").replace("}}", "").contains(['{', '}']), "{text} has a placeholder");
    text.replace("{{", "{").replace("}}", "}")
}

/// The published schema of SARIF 2.1.0, out of a package that has it.
fn sarif_schema() -> Value {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(metadata.status.success(), "{metadata:?}");
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("the package");
    let manifest = Path::new(string(&package["manifest_path"]));
    let schema = fs::read_to_string(manifest.with_file_name("src").join("schema.json")).expect("the schema");
    // Its pattern for a language closes a bracket that nothing opens.
    let schema = schema.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    serde_json::from_str(&schema).expect("the schema is JSON")
}

#[test]
fn sarif_explains_every_code() {
    let log: Value = serde_json::from_str(&Run::of_lines("", &[]).report("sarif")).expect("a log is JSON");
    let driver = &log["runs"][0]["tool"]["driver"];
    for (rule, code) in driver["rules"].as_array().expect("rules").iter().zip(callagent::Code::ALL) {
        assert_eq!(rule["id"], code.as_str());
        assert_eq!(rule["shortDescription"]["text"], code.explanation().title);
        assert!(string(&rule["help"]["text"]).contains(code.explanation().mended));
    }
}

#[test]
fn junit() {
    for run in runs() {
        let report = run.report("junit");
        let report = roxmltree::Document::parse(&report).expect("a report is XML");
        let suites = report.root_element();
        assert_eq!(suites.tag_name().name(), "testsuites");
        let [suite] = elements(suites)[..] else { panic!("one suite") };
        let cases = elements(suite);
        let documents = run.documents();
        let invalid = documents.iter().filter(|document| document.0["valid"] == false).count();
        for suite in [suites, suite] {
            let count = |name| suite.attribute(name).and_then(|count| count.parse().ok());
            assert_eq!(["tests", "failures", "errors"].map(count), [documents.len(), invalid, 0].map(Some));
            assert!(is_time(suite), "{suite:?}");
        }
        assert_eq!(suite.attribute("skipped"), Some("0"));
        assert_eq!(cases.len(), documents.len());
        for (case, document) in cases.into_iter().zip(&documents) {
            check_case(case, document);
        }
    }
}

/// A test case of a document has one failure with all violations, and its advisories.
fn check_case(case: roxmltree::Node<'_, '_>, document: &Document) {
    assert_eq!(case.tag_name().name(), "testcase");
    assert!(is_time(case), "{case:?}");
    let file = spelled(document.file());
    let line = if document.0["line"].is_null() { String::new() } else { format!(":{}", document.0["line"]) };
    assert_eq!(case.attribute("file"), Some(file.as_str()));
    assert_eq!(case.attribute("name"), Some(format!("{file}{line}").as_str()));
    let lines = |kind| {
        let lines = document.findings(kind).iter().map(|finding| concise(document, finding) + "\n");
        format!("\n{}", lines.collect::<String>())
    };
    let mut parts = elements(case).into_iter();
    if let [first, rest @ ..] = document.findings("violations") {
        let failure = parts.next().expect("a failure");
        assert_eq!(failure.tag_name().name(), "failure");
        assert_eq!(failure.attribute("type"), first["code"].as_str());
        let message = failure.attribute("message").expect("a message");
        assert!(message.starts_with(&spelled(&sentence(first))), "{message}");
        assert_eq!(message.ends_with(&format!("; and {} more", rest.len())), !rest.is_empty(), "{message}");
        assert_eq!(failure.text(), Some(lines("violations").as_str()));
    }
    if let [_, ..] = document.findings("advisories") {
        let notes = parts.next().expect("the advisories");
        assert_eq!(notes.tag_name().name(), "system-out");
        assert_eq!(notes.text(), Some(lines("advisories").as_str()));
    }
    assert_eq!(parts.next(), None);
}

fn elements<'a, 'i>(node: roxmltree::Node<'a, 'i>) -> Vec<roxmltree::Node<'a, 'i>> {
    node.children().filter(roxmltree::Node::is_element).collect()
}

/// Whether an element has a time as the schema of Maven's reports wants it: seconds with three decimals.
fn is_time(element: roxmltree::Node<'_, '_>) -> bool {
    element.attribute("time").and_then(|time| time.split_once('.')).is_some_and(|(seconds, decimals)| {
        seconds.parse::<u64>().is_ok() && decimals.len() == 3 && decimals.parse::<u64>().is_ok()
    })
}

fn concise(document: &Document, finding: &Value) -> String {
    let field = |name: &str| finding[name].as_str().map_or_else(|| finding[name].to_string(), str::to_owned);
    let (source, [line, column, code]) = (document.file(), ["line", "column", "code"].map(field));
    let line = format!("{source}:{line}:{column}: {code} {}: {}", field("pointer"), field("message"));
    spelled(&printable(&line))
}

/// What would end the line or move the cursor is spelled out, in a file's name too.
fn printable(text: &str) -> String {
    let controls = [('\u{1}', r"\u0001"), ('\t', r"\u0009"), ('\n', r"\u000a"), ('\r', r"\u000d")];
    controls.iter().fold(text.to_owned(), |text, (control, spelling)| text.replace(*control, spelling))
}

/// The text without characters that XML cannot hold.
fn spelled(text: &str) -> String {
    text.replace('\u{1}', r"\u0001").replace('\u{FFFE}', r"\ufffe")
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
        r#"{"llmModel":"gpt-5","ttsModel":{"elevenLabsApiKey":"SECRET"#,
    );
    for direction in ["update", "agent"] {
        let run = Run::of_lines(lines, &["--as", direction]);
        for format in ["github", "sarif", "junit"] {
            let report = run.report(format);
            assert!(report.contains("elevenLabsApiKey") && !report.contains("SECRET"), "{report}");
        }
    }
}

/// A program that reads the report alone must not take it for the whole.
#[test]
fn what_cannot_be_read_is_reported() {
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
