//! Tests of the faulty server: it is correct without a fault, and every fault can be observed.

#[path = "../../examples/faulty/server/mod.rs"]
mod server;

mod probe;
mod probes;

use std::collections::HashSet;

use callagent::{Agent, Problem};
use serde_json::{Value, json};

use probe::{Answer, Probe, block_on, send, send_at_once};
use server::{FAULTS, Fault, app, app_with_key};

const KEY: &str = "key-of-acme";

/// Faults that every accepted update shows.
const AFFECT_ALL: &[&str] = &["answers-201", "answers-202", "answers-204"];

#[test]
fn faults_have_names() {
    let names: HashSet<_> = FAULTS.iter().map(|fault| fault.name).collect();
    assert_eq!(names.len(), FAULTS.len());
    for fault in FAULTS {
        assert!(fault.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{}", fault.name);
        assert!(fault.about.ends_with('.'), "{}: {}", fault.name, fault.about);
    }
}

#[test]
fn every_fault_can_be_observed() {
    block_on(async {
        let mut correct = Vec::new();
        for step in 0..probes::STEPS {
            correct.push(run(None, step, &[]).await);
            assert!(!differs(None, step, &correct).await, "group {step} is not answered the same each time");
        }
        let (mut hidden, mut last) = (Vec::new(), 0);
        'faults: for fault in FAULTS {
            // Similar faults are neighbors, and the same group of probes observes them.
            for step in std::iter::once(last).chain(0..probes::STEPS) {
                if differs(Some(fault), step, &correct).await {
                    last = step;
                    continue 'faults;
                }
            }
            hidden.push(fault.name);
        }
        assert!(hidden.is_empty(), "no probe observes {hidden:?}");
    });
}

#[test]
fn every_fault_permits_an_update() {
    block_on(async {
        for fault in FAULTS {
            let answer = send(&app(Some(fault), false), &Probe::minimal()).await;
            assert_eq!(answer.status != 200, AFFECT_ALL.contains(&fault.name), "{}: {answer:?}", fault.name);
        }
    });
}

#[test]
fn the_correct_server_updates() {
    block_on(async {
        let app = app(None, false);
        let update = r#"{"llmModel": "gpt-5", "settings": {"speed": 1}, "variables": {"a": null}}"#;
        let answer = send(&app, &Probe::update(update)).await;
        assert_eq!(
            (answer.status, answer.header("etag"), answer.header("cache-control")),
            (200, "\"2\"", "no-transform")
        );
        let agent: Agent = callagent::read(&answer.body).expect("an agent");
        assert_eq!(agent.updated_at.as_deref(), Some("2026-11-26T00:00:00.001Z"));
        let agent = serde_json::to_value(agent).expect("a value");
        assert_eq!(agent["variables"], json!({"a": null}));
        assert_eq!(
            agent["settings"],
            json!({"speed": 1.0, "volume": 0.75, "temperature": 0.25, "greeting": {"text": "Hello", "wait": 1}})
        );
        assert_eq!((&agent["team"], &agent["ttsModel"]["pitch"]), (&json!("blue"), &json!("low")));
        assert_eq!(send(&app, &Probe::update(update)).await, answer);
    });
}

#[test]
fn the_correct_server_encrypts_keys() {
    block_on(async {
        let app = app(None, false);
        let update = |key: &str| {
            let tts = json!({"provider": "11labs_byo", "elevenLabsApiKey": key});
            Probe::update(json!({"llmModel": "gpt-5", "ttsModel": tts}).to_string())
        };
        let key = |answer: &Answer| {
            let agent: Value = serde_json::from_slice(&answer.body).expect("JSON");
            agent["ttsModel"]["elevenLabsApiKey"].as_str().map(str::to_owned)
        };
        let answer = send(&app, &update("sk-secret")).await;
        let sealed = key(&answer).expect("a key");
        assert!(sealed.starts_with("enc:") && !sealed.contains("secret"));
        // The stored key may be sent back.
        assert_eq!(send(&app, &update(&sealed)).await, answer);
        let other = send(&app, &Probe::update(r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai"}}"#)).await;
        assert_eq!((other.status, key(&other)), (200, None));
    });
}

#[test]
fn the_correct_server_refuses() {
    let minimal = Probe::minimal;
    let cases: &[(Probe, u16, &str)] = &[
        (minimal().path("/v1/api/agents/agent_1/"), 404, "not-found"),
        (minimal().path("/v1/api/agents/%zz"), 400, "bad-path"),
        (minimal().method("POST"), 405, "method-not-allowed"),
        (minimal().without("x-workspace-id"), 400, "bad-workspace"),
        (minimal().set("if-match", ""), 400, "bad-precondition"),
        (minimal().set("content-type", "text/plain"), 415, "unsupported-media-type"),
        (minimal().set("content-length", "99999999999"), 413, "content-too-large"),
        (Probe::update("{"), 400, "malformed"),
        (Probe::update("{}"), 422, "invalid-update"),
        (minimal().path("/v1/api/agents/agent_2"), 404, "not-found"),
        (Probe::update(r#"{"llmModel": "gpt-5"}"#).set("if-match", "\"7\""), 412, "precondition-failed"),
    ];
    block_on(async {
        for (probe, status, problem) in cases {
            let answer = send(&app(None, false), probe).await;
            let read: Problem = serde_json::from_slice(&answer.body).expect("a problem");
            let name = read.problem_type().map(callagent::ProblemType::name);
            assert_eq!((answer.status, name), (*status, Some(*problem)), "{probe:?}");
        }
    });
}

#[test]
fn the_correct_server_checks_access() {
    let given = |key: &'static str| Probe::minimal().set("x-api-key", key);
    let cases = [
        (Probe::minimal(), 401),
        (given("key-of-other"), 401),
        (given(KEY), 200),
        (given(KEY).set("x-workspace-id", "other"), 403),
    ];
    block_on(async {
        for (probe, status) in &cases {
            let answer = send(&app_with_key(None, false, KEY.to_owned()), probe).await;
            assert_eq!(answer.status, *status, "{probe:?}");
        }
    });
}

#[test]
fn the_tolerant_server_drops_unknown_fields() {
    block_on(async {
        let probe = Probe::update(r#"{"llmModel": "gpt-4o-mini", "color": "red"}"#);
        assert_eq!(send(&app(None, true), &probe).await, send(&app(None, true), &Probe::minimal()).await);
        assert_eq!(send(&app(None, false), &probe).await.status, 422);
    });
}

/// Returns whether a server answers a group of probes differently than the correct one.
async fn differs(fault: Option<&'static Fault>, step: usize, correct: &[Vec<Answer>]) -> bool {
    let expected = correct.get(step).map(Vec::as_slice).unwrap_or_default();
    run(fault, step, expected).await != expected
}

/// Sends a group of probes to a server of its own, until an answer is not the expected one.
async fn run(fault: Option<&'static Fault>, step: usize, expected: &[Answer]) -> Vec<Answer> {
    let (mut in_order, at_once) = probes::step(step);
    let app = if step == probes::ACCESS { app_with_key(fault, false, KEY.to_owned()) } else { app(fault, false) };
    let mut answers = send_at_once(&app, at_once).await;
    in_order.push(Probe::minimal().set("x-api-key", KEY));
    for probe in &in_order {
        answers.push(send(&app, probe).await);
        if expected.get(answers.len() - 1).is_some_and(|expected| answers.last() != Some(expected)) {
            break;
        }
    }
    answers
}
