//! What cannot be tested is one clear line.

use std::convert::Infallible;

use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Redirect},
};
use callagent::AgentId;
use callagent_verify::{Options, Run, Target};

use crate::{agent, block_on, target};

/// Returns the message for a server that gives the same response to every request.
async fn message<R: IntoResponse + Clone + Send + Sync + 'static>(response: R) -> String {
    let service = tower::service_fn(move |_: axum::http::Request<hyper::body::Incoming>| {
        let response = response.clone();
        async move { Ok::<_, Infallible>(response.into_response()) }
    });
    let (workspace, agent) = agent();
    let started = Run::start(Target::service(service, workspace, agent), Options::new()).await;
    started.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn what_is_not_the_call_is_named() {
    block_on(async {
        let html = |status| (status, [(CONTENT_TYPE, "text/html")], "<!doctype html><title>Welcome</title>");
        let found = [
            message(html(StatusCode::OK)).await,
            message(html(StatusCode::NOT_FOUND)).await,
            message(StatusCode::METHOD_NOT_ALLOWED).await,
            message(StatusCode::FORBIDDEN).await,
            message(Redirect::permanent("https://example.com/")).await,
            message(StatusCode::INTERNAL_SERVER_ERROR).await,
        ];
        let call = "PUT http://localhost/v1/api/agents/agent_1 answered";
        let expected = [
            format!("{call} 200 with a page of HTML: the URL is not that of the API"),
            format!("{call} 404: the workspace `acme` has no agent `agent_1`, or the URL is not that of the API"),
            format!("{call} 405: the URL is that of another API"),
            format!("{call} 403: the access key does not grant access to the workspace `acme`"),
            format!("{call} 308: it redirects to https://example.com/; give the URL that it redirects to"),
            format!("{call} 500 to the update {{\"llmModel\": \"gpt-4o-mini\"}}, with which the test begins"),
        ];
        assert_eq!(found, expected);
    });
}

#[test]
fn a_wrong_key_and_a_missing_agent_are_named() {
    block_on(async {
        let wrong = target(None, false, true).access_key("wrong").expect("a header value");
        let (workspace, _) = agent();
        let app = crate::server::app(None, false);
        let missing = Target::service(app, workspace, AgentId::new("missing").expect("an id"));
        for (target, expected) in [(wrong, "the access key is not valid"), (missing, "has no agent `missing`")] {
            let message = Run::start(target, Options::new()).await.err().map(|error| error.to_string());
            assert!(message.as_ref().is_some_and(|message| message.contains(expected)), "{message:?}");
        }
    });
}

#[test]
fn urls_are_checked() {
    let (workspace, agent) = agent();
    let new = |url: &str| Target::new(url, workspace.clone(), agent.clone());
    for url in
        ["", "localhost", "ftp://localhost", "http://", "http://user:password@localhost", "http://localhost/?a=b"]
    {
        let error = new(url).expect_err(url).to_string();
        assert!(!error.contains("password@"), "{error}");
    }
    let bases = ["http://localhost:1", "http://localhost:1/", "http://localhost:1/v1/api/agents/agent_1"];
    for url in bases {
        assert_eq!(new(url).expect(url).base_url(), "http://localhost:1");
    }
    assert_eq!(new("https://localhost/api/").expect("a URL").base_url(), "https://localhost/api");
}
