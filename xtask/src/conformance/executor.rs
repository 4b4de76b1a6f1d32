//! A program that answers vectors: `conformance/PROTOCOL.md` from this side.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Subject};
use crate::{
    engines::{Told, Verdict},
    vectors::{self, Case, Vector},
};

/// After so many breakdowns one after the other the program is not started again.
const PATIENCE: usize = 3;

pub(crate) struct Executor {
    name: String,
    command: Vec<String>,
    /// Where it is started, if not here.
    folder: Option<PathBuf>,
    timeout: Duration,
    running: Option<Running>,
    breakdowns: usize,
}

struct Running {
    child: Child,
    input: ChildStdin,
    /// The lines that it writes.
    lines: Receiver<String>,
}

impl Executor {
    pub(crate) fn new(name: impl Into<String>, command: Vec<String>, timeout: Duration) -> Self {
        Executor { name: name.into(), command, folder: None, timeout, running: None, breakdowns: 0 }
    }

    pub(crate) fn within(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    fn ask(&mut self, case: &Value) -> Result<String, String> {
        let running = match self.running.take() {
            Some(running) => self.running.insert(running),
            None => self.running.insert(Running::start(&self.command, self.folder.as_deref())?),
        };
        // That it reads no more shows when its answer is read.
        let _ = writeln!(running.input, "{case}").and_then(|()| running.input.flush());
        match running.lines.recv_timeout(self.timeout) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => Err(format!(
                "no answer within {} s; does it write a line for each line, and flush it?",
                self.timeout.as_secs()
            )),
            Err(RecvTimeoutError::Disconnected) => {
                let status = running.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
                Err(format!("it ended instead of answering, {status}"))
            }
        }
    }
}

