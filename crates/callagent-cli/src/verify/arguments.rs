//! The arguments of `callagent verify`.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use callagent::{AgentId, WorkspaceId};
use callagent_verify::{Options, Profile, Target};
use clap::{Args, ValueEnum, builder::PossibleValue};

use super::{configuration::Configuration, redact::Redact};
use crate::{
    credentials::{CredentialArguments, Header},
    failure::Failure,
    time,
};

/// The longest time to wait for a response.
const MAX_TIME: Duration = Duration::from_secs(60 * 60);

/// Test whether a server keeps the contract. Use an agent made for the test, since the test changes it.
///
/// The test sends updates to a single agent, and judges the responses. It overwrites every field that an update has. It
/// adds entries to `settings` and `variables`, which the call cannot remove, and an absent field cannot be made absent
/// again. The ElevenLabs key of the agent is changed with --touch-keys only; requests that must be refused may contain a
/// made-up key without it. The report ends with the agent as the test leaves it.
///
/// A complete test sends about 2,800 requests, one at a time except where it tests concurrent updates. Most of them take
/// as long as an update takes: a few seconds altogether on the same machine, a minute with 20 ms per response. It never
/// prompts. Interrupted, it reports the results so far; a second interruption exits at once.
///
/// Exit status: 0 no case failed, or only cases that failed in the baseline; 1 a case failed; 2 the test could not begin:
/// the server does not answer, or the URL, the access key, the workspace or the agent is not right; 130 interrupted.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The URL before the path of the call, such as `http://127.0.0.1:8080`.
    #[arg(value_name = "URL", env = "CALLAGENT_BASE_URL", hide_env_values = true, required_unless_present = "list")]
    url: Option<String>,
    /// The workspace of the agent.
    #[arg(long, env = "CALLAGENT_WORKSPACE", value_name = "ID", required_unless_present = "list")]
    workspace: Option<WorkspaceId>,
    /// The agent that the test changes: an agent made for it.
    #[arg(long, value_name = "ID", required_unless_present = "list")]
    agent: Option<AgentId>,
    #[command(flatten)]
    credentials: CredentialArguments,
    /// What the server is judged by.
    #[arg(long, value_enum, value_name = "PROFILE", default_value_t = ProfileName(Profile::Documented))]
    profile: ProfileName,
    /// Run only these cases: a group, a case, or a group and the number of a case, such as `applies`,
    /// `applies/absent-fields` or `applies/3`. Can be repeated.
    #[arg(long, value_name = "NAME")]
    pub(super) only: Vec<String>,
    /// Leave out these cases. Can be repeated.
    #[arg(long, value_name = "NAME")]
    pub(super) skip: Vec<String>,
    /// Allow updates that store or remove the ElevenLabs key of the agent.
    #[arg(long)]
    touch_keys: bool,
    /// An undocumented field that the agent has, as a JSON Pointer such as `/team`. Every response must have it. Can be
    /// repeated.
    #[arg(long, value_name = "POINTER", value_parser = pointer)]
    undocumented_field: Vec<String>,
    /// Send at most this number of requests per second.
    #[arg(long, value_name = "N", value_parser = rate)]
    rate: Option<f64>,
    /// The time in which a response must be complete.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = timeout)]
    timeout: Duration,
    /// The time after which the remaining cases are skipped [default: 50s, or more if the first response or --rate shows that
    /// the requests take longer].
    #[arg(long, value_name = "TIME", value_parser = timeout)]
    max_time: Option<Duration>,
    /// The seed of random requests; the same seed gives the same requests.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Store the requests in this file, one per line of JSON.
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    pub(super) record: Option<PathBuf>,
    /// Send the requests of this file again, instead of those of the cases.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["list", "record", "only", "skip", "seed"])]
    replay: Option<PathBuf>,
    /// The JSON report of an earlier run. Cases that failed in it do not change the exit status.
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    pub(super) baseline: Option<PathBuf>,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Also show the cases that passed, and all details of failures and advisories, in the human format.
    #[arg(long)]
    pub(super) verbose: bool,
    /// Print the cases, and exit.
    #[arg(long)]
    pub(super) list: bool,
}

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A tree of cases and the details of failures, for people.
    Human,
    /// A JSON object.
    Json,
    /// One line of JSON per case as it ends, and one for the run.
    Ndjson,
    /// Annotations for a GitHub workflow.
    Github,
    /// A SARIF 2.1.0 log.
    Sarif,
    /// JUnit XML.
    Junit,
}

/// The name of a profile.
#[derive(Clone, Copy)]
struct ProfileName(Profile);

