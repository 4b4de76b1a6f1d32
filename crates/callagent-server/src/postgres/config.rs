//! The URL of a PostgreSQL database.

use std::{borrow::Cow, error::Error, fmt, path::PathBuf, str::FromStr, time::Duration};

use callagent::Secret;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use tokio_postgres::config::{SslMode, TargetSessionAttrs};

/// The default number of connections of a process.
const CONNECTIONS: usize = 16;

/// The maximum number of connections of a process.
const MAX_CONNECTIONS: usize = 1024;

/// The port if a host has none.
const PORT: u16 = 5432;

/// How long to wait for a connection, and for the other side to acknowledge data.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const NETWORK_TIMEOUT: Duration = Duration::from_secs(10);

/// What is encoded where a URL is shown.
const SHOWN: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'/').add(b':').add(b'?').add(b'@');

/// Where a PostgreSQL database is, and how to connect to it.
///
/// It is parsed from a URL. `Display` and `Debug` leave out the password.
///
/// ```
/// use callagent_server::PostgresConfig;
///
/// let config: PostgresConfig = "postgres://callagent:sk-1234@db.example/agents?sslmode=verify-full".parse()?;
/// assert_eq!(config.to_string(), "postgres://callagent@db.example:5432/agents?sslmode=verify-full");
/// # Ok::<(), callagent_server::InvalidPostgresUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresConfig(Box<Parts>);

#[derive(Clone, PartialEq, Eq)]
struct Parts {
    user: Option<String>,
    password: Option<Secret>,
    /// At least one. A host that begins with `/` is the folder of a socket.
    hosts: Vec<(String, u16)>,
    name: Option<String>,
    tls: Tls,
    root_certificates: Option<PathBuf>,
    is_pooled: bool,
    connections: usize,
}

/// Whether connections are encrypted. Certificates are always verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    Disable,
    Prefer,
    VerifyFull,
}

/// The error of a URL that is not one of a PostgreSQL database. It contains nothing of the URL, which may have a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPostgresUrl(&'static str);

impl PostgresConfig {
    /// Returns whether the URL has a password.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.0.password.is_some()
    }

    /// Returns whether a pooler in transaction mode is between. Each transaction may then have another connection, so that
    /// nothing is kept in a connection.
    pub(super) fn is_pooled(&self) -> bool {
        self.0.is_pooled
    }

    pub(super) fn connections(&self) -> usize {
        self.0.connections
    }

    pub(super) fn root_certificates(&self) -> Option<&PathBuf> {
        self.0.root_certificates.as_ref()
    }

    pub(super) fn needs_tls(&self) -> bool {
        self.0.tls == Tls::VerifyFull
    }

    /// Returns the configuration of a connection.
    pub(super) fn to_config(&self) -> tokio_postgres::Config {
        let parts = &*self.0;
        let mut config = tokio_postgres::Config::new();
        for (host, port) in &parts.hosts {
            config.host(host).port(*port);
        }
        if let Some(user) = &parts.user {
            config.user(user);
        }
        if let Some(password) = &parts.password {
            config.password(password.expose());
        }
        if let Some(name) = &parts.name {
            config.dbname(name);
        }
        // Of several, the one that takes writes.
        if parts.hosts.len() > 1 {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        config.ssl_mode(match parts.tls {
            Tls::Disable => SslMode::Disable,
            Tls::Prefer => SslMode::Prefer,
            Tls::VerifyFull => SslMode::Require,
        });
        config.application_name("callagent");
        config.connect_timeout(CONNECT_TIMEOUT).tcp_user_timeout(NETWORK_TIMEOUT).keepalives_idle(NETWORK_TIMEOUT);
        config
    }
}

impl FromStr for PostgresConfig {
    type Err = InvalidPostgresUrl;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
        let rest = rest.ok_or(InvalidPostgresUrl("expected a URL that begins with `postgres://`"))?;
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (authority, name) = rest.split_once('/').map_or((rest, None), |(rest, name)| (rest, Some(name)));
        let (user, hosts) = authority.rsplit_once('@').map_or((None, authority), |(user, hosts)| (Some(user), hosts));
        // A password with a delimiter would be read as another part, and shown.
        let parts = [user.unwrap_or_default(), name.unwrap_or_default(), query.unwrap_or_default()];
        if parts.iter().any(|part| part.contains(['@', '#'])) || url.contains('#') {
            return Err(InvalidPostgresUrl(
                "expected `@`, `/`, `?`, `#` and `%` in the user and the password as `%40`, `%2F`, `%3F`, `%23` and `%25`",
            ));
        }
        let (user, password) = match user.map(|user| user.split_once(':').unwrap_or((user, ""))) {
            None => (None, None),
            Some((user, password)) => (Some(decode(user)?), Some(decode(password)?)),
        };
        let filled = |text: &String| !text.is_empty();
        let mut parts = Parts {
            user: user.filter(filled),
            password: password.filter(filled).map(Secret::new),
            hosts: hosts.split(',').map(host).collect::<Result<_, _>>()?,
            name: name.map(decode).transpose()?.filter(filled),
            tls: Tls::Prefer,
            root_certificates: None,
            is_pooled: false,
            connections: CONNECTIONS,
        };
        for parameter in query.unwrap_or_default().split('&').filter(|parameter| !parameter.is_empty()) {
            parts.set(parameter)?;
        }
        Ok(PostgresConfig(Box::new(parts)))
    }
}

