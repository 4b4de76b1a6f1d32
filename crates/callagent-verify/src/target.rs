//! The server under test, and the agent that the test changes.

use std::{error::Error, fmt, sync::Arc};

use bytes::Bytes;
use callagent::{ACCESS_KEY_HEADER, AgentId, UPDATE_AGENT, WorkspaceId, model::Operation};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{CONTENT_TYPE, HOST},
};
use http_body::Body;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::connect::HttpConnector,
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::io::{DuplexStream, duplex};
use tower::Service;

use crate::request::Request;

/// The bytes that a connection within the process holds in each direction.
const PIPE: usize = 64 * 1024;

/// The server under test, and the agent that the test changes.
#[derive(Clone)]
pub struct Target {
    pub(crate) server: Server,
    /// Scheme, host and path before that of the call, without a slash at the end.
    base_url: String,
    pub(crate) base_path: String,
    pub(crate) workspace: WorkspaceId,
    pub(crate) agent: AgentId,
    pub(crate) access_key: Option<HeaderValue>,
    pub(crate) headers: HeaderMap,
}

/// How to connect to the server.
#[derive(Clone)]
pub(crate) enum Server {
    Network {
        connector: HttpsConnector<HttpConnector>,
        url: Uri,
    },
    /// Serves a connection within the process.
    InProcess(Arc<dyn Fn(DuplexStream) + Send + Sync>),
}

/// A URL, a header or a key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTarget(String);

impl fmt::Display for InvalidTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for InvalidTarget {}

impl Target {
    /// A server at a URL. The path of the call is appended to the URL.
    ///
    /// # Errors
    /// If it is not a URL with the scheme `http` or `https`, or if it has a query or a user, or if the certificates of the
    /// system cannot be loaded.
    pub fn new(url: &str, workspace: WorkspaceId, agent: AgentId) -> Result<Self, InvalidTarget> {
        let expected = || InvalidTarget("expected a URL such as http://127.0.0.1:8080".to_owned());
        let uri: Uri = url.trim_end_matches('/').parse().map_err(|_| expected())?;
        let authority = uri.authority().filter(|authority| !authority.host().is_empty()).ok_or_else(expected)?;
        if authority.as_str().contains('@') {
            return Err(InvalidTarget(
                "expected a URL without a user or password; pass credentials as headers".to_owned(),
            ));
        }
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or_else(expected)?;
        if uri.query().is_some() {
            return Err(InvalidTarget("expected a URL without a query".to_owned()));
        }
        let mut base_path = uri.path().trim_end_matches('/').to_owned();
        // The URL of the call itself is an easy mistake.
        if let Some(before) = base_path.find(AgentId::PATH_PREFIX.trim_end_matches('/')) {
            base_path.truncate(before);
        }
        let tls = HttpsConnectorBuilder::new().with_native_roots();
        let tls = tls.map_err(|error| InvalidTarget(format!("cannot load the certificates of the system: {error}")))?;
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        let connector = tls.https_or_http().enable_http1().wrap_connector(http);
        let base_url = format!("{scheme}://{authority}{base_path}");
        Ok(Target::of(Server::Network { connector, url: uri.clone() }, base_url, base_path, workspace, agent))
    }

