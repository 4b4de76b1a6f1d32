//! The program of `docs/client.md` with plain reqwest. It needs `httpdate` 1, `percent-encoding` 2, `reqwest` 0.13 with
//! `json`, `serde` 1 with `derive`, and `tokio` 1 with `macros`, `rt-multi-thread` and `time`.

use std::{
    env,
    error::Error,
    fmt,
    time::{Duration, Instant, SystemTime},
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Client, Response, StatusCode,
    header::{HeaderMap, HeaderValue},
    redirect,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize)]
struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Key(***)")
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    name: String,
    llm_model: String,
    tts_model: Tts,
    gap_between_each_attempt_for_smart_callback: Vec<Gap>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Tts {
    provider: String,
    eleven_labs_api_key: Key,
}

#[derive(Debug, Clone, Serialize)]
struct Gap {
    days: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agent {
    name: Option<String>,
    llm_model: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Problem {
    detail: Option<String>,
    #[serde(default)]
    violations: Vec<Violation>,
}

#[derive(Debug, Deserialize)]
struct Violation {
    code: String,
    pointer: String,
}

#[derive(Debug)]
enum Failure {
    Invalid(&'static str),
    Transport(reqwest::Error),
    Refused(StatusCode, Option<Problem>),
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Invalid(reason) => write!(out, "not sent: {reason}"),
            Failure::Transport(error) => write!(out, "no answer: {error}"),
            Failure::Refused(status, problem) => {
                let detail = problem.as_ref().and_then(|problem| problem.detail.as_deref());
                write!(out, "{status}: {}", detail.unwrap_or_default())
            }
        }
    }
}

impl Error for Failure {}

struct Updated {
    agent: Agent,
    etag: Option<HeaderValue>,
    attempts: u32,
}

impl Update {
    fn check(&self) -> Result<(), Failure> {
        if self.tts_model.eleven_labs_api_key.0.is_empty() {
            return Err(Failure::Invalid("the key is empty"));
        }
        if self.gap_between_each_attempt_for_smart_callback.iter().any(|gap| gap.days > 30) {
            return Err(Failure::Invalid("the days of a gap are 0 to 30"));
        }
        Ok(())
    }
}

async fn put(
    client: &Client,
    agent: &str,
    update: &Update,
    if_match: Option<&HeaderValue>,
) -> Result<Updated, Failure> {
    update.check()?;
    if matches!(agent, "" | "." | "..") {
        return Err(Failure::Invalid("the agent id is empty or dots"));
    }
    let base = env::var("BASE_URL").unwrap_or_default();
    let url = format!("{base}/v1/api/agents/{}", utf8_percent_encode(agent, NON_ALPHANUMERIC));
    let deadline = Instant::now() + Duration::from_secs(30);
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut request = client.put(&url).json(update).timeout(Duration::from_secs(10));
        if let Some(tag) = if_match {
            request = request.header("if-match", tag);
        }
        let result = request.send().await;
        let wait = match &result {
            Ok(response) if matches!(response.status().as_u16(), 408 | 429 | 500 | 502 | 503 | 504) => {
                retry_after(response)
            }
            Ok(_) => None,
            Err(error) => (!error.is_builder()).then_some(Duration::ZERO),
        };
        let backoff = Duration::from_millis(100 << attempts);
        if let Some(wait) = wait
            && attempts < 5
            && Instant::now() + wait + backoff < deadline
        {
            tokio::time::sleep(wait + backoff).await;
            continue;
        }
        let response = result.map_err(Failure::Transport)?;
        let status = response.status();
        if status != StatusCode::OK {
            return Err(Failure::Refused(status, response.json().await.ok()));
        }
        let etag = response.headers().get("etag").cloned();
        let agent = response.json().await.map_err(Failure::Transport)?;
        return Ok(Updated { agent, etag, attempts });
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let Some(value) = response.headers().get("retry-after") else { return Some(Duration::ZERO) };
    let value = value.to_str().ok()?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

async fn run(agent: &str, days: u64) -> Result<(), Box<dyn Error>> {
    let mut key = HeaderValue::try_from(env::var("ACCESS_KEY")?)?;
    key.set_sensitive(true);
    let workspace = HeaderValue::from_static("acme");
    let headers = HeaderMap::from_iter([
        (reqwest::header::HeaderName::from_static("x-api-key"), key),
        (reqwest::header::HeaderName::from_static("x-workspace-id"), workspace),
    ]);
    let client = Client::builder()
        .default_headers(headers)
        .connect_timeout(Duration::from_secs(5))
        .redirect(redirect::Policy::none())
        .build()?;
    let mut update = Update {
        name: "Support".to_owned(),
        llm_model: "gpt-5".to_owned(),
        tts_model: Tts { provider: "11labs_byo".to_owned(), eleven_labs_api_key: Key(env::var("ELEVENLABS_KEY")?) },
        gap_between_each_attempt_for_smart_callback: vec![Gap { days }],
    };
    let first = put(&client, agent, &update, None).await?;
    println!("{} {}", first.agent.name.unwrap_or_default(), first.agent.llm_model.unwrap_or_default());
    update.name = "Sales".to_owned();
    let second = put(&client, agent, &update, first.etag.as_ref()).await?;
    println!("{} in {} attempts", second.agent.name.unwrap_or_default(), second.attempts);
    Ok(())
}

fn explain(error: &(dyn Error + 'static)) {
    eprintln!("{error}");
    let Some(Failure::Refused(status, problem)) = error.downcast_ref() else { return };
    if *status == StatusCode::PRECONDITION_FAILED {
        eprintln!("someone else changed the agent");
    }
    for violation in problem.iter().flat_map(|problem| &problem.violations) {
        eprintln!("{} at {}", violation.code, violation.pointer);
    }
}

#[tokio::main]
async fn main() {
    let mut arguments = env::args().skip(1);
    let agent = arguments.next().unwrap_or_default();
    let days = arguments.next().and_then(|days| days.parse().ok()).unwrap_or(1);
    if let Err(error) = run(&agent, days).await {
        explain(error.as_ref());
    }
}
