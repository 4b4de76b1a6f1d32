//! Ways to make the call.

use std::{error::Error, thread, time::Duration};

use callagent::{Agent, UpdateAgent};
use callagent_client::blocking;
use reqwest::Method;
use serde_json::Value;
use tokio::{runtime::Builder, task::JoinSet};

/// A way to make the call.
pub struct Contestant {
    pub name: &'static str,
    /// The name of the contestant that the ratio refers to.
    pub reference: &'static str,
    /// Makes this number of calls on each of these tasks or threads.
    pub run: Box<dyn Fn(usize, usize)>,
}

const UPDATE: &str = r#"{"name":"Customer support 1","llmModel":"gpt-4.1-mini","ttsModel":{"provider":"rime","voiceId":"mistv2_Brook","language":"en"},"smartCallback":true,"maxAttemptsForSmartCallback":2,"gapBetweenEachAttemptForSmartCallback":[{"days":1,"hours":0},{"days":2,"hours":12}],"phoneNumberIds":["pn_4f1c22aa","pn_9b7d10e3"],"settings":{"speed":0.9,"volume":0.8,"temperature":0.6},"variables":{"plan":"gold","region":"eu"}}"#;

/// The response of the server.
pub const AGENT: &str = r#"{"_id":"agent-0","workspaceId":"acme","userId":"user-1","name":"Customer support 1","llmModel":"gpt-4.1-mini","ttsModel":{"provider":"rime","voiceId":"mistv2_Brook","name":"Brook","language":"en"},"smartCallback":true,"maxAttemptsForSmartCallback":2,"gapBetweenEachAttemptForSmartCallback":[{"days":1,"hours":0},{"days":2,"hours":12}],"phoneNumberIds":["pn_4f1c22aa","pn_9b7d10e3"],"activeSessions":[],"settings":{"speed":0.9,"volume":0.8,"temperature":0.6},"status":"ready","currentNode":"start","variables":{"plan":"gold","region":"eu"},"createdAt":"2026-11-26T00:00:00.000Z","updatedAt":"2026-11-26T00:00:00.000Z"}"#;

const WORKSPACE: &str = "acme";
const AGENT_ID: &str = "agent-0";
/// The default deadline of the client.
const TIMEOUT: Duration = Duration::from_secs(30);

const PLAIN: &str = "reqwest, serde_json::Value";
const BLOCKING: &str = "reqwest::blocking, serde_json::Value";

pub fn contestants(url: &str) -> Result<Vec<Contestant>, Box<dyn Error>> {
    let call = format!("{url}/v1/api/agents/{AGENT_ID}");
    let (value, update): (Value, UpdateAgent) = (serde_json::from_str(UPDATE)?, callagent::read(UPDATE)?);
    let ours = || callagent_client::Client::builder().base_url(url).workspace(WORKSPACE);
    // A connection belongs to the runtime that opened it, so no two contestants share a client.
    let plain = || reqwest::Client::builder().timeout(TIMEOUT).build();

    let (client, url, document) = (plain()?, call.clone(), value.clone());
    let with_value = on_tasks(async move || {
        let request = client.request(Method::PUT, &url).header("x-workspace-id", WORKSPACE).json(&document);
        let response = request.send().await.and_then(reqwest::Response::error_for_status).expect("a response");
        let agent: Value = response.json().await.expect("JSON");
        assert_eq!(agent["_id"], AGENT_ID);
    });
    let (client, url, document) = (plain()?, call.clone(), update.clone());
    let with_types = on_tasks(async move || {
        let request = client.request(Method::PUT, &url).header("x-workspace-id", WORKSPACE).json(&document);
        let response = request.send().await.and_then(reqwest::Response::error_for_status).expect("a response");
        let agent: Agent = response.json().await.expect("an agent");
        assert_eq!(agent.id.as_deref(), Some(AGENT_ID));
    });
    let (client, url, document) = (plain()?, call.clone(), update.clone());
    let with_reader = on_tasks(async move || {
        let request = client.request(Method::PUT, &url).header("x-workspace-id", WORKSPACE).json(&document);
        let response = request.send().await.and_then(reqwest::Response::error_for_status).expect("a response");
        let agent: Agent = callagent::read(&response.bytes().await.expect("a body")).expect("an agent");
        assert_eq!(agent.id.as_deref(), Some(AGENT_ID));
    });
    let (client, document) = (ours().build()?, update.clone());
    let with_client = on_tasks(async move || {
        let updated = client.update(AGENT_ID, &document).await.expect("a response");
        assert_eq!(updated.agent.id.as_deref(), Some(AGENT_ID));
    });
    let client = reqwest::blocking::Client::builder().timeout(TIMEOUT).build()?;
    let blocking_value = on_threads(move || {
        let request = client.request(Method::PUT, &call).header("x-workspace-id", WORKSPACE).json(&value);
        let response = request.send().and_then(reqwest::blocking::Response::error_for_status).expect("a response");
        let agent: Value = response.json().expect("JSON");
        assert_eq!(agent["_id"], AGENT_ID);
    });
    let client: blocking::Client = ours().build_blocking()?;
    let blocking_client = on_threads(move || {
        let updated = client.update(AGENT_ID, &update).send().expect("a response");
        assert_eq!(updated.agent.id.as_deref(), Some(AGENT_ID));
    });
    Ok(vec![
        Contestant { name: PLAIN, reference: PLAIN, run: with_value },
        Contestant { name: "reqwest, callagent's types by serde", reference: PLAIN, run: with_types },
        Contestant { name: "reqwest, callagent's types by its reader", reference: PLAIN, run: with_reader },
        Contestant { name: "callagent_client::Client", reference: PLAIN, run: with_client },
        Contestant { name: BLOCKING, reference: BLOCKING, run: blocking_value },
        Contestant { name: "callagent_client::blocking::Client", reference: BLOCKING, run: blocking_client },
    ])
}

/// Calls on tasks of a single thread.
fn on_tasks<C>(call: C) -> Box<dyn Fn(usize, usize)>
where
    C: AsyncFn() + Clone + 'static,
{
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    Box::new(move |tasks, calls| {
        let mut set = JoinSet::new();
        let local = tokio::task::LocalSet::new();
        for _ in 0..tasks {
            let call = call.clone();
            set.spawn_local_on(
                async move {
                    for _ in 0..calls {
                        call().await;
                    }
                },
                &local,
            );
        }
        local.block_on(&runtime, set.join_all());
    })
}

/// Calls on threads.
fn on_threads(call: impl Fn() + Sync + 'static) -> Box<dyn Fn(usize, usize)> {
    Box::new(move |threads, calls| {
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| (0..calls).for_each(|_| call()));
            }
        });
    })
}
