//! Edits of a page with their expected differences: `cases.json`, and a table.

use std::fs;

use serde_json::Value;

use super::tests::{PAGE, drift};

/// Applies each case of a file to a page.
#[track_caller]
fn check(cases: &str, page: &str) {
    let cases: Vec<Value> = serde_json::from_str(cases).expect("an array of cases");
    assert!(!cases.is_empty());
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap_or_else(|| panic!("{case} has no `{name}`"));
        let (id, replace) = (text("id"), text("replace"));
        assert_eq!(page.matches(replace).count(), 1, "{id}: {replace}");
        let found = drift(&page.replace(replace, text("with")));
        assert_eq!(u64::from(!found.is_empty()), case["exit"], "{id}: {found:#?}");
        assert!(found.is_empty() || found.iter().any(|point| point.contains(text("names"))), "{id}: {found:#?}");
    }
}

#[test]
fn edits_from_the_field() {
    check(include_str!("cases.json"), PAGE);
    let folder = crate::root().join("../shared");
    let read = |path: &str| fs::read_to_string(folder.join(path));
    match (read("cases/drift.json"), read("documented/update-call-agent.md")) {
        (Ok(cases), Ok(page)) => check(&cases, &page),
        _ => eprintln!("skipped: there is no copy of the vendor's page"),
    }
}

