//! Each kind of change to a page, and invalid pages.

use std::fs;

use super::{Kind, Point, Record, compare, page::Page};

/// A page that agrees with the contract.
pub(super) const PAGE: &str = include_str!("page.mdx");

#[track_caller]
fn points(page: &str) -> Vec<Point> {
    let page = Page::parse(page.as_bytes()).unwrap_or_else(|reason| panic!("{reason}"));
    compare(&page, &Record::read().expect("the record"))
}

/// The differences to review, as `LINE KIND: TEXT`.
#[track_caller]
pub(super) fn drift(page: &str) -> Vec<String> {
    let drifted = points(page).into_iter().filter(|point| point.kind != Kind::Settled);
    drifted.map(|Point { line, kind, text }| format!("{line} {kind:?}: {text}")).collect()
}

/// Replaces a text that must occur exactly once.
#[track_caller]
fn changed(from: &str, to: &str) -> String {
    assert_eq!(PAGE.matches(from).count(), 1, "{from}");
    PAGE.replace(from, to)
}

#[test]
fn only_settled_differences() {
    assert_eq!(drift(PAGE), [""; 0]);
    for Point { text, .. } in points(PAGE) {
        assert!(text.ends_with('.'), "expected a reason: {text}");
    }
}

/// The page itself may be next to the project. It cannot be published here.
#[test]
fn the_real_page() {
    let path = crate::root().join("../shared/documented/update-call-agent.md");
    match fs::read_to_string(&path) {
        Ok(page) => assert_eq!(drift(&page), [""; 0]),
        Err(_) => eprintln!("skipped: there is no copy of the vendor's page at {}", path.display()),
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_kind_of_change_is_reported() {
    let example = |json: &str| format!("{PAGE}\n<ResponseExample>\n\n```json\n{json}\n```\n</ResponseExample>\n");
    let field = "<ResponseField name=\"team\" type=\"string\">\nWhose.\n</ResponseField>\n";
    for (page, expected) in [
        (
            changed("PUT ", "PATCH "),
            "3 Different: the call is `PATCH /v1/api/agents/{agentId}`; the contract has `PUT /v1/api/agents/{agentId}`",
        ),
        (
            changed("/v1/api", "/v2/api"),
            "3 Different: the call is `PUT /v2/api/agents/{agentId}`; the contract has `PUT /v1/api/agents/{agentId}`",
        ),
        (
            changed("header=\"x-workspace-id\" type=\"string\" required", "header=\"x-workspace-id\" type=\"string\""),
            "10 Different: `x-workspace-id` (header): required is false; the contract has true",
        ),
        (
            changed("path=\"agentId\" type=\"string\"", "path=\"agentId\" type=\"integer\""),
            "14 Different: `agentId` (path): type is \"integer\"; the contract has \"string\"",
        ),
        (
            changed("body=\"name\" type=\"string\"", "body=\"name\" type=\"object\""),
            "20 Different: `name` (request): type is \"object\"; the contract has \"string\"",
        ),
        (
            changed("body=\"name\" type=\"string\"", "body=\"name\" type=\"string\" required"),
            "20 Different: `name` (request): required is true; the contract has false",
        ),
        (
            changed("body=\"name\" type=\"string\"", "body=\"name\" type=\"string\" max=\"80\""),
            "20 Missing: `name` (request): bounds is {\"max\":80}; the contract has none",
        ),
        (
            changed("body=\"name\" type=\"string\"", "body=\"name\" type=\"string\" deprecated"),
            "20 Missing: `name` (request): the attribute `deprecated` is unknown",
        ),
        (
            changed("The display name.\n</ParamField>", "May be null.\n</ParamField>"),
            "20 Different: `name` (request): null is true; the contract has false",
        ),
        (
            changed("gpt-5.\n", "gpt-5, gpt-6.\n"),
            "24 Missing: `llmModel` (request): the value \"gpt-6\"; the contract does not list it",
        ),
        (
            changed("001, gpt-5.\n", "001.\n"),
            "24 Extra: `llmModel` (request): no value \"gpt-5\"; the contract lists it",
        ),
        (
            changed("openai, rime,", "rime, openai,"),
            "33 Different: `ttsModel.provider` (request): the values are in a different order",
        ),
        (
            changed("only when provider is \"11labs_byo\"", "only when provider is \"elevenlabs\""),
            "45 Different: `ttsModel.elevenLabsApiKey` (request): condition is {\"provider\":\"elevenlabs\"}; the contract has {\"provider\":\"11labs_byo\"}",
        ),
        (
            changed("boolean\" default=\"false\"", "boolean\" default=\"true\""),
            "52 Different: `smartCallback` (request): default is true; the contract has false",
        ),
        (
            changed("number\" default=\"5\"", "number\" default=\"5\" max=\"9\""),
            "56 Different: `maxAttemptsForSmartCallback` (request): bounds is {\"max\":9}; the contract has {\"min\":0,\"max\":4294967295}",
        ),
        (
            changed("max=\"30\"", "max=\"60\""),
            "65 Different: `gapBetweenEachAttemptForSmartCallback[].days` (request): bounds is {\"min\":0,\"max\":60}; the contract has {\"min\":0,\"max\":30}",
        ),
        (
            changed("max={23}", "max={24}"),
            "69 Different: `gapBetweenEachAttemptForSmartCallback[].hours` (request): bounds is {\"min\":0,\"max\":24}; the contract has {\"min\":0,\"max\":23}",
        ),
        (
            changed("volume, between 0 and 1", "loud, between 0 and 2"),
            "89 Different: `settings.volume` (request): bounds is {\"min\":0,\"max\":2}; the contract has {\"min\":0,\"max\":1}",
        ),
        (
            changed("<ResponseField name=\"_id\"", &format!("{field}\n<ResponseField name=\"_id\"")),
            "106 Missing: `team` (response): optional false, type \"string\"",
        ),
        (
            changed(
                "<ParamField body=\"variables\"",
                "<ParamField query=\"dry\" type=\"boolean\">\nWhether.\n</ParamField>\n\n<ParamField body=\"variables\"",
            ),
            "100 Missing: `dry` (query): required false, type \"boolean\"",
        ),
        (
            changed(
                "<ResponseField name=\"currentNode\" type=\"string\">\nThe current node of the flow.\n</ResponseField>\n",
                "",
            ),
            "195 Extra: `currentNode` (response) is not on the page: optional false, type \"string\"",
        ),
        (
            changed("userId\" type=\"string\" optional=\"true\"", "userId\" type=\"string\""),
            "114 Different: `userId` (response): optional is false; the contract has true",
        ),
        (
            changed("\"pending\", \"ready\", or", "\"pending\", \"ready\", \"paused\", or"),
            "182 Missing: `status` (response): the value \"paused\"; the contract does not list it",
        ),
        (
            changed(
                "<ResponseField name=\"currentNode\"",
                "<ResponseField name=\"status\" type=\"string\">\nAgain.\n</ResponseField>\n\n<ResponseField name=\"currentNode\"",
            ),
            "186 Different: `status` (response) is also on line 182",
        ),
        (
            example("{\"name\": 5}"),
            "205 Different: the response example: /name: invalid type for `name`: expected a string",
        ),
        (example("{\"team\": \"blue\"}"), "205 Missing: the response example has `/team`"),
        (
            example("{"),
            "205 Different: the response example is not JSON: EOF while parsing an object at line 1 column 1",
        ),
    ] {
        let found = drift(&page);
        assert!(found.iter().any(|point| point.starts_with(expected)), "expected {expected}\nfound {found:#?}");
        let count = if page.contains("Example") { 1..=2 } else { 1..=1 };
        assert!(count.contains(&found.len()), "{found:#?}");
    }
}

/// A settled difference applies to the recorded statement of the page only.
#[test]
fn a_changed_settled_difference_is_reported() {
    let page = changed("days\" type=\"number\"", "days\" type=\"date\"");
    let expected = "65 Different: `gapBetweenEachAttemptForSmartCallback[].days` (request): type is \"date\"; the contract has \"integer\"";
    assert_eq!(drift(&page), [expected]);
    // The page now states what the contract settled.
    let agreed = changed("days\" type=\"number\"", "days\" type=\"integer\"");
    assert_eq!(drift(&agreed), [""; 0]);
    assert_eq!(points(&agreed).len(), points(PAGE).len() - 1);
}

#[test]
fn the_recorded_example_is_no_difference() {
    let example = fs::read_to_string(crate::root().join("fixtures/documented/example.json")).expect("the example");
    let page = format!("{PAGE}\n<ResponseExample>\n\n```json\n{example}\n```\n</ResponseExample>\n");
    assert_eq!(drift(&page), [""; 0]);
}

#[test]
fn invalid_pages_give_a_reason() {
    let unclosed = changed(
        "Your own key (needed only when provider is \"11labs_byo\"). A null removes it.\n</ParamField>",
        "A key.",
    );
    let large = format!("{PAGE}{}", " \n".repeat(80_000));
    let nested =
        |open: &str, close: &str, depth: usize| format!("{PAGE}\n{}x{}\n", open.repeat(depth), close.repeat(depth));
    let (tags, quotations, items) = (nested("<a>", "</a>", 600), nested(">", "", 300), nested("- ", "", 20_000));
    assert_eq!(drift(&nested("<a>\n", "\n</a>", 400)), [""; 0]);
    for (page, reason) in [
        (&b"\x89PNG\r\n\x1a\n\0\0"[..], "expected text, found binary data"),
        (b"", "expected `api` with the method and path in the front matter"),
        (b"<html><body>Not found</body></html>", "expected `api`"),
        (b"---\napi: \"PUT /v1\"\n---\n\nNothing.\n", "expected at least one `ParamField` or `ResponseField`"),
        (unclosed.as_bytes(), "invalid markup: "),
        (tags.as_bytes(), "it has more than the limit of 1000 tags"),
        (quotations.as_bytes(), "line 202: it begins with more than the limit of 200 marks"),
        (items.as_bytes(), "line 202: it begins with more than the limit of 200 marks"),
        (large.as_bytes(), "it is larger than the limit of 128 KiB"),
        (changed("max=\"30\"", "max=\"many\"").as_bytes(), "line 65: expected a number for `max`, found \"many\""),
        (changed("body=\"voiceId\" ", "").as_bytes(), "line 37: a `ParamField` has no name"),
        (
            changed("body=\"voiceId\" ", "{...voice} ").as_bytes(),
            "line 37: attributes that are expressions are not supported",
        ),
        (
            changed("path=\"agentId\" ", "path=\"agentId\" type=\"string\" ").as_bytes(),
            "line 14: duplicate attribute `type`",
        ),
        (
            changed("The id of the agent.", "See <ParamField body=\"x\" /> there.").as_bytes(),
            "a field is within a sentence",
        ),
    ] {
        let refused = Page::parse(page).err().unwrap_or_else(|| panic!("expected {reason}"));
        assert!(refused.contains(reason), "expected {reason}\nfound {refused}");
    }
}
