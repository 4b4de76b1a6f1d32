//! An update: its options, and the loop that repeats it.

use std::{borrow::Borrow, fmt, future::IntoFuture, pin::Pin, time::Duration};

use bytes::Bytes;
use callagent::{Agent, AgentId, ETag, FindingDetails, IfMatch, InvalidDocument, KeyChange, UPDATE_AGENT, UpdateAgent};
use http::{HeaderValue, header::IF_MATCH};
use reqwest::Url;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, Span, field::Empty};

use crate::{
    attempt::{Attempt, Success},
    client::Client,
    error::{ErrorKind, Failure, UpdateError},
    policy::RetryPolicy,
    redact::Secrets,
};

/// An update that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Updated {
    /// The agent after the update.
    pub agent: Agent,
    /// The entity tag of its state, for the next [`UpdateCall::if_match`].
    pub etag: Option<ETag>,
    /// What is unusual about the response, such as an absent field.
    pub advisories: Vec<FindingDetails>,
    /// The `x-request-id` of the response, which the logs of a server have.
    pub request_id: Option<String>,
    /// The number of attempts.
    pub attempts: u32,
}

/// An update that is about to be sent. It is sent when it is awaited.
#[derive(Clone)]
#[must_use = "an update is sent when it is awaited"]
pub struct UpdateCall {
    client: Client,
    agent_id: String,
    body: Bytes,
    secrets: Secrets,
    if_match: Option<IfMatch>,
    policy: RetryPolicy,
    /// Instead of the deadline of the policy.
    timeout: Option<Duration>,
}

impl UpdateCall {
    pub(crate) fn new(client: Client, agent_id: String, update: &UpdateAgent) -> Self {
        let mut secrets = client.secrets().clone();
        if let Some(KeyChange::Replace(key)) = update.tts.as_ref().and_then(|tts| tts.key_change()) {
            secrets.add(key.expose());
        }
        let body = serde_json::to_vec(update).expect("an update is a JSON object").into();
        let policy = *client.policy();
        UpdateCall { client, agent_id, body, secrets, if_match: None, policy, timeout: None }
    }

    /// Updates the agent only if it is in the state with this tag, or in one of a list.
    pub fn if_match(self, tag: impl Into<IfMatch>) -> Self {
        UpdateCall { if_match: Some(tag.into()), ..self }
    }

    /// Sets the time for the whole call, with all its attempts.
    pub fn timeout(self, timeout: Duration) -> Self {
        UpdateCall { timeout: Some(timeout), ..self }
    }

