//! The reader: what is JSON, locations of findings, and the same verdict from every way to read.

use callagent::{Agent, Code, Document, Finding, Reader, Report, Span, UpdateAgent, check, tools::child_pointer};
use serde_json::Value;

use crate::{details, is_beyond_serde_json, set};

/// The locations and pointers of findings are correct for any bytes, read as either document.
///
/// # Panics
/// If it does not.
pub fn target(text: &[u8]) {
    let json = serde_json::from_slice::<Value>(text);
    for report in [report_of::<UpdateAgent>(text, &json), report_of::<Agent>(text, &json)] {
        match (&json, std::str::from_utf8(text)) {
            (Ok(value), Ok(text)) => well_formed(text, value, &report),
            (Ok(_), Err(_)) => panic!("serde_json accepted invalid UTF-8"),
            (Err(error), _) => malformed(text, error, &report),
        }
    }
}

/// Returns the report, which is the same for every way to read.
fn report_of<T: Document>(text: &[u8], json: &serde_json::Result<Value>) -> Report {
    let report = check::<T>(text);
    let (document, of_reading) = Reader::new().read_and_report::<T>(text);
    assert_eq!(details(&of_reading), details(&report), "reading and checking differ");
    assert_eq!(document.is_some(), report.is_valid());
    let is_rounded = is_beyond_serde_json(text);
    let by_serde = serde_json::from_slice::<T>(text).is_ok();
    assert!(is_rounded || by_serde == report.is_valid(), "serde has another verdict");

    let of_value = json.as_ref().ok().filter(|_| !is_rounded && !has(&report, Code::DUPLICATE_FIELD));
    if let Some(of_value) = of_value.map(|value| Reader::new().check_value::<T>(value)) {
        assert_eq!(set(&of_value), set(&report), "the value and its text get different verdicts");
    }

    let first = Reader::new().limit(1).check::<T>(text);
    let counts = |report: &Report| (report.violation_count(), report.advisory_count());
    assert_eq!(counts(&first), counts(&report));
    assert_eq!(
        (first.violations().len(), first.advisories().count()),
        (counts(&report).0.min(1), counts(&report).1.min(1))
    );
    assert!(set(&first).is_subset(&set(&report)));

    let tolerant = Reader::new().tolerate_unknown_fields().tolerate_unknown_values().check::<T>(text);
    let is_tolerable = |(_, code): &&(String, Code)| matches!(*code, Code::UNKNOWN_FIELD | Code::UNKNOWN_VALUE);
    assert!(set(&tolerant).is_subset(&set(&report)), "a tolerance added a violation");
    assert!(set(&report).difference(&set(&tolerant)).all(|kept| is_tolerable(&kept)), "too much is tolerated");
    report
}

/// Text that is not JSON: rejected exactly if `serde_json` rejects it, at the first byte that cannot continue a JSON text.
///
/// The two agree on every text: lone surrogates, more than 127 levels, numbers beyond a double, byte-order marks and
/// invalid UTF-8 are errors of `serde_json` where it builds a `Value` (not where it skips one), and both accept repeated
/// names here. Positions differ: `serde_json` reports the position after an invalid escape and after a number
/// out of range, and the end of the string for invalid UTF-8.
fn malformed(text: &[u8], error: &serde_json::Error, report: &Report) {
    let findings: Vec<_> = report.violations().chain(report.advisories()).collect();
    let [violation] = findings[..] else { panic!("not JSON ({error}), but {report:?}") };
    assert_eq!((violation.code(), violation.pointer().as_str()), (Code::MALFORMED, ""), "{error}");
    let Span { offset, length } = located(text, &violation);
    assert_eq!(length, usize::from(offset < text.len()));

    assert!(can_continue(&text[..offset]), "the text before {offset} is already invalid");
    if offset == text.len() {
        return;
    }
    let is_bad_utf8 = std::str::from_utf8(text).is_err_and(|error| error.valid_up_to() == offset);
    let is_escape = text[offset] == b'\\';
    let is_beyond_range = || {
        let is_digit = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
        let number: String = text[offset..].iter().take_while(is_digit).map(|&byte| char::from(byte)).collect();
        (1..=number.len()).any(|length| number[..length].parse().is_ok_and(f64::is_infinite))
    };
    let is_wrong_there = is_bad_utf8 || is_escape || !can_continue(&text[..=offset]) || is_beyond_range();
    assert!(is_wrong_there, "nothing is wrong at {offset} yet");
}

/// Returns whether these bytes are JSON or the beginning of JSON.
fn can_continue(text: &[u8]) -> bool {
    let is_begun = |text: &[u8]| serde_json::from_slice::<Value>(text).err().is_none_or(|error| error.is_eof());
    // Hundreds of digits are out of range unless a small exponent follows.
    let smaller = ["e-99999", "99999"].map(|rest| [text, rest.as_bytes()].concat());
    is_begun(text) || text.last().is_some_and(u8::is_ascii_digit) && smaller.iter().any(|text| is_begun(text))
}

/// JSON: pointers lead to the values at the locations.
fn well_formed(text: &str, value: &Value, report: &Report) {
    assert!(!has(report, Code::MALFORMED), "serde_json reads it");
    let is_repeated = has(report, Code::DUPLICATE_FIELD);
    let orders = report.violations().map(|violation| (located(text.as_bytes(), &violation).offset, violation));
    let orders: Vec<_> = orders.map(|(offset, violation)| (offset, violation.code(), violation.pointer())).collect();
    assert!(orders.is_sorted(), "{orders:?}");

    for finding in report.violations().chain(report.advisories()) {
        let Span { offset, length } = located(text.as_bytes(), &finding);
        let Some(token) = text.get(offset..offset + length) else { panic!("{finding:?} cuts a character") };
        assert!(finding.found().is_none_or(|found| found.chars().count() <= 60));
        let pointer = finding.pointer();
        match finding.code() {
            Code::MISSING_FIELD | Code::ABSENT_FIELD => {
                let parent = pointer.rsplit_once('/').map(|(parent, _)| parent);
                assert!(is_repeated || parent.is_some_and(|parent| value.pointer(parent).is_some()), "{finding:?}");
                assert!(matches!(token, "{" | "null" | "\"\""), "{finding:?} at {token}");
            }
            Code::UNKNOWN_FIELD | Code::DUPLICATE_FIELD => {
                let name: String = serde_json::from_str(token).expect("a name's token");
                assert!(pointer.ends_with(&child_pointer("", &name)), "{finding:?} at {token}");
                assert!(is_repeated || value.pointer(&pointer).is_some(), "{finding:?}");
            }
            _ => {
                let there = serde_json::from_str::<Value>(token).expect("a value's token");
                assert!(is_repeated || value.pointer(&pointer) == Some(&there), "{finding:?} at {token}");
            }
        }
    }
}

/// The location of a finding is within the text, and its line and column match its offset.
fn located(text: &[u8], finding: &Finding<'_>) -> Span {
    let location = finding.location().expect("a text has locations");
    assert!(location.span.end() <= text.len(), "{finding:?} is beyond the text");
    let before = &text[..location.span.offset];
    let lines: Vec<_> = before.split(|&byte| byte == b'\n').collect();
    let column = lines.last().map_or(0, |line| String::from_utf8_lossy(line).chars().count()) + 1;
    assert_eq!((location.line, location.column), (lines.len(), column), "{finding:?}");
    location.span
}

fn has(report: &Report, code: Code) -> bool {
    report.violations().any(|violation| violation.code() == code)
}
