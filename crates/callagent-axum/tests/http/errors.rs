//! Errors that do not come from the extractors, and applications that have more than the call.

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Path},
    http::{StatusCode, header::RETRY_AFTER},
    middleware::from_fn,
    response::{Html, IntoResponse as _},
    routing::{get, post},
};
use callagent::{Agent, AgentTts, ETag, ElevenLabsKey, LlmModel, Problem, ProblemType, TtsProvider};
use callagent_axum::{ProblemResponse, UpdateConfig, UpdateRequest, UpdateResponse, method_router, problems, routes};
use http_body_util::BodyExt as _;

use crate::{app::app, client::Request, server::Server};

async fn accept(request: UpdateRequest) -> UpdateResponse {
    let mut agent = Agent::default();
    request.update.apply(&mut agent);
    UpdateResponse::new(agent, ETag::from(1))
}

fn request(method: &'static str, path: &'static str) -> Request {
    Request { method, prefix: path, segment: "", ..Request::valid() }
}

#[test]
fn a_panic_is_a_problem_and_the_connection_survives() {
    let server = Server::start(app(UpdateConfig::new()));
    let mut connection = server.connect();
    connection.write(&Request { segment: "panic", ..Request::valid() }.to_bytes());
    let answer = connection.answer(false);
    assert_eq!(answer.outcome(), ProblemType::INTERNAL.name());
    assert!(!answer.body.contains("a panic"), "{answer:?}");
    connection.write(&Request::valid().to_bytes());
    assert_eq!(connection.answer(false).status, 200);
}

#[test]
fn errors_of_axum_and_of_plain_handlers_become_problems() {
    let app = Router::new()
        .route("/numbers/{number}", get(async |Path(_): Path<u8>| "a number"))
        .route("/limited", post(async |_: String| "a text").layer(DefaultBodyLimit::max(1)))
        .route("/invalid", get(async || (StatusCode::UNPROCESSABLE_ENTITY, "invalid")))
        .route("/own", get(async || (StatusCode::NOT_FOUND, Html("of its own"))))
        .route("/conflict", get(async || StatusCode::CONFLICT))
        .route("/busy", get(async || (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "5")], "try later")))
        .route("/lost", get(async || StatusCode::SERVICE_UNAVAILABLE))
        .route("/panic", get(async || -> StatusCode { panic!("a panic in a handler") }))
        .merge(routes(accept))
        .layer(from_fn(problems));
    let server = Server::start(app);
    for (method, path, expected, status) in [
        ("GET", "/numbers/1000", "about:blank", 400),
        ("POST", "/numbers/1", "method-not-allowed", 405),
        ("POST", "/limited", "content-too-large", 413),
        ("GET", "/invalid", "about:blank", 422),
        ("GET", "/conflict", "about:blank", 409),
        ("GET", "/busy", "unavailable", 503),
        ("GET", "/lost", "unavailable", 503),
        ("GET", "/panic", "internal", 500),
        ("GET", "/nothing", "not-found", 404),
    ] {
        let answer = server.send(&request(method, path));
        assert_eq!((answer.status, answer.outcome().as_str()), (status, expected), "{method} {path}");
    }
    let other = server.send(&request("POST", "/numbers/1"));
    assert_eq!(other.header("allow"), Some("GET,HEAD"));
    assert_eq!(server.send(&request("GET", "/busy")).header("retry-after"), Some("5"));
    let own = server.send(&request("GET", "/own"));
    assert_eq!((own.status, own.body.as_str()), (404, "of its own"));
    assert_eq!(server.send(&request("GET", "/numbers/7")).body, "a number");
    let nothing = server.send(&request("GET", "/nothing")).problem();
    assert_eq!(nothing.detail.as_deref(), Some("no resource has this path"));
    assert_eq!(server.send(&Request::valid()).status, 200);
}

#[test]
fn other_methods_of_the_path_are_kept_and_named() {
    let agent = get(async || "an agent").merge(method_router(accept));
    let server = Server::start(Router::new().route("/v1/api/agents/{id}", agent));
    assert_eq!(server.send(&Request { method: "GET", ..Request::valid() }).body, "an agent");
    assert_eq!(server.send(&Request::valid()).status, 200);
    let answer = server.send(&Request { method: "POST", ..Request::valid() });
    assert_eq!((answer.outcome().as_str(), answer.header("allow")), ("method-not-allowed", Some("GET,HEAD,PUT")));
}

#[test]
fn the_extractors_check_the_method_where_the_router_does_not() {
    let server = Server::start(Router::new().route("/v1/api/agents/{id}", axum::routing::any(accept)));
    let answer = server.send(&Request { method: "POST", ..Request::valid() });
    assert_eq!((answer.outcome().as_str(), answer.header("allow")), ("method-not-allowed", Some("PUT")));
}

#[test]
fn nested_routers_see_the_path_of_the_call() {
    let below = Router::new().nest("/europe", routes(accept));
    let request = Request { prefix: "/europe/v1/api/agents/", ..Request::valid() };
    assert_eq!(Server::start(below).send(&request).status, 200);
    let within = Router::new().nest("/v1/api", Router::new().route("/agents/{id}", method_router(accept)));
    assert_eq!(Server::start(within).send(&Request::valid()).status, 200);
    let elsewhere = Router::new().route("/agents/{id}", method_router(accept));
    let request = Request { prefix: "/agents/", ..Request::valid() };
    assert_eq!(Server::start(elsewhere).send(&request).outcome(), ProblemType::NOT_FOUND.name());
}

#[test]
fn each_problem_type_has_its_status_and_headers() {
    for known in ProblemType::ALL {
        let response = ProblemResponse::from(*known).into_response();
        assert_eq!(response.status(), known.status());
        for header in known.headers() {
            assert_eq!(response.headers()[header.name], header.example);
        }
    }
}

#[tokio::test]
async fn a_problem_without_an_error_status_is_500_in_head_and_body() {
    for status in [None, Some(0), Some(200), Some(1000)] {
        let mut problem = Problem::untyped(500, "Unknown");
        problem.status = status;
        let response = ProblemResponse(problem).into_response();
        assert_eq!(response.status(), 500);
        assert_eq!(problem_of(response.into_body()).await.status, Some(500));
    }
}

async fn problem_of(body: Body) -> Problem {
    serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap()
}

#[tokio::test]
async fn a_response_discloses_no_key_and_has_a_strong_tag() {
    let mut agent = Agent::default();
    let mut tts = AgentTts::default();
    tts.provider = Some(TtsProvider::OpenAi.into());
    tts.api_key = Some(ElevenLabsKey::new("sk-very-secret"));
    agent.tts = Some(tts);
    agent.llm_model = Some(LlmModel::Gpt5.into());
    let response = UpdateResponse::new(agent.clone(), ETag::from(5)).into_response();
    let headers = response.headers();
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(
        (&headers["cache-control"], &headers["etag"]),
        (&"no-transform".parse().unwrap(), &"\"5\"".parse().unwrap())
    );
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, r#"{"ttsModel":{"provider":"openai"},"llmModel":"gpt-5"}"#);

    let weak = UpdateResponse::new(agent, "W/\"5\"".parse().unwrap()).into_response();
    assert_eq!(weak.status(), 500);
    assert_eq!(problem_of(weak.into_body()).await.problem_type(), Some(ProblemType::INTERNAL));
}
