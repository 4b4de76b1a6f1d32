//! The arguments of `callagent serve`.

use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    num::NonZeroUsize,
    path::PathBuf,
    time::Duration,
};

use callagent::{Reader, WorkspaceId};
use callagent_axum::UpdateConfig;
use callagent_server::{Fault, RateLimit, ServerOptions, Tls};
use clap::Args;

use super::logging::{Level, LogFormat};
use crate::{
    database::DatabaseArguments,
    failure::Failure,
    time::{self, shown},
    tolerance::Tolerance,
};

/// The time in which a request must be complete, at most.
const MAX_REQUEST_TIME: Duration = Duration::from_secs(60);

/// Answer the call on an embedded database. Every answered update is on disk.
///
/// Stop it with Ctrl-C or SIGTERM: it finishes the requests that are being served, commits all updates, and exits with
/// status 0. A second signal exits at once.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Read settings from this TOML file: the names of the flags without the dashes, such as `listen = "127.0.0.1:80"`.
    /// Flags and environment variables replace them.
    #[arg(long, env = "CALLAGENT_CONFIG", hide_env_values = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on.
    #[arg(long, env = "CALLAGENT_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub(super) listen: SocketAddr,
    #[command(flatten)]
    pub(super) database: DatabaseArguments,
    /// Serve the agents in this file from memory, without a database. Can be repeated.
    #[arg(long, value_name = "FILE", requires = "workspace", conflicts_with_all = ["database", "database_url_file"])]
    agents: Vec<PathBuf>,
    /// The workspace of the agents in `--agents`.
    #[arg(long, env = "CALLAGENT_WORKSPACE", value_name = "ID")]
    workspace: Option<WorkspaceId>,
    /// Treat each non-blank line of the files in `--agents` as an agent.
    #[arg(long, requires = "agents")]
    pub(super) lines: bool,
    /// Check no access keys: everyone who reaches the server may change every agent.
    #[arg(long)]
    pub(super) no_auth: bool,
    /// The number of calls of each workspace per second, minute or hour, and how many may come at once: for example `10/s`,
    /// `600/m` or `10/s,50` [default: no limit].
    #[arg(long, value_name = "RATE")]
    rate_limit: Option<RateLimit>,
    /// Serve HTTPS with this certificate and those that it depends on, as PEM. SIGHUP reads it again.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    #[command(flatten)]
    tolerance: Tolerance,
    #[command(flatten)]
    limits: Limits,
    /// Let this share of the calls fail before they have an effect, for tests of clients: for example `503=0.1`. Can be
    /// repeated.
    #[arg(long, value_name = "STATUS=RATE")]
    fault: Vec<Fault>,
    /// Delay each call, for tests of clients: for example `200ms`.
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = duration)]
    latency: Duration,
    /// The least important events that are logged to standard error.
    #[arg(long, env = "CALLAGENT_LOG", value_enum, value_name = "LEVEL", default_value_t = Level::Info)]
    pub(super) log: Level,
    /// The format of logs.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text)]
    pub(super) log_format: LogFormat,
    /// Print the configuration without secrets, and exit.
    #[arg(long)]
    pub(super) show_config: bool,
}

#[derive(Args)]
struct Limits {
    /// The maximum size of a body in bytes, at least 1 MiB.
    #[arg(long, value_name = "BYTES", default_value_t = UpdateConfig::DEFAULT_BODY_LIMIT, value_parser = body_limit)]
    body_limit: usize,
    /// The maximum size of all bodies that are being received or sent in bytes, at least that of a body.
    #[arg(long, value_name = "BYTES", default_value_t = ServerOptions::DEFAULT_MEMORY)]
    memory_limit: usize,
    /// The maximum number of violations in a response.
    #[arg(long, value_name = "N", default_value_t = UpdateConfig::DEFAULT_FINDING_LIMIT, value_parser = count)]
    finding_limit: usize,
    /// The maximum number of connections.
    #[arg(long, value_name = "N", default_value_t = ServerOptions::DEFAULT_CONNECTIONS, value_parser = count)]
    max_connections: usize,
    /// The time in which the head of a request must arrive.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = limit)]
    head_timeout: Duration,
    /// The time in which the body of a request must arrive, at most 60 s together with the head.
    #[arg(long, value_name = "TIME", default_value = "50s", value_parser = limit)]
    body_timeout: Duration,
    /// The time for which a client may read nothing of a response.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = limit)]
    write_timeout: Duration,
    /// The time that a stop waits for requests that are being served.
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = duration)]
    drain_timeout: Duration,
}

impl Arguments {
    /// Returns the mistakes in what the arguments mean, except for those that depend on an argument with an invalid value.
    pub(crate) fn mistakes(&self, invalid: &[String]) -> Vec<Failure> {
        let limits = &self.limits;
        let mut mistakes = Vec::new();
        let mut expect = |arguments: &[&str], is_right: bool, mistake: &dyn Fn() -> String| {
            if !is_right && !arguments.iter().any(|name| invalid.iter().any(|invalid| invalid == name)) {
                mistakes.push(Failure::Usage(mistake()));
            }
        };
        let time = limits.head_timeout + limits.body_timeout;
        expect(&["head-timeout", "body-timeout"], time <= MAX_REQUEST_TIME, &|| {
            let (expected, found) = (shown(MAX_REQUEST_TIME), shown(time));
            format!("expected at most {expected} for --head-timeout and --body-timeout together, found {found}")
        });
        let Limits { body_limit, memory_limit, .. } = limits;
        expect(&["memory-limit", "body-limit"], memory_limit >= body_limit, &|| {
            format!(
                "expected a --memory-limit of at least the --body-limit of {body_limit} bytes, found {memory_limit}"
            )
        });
        // The sum is rounded.
        let rates = self.fault.iter().map(Fault::rate).sum::<f64>();
        expect(&["fault"], rates <= 1.0 + 1e-9, &|| "expected rates of --fault that add up to at most 1".to_owned());
        if !self.show_config {
            let files = [self.tls().err(), self.database.key_ids().err()];
            mistakes.extend(files.into_iter().flatten());
        }
        mistakes
    }