impl Parts {
    fn set(&mut self, parameter: &str) -> Result<(), InvalidPostgresUrl> {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = decode(value)?;
        match (name, value.as_str()) {
            ("sslmode", "disable") => self.tls = Tls::Disable,
            ("sslmode", "prefer") => self.tls = Tls::Prefer,
            ("sslmode", "require" | "verify-full") => self.tls = Tls::VerifyFull,
            ("sslmode", _) => {
                return Err(InvalidPostgresUrl(
                    "expected `disable`, `prefer`, `require` or `verify-full` as `sslmode`; certificates are always verified",
                ));
            }
            ("sslrootcert", path) => self.root_certificates = Some(path.into()),
            ("pooler", "transaction") => self.is_pooled = true,
            ("pooler", _) => return Err(InvalidPostgresUrl("expected `transaction` as `pooler`")),
            ("connections", number) => {
                let number = number.parse().ok().filter(|number| (1..=MAX_CONNECTIONS).contains(number));
                self.connections =
                    number.ok_or(InvalidPostgresUrl("expected a number from 1 to 1024 as `connections`"))?;
            }
            _ => {
                return Err(InvalidPostgresUrl(
                    "expected only the parameters `sslmode`, `sslrootcert`, `pooler` and `connections`",
                ));
            }
        }
        Ok(())
    }
}

/// Parses a host with or without a port, also an IPv6 address in brackets, and an encoded folder of a socket.
fn host(text: &str) -> Result<(String, u16), InvalidPostgresUrl> {
    let (host, port) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((address, "")) => (address, None),
        Some((address, port)) => (address, Some(port.strip_prefix(':').ok_or(InvalidPostgresUrl(HOST))?)),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map_or(Ok(PORT), |port| port.parse().map_err(|_| InvalidPostgresUrl(HOST)))?;
    let host = decode(host)?;
    if host.is_empty() { Err(InvalidPostgresUrl(HOST)) } else { Ok((host, port)) }
}

const HOST: &str = "expected a host with or without a port, such as `db.example:5432`, or the folder of a socket, such as \
                    `%2Fvar%2Frun%2Fpostgresql`";

fn decode(text: &str) -> Result<String, InvalidPostgresUrl> {
    let is_escape =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let decoded = percent_decode_str(text).decode_utf8().ok().filter(|_| text.split('%').skip(1).all(is_escape));
    let decoded = decoded.filter(|text| !text.contains('\0')).map(Cow::into_owned);
    decoded.ok_or(InvalidPostgresUrl("expected `%` only before two hexadecimal digits, and UTF-8 without NUL"))
}

impl fmt::Display for PostgresConfig {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encode = |text| utf8_percent_encode(text, SHOWN);
        let Parts { user, password: _, hosts, name, tls, root_certificates, is_pooled, connections } = &*self.0;
        out.write_str("postgres://")?;
        if let Some(user) = user {
            write!(out, "{}@", encode(user))?;
        }
        for (index, (host, port)) in hosts.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            if host.contains(':') {
                write!(out, "{separator}[{host}]:{port}")?;
            } else {
                write!(out, "{separator}{}:{port}", encode(host))?;
            }
        }
        if let Some(name) = name {
            write!(out, "/{}", encode(name))?;
        }
        let tls = match tls {
            Tls::Disable => Some("sslmode=disable".to_owned()),
            Tls::Prefer => None,
            Tls::VerifyFull => Some("sslmode=verify-full".to_owned()),
        };
        let certificates = root_certificates.as_ref().map(|path| format!("sslrootcert={}", path.display()));
        let pooler = is_pooled.then(|| "pooler=transaction".to_owned());
        let connections = (*connections != CONNECTIONS).then(|| format!("connections={connections}"));
        for (index, parameter) in [tls, certificates, pooler, connections].into_iter().flatten().enumerate() {
            write!(out, "{}{parameter}", if index == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

impl fmt::Debug for PostgresConfig {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("PostgresConfig").field(&self.to_string()).finish()
    }
}

impl fmt::Display for InvalidPostgresUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl Error for InvalidPostgresUrl {}