/// The same page in different markup, and small changes in it.
#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn markup() {
    let name = "<ParamField body=\"name\" type=\"string\">\nThe display name.\n</ParamField>";
    let callback = "<ParamField body=\"smartCallback\" type=\"boolean\" default=\"false\">";
    let attempts =
        "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default=\"5\">\nThe number of attempts.";
    let speed = "The speed, between 0 and 1.";
    let days = "default=\"1\" min=\"0\" max=\"30\">";
    let status = "such as \"pending\", \"ready\", or \"error\".";
    let key = "(needed only when provider is \"11labs_byo\")";
    let heading = "## Response";
    let mut wrong = Vec::new();
    for (from, to, expected) in [
        (name, "<ParamField body=\"name\" type=\"string\" />", None),
        (name, "<ParamField body=\"name\" type=\"string\"/>", None),
        (name, "<ParamField body='name' type='string'>The display name.</ParamField>", None),
        (name, "<ParamField body={\"name\"} type={'string'} required={false}>The display\nname.</ParamField>", None),
        (name, "<ParamField\n  body=\"name\"\n  type=\"string\"\n>\n  The display name.\n</ParamField>", None),
        (
            name,
            "<ParamField\n  body=\"name\"\n  type=\"string\"\n  required={true}\n/>",
            Some("`name` (request): required"),
        ),
        (name, "<Note><ParamField body=\"name\" type=\"string\">The display name.</ParamField></Note>", None),
        (
            name,
            "<ParamField body=\"name\" type=\"string\" /> <ParamField body=\"x\" type=\"string\" />",
            Some("`x` (request)"),
        ),
        (
            name,
            "<ParamField body=\"name\" type=\"object\">Its <ParamField body=\"x\" type=\"string\" /></ParamField>",
            Some("`name.x`"),
        ),
        (
            name,
            "<ParamField body=\"name\" type=\"string\">At most 80 characters.</ParamField>",
            Some("`name` (request): bounds"),
        ),
        (callback, "<ParamField body=\"smartCallback\" type=\"boolean\" default='false'>", None),
        (callback, "<ParamField body=\"smartCallback\" type=\"boolean\" default={false}>", None),
        (callback, "<ParamField body=\"smartCallback\" type=\"boolean\" default={\"false\"}>", None),
        (callback, "<ParamField body=\"smartCallback\" type=\"boolean\" default={true}>", Some("default is true")),
        (callback, "<ParamField body=\"smartCallback\" type=\"boolean\">\nDefaults to false.\n", None),
        (callback, "<ParamField body=\"smartCallback\" type=\"boolean\">\nDefault: `true`\n", Some("default is true")),
        (
            callback,
            "<ParamField body=\"smartCallback\" type=\"boolean\">\nDefault: `false`\n\n- `true`\n- `false`\n",
            None,
        ),
        (attempts, "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>", None),
        (attempts, "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default=\"5.0\">", None),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nDefaults to 5.",
            None,
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nDefaults to 6.",
            Some("default is 6 and 5"),
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nDefaults to 5",
            None,
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nThe number of attempts (default 5).",
            None,
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nThe number of attempts (default `5`), at a default of 5.",
            None,
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nThe number of attempts (default 7).",
            Some("default is 7 and 5"),
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nThe number of attempts (default: `7`).",
            Some("default is 7 and 5"),
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nThe default value is 7.",
            Some("default is 7 and 5"),
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nA default of `7`.",
            Some("default is 7 and 5"),
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\nUp to 10.",
            Some("bounds is {\"max\":10}"),
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\n<Note>At least 1.</Note>",
            Some("bounds is {\"min\":1}"),
        ),
        (
            attempts,
            "<ParamField body=\"maxAttemptsForSmartCallback\" type=\"number\" default={5}>\n{/* at most 9 */}",
            None,
        ),
        (name, "<ParamField body=\"name\" type=\"string\">Must not be null.</ParamField>", None),
        (name, "<ParamField body=\"name\" type=\"string\">A string or null.</ParamField>", Some("null is true")),
        ("A null removes it.", "It may not be null.", Some("null is false")),
        (days, "default={1.0} min={0.0} max={30.0}>", None),
        (days, "default=\"1\">\nFrom 0 to 30 days.", None),
        (days, "default=\"1\" min={0} max={30}>\nAt most 30.", None),
        (days, "default=\"1\" min={0} max={30}>\nAt most 14.", Some("max is 14 and 30")),
        (days, "default=\"1\">\nFrom 0 days.", Some("days` (request): \"0\" is not understood")),
        (speed, "The speed, **between 0 and 1**.", None),
        (speed, "The speed, between {0} and {1}.", None),
        (speed, "The speed:\n\n- at least 0\n- at most 1\n", None),
        (speed, "The speed:\n\n- at least 0\n- at most 2\n", Some("settings.speed")),
        (speed, "The speed, below 1.", Some("settings.speed` (request): \"1\" is not understood")),
        (status, "such as `pending`, `ready`, or `error`.", None),
        (status, "such as pending, ready or error.", None),
        (status, "one of:\n* pending\n* ready\n* error", None),
        (status, "such as pending and ready.", Some("no value \"error\"")),
        ("The text-to-speech service. Must be one of:", "Who speaks, for example", Some("calls the values examples")),
        (
            "The phone numbers.\n</ParamField>",
            "Under which numbers, at most 5.\n</ParamField>",
            Some("`phoneNumberIds` (request): bounds"),
        ),
        (key, "(needed only when `provider` is `11labs_byo`)", None),
        (key, "(required when provider is '11labs_byo')", None),
        (key, "(needed only when provider is \"11labs_byo\" or \"google\")", Some("condition is")),
        (heading, "<RequestExample>\n```python\nprint({\"name\": 5})\n```\n</RequestExample>", None),
        (
            heading,
            "<RequestExample>\n```bash cURL\ncurl\n```\n```JSON\n{\"llmModel\": \"gpt-5\"}\n```\n</RequestExample>",
            None,
        ),
        (heading, "<RequestExample>\n```\ncurl -X PUT\n```\n</RequestExample>", None),
        (heading, "<RequestExample>\n```json\n{\"llmModel\": \"gpt-6\"}\n```\n</RequestExample>", Some("gpt-6")),
        (heading, "<ResponseExample>\n```\n{\"name\": 5}\n```\n</ResponseExample>", Some("expected a string")),
    ] {
        assert_eq!(PAGE.matches(from).count(), 1, "{from}");
        let found = drift(&PAGE.replace(from, to));
        let is_right = match expected {
            None => found.is_empty(),
            Some(text) => found.iter().any(|point| point.contains(text)),
        };
        if !is_right {
            wrong.push(format!("{to}: expected {expected:?}, found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