    /// Checks that those who reach the server need a key, or are meant not to. `has_keys` is whether there is one.
    pub(super) fn check_exposure(&self, has_keys: bool) -> Result<(), Failure> {
        let listen = self.listen;
        if listen.ip().is_loopback() || self.no_auth || has_keys {
            return Ok(());
        }
        Err(Failure::Usage(format!(
            "`{listen}` is reachable from other machines, and there is no access key; grant one with `callagent access \
             grant`, listen on 127.0.0.1, or add --no-auth if everyone who reaches it may change agents"
        )))
    }

    /// Reads the certificate, if there is one.
    pub(super) fn tls(&self) -> Result<Option<Tls>, Failure> {
        let files = self.tls_cert.as_ref().zip(self.tls_key.as_ref());
        files.map(|(certificate, key)| Tls::read(certificate, key)).transpose().map_err(Failure::store)
    }

    /// Returns the agents to serve from memory.
    pub(super) fn agents(&self) -> Result<Option<(&WorkspaceId, &[PathBuf])>, Failure> {
        match &self.workspace {
            _ if self.agents.is_empty() => Ok(None),
            Some(workspace) => Ok(Some((workspace, &self.agents))),
            None => Err(Failure::Usage("--agents requires --workspace".to_owned())),
        }
    }

    pub(super) fn options(&self) -> ServerOptions {
        let limits = &self.limits;
        let mut options = ServerOptions::new();
        if self.no_auth {
            options = options.no_auth();
        }
        if let Some(limit) = self.rate_limit {
            options = options.rate_limit(limit);
        }
        options
            .reader(self.tolerance.apply(Reader::new()))
            .body_limit(limits.body_limit)
            .memory(limits.memory_limit)
            .finding_limit(limits.finding_limit)
            .connections(limits.max_connections)
            .head_timeout(limits.head_timeout)
            .body_timeout(limits.body_timeout)
            .write_timeout(limits.write_timeout)
            .drain(limits.drain_timeout)
            .faults(self.fault.clone())
            .latency(self.latency)
    }

    /// Returns the configuration as lines, without secrets.
    pub(super) fn settings(&self) -> Result<String, Failure> {
        let faults: Vec<_> = self.fault.iter().map(ToString::to_string).collect();
        let limits = &self.limits;
        let config = self.config.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
        let mut settings = vec![("config", config), ("listen", self.listen.to_string())];
        match self.agents()? {
            None => settings.extend(self.database.settings()?),
            Some((workspace, files)) => {
                let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
                settings.extend([("agents", files.join(" ")), ("workspace", workspace.to_string())]);
            }
        }
        let path = |file: &Option<PathBuf>| file.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
        settings.extend([
            ("no-auth", self.no_auth.to_string()),
            ("rate-limit", self.rate_limit.map(|limit| limit.to_string()).unwrap_or_default()),
            ("tls-cert", path(&self.tls_cert)),
            ("tls-key", path(&self.tls_key)),
        ]);
        settings.extend(self.tolerance.settings());
        settings.extend([
            ("body-limit", limits.body_limit.to_string()),
            ("memory-limit", limits.memory_limit.to_string()),
            ("finding-limit", limits.finding_limit.to_string()),
            ("max-connections", limits.max_connections.to_string()),
            ("head-timeout", shown(limits.head_timeout)),
            ("body-timeout", shown(limits.body_timeout)),
            ("write-timeout", shown(limits.write_timeout)),
            ("drain-timeout", shown(limits.drain_timeout)),
            ("fault", faults.join(" ")),
            ("latency", shown(self.latency)),
            ("log", format!("{:?}", self.log).to_lowercase()),
            ("log-format", format!("{:?}", self.log_format).to_lowercase()),
        ]);
        Ok(settings.iter().map(|(name, value)| format!("{name} = {value}\n")).collect())
    }
}

/// Parses an address, also one with a name such as `localhost:8080`.
fn address(argument: &str) -> Result<SocketAddr, String> {
    let expected = || format!("expected an address and a port such as 127.0.0.1:8080, found `{argument}`");
    argument.to_socket_addrs().ok().and_then(|mut found| found.next()).ok_or_else(expected)
}

fn body_limit(argument: &str) -> Result<usize, String> {
    let least = UpdateConfig::MIN_BODY_LIMIT;
    let limit = argument.parse().ok().filter(|limit| *limit >= least);
    limit.ok_or_else(|| format!("expected a number of bytes, at least {least}, found `{argument}`"))
}

fn count(argument: &str) -> Result<usize, String> {
    let count = argument.parse().map(NonZeroUsize::get);
    count.map_err(|_| format!("expected a number from 1 to {}, found `{argument}`", usize::MAX))
}

/// Parses a time such as `10s` or `1m 30s`.
fn duration(argument: &str) -> Result<Duration, String> {
    time::parse(argument, ServerOptions::MAX_TIME)
}

/// Parses a time in which something must happen.
fn limit(argument: &str) -> Result<Duration, String> {
    time::parse_limit(argument, ServerOptions::MAX_TIME)
}
