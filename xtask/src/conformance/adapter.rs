//! An adapter: a program that responds to vectors by the protocol of `conformance/PROTOCOL.md`.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

use callagent_testkit::{
    engines::{Reported, Verdict},
    vectors::{self, Case, Source, Vector},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Response, Subject};

/// The number of consecutive failures after which the adapter is not restarted.
const MAX_FAILURES: usize = 3;

pub(crate) struct Adapter {
    name: String,
    command: Vec<String>,
    /// The working directory, if not the current one.
    folder: Option<PathBuf>,
    timeout: Duration,
    running: Option<Running>,
    failures: usize,
}

struct Running {
    child: Child,
    input: ChildStdin,
    /// The lines of its output.
    lines: Receiver<String>,
}

impl Adapter {
    pub(crate) fn new(name: impl Into<String>, command: Vec<String>, timeout: Duration) -> Self {
        Adapter { name: name.into(), command, folder: None, timeout, running: None, failures: 0 }
    }

    pub(crate) fn within(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Writes a line to the program, and returns the line that it answers.
    pub(crate) fn ask(&mut self, case: &Value) -> Result<String, String> {
        let running = match self.running.take() {
            Some(running) => self.running.insert(running),
            None => self.running.insert(Running::start(&self.command, self.folder.as_deref())?),
        };
        // A closed input results in a missing response.
        let _ = writeln!(running.input, "{case}").and_then(|()| running.input.flush());
        match running.lines.recv_timeout(self.timeout) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => Err(format!(
                "no response within {} s; does it write one line per case and flush it?",
                self.timeout.as_secs()
            )),
            Err(RecvTimeoutError::Disconnected) => {
                let status = running.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
                Err(format!("it exited without a response, {status}"))
            }
        }
    }
}

impl Running {
    fn start(command: &[String], folder: Option<&Path>) -> Result<Self, String> {
        let (program, arguments) = command.split_first().ok_or("the command is empty")?;
        let mut started = Command::new(program);
        if let Some(folder) = folder {
            started.current_dir(folder);
        }
        let mut child = started
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {program}: {error}"))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{program} has no standard input and output"));
        };
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n') {
                let Ok(line) = line else { return };
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
        });
        Ok(Running { child, input, lines })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Subject for Adapter {
    fn name(&self) -> &str {
        &self.name
    }

    fn respond(&mut self, vector: &Vector) -> Response {
        if self.failures == MAX_FAILURES {
            return Response::Broken(format!("not run: it failed {MAX_FAILURES} times in a row"));
        }
        let response = self.ask(&case(vector)).and_then(|line| {
            read(vector, &line).map_err(|error| format!("invalid response: {error}\n      found: {line}"))
        });
        match response {
            Ok(response) => {
                self.failures = 0;
                response
            }
            Err(reason) => {
                // Further output may be late responses.
                self.running = None;
                self.failures += 1;
                Response::Broken(reason)
            }
        }
    }
}