    /// Sets when this update is repeated. The budget stays that of the client.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        UpdateCall { policy, ..self }
    }

    /// Sends the update. The same as awaiting it.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub async fn send(mut self) -> Result<Updated, UpdateError> {
        let url = self.check().map_err(UpdateError::not_sent)?;
        if let Some(timeout) = self.timeout {
            self.policy = self.policy.deadline(timeout);
        }
        let deadline = Instant::now() + self.policy.deadline;
        let (mut attempts, mut may_be_applied) = (0, false);
        loop {
            let Ok(permit) = timeout_at(deadline, self.client.permit()).await else {
                let failure = Failure::new(ErrorKind::Timeout { after: self.policy.deadline });
                return Err(UpdateError::new(Box::new(failure), attempts, may_be_applied));
            };
            attempts += 1;
            let is_last = attempts >= self.policy.attempts;
            let attempt_end = if is_last { deadline } else { Instant::now() + self.policy.attempt_timeout };
            let result = self.attempt(&url, attempts, attempt_end.min(deadline)).await;
            drop(permit);
            let failure = match result {
                Ok(Success { agent, etag, advisories, request_id }) => {
                    self.client.budget().succeed();
                    return Ok(Updated { agent, etag, advisories, request_id, attempts });
                }
                Err(failure) => failure,
            };
            may_be_applied |= failure.may_be_applied;
            match self.delay(&failure, attempts, deadline) {
                Some(delay) => {
                    tracing::debug!("error.type" = failure.error_type(), ?delay, "the update is repeated");
                    sleep(delay).await;
                }
                None => return Err(UpdateError::new(failure, attempts, may_be_applied)),
            }
        }
    }

    /// Returns the request that each attempt sends. Values of secret headers are sensitive.
    ///
    /// # Errors
    /// If nothing would be sent, since the agent id or the update is invalid.
    pub fn request(&self) -> Result<reqwest::Request, UpdateError> {
        self.check().map(|url| self.request_to(url)).map_err(UpdateError::not_sent)
    }

    /// Checks what is sent, and returns the URL.
    fn check(&self) -> Result<Url, ErrorKind> {
        let id = AgentId::new(self.agent_id.as_str()).map_err(ErrorKind::InvalidAgentId)?;
        if let Ok(invalid) = InvalidDocument::try_from(self.client.reader().check::<UpdateAgent>(&self.body)) {
            return Err(ErrorKind::InvalidUpdate(invalid));
        }
        Ok(self.client.url(&id))
    }

    async fn attempt(&self, url: &Url, number: u32, until: Instant) -> Result<Success, Box<Failure>> {
        let span = span(url, number);
        let attempt = Attempt {
            http: self.client.http(),
            request: self.request_to(url.clone()),
            until,
            response_limit: self.client.response_limit(),
            secrets: &self.secrets,
        };
        let result = attempt.run().instrument(span.clone()).await;
        if let Err(failure) = &result {
            span.record("error.type", failure.error_type());
        }
        result
    }

    fn request_to(&self, url: Url) -> reqwest::Request {
        let method = reqwest::Method::from_bytes(UPDATE_AGENT.method.as_str().as_bytes()).expect("a standard method");
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = self.client.headers().clone();
        if let Some(condition) = &self.if_match {
            let condition = HeaderValue::try_from(condition.to_string()).expect("tags are header values");
            request.headers_mut().insert(IF_MATCH, condition);
        }
        *request.body_mut() = Some(self.body.clone().into());
        request
    }

    /// Returns how long to wait before the update is repeated; `None` if it is not.
    fn delay(&self, failure: &Failure, attempts: u32, deadline: Instant) -> Option<Duration> {
        if !failure.is_repeatable || attempts >= self.policy.attempts {
            return None;
        }
        let asked = failure.retry_after.unwrap_or_default();
        if asked > self.policy.max_retry_after {
            return None;
        }
        let delay = asked + self.policy.jitter(attempts);
        let is_in_time = Instant::now() + delay < deadline;
        (is_in_time && self.client.budget().take(failure.is_timeout)).then_some(delay)
    }
}

/// The span of an attempt, with the attributes of the semantic conventions of OpenTelemetry for HTTP clients.
fn span(url: &Url, number: u32) -> Span {
    let method = UPDATE_AGENT.method.as_str();
    let span = tracing::info_span!(
        "update_agent",
        otel.name = format!("{method} {}", AgentId::path_template()),
        otel.kind = "client",
        http.request.method = method,
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        url.full = url.as_str(),
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        "error.type" = Empty,
    );
    if number > 1 {
        span.record("http.request.resend_count", number - 1);
    }
    span
}

impl IntoFuture for UpdateCall {
    type Output = Result<Updated, UpdateError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for UpdateCall {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let UpdateCall { agent_id, if_match, policy, timeout, .. } = self;
        let call = &mut out.debug_struct("UpdateCall");
        call.field("agent_id", agent_id).field("if_match", if_match);
        call.field("policy", policy).field("timeout", timeout).finish_non_exhaustive()
    }
}

impl Client {
    /// Creates an update of an agent. It is sent when it is awaited.
    ///
    /// ```
    /// # async fn run(client: callagent_client::Client) -> Result<(), callagent_client::UpdateError> {
    /// use callagent::{LlmModel, UpdateAgent};
    ///
    /// let updated = client.update("agent_1", UpdateAgent::new(LlmModel::Gpt5).name("Support")).await?;
    /// println!("{:?}", updated.agent.updated_at);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Awaiting it fails if the agent id is invalid, or for any other reason in [`ErrorKind`].
    pub fn update(&self, agent_id: impl Into<String>, update: impl Borrow<UpdateAgent>) -> UpdateCall {
        UpdateCall::new(self.clone(), agent_id.into(), update.borrow())
    }
}
