//! The program of `docs/client.md` with the client that openapi-generator generates, in the crate `openapi`. It needs
//! `reqwest` 0.13, and `tokio` 1 with `macros`, `rt-multi-thread` and `time`.

use std::{env, error::Error, fmt, time::Duration};

use openapi::{
    apis::{
        self,
        agents_api::{UpdateAgentError, update_agent},
        configuration::{ApiKey, Configuration},
    },
    models::{Agent, Gap, LlmModel, Problem, TtsProvider, TtsUpdate, UpdateAgent},
};
use reqwest::redirect;

#[derive(Debug)]
enum Failure {
    Invalid(&'static str),
    Call(apis::Error<UpdateAgentError>),
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Invalid(reason) => write!(out, "not sent: {reason}"),
            Failure::Call(error) => write!(out, "{error}"),
        }
    }
}

impl Error for Failure {}

fn check(agent: &str, update: &UpdateAgent) -> Result<(), Failure> {
    if matches!(agent, "" | "." | "..") || !agent.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::Invalid("the agent id is empty, dots or has spaces"));
    }
    let tts = update.tts_model.as_deref();
    if tts.is_some_and(|tts| {
        tts.provider == TtsProvider::Variant11labsByo && tts.eleven_labs_api_key.iter().flatten().all(String::is_empty)
    }) {
        return Err(Failure::Invalid("the key is empty"));
    }
    let gaps = update.gap_between_each_attempt_for_smart_callback.iter().flatten();
    if gaps.into_iter().any(|gap| gap.days.is_some_and(|days| !(0..=30).contains(&days))) {
        return Err(Failure::Invalid("the days of a gap are 0 to 30"));
    }
    Ok(())
}

async fn put(
    configuration: &Configuration,
    agent: &str,
    update: &UpdateAgent,
    if_match: Option<&str>,
) -> Result<(Agent, u32), Failure> {
    check(agent, update)?;
    let mut attempts = 0;
    loop {
        attempts += 1;
        let result = update_agent(configuration, agent, "acme", update.clone(), if_match).await;
        let is_repeatable = match &result {
            Err(apis::Error::ResponseError(response)) => {
                matches!(response.status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
            }
            Err(apis::Error::Reqwest(error)) => !error.is_builder(),
            _ => false,
        };
        if is_repeatable && attempts < 5 {
            // `Retry-After` is not visible.
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        }
        return result.map(|agent| (agent, attempts)).map_err(Failure::Call);
    }
}

async fn run(agent: &str, days: i32) -> Result<(), Box<dyn Error>> {
    let configuration = Configuration {
        base_path: env::var("BASE_URL")?,
        client: reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(10))
            .redirect(redirect::Policy::none())
            .build()?,
        api_key: Some(ApiKey { prefix: None, key: env::var("ACCESS_KEY")? }),
        ..Configuration::default()
    };
    let mut update = UpdateAgent {
        name: Some("Support".to_owned()),
        tts_model: Some(Box::new(TtsUpdate {
            eleven_labs_api_key: Some(Some(env::var("ELEVENLABS_KEY")?)),
            ..TtsUpdate::new(TtsProvider::Variant11labsByo)
        })),
        gap_between_each_attempt_for_smart_callback: Some(vec![Gap { days: Some(days), hours: None }]),
        ..UpdateAgent::new(LlmModel::Gpt5)
    };
    let (first, _) = put(&configuration, agent, &update, None).await?;
    println!("{} {}", first.name.flatten().unwrap_or_default(), first.llm_model.flatten().unwrap_or_default());
    update.name = Some("Sales".to_owned());
    // The `ETag` is not visible, so it is that of the caller, if any.
    let tag = env::var("TAG").ok();
    let (second, attempts) = put(&configuration, agent, &update, tag.as_deref()).await?;
    println!("{} in {attempts} attempts", second.name.flatten().unwrap_or_default());
    Ok(())
}

fn problem(error: &UpdateAgentError) -> Option<&Problem> {
    match error {
        // The variants are untagged, so a problem is always of the first one.
        UpdateAgentError::Status400(problem) => Some(problem),
        _ => None,
    }
}

fn explain(error: &(dyn Error + 'static)) {
    eprintln!("{error}");
    let Some(Failure::Call(apis::Error::ResponseError(response))) = error.downcast_ref() else {
        return;
    };
    if response.status.as_u16() == 412 {
        eprintln!("someone else changed the agent");
    }
    let problem = response.entity.as_ref().and_then(problem);
    for violation in problem.and_then(|problem| problem.violations.as_ref()).into_iter().flatten() {
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
