//! Interruption: the report of what there is, and status 130.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{Folder, url};

#[test]
fn an_interrupted_run_reports_what_it_has() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    for (format, signal) in [("ndjson", "INT"), ("json", "INT"), ("human", "TERM"), ("junit", "INT"), ("sarif", "INT")]
    {
        let mut command = folder.command(&url(&server), &["--rate", "20", "--format", format]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut errors = BufReader::new(process.stderr.take().expect("standard error"));
        let mut output = BufReader::new(process.stdout.take().expect("standard output"));
        let mut report = String::new();
        let wait: &mut dyn std::io::BufRead = if format == "ndjson" { &mut output } else { &mut errors };
        let lines = if format == "ndjson" { 1 } else { 3 };
        for _ in 0..lines {
            wait.read_line(&mut report).expect("it is running");
        }
        let sent = Command::new("kill").args([&format!("-{signal}"), &process.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()));
        if format != "ndjson" {
            report.clear();
        }
        output.read_to_string(&mut report).expect("text");
        let mut rest = String::new();
        errors.read_to_string(&mut rest).expect("text");
        assert_eq!(process.wait().expect("it ends").code(), Some(130), "{format}: {rest}");
        assert!(rest.contains("callagent: interrupted"), "{rest}");
        match format {
            "human" => assert!(report.contains("interrupted; the results so far"), "{report}"),
            "json" => {
                let report: Value = serde_json::from_str(&report).expect("JSON");
                assert_eq!(report["summary"]["interrupted"], true);
            }
            "ndjson" => {
                let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
                let (last, cases) = lines.split_last().expect("lines");
                assert!(!cases.is_empty() && cases.iter().all(|case| case["type"] == "case"), "{report}");
                assert_eq!((&last["type"], &last["summary"]["interrupted"]), (&"summary".into(), &true.into()));
            }
            "junit" => assert!(report.contains("<error type=\"interrupted\"") && report.contains("errors=\"1\"")),
            _ => {
                let log: Value = serde_json::from_str(&report).expect("JSON");
                assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
            }
        }
    }
}

/// A consumer that reads one line ends the run.
#[test]
fn a_closed_output_ends_the_run() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    let mut command = folder.command(&url(&server), &["--rate", "20", "--format", "ndjson"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut output = BufReader::new(process.stdout.take().expect("standard output"));
    output.read_line(&mut String::new()).expect("a line");
    drop(output);
    let ended = process.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("standard output was closed"), "{ended:?}");
}
