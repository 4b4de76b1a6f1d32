//! Tests of the client against the server of the project, through a proxy with faults, and against small listeners.

mod blocking;
mod faults;
mod listener;
mod load;
mod options;
mod proxy;
mod repeats;
mod responses;
mod secrets;
mod server;
mod spans;
mod tls;

use std::time::Duration;

use callagent::{LlmModel, UpdateAgent};
use callagent_client::{Client, ClientBuilder, RetryPolicy};

const WORKSPACE: &str = "acme";
const AGENT: &str = "agent_1";

/// The options of a client without the proxies of the machine and with short delays.
fn builder(url: &str) -> ClientBuilder {
    Client::builder().base_url(url).workspace(WORKSPACE).no_proxy().retry(quick())
}

fn client(url: &str) -> Client {
    builder(url).build().expect("the options are valid")
}

/// The default policy with short delays.
fn quick() -> RetryPolicy {
    RetryPolicy::new().delay(Duration::from_millis(1), Duration::from_millis(2))
}

fn update(name: &str) -> UpdateAgent {
    UpdateAgent::new(LlmModel::Gpt5).name(name)
}
