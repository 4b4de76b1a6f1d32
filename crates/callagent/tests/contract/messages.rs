//! What reports say of texts that are not JSON, and where their advisories stand.

use callagent::{Agent, Document, EscapeControl, Reader, Report, UpdateAgent, check};

/// The code and the piece of the text that each advisory marks.
fn advisories<T: Document>(reader: &Reader, text: &str) -> Vec<(&'static str, String)> {
    let report = reader.check::<T>(text);
    assert!(report.is_valid(), "{report}");
    let marked = report.advisories().map(|advisory| {
        let place = advisory.location().expect("a text has places");
        (advisory.code().as_str(), text[place.offset..place.offset + place.length].to_owned())
    });
    marked.collect()
}

#[test]
fn advisories_mark_what_is_doubtful() {
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
        let [violation] = report.violations().collect::<Vec<_>>()[..] else { panic!("one violation, not {report}") };
        assert_eq!((violation.code().as_str(), violation.found()), ("wrong-type", found), "{text}");
    }
}

#[test]
fn each_violation_shows_what_was_found_at_its_place() {
    let report = check::<UpdateAgent>(r#"{"llmModel": "gpt-5", "nmae": 0, "name": 1, "smartCallback": 2}"#);
    let found: Vec<_> = report.violations().map(|violation| violation.found()).collect();
    assert_eq!(found, [None, Some("1"), Some("2")], "{report}");
}

#[test]
fn what_could_end_or_turn_a_line_is_spelled_out() {
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
fn a_report_says_all_in_a_line() {
    let text =
        r#"{"name": 1, "nmae": "a\u000a", "ttsModel": {"provider": "11labs_byo", "name": "b"}, "llmModel": "gpt-5"}"#;
    let report = check::<UpdateAgent>(text);
    let notes: Vec<_> = report.violations().map(|violation| violation.note().is_some()).collect();
    assert_eq!(notes, [false, false, true, true], "{report}");
    let lines: Vec<_> = report.violations().map(|violation| violation.to_string()).collect();
    assert_eq!(lines.join("; "), report.to_string());
    assert_eq!(lines[0], "/name: `name` must be a string, not 1");
    let due = "`elevenLabsApiKey` must be a string that is not empty where `provider` is `11labs_byo`";
    assert!(lines.iter().any(|line| line.contains(due)), "{report}");
    let listed = "it must be one of `name`, `llmModel`";
    assert!(
        lines[1].starts_with("/nmae: `nmae` is not a field of a request; ") && lines[1].contains(listed),
        "{report}"
    );
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

/// The fields that an object lacks are kept together, and cut in the order of their pointers.
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
fn a_limited_report_is_no_longer_than_an_answer_may_be() {
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
fn a_text_that_is_not_json_is_told_why() {
    let deep = "[".repeat(128);
    let cases: &[(&[u8], usize, &str)] = &[
        (b"", 0, "the text is empty; a JSON value is due"),
        (b" \n", 2, "the text is empty; a JSON value is due"),
        (b"{", 1, "the text ends before its JSON value does"),
        (b"\"a", 2, "the text ends before its JSON value does"),
        (b"\"\\u00", 5, "the text ends before its JSON value does"),
        (b"\"caf\xC3", 5, "the text ends before its JSON value does"),
        (b"[\xC3", 1, "the text is not UTF-8 here"),
        (b"\"caf\xE9\"", 4, "the text is not UTF-8 here"),
        (b"\xEF\xBB\xBF{}", 0, "the text begins with a byte-order mark, which JSON does not have"),
        (b"[,1]", 1, "a JSON value is due here: an object, an array, a string, a number, true, false or null"),
        (b"\xEF\x80\x80", 0, "a JSON value is due here: an object, an array, a string, a number, true, false or null"),
        (
            b"[ \xEF\xBB\xBF1]",
            2,
            "a JSON value is due here: an object, an array, a string, a number, true, false or null",
        ),
        (b"tRue", 1, "only true, false and null are words in JSON; strings need double quotes"),
        (b"[-]", 2, "a number needs a digit here"),
        (b"[1.]", 3, "a number needs a digit here"),
        (b"[01]", 2, "a number has no leading zeros"),
        (b"[1e400]", 1, "the number is beyond the range of an IEEE double"),
        (b"{\"a\":1,}", 7, "a field's name in double quotes is due here; JSON has no trailing commas"),
        (b"{\"a\" 1}", 5, "a colon is due here, between a field's name and its value"),
        (b"{\"a\":1 \"b\"}", 7, "a comma or `}` is due here, after a field's value"),
        (b"[1 2]", 3, "a comma or `]` is due here, after an array's item"),
        (b"\"a\tb\"", 2, "a control character in a string must be escaped"),
        (b"\"\\x\"", 1, r#"an escape must be one of \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits"#),
        (b"\"\\ud800\"", 1, "a surrogate escape needs its other half beside it"),
        (deep.as_bytes(), 127, "objects and arrays are nested more than 127 deep"),
        (b"{} {}", 3, "nothing may follow the JSON value but white space"),
    ];
    for &(text, offset, message) in cases {
        let report = check::<UpdateAgent>(text);
        let [violation] = report.violations().collect::<Vec<_>>()[..] else { panic!("one violation, not {report}") };
        let found = (violation.code().as_str(), violation.message(), violation.location().map(|place| place.offset));
        assert_eq!(found, ("malformed", message.to_owned(), Some(offset)), "{}", text.escape_ascii());
    }
}
