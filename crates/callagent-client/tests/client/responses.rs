//! Responses: what is read, and what is an error of which kind.

use callagent::{Code, Problem, ProblemType};
use callagent_client::{ErrorKind, UpdateError};

use crate::{
    AGENT, builder, client,
    listener::{Listener, Reply, problem, response},
    quick,
    server::start,
    update,
};

#[tokio::test]
async fn an_update_of_the_server_of_the_project() {
    let server = start().await;
    let before = server.read().await;
    let updated = server.client.update(AGENT, update("Support")).if_match(before.etag.clone().expect("a tag")).await;
    let updated = updated.expect("the server works");
    assert_eq!((updated.agent.name.as_deref(), updated.attempts), (Some("Support"), 1));
    assert_ne!(updated.etag, before.etag);
    assert!(updated.request_id.is_some());
    assert!(updated.advisories.iter().all(|advisory| advisory.code == "absent-field"), "{:?}", updated.advisories);

    let stale = server.client.update(AGENT, update("Sales")).if_match(before.etag.expect("a tag")).await;
    let error = stale.expect_err("another state");
    assert!(matches!(error.kind(), ErrorKind::PreconditionFailed(Some(_))) && !error.may_be_applied(), "{error:?}");
    let problem = error.problem().expect("a problem document");
    assert_eq!(problem.problem_type(), Some(ProblemType::PRECONDITION_FAILED));
    assert!(error.request_id().is_some() && error.headers().is_some() && error.body().is_some());

    let error = server.client.update("nobody", update("Sales")).await.expect_err("no such agent");
    assert_eq!(error.problem().and_then(Problem::problem_type), Some(ProblemType::NOT_FOUND));
    let expected = "the server answered 404 Not Found: ";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert!(
        error.to_string().contains("check the agent id, the workspace and the base URL; the update is not in effect")
    );
}

/// Ids that are special in a URL reach the server as they are.
#[tokio::test]
async fn agent_ids_are_one_path_segment() {
    let listener = Listener::replies([crate::listener::success()]).await;
    let ids = ["agent_1", "a/b", "a b", "%2e", "%2E%2e", "...", "ü", "?x#y", "a\\b", "\n\t\0", ";=&", "🦀", "..%2f"];
    for base in ["", "/", "/eu", "/eu/", "/eu/v1/api/agents", "/v1/api/agents/x"] {
        let client = client(&format!("{}{base}", listener.url()));
        for id in ids {
            let number = listener.count();
            client.update(id, update("a")).await.expect("the listener works");
            let request = listener.request(number);
            let prefix = if base.starts_with("/eu") { "/eu" } else { "" };
            let path = callagent::AgentId::new(id).expect("the id is valid").path();
            assert!(request.starts_with(&format!("PUT {prefix}{path} HTTP/1.1\r\n")), "{base} {id:?}: {request}");
        }
    }
}

