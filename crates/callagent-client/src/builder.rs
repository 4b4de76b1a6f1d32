//! The options of a client.

use std::{fmt, time::Duration};

use callagent::{ACCESS_KEY_HEADER, AgentId, Reader, Secret, WorkspaceId, model::Operation};
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        ACCEPT, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, IF_MATCH, TRANSFER_ENCODING,
        UPGRADE, USER_AGENT,
    },
};
use reqwest::{Url, redirect, retry};
use tokio::sync::Semaphore;

use crate::{
    client::{Client, Inner},
    error::BuildError,
    policy::{Budget, RetryPolicy},
    redact::Secrets,
    tls,
};

/// The time in which a connection must be open. A timeout of it is known to have sent nothing.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The default of [`ClientBuilder::response_limit`].
const RESPONSE_LIMIT: usize = 64 << 20;

/// The default of [`ClientBuilder::concurrency`].
const CONCURRENCY: usize = 100;

/// The headers that the client or HTTP sets.
const OWN_HEADERS: [HeaderName; 10] = [
    HeaderName::from_static(WorkspaceId::HEADER),
    ACCEPT,
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    EXPECT,
    HOST,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The options of a [`Client`]. The base URL and the workspace are required.
///
/// ```
/// use std::time::Duration;
/// use callagent_client::{Client, RetryPolicy};
///
/// let client = Client::builder()
///     .base_url("https://agents.example.com/eu")
///     .workspace("acme")
///     .access_key("key-of-acme")
///     .retry(RetryPolicy::new().deadline(Duration::from_secs(10)))
///     .build()?;
/// assert_eq!(client.base_url(), "https://agents.example.com/eu");
/// # Ok::<(), callagent_client::BuildError>(())
/// ```
#[derive(Clone)]
#[must_use = "options have no effect without `build`"]
pub struct ClientBuilder {
    base_url: Option<String>,
    workspace: Option<String>,
    access_key: Option<Secret>,
    headers: Vec<(String, Secret, bool)>,
    user_agent: String,
    root_certificates: Vec<Vec<u8>>,
    proxy: Proxy,
    http: Option<reqwest::Client>,
    policy: RetryPolicy,
    reader: Reader,
    response_limit: usize,
    concurrency: usize,
}

/// Which proxy is used.
#[derive(Clone)]
enum Proxy {
    System,
    None,
    Url(Secret),
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        ClientBuilder {
            base_url: None,
            workspace: None,
            access_key: None,
            headers: Vec::new(),
            user_agent: concat!("callagent-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            root_certificates: Vec::new(),
            proxy: Proxy::System,
            http: None,
            policy: RetryPolicy::new(),
            reader: Reader::new(),
            response_limit: RESPONSE_LIMIT,
            concurrency: CONCURRENCY,
        }
    }

    /// Sets the URL that the path of the call is appended to, such as `https://agents.example.com` or one with a path.
    pub fn base_url(self, url: impl Into<String>) -> Self {
        ClientBuilder { base_url: Some(url.into()), ..self }
    }

    /// Sets the id of the workspace that the agents belong to.
    pub fn workspace(self, id: impl Into<String>) -> Self {
        ClientBuilder { workspace: Some(id.into()), ..self }
    }

    /// Sets the access key, which is sent in `x-api-key` and never shown.
    pub fn access_key(self, key: impl Into<String>) -> Self {
        ClientBuilder { access_key: Some(Secret::new(key)), ..self }
    }

    /// Adds a header to every request.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), Secret::new(value), false));
        self
    }

    /// Adds a header with a value that is never shown, such as `Authorization`.
    pub fn secret_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), Secret::new(value), true));
        self
    }

    /// Sets the `User-Agent`. By default, it is the name and version of this crate.
    pub fn user_agent(self, name: impl Into<String>) -> Self {
        ClientBuilder { user_agent: name.into(), ..self }
    }

    /// Trusts certificates in PEM, in addition to those of the system.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Uses a proxy. By default, the variables `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` and the settings of
    /// the system decide.
    pub fn proxy(self, url: impl Into<String>) -> Self {
        ClientBuilder { proxy: Proxy::Url(Secret::new(url)), ..self }
    }

    /// Uses no proxy.
    pub fn no_proxy(self) -> Self {
        ClientBuilder { proxy: Proxy::None, ..self }
    }

    /// Uses a `reqwest` client, with its connections, proxies and certificates. Unless the program enables a feature of
    /// `reqwest` for TLS, building one needs a [`tls_backend_preconfigured`](reqwest::ClientBuilder).
    ///
    /// It should follow no redirects ([`reqwest::redirect::Policy::none`]): `reqwest` removes `Authorization` from a
    /// request to another host, but not `x-api-key`. It should have a timeout for connections, since an update is
    /// otherwise assumed to be sent when time is up.
    pub fn reqwest_client(self, client: reqwest::Client) -> Self {
        ClientBuilder { http: Some(client), ..self }
    }

    /// Sets when updates are repeated. [`RetryPolicy::none`] switches that off.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        ClientBuilder { policy, ..self }
    }

    /// Sets the reader that checks updates before they are sent. A tolerant one allows values that this version of the
    /// contract does not know.
    pub fn reader(self, reader: Reader) -> Self {
        ClientBuilder { reader, ..self }
    }

    /// Sets the maximum size of the body of a response in bytes. The default is 64 MiB.
    pub fn response_limit(self, bytes: usize) -> Self {
        ClientBuilder { response_limit: bytes, ..self }
    }

    /// Sets the maximum number of requests at a time. Further updates wait, up to their deadline. Since connections are
    /// reused, there are about as many of them. The default is 100.
    pub fn concurrency(self, requests: usize) -> Self {
        ClientBuilder { concurrency: requests.clamp(1, Semaphore::MAX_PERMITS), ..self }
    }

    /// Creates the client.
    ///
    /// # Errors
    /// If the base URL or the workspace is missing, or an option is invalid.
    pub fn build(self) -> Result<Client, BuildError> {
        let base_url = base_url(self.base_url.as_deref())?;
        let (headers, secrets) = self.headers()?;
        let http = match self.http {
            Some(http) if self.root_certificates.is_empty() && matches!(self.proxy, Proxy::System) => http,
            Some(_) => return Err(fail("set proxies and root certificates on the client of `reqwest_client`")),
            None => http(&self.root_certificates, &self.proxy, base_url.scheme() == "https")?,
        };
        let ClientBuilder { policy, reader, response_limit, concurrency, .. } = self;
        let (budget, permits) = (Budget::new(&policy), Semaphore::new(concurrency));
        let inner = Inner { http, base_url, headers, secrets, policy, budget, reader, response_limit, permits };
        Ok(Client::from_inner(inner))
    }

    /// Returns the headers of every request, and the secrets in them.
    fn headers(&self) -> Result<(HeaderMap, Secrets), BuildError> {
        let workspace = self.workspace.as_deref().ok_or_else(|| fail("set the `workspace`"))?;
        let workspace = WorkspaceId::new(workspace).map_err(|error| fail(error.to_string()))?;
        let mut headers = HeaderMap::new();
        let json = HeaderValue::from_static(Operation::MEDIA_TYPE);
        headers.insert(WorkspaceId::HEADER, header_value(WorkspaceId::HEADER, workspace.as_str())?);
        headers.insert(CONTENT_TYPE, json);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, application/problem+json"));
        headers.insert(USER_AGENT, header_value(USER_AGENT.as_str(), &self.user_agent)?);
        let mut secrets = Secrets::default();
        let access_key = self.access_key.iter().map(|key| (ACCESS_KEY_HEADER, key, true));
        let others = self.headers.iter().map(|(name, value, is_secret)| (name.as_str(), value, *is_secret));
        for (name, value, is_secret) in others.clone().chain(access_key) {
            let mut value_of_header = header_value(name, value.expose())?;
            if is_secret {
                value_of_header.set_sensitive(true);
                secrets.add(value.expose());
            }
            headers.append(header_name(name)?, value_of_header);
        }
        for (name, ..) in others {
            reserve(&header_name(name)?)?;
        }
        Ok((headers, secrets))
    }
}

