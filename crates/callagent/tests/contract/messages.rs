//! The messages and locations of reports.

use callagent::{Agent, Document, Reader, Report, UpdateAgent, check, tools::EscapeControl};

#[test]
fn advisories_have_messages() {
    let update = r#"{"llmModel": "gpt-5", "name": " ", "smartCallback": false, "maxAttemptsForSmartCallback": 1}"#;
    let agent = r#"{"llmModel": null, "createdAt": "today"}"#;
    let reports = [check::<UpdateAgent>(update), check::<Agent>(agent)];
    let messages: Vec<_> = reports.iter().flat_map(Report::advisories).map(|advisory| advisory.message()).collect();
    for expected in [
        "`name` is blank",
        "`smartCallback` is false, so the given attempts and gaps have no effect",
        "`llmModel` is documented but absent",
        "`createdAt` is not an RFC 3339 date-time, such as `2025-01-31T09:30:00Z`",
    ] {
        assert!(messages.iter().any(|message| message == expected), "{expected} in {messages:?}");
    }
    let absent = reports[1].advisories().find(|advisory| advisory.pointer() == "/llmModel").expect("it is absent");
    assert_eq!(absent.expected().as_deref(), Some("a string"), "the vocabulary of a response is open");
}

/// The code of each advisory, and the text that it marks.
fn advisories<T: Document>(reader: &Reader, text: &str) -> Vec<(&'static str, String)> {
    let report = reader.check::<T>(text);
    assert!(report.is_valid(), "{report}");
    let marked = report.advisories().map(|advisory| {
        let span = advisory.span().expect("a text has locations");
        (advisory.code().as_str(), text[span.range()].to_owned())
    });
    marked.collect()
}

