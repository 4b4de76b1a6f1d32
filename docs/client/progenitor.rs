//! The program of `docs/client.md` with the client that progenitor generates. It needs `futures` 0.3, `httpdate` 1,
//! `progenitor` 0.15.1, `regress` 0.12, `reqwest` 0.13 with `json`, `query` and `stream`, `serde` 1 with `derive`,
//! `serde_json` 1, and `tokio` 1 with `macros`, `rt-multi-thread` and `time`.

use std::{
    env,
    error::Error,
    fmt,
    time::{Duration, Instant, SystemTime},
};

use futures::TryStreamExt;
use generated::{Client, Error as CallError, ResponseValue, types};
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect,
};
use types::{Agent, Gap, LlmModel, Problem, TtsProvider, TtsUpdate, UpdateAgent};

mod generated {
    progenitor::generate_api!("openapi-3.0.json");
}

#[derive(Debug)]
enum Failure {
    Invalid(String),
    Transport(String),
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

fn check(update: &UpdateAgent) -> Result<(), Failure> {
    let invalid = |reason: &str| Err(Failure::Invalid(reason.to_owned()));
    if update.tts_model.as_ref().is_some_and(|tts| {
        tts.provider == TtsProvider::X11labsByo && tts.eleven_labs_api_key.iter().all(String::is_empty)
    }) {
        return invalid("the key is empty");
    }
    let gaps = &update.gap_between_each_attempt_for_smart_callback;
    if gaps.iter().any(|gap| !(0..=30).contains(&gap.days)) {
        return invalid("the days of a gap are 0 to 30");
    }
    Ok(())
}

async fn put(
    client: &Client,
    agent: &str,
    update: &UpdateAgent,
    if_match: Option<&str>,
) -> Result<(ResponseValue<Agent>, u32), Failure> {
    check(update)?;
    let invalid = |error: types::error::ConversionError| Failure::Invalid(error.to_string());
    let agent = agent.parse().map_err(invalid)?;
    let workspace = "acme".parse().map_err(invalid)?;
    let if_match = if_match.map(str::parse).transpose().map_err(invalid)?;
    let deadline = Instant::now() + Duration::from_secs(30);
    let mut attempts = 0;
    loop {
        attempts += 1;
        let error = match client.update_agent(&agent, if_match.as_ref(), &workspace, update).await {
            Ok(value) => return Ok((value, attempts)),
            Err(error) => error,
        };
        // It leaves out 500.
        let is_repeatable = error.is_retryable() || error.status().is_some_and(|status| status == 500);
        let headers = match &error {
            CallError::ErrorResponse(value) => Some(value.headers()),
            CallError::UnexpectedResponse(response) => Some(response.headers()),
            _ => None,
        };
        let wait = headers.map_or(Some(Duration::ZERO), retry_after);
        let backoff = Duration::from_millis(100 << attempts);
        if let Some(wait) = wait.filter(|_| is_repeatable && attempts < 5)
            && Instant::now() + wait + backoff < deadline
        {
            tokio::time::sleep(wait + backoff).await;
            continue;
        }
        let CallError::ErrorResponse(value) = error else {
            return Err(Failure::Transport(error.to_string()));
        };
        let status = value.status();
        let body: Result<Vec<_>, _> = value.into_inner_stream().try_collect().await;
        let body = body.map_err(|error| Failure::Transport(error.to_string()))?.concat();
        return Err(Failure::Refused(status, serde_json::from_slice(&body).ok()));
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let Some(value) = headers.get("retry-after") else { return Some(Duration::ZERO) };
    let value = value.to_str().ok()?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

async fn run(agent: &str, days: i64) -> Result<(), Box<dyn Error>> {
    let mut key = HeaderValue::try_from(env::var("ACCESS_KEY")?)?;
    key.set_sensitive(true);
    let http = reqwest::Client::builder()
        .default_headers(HeaderMap::from_iter([(HeaderName::from_static("x-api-key"), key)]))
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(10))
        .redirect(redirect::Policy::none())
        .build()?;
    let client = Client::new_with_client(&env::var("BASE_URL")?, http);
    let mut update = UpdateAgent {
        name: Some("Support".to_owned()),
        llm_model: LlmModel::Gpt5,
        tts_model: Some(TtsUpdate {
            provider: TtsProvider::X11labsByo,
            eleven_labs_api_key: Some(env::var("ELEVENLABS_KEY")?),
            language: None,
            voice_id: None,
        }),
        gap_between_each_attempt_for_smart_callback: vec![Gap { days, hours: 0 }],
        max_attempts_for_smart_callback: None,
        phone_number_ids: Vec::new(),
        settings: None,
        smart_callback: None,
        variables: serde_json::Map::new(),
    };
    let (first, _) = put(&client, agent, &update, None).await?;
    println!("{} {}", first.name.as_deref().unwrap_or_default(), first.llm_model.as_deref().unwrap_or_default());
    let tag = first.headers().get("etag").and_then(|tag| tag.to_str().ok());
    update.name = Some("Sales".to_owned());
    let (second, attempts) = put(&client, agent, &update, tag).await?;
    println!("{} in {attempts} attempts", second.name.as_deref().unwrap_or_default());
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