fn fail(message: impl Into<String>) -> BuildError {
    BuildError(message.into())
}

fn header_name(name: &str) -> Result<HeaderName, BuildError> {
    name.parse().map_err(|_| fail(format!("{name:?} is not the name of a header")))
}

/// The error does not show the value, which may be a secret.
fn header_value(name: &str, value: &str) -> Result<HeaderValue, BuildError> {
    let value = HeaderValue::from_str(value).ok().filter(|value| !value.is_empty());
    value.ok_or_else(|| fail(format!("the value of the header {name:?} is empty or not visible ASCII")))
}

/// Refuses a header that is set in another way.
fn reserve(name: &HeaderName) -> Result<(), BuildError> {
    let option = match name {
        name if name == ACCESS_KEY_HEADER => "use `access_key`",
        name if name == IF_MATCH => "use `UpdateCall::if_match`",
        name if name == USER_AGENT => "use `user_agent`",
        name if OWN_HEADERS.contains(name) => "the client sets it",
        _ => return Ok(()),
    };
    Err(fail(format!("the header `{name}` cannot be added; {option}")))
}

fn base_url(url: Option<&str>) -> Result<Url, BuildError> {
    let url = url.ok_or_else(|| fail("set the `base_url`"))?;
    let expected = || fail("expected a base URL such as `https://agents.example.com`");
    let mut url = Url::parse(url).map_err(|_| expected())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(expected());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(fail("expected a base URL without a user or password; pass credentials with `secret_header`"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(fail("expected a base URL without a query or fragment"));
    }
    // The URL of the call itself is an easy mistake.
    let call = AgentId::PATH_PREFIX.trim_end_matches('/');
    if let Some((before, _)) = url.path().to_owned().split_once(call) {
        url.set_path(before);
    }
    Ok(url)
}

fn http(root_certificates: &[Vec<u8>], proxy: &Proxy, needs_tls: bool) -> Result<reqwest::Client, BuildError> {
    let mut roots = Vec::new();
    for pem in root_certificates {
        roots.extend(tls::certificates(pem)?);
    }
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::config(roots, needs_tls)?)
        .redirect(redirect::Policy::none())
        // The policy of this client counts every request.
        .retry(retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .referer(false);
    let builder = match proxy {
        Proxy::System => builder,
        Proxy::None => builder.no_proxy(),
        Proxy::Url(url) => {
            let proxy = reqwest::Proxy::all(url.expose());
            builder.proxy(proxy.map_err(|_| fail("expected the URL of a proxy, such as `http://proxy:3128`"))?)
        }
    };
    builder.build().map_err(|error| fail(error.without_url().to_string()))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ClientBuilder { workspace, policy, .. } = self;
        let builder = &mut out.debug_struct("ClientBuilder");
        builder.field("workspace", workspace).field("policy", policy).finish_non_exhaustive()
    }
}
