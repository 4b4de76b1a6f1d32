//! The formats of reports: stable, valid, and with the same results.

use regex::Regex;
use serde_json::Value;

use crate::{
    Folder,
    fake::{Fake, UNCHANGING},
    sarif::sarif_schema,
};

/// Cases with every outcome, and advisories.
const CASES: [&str; 12] = [
    "--only",
    "accepts/minimal",
    "--only",
    "accepts/own-key",
    "--only",
    "refuses/agent-unknown",
    "--only",
    "refuses/access-key-missing",
    "--only",
    "applies/absent-fields",
    "--only",
    "http/etag",
];

/// Replaces times, the address, and the numbers of cases, which change with the cases.
fn constant(report: &str, url: &str) -> String {
    let times = Regex::new(r#"\d+\.\d+ s\b|time="[\d.]+"|"milliseconds":\d+"#).expect("a regular expression");
    let report = times.replace_all(&report.replace(url, "URL"), "TIME").into_owned();
    let numbers = Regex::new(r#"(?<before>[✘✔○–] |[a-z]/|"number":|"ruleIndex":)\d+\b"#).expect("a regular expression");
    numbers.replace_all(&report, "${before}N").into_owned()
}

#[test]
fn every_format() {
    let folder = Folder::new();
    let server = Fake::new(UNCHANGING);
    for format in ["human", "json", "ndjson", "github", "junit", "sarif"] {
        let ran = folder.verify(&server.url, &[&CASES[..], &["--format", format]].concat());
        assert_eq!(ran.status, Some(1), "{}", ran.errors);
        if format == "sarif" {
            let log: Value = serde_json::from_str(&ran.report).expect("JSON");
            let results = serde_json::to_string_pretty(&log["runs"][0]["results"]).expect("JSON");
            insta::assert_snapshot!(format, constant(&results.replace("\": ", "\":"), &server.url));
        } else {
            insta::assert_snapshot!(format, constant(&ran.report, &server.url));
        }
    }
    let verbose = folder.verify(&server.url, &[&CASES[..], &["--verbose"]].concat());
    insta::assert_snapshot!("verbose", constant(&verbose.report, &server.url));
    let mut colored = folder.command(&server.url, &CASES);
    let colored = crate::ran(colored.env("CLICOLOR_FORCE", "1")).report;
    assert!(colored.contains("\u{1b}["));
    let colors = Regex::new("\u{1b}\\[[0-9;]*m").expect("a regular expression");
    let plain = folder.verify(&server.url, &CASES).report;
    assert_eq!(constant(&colors.replace_all(&colored, ""), &server.url), constant(&plain, &server.url));
}

#[test]
fn formats_agree() {
    let folder = Folder::new();
    let server = Fake::new(UNCHANGING);
    let report = |format: &str| {
        let groups = ["--only", "applies", "--only", "secrets", "--only", "http", "--format", format];
        folder.verify(&server.url, &groups).report
    };
    let json: Value = serde_json::from_str(&report("json")).expect("JSON");
    let cases = json["cases"].as_array().expect("cases");
    let count = |outcome: &str| cases.iter().filter(|case| case["outcome"] == outcome).count();
    let (failed, passed) = (count("failed"), count("passed"));
    let without = count("skipped") + count("not-applicable");
    assert!(failed > 10 && passed > 0 && without > 0, "{failed} {passed} {without}");
    assert_eq!(json["summary"]["failed"], failed);

    let lines: Vec<Value> = report("ndjson").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let names =
        |cases: &[Value]| cases.iter().map(|case| (case["case"].clone(), case["outcome"].clone())).collect::<Vec<_>>();
    assert_eq!(names(&lines[..lines.len() - 1]), names(cases));

    let junit = report("junit");
    let junit = roxmltree::Document::parse(&junit).expect("XML");
    let elements = |name| junit.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!([elements("testcase"), elements("failure"), elements("skipped")], [cases.len(), failed, without]);
    let suite = junit.descendants().find(|node| node.has_tag_name("testsuite")).expect("a suite");
    let counts = ["tests", "failures", "errors", "skipped"].map(|name| suite.attribute(name).map(str::to_owned));
    assert_eq!(counts, [cases.len(), failed, 0, without].map(|count| Some(count.to_string())));
    let classes = junit.descendants().filter_map(|node| node.attribute("classname"));
    assert!(classes.clone().any(|class| class == "applies") && classes.into_iter().all(|class| class != "callagent"));

    let github = report("github");
    assert_eq!(github.lines().filter(|line| line.starts_with("::error title=")).count(), failed);
    assert!(github.lines().all(|line| line.starts_with("::error title=") || line.starts_with("::warning title=")));

    let log: Value = serde_json::from_str(&report("sarif")).expect("JSON");
    let schema = jsonschema::options().should_validate_formats(true).build(&sarif_schema()).expect("a schema");
    assert!(schema.is_valid(&log));
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    let of = |kind: &str| cases.iter().map(|case| case[kind].as_array().map_or(0, Vec::len)).sum::<usize>();
    let levels = |level: &str| results.iter().filter(|result| result["level"] == level).count();
    assert_eq!((levels("error"), levels("note")), (of("failures"), of("advisories")));
    for result in results {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        let location = &result["locations"][0];
        assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "v1/api/agents/%7BagentId%7D");
        assert_eq!(
            location["logicalLocations"][0]["fullyQualifiedName"],
            format!("PUT {}/v1/api/agents/{{agentId}}", server.url)
        );
    }
}
