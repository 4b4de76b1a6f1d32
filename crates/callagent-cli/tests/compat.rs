//! `callagent compat`: exit statuses, and the report in every format.

use std::{collections::BTreeSet, fs, process::Command};

use tempfile::TempDir;

const OLD: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "model": {"enum": ["gpt-5", "gpt-4.1"]},
    "name": {"type": "string"}
  },
  "additionalProperties": false
}
"#;

/// Two breaking changes and an undecided one.
const NEW: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "model": {"enum": ["gpt-5", "gpt-6"]},
    "name": {"type": "string", "format": "hostname"}
  },
  "required": ["model"],
  "additionalProperties": false
}
"#;

struct Versions(TempDir);

impl Versions {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("the file is written");
        }
        Versions(folder)
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callagent"));
        command.arg("compat").args(arguments).current_dir(self.0.path()).env("NO_COLOR", "1");
        let output = command.output().expect("the command runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
    }
}

/// Replaces times, which differ from run to run.
fn without_times(report: &str) -> String {
    let mut parts = report.split(" time=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |report, part| report + " time=\"TIME" + part.trim_start_matches(|character| character != '"'))
}

#[test]
fn every_format() {
    let versions = Versions::new(&[("old.json", OLD), ("new.json", NEW)]);
    let formats = ["human", "concise", "json", "ndjson", "github", "junit"];
    let reports = formats.map(|format| {
        let (status, report, errors) = versions.run(&["--format", format, "old.json", "new.json"]);
        assert_eq!(
            (status, errors.as_str()),
            (1, "2 breaking changes in requests, 0 breaking changes in responses; 1 undecided\n")
        );
        format!("# {format}\n\n{}", without_times(&report))
    });
    insta::assert_snapshot!(reports.join("\n"));

    let (_, log, _) = versions.run(&["--format", "sarif", "old.json", "new.json"]);
    let log: serde_json::Value = serde_json::from_str(&log).expect("a log is JSON");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    let fingerprints: BTreeSet<_> =
        results.iter().map(|result| result["partialFingerprints"]["callagent/v1"].as_str()).collect();
    assert_eq!(fingerprints.len(), 3);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small one");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[test]
fn statuses() {
    let versions = Versions::new(&[
        ("old.json", OLD),
        ("new.json", NEW),
        ("format.json", &OLD.replace("\"string\"", "\"string\", \"format\": \"hostname\"")),
        ("wider.json", &OLD.replace("\"gpt-4.1\"", "\"gpt-4.1\", \"gpt-6\"")),
        ("none.json", "none"),
    ]);
    for (arguments, expected) in [
        (&["old.json", "old.json"][..], 0),
        (&["old.json", "wider.json"], 0),
        (&["wider.json", "old.json"], 1),
        (&["--as", "agent", "old.json", "wider.json"], 1),
        (&["--as", "agent", "wider.json", "old.json"], 0),
        (&["old.json", "format.json"], 2),
        (&["old.json", "none.json"], 2),
        (&["old.json", "missing.json"], 2),
        (&["old.json"], 2),
    ] {
        let (status, _, errors) = versions.run(arguments);
        assert_eq!(status, expected, "{arguments:?}: {errors}");
        assert!(!errors.is_empty(), "standard error says how it ended");
    }
    let (_, report, _) = versions.run(&["old.json", "wider.json"]);
    assert_eq!(report, "wider.json: compatible\n");
}

#[test]
fn every_rule_is_explained() {
    let explain = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callagent"));
        let output = command.arg("explain").args(arguments).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    // A SARIF log lists every rule.
    let versions = Versions::new(&[("old.json", OLD)]);
    let (_, log, _) = versions.run(&["--format", "sarif", "old.json", "old.json"]);
    let log: serde_json::Value = serde_json::from_str(&log).expect("a log is JSON");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    let list = explain(&[]);
    for rule in rules {
        let (name, title) = (rule["id"].as_str().expect("a name"), rule["shortDescription"]["text"].as_str());
        let title = title.expect("a title");
        assert!(list.lines().any(|line| line.starts_with(&format!("{name} ")) && line.ends_with(title)), "{name}");
        let lines = explain(&[name]);
        let prose = lines.lines().filter(|line| !line.starts_with(' '));
        assert!(lines.starts_with(&format!("{name}: ")) && prose.clone().all(|line| line.len() <= 80), "{lines}");
    }
    insta::assert_snapshot!(["value-removed", "undecided"].map(|rule| explain(&[rule])).join("\n"));
}

/// In JUnit, an undecided comparison is an error, neither a success nor a failure.
#[test]
fn an_undecided_comparison_is_an_error() {
    let format = OLD.replace("\"string\"", "\"string\", \"format\": \"hostname\"");
    let versions = Versions::new(&[("old.json", OLD), ("new.json", &format)]);
    let (status, report, _) = versions.run(&["--format", "junit", "old.json", "new.json"]);
    assert_eq!(status, 2);
    assert!(report.contains("tests=\"1\" failures=\"0\" errors=\"1\""), "{report}");
    assert!(report.contains("<error type=\"undecided\"") && !report.contains("<failure"), "{report}");
}
