//! Explanations have an example with their code, and a fix.

use std::collections::BTreeSet;

use crate::util::in_project;
use callagent::{Agent, Code, Explanation, Reader, Report, Severity, UpdateAgent, model::Direction};

fn check(reader: &Reader, direction: Direction, document: &str) -> Report {
    match direction {
        Direction::Request => reader.check::<UpdateAgent>(document),
        Direction::Response => reader.check::<Agent>(document),
    }
}

/// The codes of a document, ignoring fields that the response of an explanation omits.
fn codes(report: &Report, explained: Code) -> (BTreeSet<Code>, BTreeSet<Code>) {
    let matters = |code: &Code| *code != Code::ABSENT_FIELD || explained == Code::ABSENT_FIELD;
    let violations = report.violations().map(|finding| finding.code());
    let advisories = report.advisories().map(|finding| finding.code());
    (violations.collect(), advisories.filter(matters).collect())
}

#[test]
fn each_example_has_only_its_code_and_is_fixed() {
    let (none, strict) = (BTreeSet::new(), Reader::new());
    let tolerant = Reader::new().tolerate_unknown_fields().tolerate_unknown_values();
    for explanation in Explanation::ALL {
        let code = explanation.code;
        let codes_of = |reader, document| codes(&check(reader, explanation.direction, document), code);
        let this = BTreeSet::from([code]);
        let (strictly, tolerantly) = match code.severity() {
            Severity::Violation => ((this.clone(), none.clone()), (this, none.clone())),
            Severity::Advisory => ((none.clone(), this.clone()), (none.clone(), this)),
            Severity::Tolerable => ((this.clone(), none.clone()), (none.clone(), this)),
        };
        assert_eq!(codes_of(&strict, explanation.example), strictly, "{code}");
        assert_eq!(codes_of(&tolerant, explanation.example), tolerantly, "{code}");
        assert_eq!(codes_of(&strict, explanation.fixed), (none.clone(), none.clone()), "{code}");
    }
}

#[test]
fn each_text_is_a_sentence() {
    for explanation in Explanation::ALL {
        let code = explanation.code;
        let severity = code.severity().to_string();
        for text in [code.title(), &severity, explanation.meaning, explanation.reason, explanation.fix] {
            assert!(text.starts_with(char::is_uppercase) && text.ends_with('.'), "{code}: {text}");
            assert!(!text.contains("  ") && !text.contains('\n'), "{code}: {text}");
        }
    }
}

#[test]
fn the_reference_page_has_an_anchor_for_each_code() {
    for code in Code::ALL {
        let reference = code.reference();
        let (page, anchor) = reference.split_once('#').expect("it has an anchor");
        assert_eq!(page, callagent::tools::REFERENCE);
        assert!(in_project(page).contains(&format!("id=\"{anchor}\"")), "{reference}");
    }
}

#[test]
fn codes_are_sorted_and_found_by_name() {
    assert!(Code::ALL.is_sorted_by(|a, b| a < b && a.as_str() < b.as_str()));
    for &code in Code::ALL {
        assert_eq!(code.as_str().parse(), Ok(code));
        assert!(code.explanation().is_some_and(|explanation| explanation.code == code));
    }
    assert!("Malformed".parse::<Code>().is_err());
}
