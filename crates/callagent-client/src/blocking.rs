//! The client for programs without an async runtime.

use std::{borrow::Borrow, fmt, sync::Arc, time::Duration};

use callagent::{IfMatch, UpdateAgent};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{BuildError, ClientBuilder, ErrorKind, RetryPolicy, UpdateError, Updated};

/// A client of the call that blocks the thread until the response is there.
///
/// ```no_run
/// use callagent::{LlmModel, UpdateAgent};
/// use callagent_client::blocking::Client;
///
/// let client = Client::builder()
///     .base_url("https://agents.example.com")
///     .workspace("acme")
///     .build_blocking()?;
/// let updated = client.update("agent_1", UpdateAgent::new(LlmModel::Gpt5)).send()?;
/// println!("{:?}", updated.agent.updated_at);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Any number of threads can share it. Inside an async runtime it returns [`ErrorKind::InsideRuntime`], also on the
/// threads of `spawn_blocking`, where `Handle::block_on` drives the async client.
#[derive(Debug, Clone)]
pub struct Client {
    client: crate::Client,
    runtime: Arc<Background>,
}

/// A runtime whose thread drives the connections.
struct Background(Option<Runtime>);

impl Drop for Background {
    fn drop(&mut self) {
        // Dropping a runtime waits for its thread, which panics inside another runtime.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Background {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Background")
    }
}

impl Client {
    /// Returns the options of a client. [`ClientBuilder::build_blocking`] creates it.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Returns the URL that the path of the call is appended to.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.client.base_url()
    }

    /// Creates an update of an agent. [`UpdateCall::send`] sends it.
    pub fn update(&self, agent_id: impl Into<String>, update: impl Borrow<UpdateAgent>) -> UpdateCall {
        UpdateCall { call: self.client.update(agent_id, update), runtime: Arc::clone(&self.runtime) }
    }
}

impl ClientBuilder {
    /// Creates a client that blocks.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`], or if no thread can be started.
    pub fn build_blocking(self) -> Result<Client, BuildError> {
        let client = self.build()?;
        let runtime =
            Builder::new_multi_thread().worker_threads(1).thread_name("callagent-client").enable_all().build();
        let runtime = runtime.map_err(|error| BuildError(format!("cannot start a thread: {error}")))?;
        Ok(Client { client, runtime: Arc::new(Background(Some(runtime))) })
    }
}

/// An update that is about to be sent.
#[derive(Debug, Clone)]
#[must_use = "an update is sent by `send`"]
pub struct UpdateCall {
    call: crate::UpdateCall,
    runtime: Arc<Background>,
}

impl UpdateCall {
    /// Updates the agent only if it is in the state with this tag, or in one of a list.
    pub fn if_match(self, tag: impl Into<IfMatch>) -> Self {
        UpdateCall { call: self.call.if_match(tag), ..self }
    }

    /// Sets the time for the whole call, with all its attempts.
    pub fn timeout(self, timeout: Duration) -> Self {
        UpdateCall { call: self.call.timeout(timeout), ..self }
    }

    /// Sets when this update is repeated. The budget stays that of the client.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        UpdateCall { call: self.call.retry(policy), ..self }
    }

    /// Sends the update, and waits for the response.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn send(self) -> Result<Updated, UpdateError> {
        match &self.runtime.0 {
            Some(runtime) if Handle::try_current().is_err() => runtime.block_on(self.call.send()),
            _ => Err(UpdateError::not_sent(ErrorKind::InsideRuntime)),
        }
    }
}