impl Running {
    fn start(command: &[String], folder: Option<&Path>) -> Result<Self, String> {
        let (program, arguments) = command.split_first().ok_or("there is no command")?;
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
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Subject for Executor {
    fn name(&self) -> &str {
        &self.name
    }

    fn answer(&mut self, vector: &Vector) -> Answer {
        if self.breakdowns == PATIENCE {
            return Answer::Broken(format!("not asked: it broke down {PATIENCE} times running"));
        }
        let answered = self.ask(&case(vector)).and_then(|line| {
            read(vector, &line).map_err(|error| format!("its answer cannot be used: {error}\n      it is: {line}"))
        });
        match answered {
            Ok(answer) => {
                self.breakdowns = 0;
                answer
            }
            Err(reason) => {
                // What it writes from now on may be late answers.
                self.running = None;
                self.breakdowns += 1;
                Answer::Broken(reason)
            }
        }
    }
}

/// A vector as the program gets it: what is asked, without what is due.
fn case(vector: &Vector) -> Value {
    let id = &vector.id;
    match &vector.case {
        Case::Apply(apply) => json!({"id": id, "kind": "apply", "agent": apply.agent, "update": apply.update}),
        Case::Judge(judge) => {
            let kind = if judge.is_value { "values" } else { "text" };
            let mut case = json!({"id": id, "kind": kind, "as": vectors::word(judge.direction)});
            match str::from_utf8(&judge.text) {
                Ok(text) => case["text"] = text.into(),
                Err(_) => case["base64"] = vectors::to_base64(&judge.text).into(),
            }
            if let Some(tolerance) = &judge.tolerance {
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

fn read(vector: &Vector, line: &str) -> Result<Answer, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if line.id != vector.id {
        return Err(format!("it is to `{}`, and `{}` was asked", line.id, vector.id));
    }
    if let Some(reason) = line.error {
        return Ok(Answer::Broken(format!("it says that it failed: {reason}")));
    }
    if let Some(reason) = line.skip {
        if vector.is_for_all() {
            return Err(format!("it skips a vector that every executor has to judge, because: {reason}"));
        }
        return Ok(Answer::NotApplicable);
    }
    match &vector.case {
        Case::Apply(_) => {
            let after = line.after.ok_or("`after` or `skip` is due")?;
            Ok(Answer::Applied { after, sent: line.sent })
        }
        Case::Judge(_) => Ok(Answer::Judged(Verdict {
            valid: line.valid.ok_or("`valid` or `skip` is due")?,
            violations: told(line.violations)?,
            advisories: told(line.advisories)?,
            offset: line.offset,
            output: line.output,
        })),
    }
}

fn told(findings: Option<Vec<Finding>>) -> Result<Told, String> {
    let Some(findings) = findings else { return Ok(Told::Nothing) };
    let has_codes = findings.iter().all(|found| found.code.is_some());
    if !has_codes && findings.iter().any(|found| found.code.is_some()) {
        return Err("some of the findings have codes, and some have none".to_owned());
    }
    if !has_codes {
        return Ok(Told::Pointers(findings.into_iter().map(|found| found.pointer).collect::<BTreeSet<_>>()));
    }
    let entries = findings.into_iter().map(|found| {
        let name = found.code.unwrap_or_default();
        let code = name.parse().map_err(|_| format!("there is no code `{name}`"))?;
        Ok((found.pointer, code))
    });
    Ok(Told::Entries(entries.collect::<Result<_, String>>()?))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// What becomes of a vector of values when a shell script is asked for it, which finds its id in `$ID`.
    fn asked(script: &str, timeout: u64) -> Vec<Answer> {
        let suites = vectors::read().expect("the vectors can be read");
        let vector = suites
            .iter()
            .flat_map(|suite| &suite.vectors)
            .find(|vector| vector.is_for_all())
            .expect("there are vectors of values");
        let command = ["sh", "-c", &format!("ID={}; read line; {script}", vector.id)].map(str::to_owned);
        let mut executor = Executor::new("script", command.into(), Duration::from_millis(timeout));
        (0..=PATIENCE).map(|_| executor.answer(vector)).collect()
    }

    #[test]
    fn what_breaks_down_is_told_and_not_asked_for_ever() {
        for (script, timeout, reason) in [
            ("exit 3", 10_000, "ended instead of answering, exit status: 3"),
            ("kill -9 $$", 10_000, "ended instead of answering, signal: 9"),
            ("sleep 5", 200, "no answer within"),
            ("echo what?", 10_000, "it is: what?"),
            (r#"echo '{"id": "another", "valid": true}'"#, 10_000, "it is to `another`"),
            (r#"echo "{\"id\": \"$ID\"}""#, 10_000, "`valid` or `skip` is due"),
            (r#"echo "{\"id\": \"$ID\", \"valid\": true, \"violation\": []}""#, 10_000, "unknown field `violation`"),
            (r#"echo "{\"id\": \"$ID\", \"skip\": \"tired\"}""#, 10_000, "every executor has to judge, because: tired"),
            (
                r#"echo "{\"id\": \"$ID\", \"valid\": false, \"violations\": [{\"pointer\": \"\", \"code\": \"bad\"}]}""#,
                10_000,
                "there is no code `bad`",
            ),
        ] {
            let answers = asked(script, timeout);
            let (last, first) = answers.split_last().expect("it was asked");
            for answer in first {
                assert!(matches!(answer, Answer::Broken(said) if said.contains(reason)), "{script}: {answer:?}");
            }
            assert!(matches!(last, Answer::Broken(said) if said.contains("not asked")), "{script}: {last:?}");
        }
    }

    #[test]
    fn a_program_that_cannot_be_started_is_told() {
        let answer =
            Executor::new("none", vec!["./no-such-program".to_owned()], Duration::from_secs(1)).ask(&json!({}));
        assert!(answer.expect_err("there is none").contains("cannot start ./no-such-program"));
    }

    #[test]
    fn verdicts_are_read_with_and_without_places() {
        for (script, told) in [
            (r#"echo "{\"id\": \"$ID\", \"valid\": true}""#, "no places"),
            (r#"echo "{\"id\": \"$ID\", \"valid\": false, \"violations\": [{\"pointer\": \"/a\"}]}""#, "at \"/a\""),
        ] {
            let answer = asked(script, 10_000).into_iter().next();
            let Some(Answer::Judged(verdict)) = answer else { panic!("{script}: {answer:?}") };
            assert_eq!(verdict.violations.to_string(), told);
        }
    }
}
