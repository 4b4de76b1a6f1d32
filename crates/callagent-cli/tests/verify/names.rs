//! The names of cases: `--only`, `--skip`, `--list` and `explain`.

use serde_json::Value;

use crate::{Folder, Ran, program, ran, url};

fn run(arguments: &[&str]) -> Ran {
    ran(program::bare_command(Folder::new().path()).args(arguments))
}

#[test]
fn only_and_skip() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    for (arguments, expected) in [
        (&["--only", "accepts/minimal"][..], &["accepts/minimal"][..]),
        (&["--only", "accepts/2", "--only", "applies/1"], &["accepts/full", "applies/absent-fields"]),
        (&["--only", "accepts/1", "--only", "accepts/2", "--skip", "accepts/minimal"], &["accepts/full"]),
    ] {
        let ran = folder.verify(&url(&server), &[arguments, &["--format", "json"]].concat());
        assert_eq!(ran.outcomes().into_keys().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn unknown_names_are_usage_errors() {
    for (arguments, expected) in [
        (&["--only", "applies/absent-feilds"][..], "similar: applies/absent-fields"),
        (&["--skip", "absent-fields"], "similar: applies/absent-fields"),
        (&["--only", "acepts"], "similar: accepts"),
        (&["--only", "applies/0"], "unknown case `applies/0`"),
        (&["--only", "applies/999"], "unknown case `applies/999`"),
        (&["--only", "\u{1b}[31m"], r"unknown case `\u001b[31m`; the groups are accepts, "),
        (&["--only", "http", "--skip", "http"], "--skip leaves out every case"),
    ] {
        let ran = run(&[&["verify", "http://127.0.0.1:1", "--workspace", "w", "--agent", "a"], arguments].concat());
        assert_eq!((ran.status, &*ran.report, ran.errors.lines().count()), (Some(2), "", 1), "{}", ran.errors);
        assert!(ran.errors.contains(expected), "{}", ran.errors);
    }
}

#[test]
fn the_list_needs_no_server() {
    let Ran { status, report, .. } = run(&["verify", "--list"]);
    assert_eq!(status, Some(0));
    assert!(report.starts_with("accepts: Accepts what it must\n    1 minimal: "), "{report}");
    let list = run(&["verify", "--list", "--format", "json"]).json();
    let lines = run(&["verify", "--list", "--format", "ndjson"]).report;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(list, Value::from(lines.clone()));
    assert!(lines.len() > 150, "{}", lines.len());
    for case in &lines {
        let field = |name: &str| case[name].as_str().expect("a string").to_owned();
        assert!(field("case").starts_with(&(field("group") + "/")), "{case}");
        assert!(report.contains(&format!(
            "{} {}: {}\n",
            case["number"],
            &field("case")[field("group").len() + 1..],
            field("title")
        )));
    }
    assert_eq!(
        run(&["verify", "--list", "--only", "applies/3", "--format", "json"]).json().as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(run(&["verify", "--list", "--format", "junit"]).status, Some(2));
}

#[test]
fn every_case_is_explained() {
    let list = run(&["explain"]).report;
    for case in run(&["verify", "--list", "--format", "json"]).json().as_array().expect("cases") {
        let name = case["case"].as_str().expect("a name");
        assert!(list.lines().any(|line| line.starts_with(&format!("{name} "))), "{name}");
    }
    let explained = run(&["explain", "applies/absent-fields"]).report;
    assert_eq!(run(&["explain", "applies/1"]).report, explained);
    insta::assert_snapshot!(explained);
    let unknown = run(&["explain", "applies/absent-feilds"]);
    assert_eq!((unknown.status, unknown.errors.lines().count()), (Some(2), 1));
    assert!(unknown.errors.contains("similar: applies/absent-fields"), "{}", unknown.errors);
    assert_eq!(run(&["explain", "applies/"]).status, Some(2), "a group is no case");
}