    /// A server in this process: a service of `tower`, such as a router of `axum`. It is served over pipes in memory, so
    /// that the requests are the same bytes as over a network.
    pub fn service<S, B>(service: S, workspace: WorkspaceId, agent: AgentId) -> Self
    where
        S: Service<http::Request<Incoming>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        S::Error: Into<Box<dyn Error + Send + Sync>>,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let serve = move |pipe| {
            let service = TowerToHyperService::new(service.clone());
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder.timer(TokioTimer::new());
            let connection = builder.serve_connection(TokioIo::new(pipe), service);
            tokio::spawn(async move {
                // The client sees the error as a closed connection.
                drop(connection.await);
            });
        };
        let base_url = "http://localhost".to_owned();
        Target::of(Server::InProcess(Arc::new(serve)), base_url, String::new(), workspace, agent)
    }

    fn of(server: Server, base_url: String, base_path: String, workspace: WorkspaceId, agent: AgentId) -> Self {
        Target { server, base_url, base_path, workspace, agent, access_key: None, headers: HeaderMap::new() }
    }

    /// Sets the access key, which is sent in `x-api-key` and never shown.
    ///
    /// # Errors
    /// If no header can hold it.
    pub fn access_key(mut self, key: &str) -> Result<Self, InvalidTarget> {
        let key = HeaderValue::from_str(key).ok().filter(|key| !key.is_empty());
        let mut key = key.ok_or_else(|| InvalidTarget("the access key is empty or not visible ASCII".to_owned()))?;
        key.set_sensitive(true);
        self.access_key = Some(key);
        Ok(self)
    }

    /// Adds a header to every request. Its value is never shown, since it may be a credential.
    ///
    /// # Errors
    /// If it is not a header, or one that the test sets itself.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, InvalidTarget> {
        let name: HeaderName =
            name.parse().map_err(|_| InvalidTarget(format!("`{name}` is not the name of a header")))?;
        let own = [WorkspaceId::HEADER, CONTENT_TYPE.as_str(), "if-match", "content-length", HOST.as_str()];
        if own.contains(&name.as_str()) {
            return Err(InvalidTarget(format!("the test sets the header `{name}` itself")));
        }
        let mut value =
            HeaderValue::from_str(value).map_err(|_| InvalidTarget(format!("the value of `{name}` is not valid")))?;
        value.set_sensitive(true);
        self.headers.append(name, value);
        Ok(self)
    }

    /// Returns the URL that the path of the call is appended to.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the workspace of the agent.
    #[must_use]
    pub fn workspace(&self) -> &WorkspaceId {
        &self.workspace
    }

    /// Returns the agent that the test changes.
    #[must_use]
    pub fn agent(&self) -> &AgentId {
        &self.agent
    }

    /// Returns the headers with credentials, and the variables that hold their values in `curl` lines.
    #[must_use]
    pub fn credentials(&self) -> Vec<(String, String)> {
        let variable = |name: &HeaderName| name.as_str().to_ascii_uppercase().replace('-', "_");
        let key = self.access_key.iter().map(|_| (ACCESS_KEY_HEADER.to_owned(), "CALLAGENT_ACCESS_KEY".to_owned()));
        key.chain(self.headers.keys().map(|name| (name.to_string(), variable(name)))).collect()
    }

    /// Creates an update of the agent.
    pub(crate) fn update(&self, body: impl Into<Vec<u8>>) -> Request {
        let workspace = HeaderValue::from_str(self.workspace.as_str()).expect("a workspace id is a header value");
        let headers = [
            (HeaderName::from_static(WorkspaceId::HEADER), workspace),
            (CONTENT_TYPE, HeaderValue::from_static(Operation::MEDIA_TYPE)),
        ];
        Request {
            method: Method::from_bytes(UPDATE_AGENT.method.as_str().as_bytes()).expect("a standard method"),
            path: self.agent.path(),
            headers: headers.into_iter().collect(),
            body: body.into(),
            has_access_key: true,
        }
    }

    /// Returns the host for the header of that name.
    pub(crate) fn host(&self) -> &str {
        match &self.server {
            Server::Network { url, .. } => url.authority().map_or("", |authority| authority.as_str()),
            Server::InProcess(_) => "localhost",
        }
    }

    /// Opens a pipe to a server in this process.
    pub(crate) fn pipe(serve: &(dyn Fn(DuplexStream) + Send + Sync)) -> DuplexStream {
        let (client, server) = duplex(PIPE);
        serve(server);
        client
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Target { base_url, workspace, agent, .. } = self;
        let target = &mut out.debug_struct("Target");
        target.field("base_url", base_url).field("workspace", workspace).field("agent", agent).finish_non_exhaustive()
    }
}

/// The type of bodies that are sent.
pub(crate) type Sent = http_body_util::combinators::UnsyncBoxBody<Bytes, std::convert::Infallible>;
