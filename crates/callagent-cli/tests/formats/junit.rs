//! JUnit XML: one failure per document, with counts and times.

use serde_json::Value;

use crate::{Document, printable, runs, sentence};

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

/// A test case has one failure with all violations, and the advisories.
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

/// Returns whether an element has a time as the schema of Maven's reports requires: seconds with three decimals.
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

/// Escapes characters that XML does not allow.
fn spelled(text: &str) -> String {
    text.replace('\u{1}', r"\u0001").replace('\u{FFFE}', r"\ufffe")
}