#[test]
fn advisories_mark_the_affected_value() {
    let text = r#"{"llmModel": "gpt-6", "name": " ", "color": 1, "ttsModel": {"provider": "rime", "language": "en_US",
        "elevenLabsApiKey": "k"}, "phoneNumberIds": ["a", "a"], "smartCallback": false, "maxAttemptsForSmartCallback": 3,
        "gapBetweenEachAttemptForSmartCallback": [{"days": 0, "hours": 0}]}"#;
    let expected = [
        ("unknown-value", r#""gpt-6""#),
        ("blank-name", r#"" ""#),
        ("unknown-field", r#""color""#),
        ("language-tag", r#""en_US""#),
        ("key-unused", r#""k""#),
        ("repeated-phone-number", r#""a""#),
        ("callback-off", "false"),
        ("gap-count", r#"[{"days": 0, "hours": 0}]"#),
        ("zero-gap", r#"{"days": 0, "hours": 0}"#),
    ];
    let reader = Reader::new().tolerate_unknown_fields().tolerate_unknown_values();
    let found = advisories::<UpdateAgent>(&reader, text);
    assert_eq!(found, expected.map(|(code, piece)| (code, piece.to_owned())));

    let text = r#"{"ttsModel": {"provider": "rime", "elevenLabsApiKey": "k"}, "createdAt": "yesterday"}"#;
    let found = advisories::<Agent>(&Reader::new(), text);
    let found: Vec<_> = found.into_iter().filter(|(code, _)| *code != "absent-field").collect();
    assert_eq!(found, [("key-disclosed", r#""k""#.to_owned()), ("timestamp", r#""yesterday""#.to_owned())]);
}

#[test]
fn a_violation_shows_what_was_found_but_no_key() {
    let (long, cut) = ("x".repeat(59), format!("\"{}…", "x".repeat(58)));
    let whole = format!("\"{}\"", "é".repeat(58));
    let cases = [
        (r#"{"name": {"a": 1}}"#.to_owned(), Some("{…}")),
        (r#"{"name": [1]}"#.to_owned(), Some("[…]")),
        (r#"{"name": 1.50}"#.to_owned(), Some("1.50")),
        (r#"{"name": null}"#.to_owned(), Some("null")),
        (r#"{"smartCallback": "\u0061"}"#.to_owned(), Some(r#""\u0061""#)),
        (format!(r#"{{"smartCallback": "{long}"}}"#), Some(&*cut)),
        (format!(r#"{{"smartCallback": {whole}}}"#), Some(&*whole)),
        (r#"{"ttsModel": {"provider": "rime", "elevenLabsApiKey": 7}}"#.to_owned(), None),
        (r#"{"ttsModel": {"provider": "rime", "elevenLabsApiKey": true}}"#.to_owned(), None),
        (r#"{"ttsModel": {"provider": "rime", "elevenLabsApiKey": ["k"]}}"#.to_owned(), None),
        // Encoded twice.
        (r#"{"ttsModel": "{\"provider\": \"rime\", \"elevenLabsApiKey\": \"k\"}"}"#.to_owned(), None),
        (r#"{"smartCallback": "{\"elevenlabs_api_key\":\"k\"}"}"#.to_owned(), None),
        // In any notation, with escapes of any depth.
        (r#"{"ttsModel": "{'provider': '11labs_byo', 'elevenLabsApiKey': 'k'}"}"#.to_owned(), None),
        (r#"{"ttsModel": "elevenLabsApiKey=k"}"#.to_owned(), None),
        (r#"{"ttsModel": "ELEVENLABS-API.KEY: k"}"#.to_owned(), None),
        (r#"{"ttsModel": "eleven\u004cabsApi\\\u004bey: k"}"#.to_owned(), None),
        (r#"{"ttsModel": "eleven labs"}"#.to_owned(), Some(r#""eleven labs""#)),
    ];
    for (text, found) in cases {
        let report = check::<UpdateAgent>(text.replacen('{', r#"{"llmModel": "gpt-5", "#, 1));
        let [violation] = report.violations().collect::<Vec<_>>()[..] else {
            panic!("expected one violation, found {report}")
        };
        assert_eq!((violation.code().as_str(), violation.found()), ("wrong-type", found), "{text}");
    }
}

#[test]
fn each_violation_shows_its_own_value() {
    let report = check::<UpdateAgent>(r#"{"llmModel": "gpt-5", "nmae": 0, "name": 1, "smartCallback": 2}"#);
    let found: Vec<_> = report.violations().map(|violation| violation.found()).collect();
    assert_eq!(found, [None, Some("1"), Some("2")], "{report}");
}

#[test]
fn characters_that_could_end_or_reorder_a_line_are_escaped() {
    for (text, expected) in [
        ("é /~", "é /~"),
        ("a\nb", r"a\u000ab"),
        ("\u{85}", r"\u0085"),
        ("a\u{2028}", r"a\u2028"),
        ("\u{202E}b", r"\u202eb"),
        ("\u{2066}\u{206A}", "\\u2066\u{206A}"),
    ] {
        assert_eq!(EscapeControl(text).to_string(), expected, "{}", text.escape_unicode());
    }
}

#[test]
fn a_report_fits_on_one_line() {
    let text =
        r#"{"name": 1, "nmae": "a\u000a", "ttsModel": {"provider": "11labs_byo", "name": "b"}, "llmModel": "gpt-5"}"#;
    let report = check::<UpdateAgent>(text);
    let notes: Vec<_> = report.violations().map(|violation| violation.note().is_some()).collect();
    assert_eq!(notes, [false, false, true, true], "{report}");
    let lines: Vec<_> = report.violations().map(|violation| violation.to_string()).collect();
    assert_eq!(lines.join("; "), report.to_string());
    assert_eq!(lines[0], "/name: invalid type for `name`: expected a string, found 1");
    let required =
        "missing field `elevenLabsApiKey` in `ttsModel`: must be a non-empty string when `provider` is `11labs_byo`";
    assert!(lines.iter().any(|line| line.contains(required)), "{report}");
    let expected = "; expected one of `name`, `llmModel`";
    assert!(lines[1].starts_with("/nmae: unknown field `nmae`; ") && lines[1].contains(expected), "{report}");
    assert!(format!("{report:?}").contains("wrong-type /name: "), "{report:?}");

    let cut = Reader::new().limit(1).check::<UpdateAgent>(text);
    assert_eq!(cut.to_string(), format!("{}; and 3 more", lines[0]));
}

/// A violation and an advisory for each field or item, however many there are.
#[test]
fn a_limit_holds_for_violations_and_for_advisories() {
    let items = r#"{"days":0,"x":1},"#.repeat(99);
    let text = format!(r#"{{"llmModel":"gpt-5","gapBetweenEachAttemptForSmartCallback":[{items}{{"days":0,"x":1}}]}}"#);
    let all = check::<UpdateAgent>(&text);
    for limit in [1, 50, 99, 100, 101] {
        let limited = Reader::new().limit(limit).check::<UpdateAgent>(&text);
        let kept = limit.min(100);
        assert_eq!((limited.violations().len(), limited.advisories().count()), (kept, kept));
        assert_eq!((limited.violation_count(), limited.advisory_count()), (100, 100));
        assert_eq!(limited.is_cut(), limit < 100);
        let pointers = |report: &Report| report.advisories().map(|advisory| advisory.pointer()).collect::<Vec<_>>();
        assert_eq!(pointers(&limited), pointers(&all)[..kept]);
    }
    // Many advisories never displace a violation.
    let text = text.replace(r#","x":1"#, "").replace(r#"{"llmModel""#, r#"{"name":" ","settings":1,"llmModel""#);
    let limited = Reader::new().limit(1).check::<UpdateAgent>(&text);
    assert_eq!(limited.violations().map(|violation| violation.pointer()).collect::<Vec<_>>(), ["/settings"]);
    assert_eq!((limited.advisories().count(), limited.advisory_count()), (1, 101));
}

/// Absent fields of an object are kept together, and truncated in the order of their pointers.
#[test]
fn a_limit_cuts_the_fields_that_an_object_lacks() {
    let all: Vec<_> = check::<Agent>("{}").advisories().map(|advisory| advisory.pointer()).collect();
    for limit in 1..=all.len() {
        let limited = Reader::new().limit(limit).check::<Agent>("{}");
        assert_eq!(limited.advisories().map(|advisory| advisory.pointer()).collect::<Vec<_>>(), all[..limit]);
        assert_eq!((limited.advisory_count(), limited.is_cut()), (all.len(), limit < all.len()));
    }
}

/// Each of these violations has the long name in its pointer.
#[test]
fn a_limited_report_fits_in_a_response() {
    let (name, items) = ("a".repeat((16 << 10) - 1), r#""b":1,"#.repeat(100));
    let text = format!(r#"{{"llmModel":"gpt-5","variables":{{"{name}":{{{items}"c":1}}}}}}"#);
    let limited = Reader::new().limit(50).check::<UpdateAgent>(&text);
    assert_eq!((limited.violations().len(), limited.is_cut()), (4, true));
    let short = text.replace(&name, "a");
    assert_eq!(Reader::new().limit(50).check::<UpdateAgent>(&short).violations().len(), 50);
    assert_eq!(check::<UpdateAgent>(&text).violations().len(), 99);
}

#[test]
fn a_report_counts_advisories() {
    let clean = check::<UpdateAgent>(r#"{"llmModel": "gpt-5"}"#);
    assert!(clean.is_clean() && clean.is_valid() && clean.advisory_count() == 0);
    let empty = check::<Agent>("{}");
    assert!(!empty.is_clean() && empty.is_valid());
    assert_eq!(empty.advisory_count(), empty.advisories().count());
    assert!(empty.advisory_count() > 10);
    let invalid = check::<Agent>("[]");
    assert!(!invalid.is_clean() && !invalid.is_valid());
}

#[test]
fn syntax_errors_have_messages() {
    let deep = "[".repeat(128);
    let cases: &[(&[u8], usize, &str)] = &[
        (b"", 0, "expected a JSON value, found empty text"),
        (b" \n", 2, "expected a JSON value, found empty text"),
        (b"{", 1, "unexpected end of text in a JSON value"),
        (b"\"a", 2, "unexpected end of text in a JSON value"),
        (b"\"\\u00", 5, "unexpected end of text in a JSON value"),
        (b"\"caf\xC3", 5, "unexpected end of text in a JSON value"),
        (b"[\xC3", 1, "invalid UTF-8"),
        (b"\"caf\xE9\"", 4, "invalid UTF-8"),
        (b"\xEF\xBB\xBF{}", 0, "unexpected byte-order mark; JSON text must not begin with one"),
        (b"[,1]", 1, "expected a JSON value"),
        (b"\xEF\x80\x80", 0, "expected a JSON value"),
        (b"[ \xEF\xBB\xBF1]", 2, "expected a JSON value"),
        (b"tRue", 1, "expected `true`, `false` or `null`; strings need double quotes"),
        (b"[-]", 2, "expected a digit"),
        (b"[1.]", 3, "expected a digit"),
        (b"[01]", 2, "numbers must not have leading zeros"),
        (b"[1e400]", 1, "the number is out of range for an IEEE 754 double"),
        (b"{\"a\":1,}", 7, "expected a field name in double quotes; JSON does not allow trailing commas"),
        (b"{\"a\" 1}", 5, "expected `:` after a field name"),
        (b"{\"a\":1 \"b\"}", 7, "expected `,` or `}` after a field value"),
        (b"[1 2]", 3, "expected `,` or `]` after an array item"),
        (b"\"a\tb\"", 2, "control characters in strings must be escaped"),
        (
            b"\"\\x\"",
            1,
            r#"invalid escape: expected one of \" \\ \/ \b \f \n \r \t, or \u and four hexadecimal digits"#,
        ),
        (b"\"\\ud800\"", 1, "unpaired surrogate escape"),
        (deep.as_bytes(), 127, "objects and arrays are nested more than 127 levels deep"),
        (b"{} {}", 3, "expected end of text after the JSON value"),
    ];
    for &(text, offset, message) in cases {
        let report = check::<UpdateAgent>(text);
        let [violation] = report.violations().collect::<Vec<_>>()[..] else {
            panic!("expected one violation, found {report}")
        };
        let found = (violation.code().as_str(), violation.message(), violation.span().map(|span| span.offset));
        assert_eq!(found, ("malformed", message.to_owned(), Some(offset)), "{}", text.escape_ascii());
    }
}
