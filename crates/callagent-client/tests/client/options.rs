//! The options of a client.

use std::process::Command;

use callagent_client::{Client, ClientBuilder};

use crate::{
    AGENT, WORKSPACE, builder,
    listener::{Listener, success},
    update,
};

#[test]
fn options_that_are_refused() {
    let new = || builder("http://127.0.0.1:1");
    let cases: [(ClientBuilder, &str); 19] = [
        (Client::builder().workspace(WORKSPACE), "set the `base_url`"),
        (Client::builder().base_url("http://127.0.0.1:1"), "set the `workspace`"),
        (new().workspace(""), "invalid `x-workspace-id`: must not be empty"),
        (new().workspace("a\nb"), "invalid `x-workspace-id`"),
        (new().base_url(""), "expected a base URL such as `https://agents.example.com`"),
        (new().base_url("localhost:8080"), "expected a base URL such as"),
        (new().base_url("ftp://host"), "expected a base URL such as"),
        (new().base_url("http://"), "expected a base URL such as"),
        (new().base_url("http://user@host"), "expected a base URL without a user or password"),
        (new().base_url("http://host?a=1"), "expected a base URL without a query or fragment"),
        (new().access_key(""), "the value of the header \"x-api-key\" is empty or not visible ASCII"),
        (new().header("a b", "c"), "\"a b\" is not the name of a header"),
        (new().header("X-Api-Key", "c"), "the header `x-api-key` cannot be added; use `access_key`"),
        (new().secret_header("if-match", "c"), "use `UpdateCall::if_match`"),
        (new().header("x-workspace-id", "c"), "the client sets it"),
        (new().header("content-length", "1"), "the client sets it"),
        (new().user_agent("a\nb"), "the value of the header \"user-agent\""),
        (new().root_certificate(""), "expected a root certificate in PEM"),
        (new().reqwest_client(reqwest()), "set proxies and root certificates on the client of `reqwest_client`"),
    ];
    for (builder, expected) in cases {
        let error = builder.build().expect_err(expected).to_string();
        assert!(error.starts_with("cannot create the client: ") && error.contains(expected), "{error}");
    }
}

fn reqwest() -> callagent_client::reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into());
    let tls = tls.with_safe_default_protocol_versions().expect("the versions are supported");
    let tls = tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    let builder = callagent_client::reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy();
    builder
        .default_headers([(http::header::COOKIE, http::HeaderValue::from_static("own"))].into_iter().collect())
        .build()
        .expect("valid")
}

#[tokio::test]
async fn a_reqwest_client_of_ones_own() {
    let listener = Listener::replies([success()]).await;
    let client = Client::builder().base_url(listener.url()).workspace(WORKSPACE).reqwest_client(reqwest()).build();
    client.expect("valid").update(AGENT, update("a")).await.expect("the listener works");
    assert!(listener.request(0).contains("cookie: own\r\n"));
}

#[tokio::test]
async fn the_request() {
    let listener = Listener::replies([success()]).await;
    let client = builder(&listener.url()).header("x-team", "blue").header("x-team", "red").user_agent("program/2");
    client.build().expect("valid").update(AGENT, update("a")).await.expect("the listener works");
    let request = listener.request(0);
    let (head, body) = request.split_once("\r\n\r\n").expect("a head");
    let mut lines: Vec<_> = head.lines().collect();
    lines.sort_unstable();
    let host = format!("host: {}", listener.address);
    let expected = [
        "PUT /v1/api/agents/agent_1 HTTP/1.1",
        "accept: application/json, application/problem+json",
        "content-length: 31",
        "content-type: application/json",
        host.as_str(),
        "user-agent: program/2",
        "x-team: blue",
        "x-team: red",
        "x-workspace-id: acme",
    ];
    assert_eq!(lines, expected);
    assert_eq!(body, r#"{"name":"a","llmModel":"gpt-5"}"#);
}

#[tokio::test]
async fn a_proxy() {
    let proxy = Listener::replies([success()]).await;
    let client = builder("http://agents.invalid/eu").proxy(proxy.url()).build().expect("valid");
    client.update(AGENT, update("a")).await.expect("the proxy answers");
    assert!(proxy.request(0).starts_with("PUT http://agents.invalid/eu/v1/api/agents/agent_1 HTTP/1.1\r\n"));
}

/// The environment belongs to the whole process, so that a process of its own uses it.
#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_of_the_environment() {
    let proxy = Listener::replies([success()]).await;
    let mut command = Command::new(std::env::current_exe().expect("the test"));
    command.args(["--exact", "options::through_the_proxy_of_the_environment", "--ignored"]);
    for name in ["HTTP_PROXY", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
        command.env_remove(name);
    }
    command.env("http_proxy", proxy.url());
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic").expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(proxy.request(0).starts_with("PUT http://agents.invalid/v1/api/agents/agent_1 HTTP/1.1\r\n"));
}

#[tokio::test]
#[ignore = "runs in a process with a proxy in its environment"]
async fn through_the_proxy_of_the_environment() {
    let client = Client::builder().base_url("http://agents.invalid").workspace(WORKSPACE).build().expect("valid");
    client.update(AGENT, update("a")).await.expect("the proxy answers");
}