impl ValueEnum for ProfileName {
    fn value_variants<'a>() -> &'a [Self] {
        const { &[ProfileName(Profile::Documented), ProfileName(Profile::Strict), ProfileName(Profile::Tolerant)] }
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self.0 {
            Profile::Documented => {
                "What the vendor's page promises; a refusal is any status from 400 to 499. What the page leaves open is \
                 an advisory"
            }
            Profile::Strict => "All of the contract",
            Profile::Tolerant => "All of the contract, for a server that ignores unknown fields in requests",
            _ => return None,
        };
        Some(PossibleValue::new(self.0.as_str()).help(help))
    }
}

/// The server under test, with what must not be shown.
pub(super) struct Server {
    pub(super) target: Target,
    pub(super) configuration: Configuration,
    pub(super) redact: Redact,
}

impl Arguments {
    /// Returns the server under test.
    pub(super) fn server(&self) -> Result<Server, Failure> {
        let (Some(url), Some(workspace), Some(agent)) = (&self.url, &self.workspace, &self.agent) else {
            return Err(Failure::Usage("expected a URL, --workspace and --agent".to_owned()));
        };
        let usage = |error: callagent_verify::InvalidTarget| Failure::Usage(error.to_string());
        let mut target = Target::new(url, workspace.clone(), agent.clone())
            .map_err(|error| Failure::Usage(format!("the URL is not valid: {error}")))?;
        let credentials = self.credentials.read()?;
        if let Some(key) = &credentials.access_key {
            target = target.access_key(key).map_err(usage)?;
        }
        for Header { name, value, .. } in &credentials.headers {
            target = target.header(name, value).map_err(usage)?;
        }
        let values = credentials.headers.iter().map(|header| header.value.clone());
        let redact = Redact::new(credentials.access_key.clone().into_iter().chain(values));
        let configuration = Configuration {
            url: target.base_url().to_owned(),
            workspace: workspace.to_string(),
            agent: agent.to_string(),
            profile: self.profile.0,
            seed: self.seed,
            touch_keys: self.touch_keys,
            undocumented_fields: self.undocumented_field.clone(),
            access_key_file: self.credentials.access_key_file.as_ref().map(|file| file.display().to_string()),
            access_key: credentials.access_key.is_some(),
            headers: credentials.header_variables().collect(),
            credentials: credentials.variables(),
            timeout: time::shown(self.timeout),
            rate: self.rate,
            only: self.only.clone(),
            skip: self.skip.clone(),
            replay: self.replay.as_ref().map(|file| file.display().to_string()),
        };
        Ok(Server { target, configuration, redact })
    }

    pub(super) fn options(&self) -> Options {
        let options = Options::new().profile(self.profile.0).seed(self.seed).timeout(self.timeout);
        let options = self.rate.map_or(options.clone(), |rate| options.rate(rate));
        let options = self.max_time.map_or(options.clone(), |time| options.max_time(time));
        let fields = self.undocumented_field.iter();
        let options = fields.fold(options, Options::undocumented_field);
        let options = if self.touch_keys { options.touch_keys() } else { options };
        if self.record.is_some() { options.record() } else { options }
    }

    /// Returns the profile.
    pub(super) fn profile(&self) -> Profile {
        self.profile.0
    }

    /// Returns the longest time that a request takes because of `--rate`.
    pub(super) fn interval(&self) -> Duration {
        self.rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate))
    }

    /// Reads the recorded requests, for `--replay`.
    pub(super) fn replayed(&self) -> Result<Option<String>, Failure> {
        self.replay.as_deref().map(read).transpose()
    }

    /// Returns the file of `--replay`.
    pub(super) fn replay_file(&self) -> &Path {
        self.replay.as_deref().unwrap_or(Path::new(""))
    }
}

pub(super) fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| Failure::unreadable(file, error))
}

fn pointer(argument: &str) -> Result<String, String> {
    let is_pointer = argument.len() > 1 && argument.starts_with('/');
    is_pointer
        .then(|| argument.to_owned())
        .ok_or_else(|| format!("expected a JSON Pointer such as /team, found `{argument}`"))
}

fn rate(argument: &str) -> Result<f64, String> {
    let rate = argument.parse().ok().filter(|rate: &f64| (0.001..=1e6).contains(rate));
    rate.ok_or_else(|| format!("expected a number of requests per second from 0.001 to 1000000, found `{argument}`"))
}

fn timeout(argument: &str) -> Result<Duration, String> {
    time::parse_limit(argument, MAX_TIME)
}
