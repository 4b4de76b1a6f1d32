//! `callagent put`: updates an agent on a server.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    time::Duration,
};

use callagent::{AgentId, IfMatch, Reader, UpdateAgent, WorkspaceId, tools::USUAL_LIMIT};
use callagent_client::{Client, ClientBuilder, ErrorKind, RetryPolicy, UpdateCall, UpdateError, Updated};
use callagent_verify::Request;
use clap::Args;

use crate::{
    Outcome,
    credentials::{CredentialArguments, Credentials, Header},
    documents::Document,
    failure::Failure,
    formats::Format,
    input,
    source::Source,
    terminal, time,
    tolerance::AcceptedValues,
    validate,
};

/// The longest time for an update.
const MAX_TIME: Duration = Duration::from_secs(60 * 60);

/// The longest body in a `curl` line. Systems limit the length of an argument.
const MAX_BODY: usize = 64 << 10;

/// The maximum number of violations shown of a response.
const MAX_VIOLATIONS: usize = 100;

/// Update an agent on a server, and print the agent as it is afterwards.
///
/// The update is checked before it is sent. If it is invalid, nothing is sent, and the violations are reported as by
/// `callagent validate`.
///
/// An update whose outcome is unknown, for example because the connection broke, is sent again. If another client changes
/// the agent in between, the second attempt overwrites that change, unless --if-match is given.
///
/// Exit status: 0 the agent is updated; 1 the update is invalid, the server refused it with violations, or the agent is
/// not in the state that --if-match requires; 2 any other error.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The agent.
    #[arg(value_name = "AGENT_ID")]
    agent: AgentId,
    /// The update: a file, or `-` for standard input.
    file: PathBuf,
    /// The workspace of the agent.
    #[arg(long, env = "CALLAGENT_WORKSPACE", value_name = "ID")]
    workspace: WorkspaceId,
    /// The URL before the path of the call, such as `https://agents.example.com`.
    #[arg(long, env = "CALLAGENT_BASE_URL", value_name = "URL", hide_env_values = true)]
    base_url: String,
    /// Update the agent only in the state with this entity tag, which an earlier update printed: for example `"17"`, or
    /// `17` without the quotes.
    #[arg(long, value_name = "TAG", value_parser = condition)]
    if_match: Option<IfMatch>,
    #[command(flatten)]
    credentials: CredentialArguments,
    /// Trust the certificates in this PEM file, in addition to those of the system.
    #[arg(long, value_name = "FILE")]
    root_certificate: Option<PathBuf>,
    #[command(flatten)]
    accepted: AcceptedValues,
    /// The time for the update, with all its attempts.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = timeout)]
    timeout: Duration,
    /// The maximum number of attempts.
    #[arg(long, value_name = "N", default_value_t = RetryPolicy::DEFAULT_ATTEMPTS, value_parser = clap::value_parser!(u32).range(1..=100))]
    attempts: u32,
    /// The format of the report on an invalid update.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Print the request as a `curl` command instead of sending it. Secrets are variables of the shell.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let text = input::read(&arguments.file)?;
    let reader = arguments.accepted.apply(validate::reader_for(arguments.format, USUAL_LIMIT));
    let report = reader.check::<UpdateAgent>(&text);
    let source = Source::new(&arguments.file);
    let document = Document { source: &source, line: None, text: &text };
    if !report.is_valid() {
        validate::print(&document, &report, arguments.format)?;
        return Ok(Outcome::Found);
    }
    if report.advisory_count() > 0 {
        validate::print_to_stderr(&document, &report);
    }
    // The text was checked with the same rules.
    let update = reader.read(&text).map_err(|error| Failure::Server(error.to_string()))?;
    let credentials = arguments.credentials.read()?;
    let call = arguments.client(reader, &credentials)?.update(arguments.agent.as_str(), &update);
    let call = arguments.if_match.iter().cloned().fold(call, UpdateCall::if_match);
    if arguments.dry_run {
        let command = curl(&call, &credentials)?;
        writeln!(io::stdout(), "{command}").map_err(Failure::Output)?;
        return Ok(Outcome::Well);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::Thread)?;
    match runtime.block_on(call.send()) {
        Ok(updated) => print(&updated),
        Err(error) => refused(&error),
    }
}

impl Arguments {
    fn client(&self, reader: Reader, Credentials { access_key, headers }: &Credentials) -> Result<Client, Failure> {
        let builder = Client::builder()
            .base_url(&self.base_url)
            .workspace(self.workspace.as_str())
            .user_agent(concat!("callagent/", env!("CARGO_PKG_VERSION")))
            .reader(reader)
            .retry(RetryPolicy::new().attempts(self.attempts).deadline(self.timeout));
        let certificates = self.root_certificate.as_deref().map(input::read).transpose()?;
        let builder = certificates.into_iter().fold(builder, ClientBuilder::root_certificate);
        let builder = access_key.iter().fold(builder, ClientBuilder::access_key);
        let builder =
            headers.iter().fold(builder, |builder, Header { name, value, .. }| builder.secret_header(name, value));
        builder.build().map_err(|error| Failure::Usage(error.to_string()))
    }
}

/// Returns the request as a `curl` command.
fn curl(call: &UpdateCall, credentials: &Credentials) -> Result<String, Failure> {
    let request = call.request().map_err(|error| Failure::Server(error.to_string()))?;
    let (url, body) = (request.url(), request.body().and_then(|body| body.as_bytes()).unwrap_or_default());
    let mut headers = request.headers().clone();
    for (name, _) in credentials.variables() {
        headers.remove(&name);
    }
    let request = Request {
        method: request.method().clone(),
        path: url.path().to_owned(),
        headers,
        body: body.to_vec(),
        has_access_key: true,
    };
    let mut origin = url.clone();
    origin.set_path("");
    Ok(request.to_curl(origin.as_str().trim_end_matches('/'), &credentials.variables(), MAX_BODY))
}

/// Prints the agent, and its state for `--if-match`.
fn print(updated: &Updated) -> Result<Outcome, Failure> {
    terminal::print_document(&updated.agent).map_err(Failure::Output)?;
    let mut message = "updated the agent".to_owned();
    if let Some(tag) = &updated.etag {
        message += &format!("; its entity tag is {tag}");
    }
    if updated.attempts > 1 {
        message += &format!("; it took {} attempts", updated.attempts);
    }
    terminal::print(message);
    Ok(Outcome::Well)
}

/// Reports why the agent was not updated.
fn refused(error: &UpdateError) -> Result<Outcome, Failure> {
    let violations = error.violations();
    let is_refused = !violations.is_empty() || matches!(error.kind(), ErrorKind::PreconditionFailed(_));
    if !is_refused {
        return Err(Failure::Server(error.to_string()));
    }
    // The message has the first one.
    terminal::print(error);
    for violation in violations.iter().take(MAX_VIOLATIONS).skip(1) {
        let message = violation.message.as_ref().unwrap_or(&violation.code);
        terminal::print(format!("{}: {message}", violation.pointer));
    }
    Ok(Outcome::Found)
}

/// Parses an entity tag or a list of them. A shell removes quotes, so a tag without them is accepted.
fn condition(argument: &str) -> Result<IfMatch, String> {
    let quoted = || if argument.contains([',', ' ', '"']) { None } else { format!("\"{argument}\"").parse().ok() };
    argument.parse().or_else(|error: callagent::InvalidETag| quoted().ok_or_else(|| error.to_string()))
}

fn timeout(argument: &str) -> Result<Duration, String> {
    time::parse_limit(argument, MAX_TIME)
}
