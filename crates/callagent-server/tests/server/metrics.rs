//! Metrics: what they count, that nothing of a client is in them, and that the page describes them.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    time::{Duration, Instant},
};

use callagent_server::{RateLimit, ServerOptions};
use serde_json::json;

use crate::{
    client::Request,
    common::{self, TestResult, workspace},
    databases::databases,
    serving::Serving,
};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operations.md");

/// The number of a sample, which is whole.
fn sample(metrics: &str, name: &str) -> u64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let number = line.unwrap_or_else(|| panic!("expected `{name}` in:\n{metrics}"));
    number.trim_end_matches(".0").parse().expect("a number")
}

/// Waits until a sample has a number. Returns the metrics.
fn wait_for(server: &Serving, name: &str, expected: u64) -> String {
    let start = Instant::now();
    loop {
        let metrics = server.get("/metrics").body;
        if sample(&metrics, name) == expected {
            return metrics;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "`{name}` is not {expected}");
    }
}

fn body(body: &serde_json::Value) -> Request {
    Request::valid().body(body.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_the_store_are_counted() -> TestResult {
    for database in databases() {
        let store = database.open();
        common::import(&store, &json!([{"_id": "agent_1"}]));
        let server = Serving::start(store, ServerOptions::new()).await;
        for number in 0..3 {
            let answer = server.send(&body(&json!({"llmModel": "gpt-5", "name": number.to_string()})));
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        assert_eq!(server.send(&body(&json!({"llmModel": "gpt-5"}))).status, 200, "it changes nothing");
        assert_eq!(server.send(&body(&json!({}))).status, 422);
        assert_eq!(server.send(&Request { segment: "other", ..Request::valid() }).status, 404);
        assert_eq!((server.get("/readyz").status, server.get("/nowhere").status), (204, 404));
        let mut left = server.connect();
        left.write(&Request::valid().head());
        let answer = server.get("/metrics");
        assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        wait_for(&server, "callagent_http_requests_in_flight", 2);
        drop(left);
        wait_for(&server, "callagent_http_requests_in_flight", 1);
        let metrics = wait_for(&server, "callagent_http_connections", 1);
        let requests = |route, status: u16| {
            sample(&metrics, &format!("callagent_http_requests_total{{route=\"{route}\",status=\"{status}\"}}"))
        };
        let calls = [200, 422, 404, 400].map(|status| requests("call", status));
        assert_eq!(calls, [4, 1, 1, 1], "{}: {metrics}", database.name);
        assert_eq!((requests("other", 204), requests("other", 404)), (1, 1));
        assert_eq!(sample(&metrics, "callagent_http_call_duration_seconds_count"), 7);
        assert_eq!(sample(&metrics, "callagent_store_batch_updates_sum"), 5);
        assert_eq!(sample(&metrics, "callagent_store_commit_duration_seconds_count"), 3);
        for (name, expected) in [
            ("callagent_http_requests_in_flight", 1),
            ("callagent_http_connections", 1),
            ("callagent_http_connections_limit", 4096),
            ("callagent_http_body_memory_bytes", 0),
            ("callagent_http_body_memory_limit_bytes", 268_435_456),
            ("callagent_store_waiting_updates", 0),
            ("callagent_store_waiting_updates_limit", 1024),
            ("callagent_store_errors_total{kind=\"overloaded\"}", 0),
            ("callagent_rate_limited_total", 0),
        ] {
            assert_eq!(sample(&metrics, name), expected, "{name}");
        }
        if database.url.is_some() {
            assert_eq!(sample(&metrics, "callagent_postgres_pool_connections_limit"), 16);
            let connections = sample(&metrics, "callagent_postgres_pool_connections");
            assert!((1..=16).contains(&connections), "{connections}");
            assert_eq!(sample(&metrics, "callagent_postgres_pool_idle_connections"), connections);
        }
        server.stop();
        server.stopped().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_counted() -> TestResult {
    let store = common::open(None);
    let key = store.grant_access_key(workspace(), "first".parse()?, None).await?;
    let limit: RateLimit = "1/h,1".parse()?;
    let server = Serving::start(store.clone(), ServerOptions::new().rate_limit(limit)).await;
    let call = Request::valid().set("x-api-key", key.expose().to_owned());
    let unknown = common::open(None).grant_access_key(workspace(), "first".parse()?, None).await?;
    for (request, status) in [
        (Request::valid().without("x-api-key"), 401),
        (Request::valid().set("x-api-key", unknown.expose().to_owned()), 401),
        (call.clone().set("x-workspace-id", "other"), 403),
        (call.clone(), 404),
        (call.clone(), 429),
    ] {
        assert_eq!(server.send(&request).status, status);
    }
    let metrics = server.get("/metrics").body;
    for (name, expected) in [
        ("callagent_access_refused_total{reason=\"no_key\"}", 1),
        ("callagent_access_refused_total{reason=\"invalid_key\"}", 1),
        ("callagent_access_refused_total{reason=\"other_workspace\"}", 1),
        ("callagent_access_refused_total{reason=\"too_many_lookups\"}", 0),
        ("callagent_access_refused_total{reason=\"store\"}", 0),
        ("callagent_rate_limited_total", 1),
        ("callagent_http_requests_total{route=\"call\",status=\"429\"}", 1),
    ] {
        assert_eq!(sample(&metrics, name), expected, "{name}");
    }
    store.close().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_store_are_counted() -> TestResult {
    let store = common::open(None);
    let server = Serving::start(store.clone(), ServerOptions::new()).await;
    common::import(&store, &json!([{"_id": "agent_1", "large": "x".repeat(31 << 20)}]));
    let large = body(&json!({"llmModel": "gpt-5", "name": "x".repeat(2 << 20)}));
    assert_eq!(server.send(&large).status, 413);
    let metrics = server.get("/metrics").body;
    assert_eq!(sample(&metrics, "callagent_store_errors_total{kind=\"too_large\"}"), 1);
    store.close().await?;
    Ok(())
}

/// Requests change only numbers and statuses, never labels.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_client_is_in_a_label() -> TestResult {
    let store = common::open(None);
    common::import(&store, &json!([{"_id": "needle\"}\n# HELP needle"}]));
    let server = Serving::start(store, ServerOptions::new()).await;
    let names = |metrics: &str| -> Vec<String> {
        let names = metrics.lines().filter(|line| !line.starts_with("callagent_http_requests_total"));
        names.map(|line| line.rsplit_once(' ').map_or(line, |(name, _)| name).to_owned()).collect()
    };
    let before = names(&server.get("/metrics").body);
    let body = json!({"llmModel": "gpt-5", "name": "needle", "needle": "needle"}).to_string();
    for request in [
        Request { segment: "needle%22%7D%0A%23%20HELP%20needle", ..Request::valid() },
        Request { segment: "needle", ..Request::valid() },
        Request { segment: "needle\"}", ..Request::valid() },
        Request { segment: "%FFneedle", ..Request::valid() },
        Request { suffix: "?needle=needle", ..Request::valid() },
        Request { prefix: "/needle/", ..Request::valid() },
        Request { prefix: "/metrics?needle", segment: "", ..Request::valid() },
        Request { method: "NEEDLE", ..Request::valid() },
        Request { method: "needle", prefix: "/needle", ..Request::valid() },
        Request::valid().body(body),
        Request::valid().set("x-workspace-id", "needle\"} 1"),
        Request::valid().set("x-workspace-id", "needle\u{ff}"),
        Request::valid().set("x-request-id", "needle"),
        Request::valid().set("Host", "needle"),
        Request::valid().set("User-Agent", "needle"),
        Request::valid().set("Content-Type", "needle/needle"),
        Request::valid().set("x-api-key", "needle"),
        Request::valid().set("If-Match", "\"needle\""),
        Request::valid().set("needle", "needle"),
    ] {
        let mut connection = server.connect();
        connection.write(&request.to_bytes());
        assert!(connection.try_answer(false).is_some(), "{request:?}");
    }
    let metrics = server.get("/metrics").body;
    assert!(!metrics.to_lowercase().contains("needle"), "{metrics}");
    assert_eq!(names(&metrics), before, "no metric is added");
    let routes = metrics.lines().filter(|line| line.starts_with("callagent_http_requests_total"));
    for line in routes {
        assert!(line.contains("{route=\"call\",status=\"") || line.contains("{route=\"other\",status=\""), "{line}");
    }
    Ok(())
}

/// The metrics of all databases, as a table: the name, the type, the labels and the help.
async fn table() -> TestResult<BTreeMap<String, String>> {
    let mut rows = BTreeMap::new();
    for database in databases() {
        let server = Serving::start(database.open(), ServerOptions::new()).await;
        let metrics = server.get("/metrics").body;
        for line in metrics.lines().filter_map(|line| line.strip_prefix("# HELP ")) {
            let (name, help) = line.split_once(' ').expect("a help");
            let r#type = metrics.lines().find_map(|line| line.strip_prefix(&format!("# TYPE {name} ")));
            let r#type = r#type.expect("a type");
            let sample = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('{'));
            let labels = sample.and_then(|sample| sample.split_once('}')).map_or("", |(labels, _)| labels);
            let labels: Vec<_> = labels.split(',').filter_map(|label| Some(label.split_once('=')?.0)).collect();
            let mut row = format!("| `{name}` | {type} | ");
            let labels: Vec<_> = labels.iter().map(|label| format!("`{label}`")).collect();
            write!(row, "{} | {} |", labels.join(", "), help.trim_end_matches('.'))?;
            rows.insert(name.to_owned(), row);
        }
    }
    Ok(rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_describes_all_metrics() -> TestResult {
    let page = fs::read_to_string(PAGE)?;
    let rows = table().await?;
    // Without PostgreSQL, its metrics cannot be compared.
    let has_postgres = rows.keys().any(|name| name.starts_with("callagent_postgres"));
    let is_compared = |row: &&str| has_postgres || !row.contains("`callagent_postgres");
    let shown: Vec<_> = page.lines().filter(|line| line.starts_with("| `callagent_")).filter(is_compared).collect();
    let expected: Vec<_> = rows.values().map(String::as_str).collect();
    assert_eq!(shown, expected, "paste these rows into the page:\n{}", expected.join("\n"));

    // Also in its rules, where names of histograms have an ending.
    let words = page.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    for word in words.filter(|word| word.starts_with("callagent_") && (has_postgres || !word.contains("postgres"))) {
        let base = ["_bucket", "_count", "_sum"].iter().find_map(|ending| word.strip_suffix(ending));
        assert!(rows.contains_key(word) || base.is_some_and(|base| rows.contains_key(base)), "there is no `{word}`");
    }
    Ok(())
}
