//! The client, which is shared by all its clones.

use std::{fmt, sync::Arc};

use callagent::{AgentId, Reader};
use http::HeaderMap;
use reqwest::Url;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    builder::ClientBuilder,
    policy::{Budget, RetryPolicy},
    redact::Secrets,
};

/// A client of the call, for one workspace.
///
/// Cloning is cheap, and all clones share connections and the retry budget. Dropping the future of an update cancels it;
/// the server may have received it.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    /// Without a slash at the end.
    pub(crate) base_url: Url,
    /// The headers of every request.
    pub(crate) headers: HeaderMap,
    pub(crate) secrets: Secrets,
    pub(crate) policy: RetryPolicy,
    pub(crate) budget: Budget,
    pub(crate) reader: Reader,
    pub(crate) response_limit: usize,
    pub(crate) permits: Semaphore,
}

impl Client {
    /// Returns the options of a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn from_inner(inner: Inner) -> Self {
        Client(Arc::new(inner))
    }

    /// Returns the URL that the path of the call is appended to.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.0.base_url.as_str().trim_end_matches('/')
    }

    /// Returns the URL of the call.
    pub(crate) fn url(&self, id: &AgentId) -> Url {
        let mut url = self.0.base_url.clone();
        let path = format!("{}{}", url.path().trim_end_matches('/'), id.path());
        url.set_path(&path);
        url
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    pub(crate) fn policy(&self) -> &RetryPolicy {
        &self.0.policy
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.0.budget
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.0.reader
    }

    /// Waits until another request may be sent.
    pub(crate) async fn permit(&self) -> SemaphorePermit<'_> {
        self.0.permits.acquire().await.expect("the semaphore is never closed")
    }

    pub(crate) fn response_limit(&self) -> usize {
        self.0.response_limit
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client = &mut out.debug_struct("Client");
        client.field("base_url", &self.base_url()).field("policy", self.policy()).finish_non_exhaustive()
    }
}