/// The input of a vector for the adapter, without the expected result.
fn case(vector: &Vector) -> Value {
    let id = &vector.id;
    match &vector.case {
        Case::Apply(apply) => json!({"id": id, "kind": "apply", "agent": apply.agent, "update": apply.update}),
        Case::Check(check) => {
            let kind = if check.is_value { "values" } else { "text" };
            let mut case = json!(Source::new(&check.text));
            case["id"] = id.as_str().into();
            case["kind"] = kind.into();
            case["as"] = vectors::direction_name(check.direction).into();
            if let Some(tolerance) = &check.tolerance {
                case["tolerant"] = tolerance.is_full.into();
                case["accept"] = json!(tolerance.accept);
            }
            case
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    skip: Option<String>,
    error: Option<String>,
    valid: Option<bool>,
    violations: Option<Vec<Finding>>,
    advisories: Option<Vec<Finding>>,
    offset: Option<usize>,
    output: Option<String>,
    after: Option<String>,
    sent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    pointer: String,
    code: Option<String>,
}

fn read(vector: &Vector, line: &str) -> Result<Response, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if line.id != vector.id {
        return Err(format!("expected a response to `{}`, found one to `{}`", vector.id, line.id));
    }
    if let Some(reason) = line.error {
        return Ok(Response::Broken(format!("it reports an error: {reason}")));
    }
    if let Some(reason) = line.skip {
        if vector.is_for_all() {
            return Err(format!("it skips a vector that every adapter must check, because: {reason}"));
        }
        return Ok(Response::NotApplicable);
    }
    match &vector.case {
        Case::Apply(_) => {
            let after = line.after.ok_or("expected `after` or `skip`")?;
            Ok(Response::Applied { after, sent: line.sent })
        }
        Case::Check(_) => Ok(Response::Verdict(Verdict {
            valid: line.valid.ok_or("expected `valid` or `skip`")?,
            violations: reported(line.violations)?,
            advisories: reported(line.advisories)?,
            offset: line.offset,
            output: line.output,
        })),
    }
}

fn reported(findings: Option<Vec<Finding>>) -> Result<Reported, String> {
    let Some(findings) = findings else { return Ok(Reported::Nothing) };
    let has_codes = findings.iter().all(|found| found.code.is_some());
    if !has_codes && findings.iter().any(|found| found.code.is_some()) {
        return Err("expected codes for all findings or for none".to_owned());
    }
    if !has_codes {
        return Ok(Reported::Pointers(findings.into_iter().map(|found| found.pointer).collect::<BTreeSet<_>>()));
    }
    let entries = findings.into_iter().map(|found| {
        let name = found.code.unwrap_or_default();
        let code = name.parse().map_err(|_| format!("unknown code `{name}`"))?;
        Ok((found.pointer, code))
    });
    Ok(Reported::Entries(entries.collect::<Result<_, String>>()?))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// The responses of a shell script to a vector of values, with its id in `$ID`.
    fn responses_of(script: &str, timeout: u64) -> Vec<Response> {
        let suites = vectors::read().expect("the vectors can be read");
        let vector = suites
            .iter()
            .flat_map(|suite| &suite.vectors)
            .find(|vector| vector.is_for_all())
            .expect("there are vectors of values");
        let command = ["sh", "-c", &format!("ID={}; read line; {script}", vector.id)].map(str::to_owned);
        let mut adapter = Adapter::new("script", command.into(), Duration::from_millis(timeout));
        (0..=MAX_FAILURES).map(|_| adapter.respond(vector)).collect()
    }

    #[test]
    fn failures_are_reported_and_limited() {
        for (script, timeout, reason) in [
            ("exit 3", 10_000, "exited without a response, exit status: 3"),
            ("kill -9 $$", 10_000, "exited without a response, signal: 9"),
            ("sleep 5", 200, "no response within"),
            ("echo what?", 10_000, "found: what?"),
            (r#"echo '{"id": "another", "valid": true}'"#, 10_000, "found one to `another`"),
            (r#"echo "{\"id\": \"$ID\"}""#, 10_000, "expected `valid` or `skip`"),
            (r#"echo "{\"id\": \"$ID\", \"valid\": true, \"violation\": []}""#, 10_000, "unknown field `violation`"),
            (r#"echo "{\"id\": \"$ID\", \"skip\": \"tired\"}""#, 10_000, "every adapter must check, because: tired"),
            (
                r#"echo "{\"id\": \"$ID\", \"valid\": false, \"violations\": [{\"pointer\": \"\", \"code\": \"bad\"}]}""#,
                10_000,
                "unknown code `bad`",
            ),
        ] {
            let responses = responses_of(script, timeout);
            let (last, first) = responses.split_last().expect("a response");
            for response in first {
                assert!(matches!(response, Response::Broken(said) if said.contains(reason)), "{script}: {response:?}");
            }
            assert!(matches!(last, Response::Broken(said) if said.contains("not run")), "{script}: {last:?}");
        }
    }

    #[test]
    fn a_program_that_cannot_be_started_is_reported() {
        let response =
            Adapter::new("none", vec!["./no-such-program".to_owned()], Duration::from_secs(1)).ask(&json!({}));
        assert!(response.expect_err("there is none").contains("cannot start ./no-such-program"));
    }

    #[test]
    fn verdicts_are_read_with_and_without_pointers() {
        for (script, reported) in [
            (r#"echo "{\"id\": \"$ID\", \"valid\": true}""#, "no pointers"),
            (r#"echo "{\"id\": \"$ID\", \"valid\": false, \"violations\": [{\"pointer\": \"/a\"}]}""#, "at \"/a\""),
        ] {
            let response = responses_of(script, 10_000).into_iter().next();
            let Some(Response::Verdict(verdict)) = response else { panic!("{script}: {response:?}") };
            assert_eq!(verdict.violations.to_string(), reported);
        }
    }
}
