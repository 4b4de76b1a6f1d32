//! The sentences of the contract about a single fault, and about what is accepted.

use callagent::{ProblemType, UpdateAgent};
use callagent_axum::UpdateConfig;

use crate::{app::app, client::Request, in_memory, own_store, server::Server};

type Edit = fn(Request) -> Request;

/// A request, by what distinguishes it from a valid one, and the name of the problem's type, or `200`.
const CASES: &[(&str, Edit, &str)] = &[
    ("valid", |request| request, "200"),
    // The path.
    ("trailing slash", |request| Request { suffix: "/", ..request }, "not-found"),
    ("empty segment", |request| Request { segment: "", ..request }, "not-found"),
    ("no segment", |request| Request { prefix: "/v1/api/agents", segment: "", ..request }, "not-found"),
    ("two slashes before the id", |request| Request { prefix: "/v1/api/agents//", ..request }, "not-found"),
    ("two slashes in the path", |request| Request { prefix: "/v1//api/agents/", ..request }, "not-found"),
    ("two slashes at the beginning", |request| Request { prefix: "//v1/api/agents/", ..request }, "not-found"),
    ("another segment", |request| Request { suffix: "/calls", ..request }, "not-found"),
    ("another case", |request| Request { prefix: "/v1/API/agents/", ..request }, "not-found"),
    ("an encoded slash before the id", |request| Request { prefix: "/v1/api/agents%2F", ..request }, "not-found"),
    ("the root", |request| Request { prefix: "/", segment: "", ..request }, "not-found"),
    ("the asterisk", |request| Request { method: "OPTIONS", prefix: "*", segment: "", ..request }, "not-found"),
    ("absolute form", |request| Request { prefix: "http://localhost/v1/api/agents/", ..request }, "200"),
    ("a query", |request| Request { suffix: "?a=/&b=%ZZ", ..request }, "200"),
    ("an encoded id", |request| Request { segment: "%61gent%5f1", ..request }, "200"),
    ("an encoded slash", |request| Request { segment: "a%2Fb", ..request }, "not-found"),
    ("an encoded NUL", |request| Request { segment: "%00", ..request }, "not-found"),
    ("UTF-8", |request| Request { segment: "%C3%BC", ..request }, "not-found"),
    ("a percent sign", |request| Request { segment: "%25", ..request }, "not-found"),
    ("three dots", |request| Request { segment: "...", ..request }, "not-found"),
    ("no hexadecimal digits", |request| Request { segment: "%ZZ", ..request }, "bad-path"),
    ("one hexadecimal digit", |request| Request { segment: "a%2", ..request }, "bad-path"),
    ("a sign as a digit", |request| Request { segment: "%+2", ..request }, "bad-path"),
    ("a lone percent sign", |request| Request { segment: "%", ..request }, "bad-path"),
    ("a byte that is not UTF-8", |request| Request { segment: "%FF", ..request }, "bad-path"),
    ("UTF-8 cut short", |request| Request { segment: "%C3", ..request }, "bad-path"),
    ("a surrogate", |request| Request { segment: "%ED%A0%80", ..request }, "bad-path"),
    ("an overlong encoding", |request| Request { segment: "%C0%AF", ..request }, "bad-path"),
    ("a dot", |request| Request { segment: ".", ..request }, "bad-path"),
    ("two encoded dots", |request| Request { segment: "%2E%2e", ..request }, "bad-path"),
    // The method.
    ("GET", |request| Request { method: "GET", ..request }, "method-not-allowed"),
    ("POST", |request| Request { method: "POST", ..request }, "method-not-allowed"),
    ("PATCH", |request| Request { method: "PATCH", ..request }, "method-not-allowed"),
    ("DELETE", |request| Request { method: "DELETE", ..request }, "method-not-allowed"),
    ("OPTIONS", |request| Request { method: "OPTIONS", ..request }, "method-not-allowed"),
    ("an unknown method", |request| Request { method: "FROBNICATE", ..request }, "method-not-allowed"),
    ("TRACE", |request| Request { method: "TRACE", ..request }, "method-not-allowed"),
    ("CONNECT", |request| Request { method: "CONNECT", prefix: "localhost:80", segment: "", ..request }, "not-found"),
    ("lower case", |request| Request { method: "put", ..request }, "method-not-allowed"),
    // The workspace.
    ("no workspace", |request| request.without("x-workspace-id"), "bad-workspace"),
    ("two workspaces", |request| request.add("X-Workspace-Id", "acme"), "bad-workspace"),
    ("an empty workspace", |request| request.set("x-workspace-id", ""), "bad-workspace"),
    ("a blank workspace", |request| request.set("x-workspace-id", " \t "), "bad-workspace"),
    ("a workspace in UTF-8", |request| request.set("x-workspace-id", "ü"), "bad-workspace"),
    ("a workspace in Latin-1", |request| request.set("x-workspace-id", *b"\xFC"), "bad-workspace"),
    ("a workspace between spaces", |request| request.set("x-workspace-id", "  acme\t"), "200"),
    // The precondition.
    ("the current tag", |request| request.set("If-Match", "\"1\""), "200"),
    ("any tag", |request| request.set("If-Match", "*"), "200"),
    ("a list", |request| request.set("If-Match", ", \"0\" ,\t\"1\","), "200"),
    ("two lines", |request| request.add("If-Match", "\"0\"").add("If-Match", "\"1\""), "200"),
    ("another tag", |request| request.set("If-Match", "\"0\""), "precondition-failed"),
    ("a weak tag", |request| request.set("If-Match", "W/\"1\""), "precondition-failed"),
    ("a tag in Latin-1", |request| request.set("If-Match", *b"\"\xFC\""), "precondition-failed"),
    ("an empty precondition", |request| request.set("If-Match", ""), "bad-precondition"),
    ("commas alone", |request| request.set("If-Match", ", ,"), "bad-precondition"),
    ("a tag without quotes", |request| request.set("If-Match", "1"), "bad-precondition"),
    ("tags without a comma", |request| request.set("If-Match", "\"0\" \"1\""), "bad-precondition"),
    ("any tag in a list", |request| request.set("If-Match", "*, \"1\""), "bad-precondition"),
    ("any tag in another line", |request| request.add("If-Match", "\"1\"").add("If-Match", "*"), "bad-precondition"),
    ("a lower-case weak tag", |request| request.set("If-Match", "w/\"1\""), "bad-precondition"),
    // The media type.
    ("a charset", |request| request.set("Content-Type", "application/json; charset=utf-8"), "200"),
    ("any parameter", |request| request.set("Content-Type", "Application/JSON ;version=\"1;2\""), "200"),
    ("no media type", |request| request.without("Content-Type"), "unsupported-media-type"),
    ("an empty media type", |request| request.set("Content-Type", ""), "unsupported-media-type"),
    ("a suffix", |request| request.set("Content-Type", "application/merge-patch+json"), "unsupported-media-type"),
    ("text", |request| request.set("Content-Type", "text/json"), "unsupported-media-type"),
    ("a longer name", |request| request.set("Content-Type", "application/jsonp"), "unsupported-media-type"),
    ("two values", |request| request.set("Content-Type", "application/json, text/json"), "unsupported-media-type"),
    ("two lines", |request| request.add("Content-Type", "application/json"), "unsupported-media-type"),
    ("a compressed body", |request| request.set("Content-Encoding", "gzip"), "unsupported-media-type"),
    ("no encoding, by name", |request| request.set("Content-Encoding", "identity"), "unsupported-media-type"),
    // The body.
    ("an empty body", |request| request.body(""), "malformed"),
    ("a body that ends early", |request| request.body("{"), "malformed"),
    ("a byte-order mark", |request| request.body("\u{FEFF}{\"llmModel\": \"gpt-5\"}"), "malformed"),
    ("an array", |request| request.body("[]"), "invalid-update"),
    ("an unknown model", |request| request.body(r#"{"llmModel": "gpt-6"}"#), "invalid-update"),
    ("an unknown field", |request| request.body(r#"{"llmModel": "gpt-5", "nmae": ""}"#), "invalid-update"),
];

#[test]
fn each_case_has_its_answer() {
    let server = Server::start(app(UpdateConfig::new()));
    for (name, edit, expected) in CASES {
        let answer = server.send(&edit(Request::valid()));
        assert_eq!(answer.outcome(), *expected, "{name}: {answer:?}");
    }
}

/// A new server for each case, since the examples change their agent.
#[test]
fn the_examples_give_the_same_answers() {
    for (name, edit, expected) in CASES {
        for app in [in_memory::app().unwrap(), own_store::app()] {
            let answer = Server::start(app).send(&edit(Request::valid()));
            assert_eq!(answer.outcome(), *expected, "{name}: {answer:?}");
        }
    }
}

#[test]
fn an_update_in_effect_succeeds_again_and_changes_nothing() {
    for app in [in_memory::app().unwrap(), own_store::app()] {
        let server = Server::start(app);
        let request = Request::valid().set("If-Match", "\"1\"");
        let (first, second) = (server.send(&request), server.send(&request));
        assert_eq!((first.status, first.header("etag")), (200, Some("\"2\"")));
        assert_eq!((second.status, second.header("etag")), (200, Some("\"2\"")));
        assert_eq!(first.body, second.body);
        let other = server.send(&request.body(r#"{"llmModel": "gpt-4.1"}"#));
        assert_eq!(other.outcome(), ProblemType::PRECONDITION_FAILED.name());
    }
}

#[test]
fn head_has_the_headers_of_a_problem() {
    let server = Server::start(app(UpdateConfig::new()));
    let answer = server.send(&Request { method: "HEAD", ..Request::valid() });
    assert_eq!((answer.status, answer.header("allow")), (405, Some("PUT")));
    assert_eq!(answer.header("content-type"), Some(callagent::Problem::MEDIA_TYPE));
}

#[test]
fn the_problem_has_every_violation_and_no_key() {
    let server = Server::start(app(UpdateConfig::new()));
    let secret = "sk-very-secret";
    let body =
        format!(r#"{{"name": 7, "ttsModel": {{"elevenLabsApiKey": "{secret}", "provider": 1}}, "settings": 1}}"#);
    let answer = server.send(&Request::valid().body(body.clone()));
    let problem = answer.problem();
    let report = callagent::check::<UpdateAgent>(&body);
    let expected: Vec<_> = report.violations().map(|violation| violation.pointer()).collect();
    let pointers: Vec<_> = problem.violations.into_iter().map(|violation| violation.pointer).collect();
    assert_eq!(pointers, expected);
    assert!(pointers.len() == 4 && !problem.truncated, "{answer:?}");

    let edits: [fn(Request, &str) -> Request; 4] = [
        |request, secret| request.set("x-workspace-id", format!("{secret}ü")),
        |request, secret| request.set("If-Match", secret),
        |request, secret| request.set("Content-Type", secret),
        |request, secret| request.body(format!(r#"{{"elevenLabsApiKey": "{secret}"#)),
    ];
    for edit in edits {
        let answer = server.send(&edit(Request::valid(), secret));
        assert!(answer.status >= 400 && !answer.body.contains(secret), "{answer:?}");
    }
    assert!(!answer.body.contains(secret), "{answer:?}");
}
