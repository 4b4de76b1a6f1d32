//! Only regressions count with a baseline.

use std::fs;

use serde_json::{Value, json};

use crate::{
    Folder,
    fake::{Fake, UNCHANGING},
    url,
};

const CASES: [&str; 4] = ["--only", "accepts/minimal", "--only", "applies/absent-fields"];

#[test]
fn regressions() {
    let folder = Folder::new();
    let server = Fake::new(UNCHANGING);
    let write = |report: &Value| fs::write(folder.path().join("baseline.json"), report.to_string()).expect("written");
    let with_baseline = ["--baseline", "baseline.json"];
    let first = folder.verify(&server.url, &[&CASES[..], &["--format", "json"]].concat());
    assert_eq!(first.status, Some(1), "{}", first.report);
    assert_eq!(first.outcomes()["applies/absent-fields"], "failed");
    fs::write(folder.path().join("baseline.json"), &first.report).expect("written");

    let same = folder.verify(&server.url, &[&CASES[..], &with_baseline].concat());
    assert_eq!(same.status, Some(0), "{}", same.report);
    assert!(same.report.contains(" (in the baseline too)\n"), "{}", same.report);
    assert!(same.errors.contains("1 failed (1 of them in the baseline too)"), "{}", same.errors);
    let junit = folder.verify(&server.url, &[&CASES[..], &with_baseline, &["--format", "junit"]].concat());
    assert!(junit.report.contains(r#"failures="0" errors="0" skipped="1""#), "{}", junit.report);
    let github = folder.verify(&server.url, &[&CASES[..], &with_baseline, &["--format", "github"]].concat());
    assert!(github.report.contains("::warning title=applies/absent-fields::") && !github.report.contains("::error"));

    for outcome in ["passed", "skipped", "not-applicable", "missing"] {
        let mut other = first.json();
        let cases = other["cases"].as_array_mut().expect("cases");
        match outcome {
            "missing" => cases.retain(|case| case["case"] != "applies/absent-fields"),
            _ => cases.iter_mut().for_each(|case| case["outcome"] = outcome.into()),
        }
        write(&other);
        let ran = folder.verify(&server.url, &[&CASES[..], &with_baseline].concat());
        assert_eq!(ran.status, Some(1), "{outcome}: {}", ran.report);
    }
}

#[test]
fn cases_that_pass_again_are_named() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    let baseline = |profile: &str| {
        json!({
            "configuration": {"profile": profile},
            "cases": [{"case": "accepts/minimal", "outcome": "failed"}],
        })
    };
    let write = |report: &Value| fs::write(folder.path().join("baseline.json"), report.to_string()).expect("written");
    write(&baseline("documented"));
    let arguments = ["--baseline", "baseline.json", "--only", "accepts/minimal"];
    let ran = folder.verify(&url(&server), &arguments);
    assert_eq!(ran.status, Some(0), "{}", ran.errors);
    assert!(ran.errors.contains("1 case of the baseline no longer failed: accepts/minimal; update the baseline"));
    write(&baseline("strict"));
    let ran = folder.verify(&url(&server), &arguments);
    assert_eq!((ran.status, &*ran.report), (Some(2), ""));
    assert!(ran.errors.contains("was made with --profile strict"), "{}", ran.errors);
}