#[tokio::test]
async fn what_the_contract_refuses_is_not_sent() {
    let listener = Listener::replies([crate::listener::success()]).await;
    let strict = client(&listener.url());
    for id in ["", ".", ".."] {
        let error = strict.update(id, update("a")).await.expect_err("an invalid id");
        assert!(matches!(error.kind(), ErrorKind::InvalidAgentId(_)), "{error:?}");
        assert!(error.to_string().starts_with("the update was not sent: invalid `agentId`: "), "{error}");
    }
    // A value that only a tolerant reader accepts.
    let reader = callagent::Reader::new().tolerate_unknown_values();
    let newer: callagent::UpdateAgent = reader.read(r#"{"llmModel": "gpt-7"}"#).expect("the reader is tolerant");
    let error = strict.update(AGENT, &newer).await.expect_err("an unknown value");
    let ErrorKind::InvalidUpdate(invalid) = error.kind() else { panic!("{error:?}") };
    assert_eq!(invalid.report().violations().next().map(|violation| violation.code()), Some(Code::UNKNOWN_VALUE));
    assert_eq!((error.attempts(), error.may_be_applied(), listener.count()), (0, false, 0));
    let tolerant = builder(&listener.url()).reader(reader).build().expect("valid");
    tolerant.update(AGENT, &newer).await.expect("the reader of the client is tolerant");
}

#[tokio::test]
async fn responses_are_read_openly() {
    let bodies = [
        "{}",
        r#"{"_id": null, "new": {"deep": [1]}, "llmModel": "gpt-99", "status": "sleeping", "ttsModel": {"pitch": 1}}"#,
        r#" {"activeSessions": [{"status": "new"}], "createdAt": "yesterday"} "#,
    ];
    for body in bodies {
        for media_type in ["application/json", "application/json; charset=utf-8", "text/plain", ""] {
            let headers = [("content-type", media_type), ("etag", "not a tag"), ("x-request-id", "id-1")];
            let listener = Listener::replies([response(200, &headers, body)]).await;
            let updated = client(&listener.url()).update(AGENT, update("a")).await;
            let updated = updated.unwrap_or_else(|error| panic!("{body}: {error}"));
            assert_eq!((updated.etag, updated.request_id.as_deref()), (None, Some("id-1")));
        }
    }
}

async fn refused(reply: Reply) -> UpdateError {
    let listener = Listener::replies([reply]).await;
    let client = builder(&listener.url()).response_limit(1 << 20).retry(quick().attempts(2)).build().expect("valid");
    client.update(AGENT, update("a")).await.expect_err("a hostile response")
}

#[tokio::test]
async fn responses_that_break_the_contract() {
    let nested = format!(r#"{{"x": {}{}}}"#, "[".repeat(200), "]".repeat(200));
    let cases: [(&[u8], &str, &str); 9] = [
        (b"", "malformed", ""),
        (b"{", "malformed", ""),
        (b"<html>\xff</html>", "malformed", ""),
        (b"\xef\xbb\xbf{}", "malformed", ""),
        (nested.as_bytes(), "malformed", ""),
        (b"[]", "wrong-type", ""),
        (br#"{"name": 7}"#, "wrong-type", "/name"),
        (br#"{"settings": {"speed": 2}}"#, "out-of-range", "/settings/speed"),
        (br#"{"a": 1, "a": 2}"#, "duplicate-field", "/a"),
    ];
    for (body, code, pointer) in cases {
        let error =
            refused(response(200, &[("content-type", "application/json"), ("x-request-id", "id-1")], body)).await;
        let ErrorKind::InvalidAgent(report) = error.kind() else { panic!("{error:?}") };
        assert_eq!((report.violations[0].code.as_str(), report.violations[0].pointer.as_str()), (code, pointer));
        assert_eq!(error.body(), Some(String::from_utf8_lossy(body).as_ref()));
        assert_eq!((error.attempts(), error.may_be_applied(), error.request_id()), (1, true, Some("id-1")));
        let text = error.to_string();
        assert!(text.starts_with("the agent in the response violates the contract: "), "{text}");
        assert!(text.ends_with("the update may be in effect or not (1 attempt, request id id-1)"), "{text}");
    }
}

#[tokio::test]
async fn responses_without_bounds() {
    let large = "x".repeat((1 << 20) + 1);
    let error = refused(response(200, &[], &large)).await;
    assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 1_048_576 }), "{:?}", error.kind());
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.body().map(str::len), Some((64 << 10) + '…'.len_utf8()));
    let error = refused(problem(422, &[], &large)).await;
    assert!(matches!(error.kind(), ErrorKind::Status(_)), "{:?}", error.kind());
    // Chunks without end.
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000)).repeat(40);
    let endless = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunk}");
    assert!(matches!(refused(Reply::Bytes(endless.into())).await.kind(), ErrorKind::TooLarge { .. }));
}

#[tokio::test]
async fn responses_that_are_not_http() {
    let texts: [&[u8]; 7] = [
        b"",
        b"\0\0\0",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n{}",
    ];
    for text in texts {
        let error = refused(Reply::Bytes(text.to_vec())).await;
        assert!(matches!(error.kind(), ErrorKind::Interrupted { .. }), "{text:?}: {error:?}");
        assert_eq!((error.attempts(), error.may_be_applied()), (2, true));
    }
}

#[tokio::test]
async fn problems_are_decoded() {
    let body = r#"{"type": "urn:callagent:problem:invalid-update", "title": "T", "detail": "D\n\u202e", "violations":
        [{"code": "a-newer-code", "pointer": "/name", "message": "M"}], "new": 1}"#;
    let error = refused(problem(422, &[], body)).await;
    let ErrorKind::Problem(decoded) = error.kind() else { panic!("{error:?}") };
    assert_eq!(decoded.violations[0].code, "a-newer-code");
    let text = "the server answered 422 Unprocessable Entity: D\\u000a\\u202e; correct the update; the update is not in \
                effect (1 attempt)";
    assert_eq!(error.to_string(), text);
    for body in ["", "[]", "{", "null"] {
        assert!(matches!(refused(problem(422, &[], body)).await.kind(), ErrorKind::Status(_)), "{body}");
    }
    // Another media type.
    assert!(matches!(
        refused(response(422, &[("content-type", "application/json")], "{}")).await.kind(),
        ErrorKind::Status(_)
    ));
}
